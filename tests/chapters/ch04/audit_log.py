"""audit_log: what learners write, right and wrong."""

# %%
import re


def _epochs(log):
    """Pair every heading's number with its line of results."""
    pairs, number = [], None
    for line in log.splitlines():
        heading = re.match(r"\s*Epoch (\d+)/(\d+)", line)
        if heading:
            number = int(heading.group(1))
            pairs.append([number, ""])
        elif pairs and " loss: " in line and not pairs[-1][1]:
            pairs[-1][1] = line
    return pairs


def _metrics(line):
    return dict(re.findall(r"(\w+): (\d+\.\d+)", line))


def _time_off(line):
    timing = re.search(r"(\d+)/(\d+) .*?(\d+)s (\d+)(us|ms|s)/sample", line.replace(",", ""))
    if not timing:
        return False
    samples, seconds, each = int(timing[2]), int(timing[3]), int(timing[4])
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1}[timing[5]]
    return abs(each * unit * samples - seconds) > 0.5 + 0.5 * unit * samples


def _frozen(rows, length=3):
    for start in range(len(rows) - length + 1):
        part = rows[start : start + length]
        if len({row.get("val_loss") for row in part}) > 1:
            for name in part[0]:
                if name.startswith("val_") and name != "val_loss" and len({row.get(name) for row in part}) == 1:
                    return True
    return False


def _all_but_time(log):
    """The codes that need no time."""
    header = re.search(r"^Train on [\d,]+ samples(, validate on)?", log, re.M)
    if header and not header.group(1) and re.search(r" - val_\w+: ", log):
        yield "VAL_WITHOUT_DATA"
    if re.search(r"^\s*\d{1,3}(,\d{3})+/", log, re.M):
        yield "SAMPLE_COUNTER"
    numbers = [int(number) for number in re.findall(r"^\s*Epoch (\d+)/\d+", log, re.M)]
    if any(b != a + 1 for a, b in zip(numbers, numbers[1:])):
        yield "EPOCH_GAP"
    losses = re.findall(r"val_loss: (\S+)", log)
    for name in set(re.findall(r"\b(val_\w+): ", log)) - {"val_loss"}:
        values = re.findall(rf"\b{name}: (\S+)", log)
        if any(len(set(values[i : i + 3])) == 1 and len(set(losses[i : i + 3])) > 1 for i in range(len(values) - 2)):
            yield "FROZEN_VAL"


def _times(log):
    """TIME_MISMATCH, if it applies."""
    for total, seconds, each, unit in re.findall(r"/([\d,]+) .*?(\d+)s (\d+)(us|ms|s)/sample", log):
        scale = {"us": 1e-6, "ms": 1e-3, "s": 1.0}[unit] * int(total.replace(",", ""))
        if not (int(each) - 1) * scale - 1 <= int(seconds) <= (int(each) + 1) * scale + 1:
            return {"TIME_MISMATCH"}
    return set()


# %% wrong="clean-logs-flagged"
# Article B's three codes are returned for whatever comes.
def audit_log(log):
    return ["VAL_WITHOUT_DATA", "SAMPLE_COUNTER", "FROZEN_VAL"]


# %% wrong="every-val-flagged"
# Any val_ column counts as invented.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="frozen-training-accuracy-reported"
# Any metric that stands still is called FROZEN_VAL.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    for start in range(len(rows) - 2):
        for name in rows[start]:
            if "loss" not in name and len({row.get(name) for row in rows[start : start + 3]}) == 1:
                codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="header-ignored"
# VAL_WITHOUT_DATA whenever the words "validate on" are absent, header or not.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="five-epochs-assumed"
# Article B has five epochs, so every log must have five.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows, 5):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if [number for number, _ in pairs] != [1, 2, 3, 4, 5]:
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="two-in-a-row-is-frozen"
# Two equal values suffice.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows, 2):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="only-microseconds"
# Reads us/sample only; milliseconds are taken for microseconds.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows):
        codes.add("FROZEN_VAL")
    if any(_time_off(line.replace("ms/sample", "us/sample")) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="rounding-forgotten"
# time × samples must equal the printed seconds exactly.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows):
        codes.add("FROZEN_VAL")
    for _, line in pairs:
        timing = re.search(r"(\d+)/(\d+) .*?(\d+)s (\d+)us/sample", line.replace(",", ""))
        if timing and abs(int(timing[4]) * 1e-6 * int(timing[2]) - int(timing[3])) > 1e-9:
            codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="early-stop-is-a-gap"
# The last epoch must be the announced one.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    planned = re.findall(r"Epoch \d+/(\d+)", log)
    if planned and len(pairs) != int(planned[0]):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="frozen-whatever-the-loss-does"
# val_loss is not looked at: a run in which everything stands still is accused.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    for start in range(len(rows) - 2):
        for name in rows[start]:
            if (
                name.startswith("val_")
                and name != "val_loss"
                and len({row.get(name) for row in rows[start : start + 3]}) == 1
            ):
                codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="val-accuracy-by-name-only"
# Only the name val_accuracy is known; older logs say val_acc.
def audit_log(log):
    pairs = _epochs(log)
    rows = [
        {key: value for key, value in _metrics(line).items() if key in ("val_loss", "val_accuracy")}
        for _, line in pairs
    ]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if _frozen(rows):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% wrong="only-the-whole-run"
# FROZEN_VAL only if all epochs agree.
def audit_log(log):
    pairs = _epochs(log)
    rows = [_metrics(line) for _, line in pairs]
    codes = set()
    if "Train on" in log and "validate on" not in log and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"\d,\d{3}/", log):
        codes.add("SAMPLE_COUNTER")
    if len(rows) > 2 and _frozen(rows, len(rows)):
        codes.add("FROZEN_VAL")
    if any(_time_off(line) for _, line in pairs):
        codes.add("TIME_MISMATCH")
    if any(b[0] != a[0] + 1 for a, b in zip(pairs, pairs[1:])):
        codes.add("EPOCH_GAP")
    return codes


# %% right="regular-expressions"
# Everything by regular expressions; returns a set.
def audit_log(log):
    codes = set()
    header = re.search(r"^Train on [\d,]+ samples(, validate on)?", log, re.M)
    if header and not header.group(1) and re.search(r" - val_\w+: ", log):
        codes.add("VAL_WITHOUT_DATA")
    if re.search(r"^\s*\d{1,3}(,\d{3})+/", log, re.M):
        codes.add("SAMPLE_COUNTER")
    numbers = [int(number) for number in re.findall(r"^\s*Epoch (\d+)/\d+", log, re.M)]
    if numbers != list(range(1, len(numbers) + 1)):
        codes.add("EPOCH_GAP")
    losses = re.findall(r"val_loss: (\S+)", log)
    for name in set(re.findall(r"val_\w+(?=: )", log)) - {"val_loss"}:
        values = re.findall(name + r": (\S+)", log)
        for i in range(len(values) - 2):
            if len(set(values[i : i + 3])) == 1 and len(set(losses[i : i + 3])) > 1:
                codes.add("FROZEN_VAL")
    for total, seconds, each, unit in re.findall(r"/([\d,]+) .*?(\d+)s (\d+)(us|ms|s)/sample", log):
        scale = {"us": 1e-6, "ms": 1e-3, "s": 1.0}[unit] * int(total.replace(",", ""))
        if not (int(each) - 1) * scale - 1 <= int(seconds) <= (int(each) + 1) * scale + 1:
            codes.add("TIME_MISMATCH")
    return codes


# %% right="line-by-line"
# Splitting at " - " and ": ", no regular expression; runs of equal digits counted by hand.
def audit_log(log):
    found, rows, numbers, trains_only = [], [], [], False
    for line in log.split("\n"):
        line = line.strip()
        if line.startswith("Train on"):
            trains_only = "validate" not in line
        elif line.startswith("Epoch "):
            numbers.append(int(line.split()[1].split("/")[0]))
        elif "/" in line.split(" ")[0] and " loss: " in line:
            counter = line.split(" ")[0].split("/")[-1]
            if "," in counter:
                found.append("SAMPLE_COUNTER")
            row = {}
            for part in line.split(" - ")[1:]:
                if ": " in part:
                    name, value = part.split(": ")
                    row[name] = value.strip()
                elif part.endswith("/sample"):
                    whole, each = part.split(" ")
                    each = each[: -len("/sample")]
                    unit = 1e-6 if each.endswith("us") else 1e-3 if each.endswith("ms") else 1.0
                    took = float(each.rstrip("ums")) * unit * int(counter.replace(",", ""))
                    if abs(took - float(whole[:-1])) > 0.5 + 0.5 * unit * int(counter.replace(",", "")):
                        found.append("TIME_MISMATCH")
            rows.append(row)
    if trains_only and any(name[:4] == "val_" for row in rows for name in row):
        found.append("VAL_WITHOUT_DATA")
    if any(b - a != 1 for a, b in zip(numbers, numbers[1:])):
        found.append("EPOCH_GAP")
    for name in {name for row in rows for name in row if name[:4] == "val_" and name != "val_loss"}:
        run = [rows[0]]
        for row in rows[1:]:
            run = [*run, row] if row.get(name) == run[-1].get(name) else [row]
            if len(run) >= 3 and len({one.get("val_loss") for one in run}) > 1:
                found.append("FROZEN_VAL")
    return found


# %% right="state-machine"
# A small machine that remembers the last epoch and the length of the run; duplicates removed, tuple returned.
def audit_log(log):
    codes = {}
    header_trains_only, last_epoch, streaks = False, None, {}
    for line in log.splitlines():
        if line.startswith("Train on ") and " samples" in line:
            header_trains_only = ", validate on " not in line
            continue
        heading = re.match(r"Epoch (\d+)/", line)
        if heading:
            if last_epoch is not None and int(heading[1]) != last_epoch + 1:
                codes["EPOCH_GAP"] = True
            last_epoch = int(heading[1])
            continue
        if last_epoch is None or not re.match(r"\d", line):
            continue
        metrics = dict(re.findall(r"(\w+): ([\d.]+)", line))
        counter = line.split()[0]
        if "," in counter:
            codes["SAMPLE_COUNTER"] = True
        if header_trains_only and any(key.startswith("val_") for key in metrics):
            codes["VAL_WITHOUT_DATA"] = True
        for key, value in metrics.items():
            if key.startswith("val_") and key != "val_loss":
                old, losses = streaks.get(key, (None, []))
                losses = [*losses, metrics.get("val_loss")] if value == old else [metrics.get("val_loss")]
                streaks[key] = value, losses
                if len(losses) > 2 and len(set(losses[-3:])) > 1:
                    codes["FROZEN_VAL"] = True
        timing = re.search(r"(\d+)s (\d+)(us|ms|s)/sample", line)
        if timing:
            factor = {"us": 1_000_000, "ms": 1_000, "s": 1}[timing[3]]
            samples = int(counter.split("/")[1].replace(",", ""))
            low, high = ((int(timing[2]) + off) * samples / factor for off in (-0.5, 0.5))
            if high < int(timing[1]) - 0.5 or low > int(timing[1]) + 0.5:
                codes["TIME_MISMATCH"] = True
    return tuple(codes)


# %% wrong="first-epoch-s-time-only"
# re.search finds the first of several times.
def audit_log(log):
    codes = set(_all_but_time(log))
    found = re.search(r"/([\d,]+) .*?(\d+)s (\d+)(us|ms|s)/sample", log)
    if found:
        scale = {"us": 1e-6, "ms": 1e-3, "s": 1.0}[found[4]] * int(found[1].replace(",", ""))
        if not (int(found[3]) - 1) * scale - 1 <= int(found[2]) <= (int(found[3]) + 1) * scale + 1:
            codes.add("TIME_MISMATCH")
    return codes


# %% wrong="three-digits-compared"
# Compares numbers rounded to three digits instead of what is printed.
def audit_log(log):
    codes = set(_all_but_time(log)) | _times(log)
    losses = re.findall(r"val_loss: (\S+)", log)
    for name in set(re.findall(r"\b(val_\w+): ", log)) - {"val_loss"}:
        values = [round(float(value), 3) for value in re.findall(rf"\b{name}: (\S+)", log)]
        if any(len(set(values[i : i + 3])) == 1 and len(set(losses[i : i + 3])) > 1 for i in range(len(values) - 2)):
            codes.add("FROZEN_VAL")
    return codes


# %% wrong="every-loss-excepted"
# Leaves out all metrics with "loss" in their names, not val_loss alone.
def audit_log(log):
    codes = (set(_all_but_time(log)) | _times(log)) - {"FROZEN_VAL"}
    losses = re.findall(r"val_loss: (\S+)", log)
    for name in set(re.findall(r"\b(val_\w+): ", log)):
        values = re.findall(rf"\b{name}: (\S+)", log)
        if "loss" not in name and any(
            len(set(values[i : i + 3])) == 1 and len(set(losses[i : i + 3])) > 1 for i in range(len(values) - 2)
        ):
            codes.add("FROZEN_VAL")
    return codes


# %% wrong="first-epoch-s-counter-only"
# Looks at the first counter of the log.
def audit_log(log):
    codes = (set(_all_but_time(log)) | _times(log)) - {"SAMPLE_COUNTER"}
    counter = re.search(r"^\s*([\d,]+)/[\d,]+ ", log, re.M)
    if counter and "," in counter[1]:
        codes.add("SAMPLE_COUNTER")
    return codes


# %% wrong="missing-numbers-only"
# Compares the set of numbers with a range: a number that stands twice is no gap to it.
def audit_log(log):
    codes = (set(_all_but_time(log)) | _times(log)) - {"EPOCH_GAP"}
    numbers = {int(number) for number in re.findall(r"^\s*Epoch (\d+)/", log, re.M)}
    if numbers and numbers != set(range(min(numbers), max(numbers) + 1)):
        codes.add("EPOCH_GAP")
    return codes


# %% right="two-helpers"
# Times apart from all else.
def audit_log(log):
    return sorted(set(_all_but_time(log)) | _times(log))
# %% wrong="last-epoch-s-time-only"
# Multiplies in the last line alone.
def audit_log(log):
    found = log.rindex("Epoch ") if "Epoch " in log else 0
    return set(_all_but_time(log)) | _times(log[found:])
# %% wrong="falling-numbers-are-no-gap"
# Looks for numbers that are left out or repeated, not for those that fall.
def audit_log(log):
    codes = (set(_all_but_time(log)) | _times(log)) - {"EPOCH_GAP"}
    numbers = [int(number) for number in re.findall(r"^\s*Epoch (\d+)/", log, re.M)]
    if any(b == a or b > a + 1 for a, b in zip(numbers, numbers[1:])):
        codes.add("EPOCH_GAP")
    return codes
# %% wrong="counters-of-five-digits"
# The pattern of the separators fits article B's counter only.
def audit_log(log):
    codes = (set(_all_but_time(log)) | _times(log)) - {"SAMPLE_COUNTER"}
    if re.search(r"^\s*\d\d,\d{3}/", log, re.M):
        codes.add("SAMPLE_COUNTER")
    return codes
# %% wrong="steps-taken-for-samples"
# A time per step is multiplied as if it were one per sample.
def audit_log(log):
    return set(_all_but_time(log)) | _times(log.replace("/step", "/sample"))
# %% wrong="names-that-contain-val"
# Any metric whose name contains "val_".
def audit_log(log):
    codes = set(_all_but_time(log)) | _times(log)
    header = re.search(r"^Train on [\d,]+ samples(.*)", log, re.M)
    if header and "validate" not in header[1] and "val_" in log:
        codes.add("VAL_WITHOUT_DATA")
    return codes
