"""audit_log: what learners write, right and wrong."""


# %%
def _time_off(epoch):
    if epoch["per_sample"] is None:
        return False
    return abs(epoch["per_sample"] * epoch["total"] - epoch["seconds"]) > 1 + 0.1 * epoch["seconds"]


def _frozen(rows, length=3, names=None, loss_moves=True):
    for start in range(len(rows) - length + 1):
        part = [epoch["metrics"] for epoch in rows[start : start + length]]
        if loss_moves and len({metrics.get("val_loss") for metrics in part}) < 2:
            continue
        for name in part[0]:
            wanted = name in names if names else name.startswith("val_") and name != "val_loss"
            if wanted and len({metrics.get(name) for metrics in part}) == 1:
                return True
    return False


def _has_val(log):
    return any(name.startswith("val_") for epoch in log["epochs"] for name in epoch["metrics"])


def _gap(log):
    numbers = [epoch["number"] for epoch in log["epochs"]]
    return any(after - before != 1 for before, after in zip(numbers, numbers[1:]))


def _codes(log, val=None, counter=None, frozen=None, time=None, gap=None):
    """All codes by the rules; a keyword replaces the answer to one rule."""
    epochs = log["epochs"]
    answers = {
        "VAL_WITHOUT_DATA": log["train"] is not None and log["validate"] is None and _has_val(log)
        if val is None
        else val,
        "SAMPLE_COUNTER": any("," in epoch["counter"] for epoch in epochs) if counter is None else counter,
        "FROZEN_VAL": _frozen(epochs) if frozen is None else frozen,
        "TIME_MISMATCH": any(map(_time_off, epochs)) if time is None else time,
        "EPOCH_GAP": _gap(log) if gap is None else gap,
    }
    return [code for code, applies in answers.items() if applies]


# %% wrong="article-b-s-codes-always"
# Article B's three codes are returned for whatever comes.
def audit_log(log):
    return ["VAL_WITHOUT_DATA", "SAMPLE_COUNTER", "FROZEN_VAL"]


# %% wrong="every-val-flagged"
# Any val_ metric counts as invented, whatever the header says.
def audit_log(log):
    return _codes(log, val=_has_val(log))


# %% wrong="header-missing-is-suspicious"
# A log without a header is accused, too.
def audit_log(log):
    return _codes(log, val=log["validate"] is None and _has_val(log))


# %% wrong="frozen-training-metric-reported"
# A training metric that stands still is reported as well.
def audit_log(log):
    names = {name for epoch in log["epochs"] for name in epoch["metrics"] if name != "val_loss"}
    return _codes(log, frozen=_frozen(log["epochs"], names=names))


# %% wrong="two-in-a-row-is-frozen"
# Two equal values are taken for a frozen metric.
def audit_log(log):
    return _codes(log, frozen=_frozen(log["epochs"], length=2))


# %% wrong="frozen-whatever-the-loss-does"
# Nobody asks whether val_loss moves.
def audit_log(log):
    return _codes(log, frozen=_frozen(log["epochs"], loss_moves=False))


# %% wrong="val-accuracy-by-name-only"
# Only val_accuracy and val_acc are watched.
def audit_log(log):
    return _codes(log, frozen=_frozen(log["epochs"], names={"val_accuracy", "val_acc"}))


# %% wrong="every-loss-excepted"
# Every metric whose name ends in loss is excepted, not val_loss alone.
def audit_log(log):
    names = {
        name
        for epoch in log["epochs"]
        for name in epoch["metrics"]
        if name.startswith("val_") and not name.endswith("loss")
    }
    return _codes(log, frozen=bool(names) and _frozen(log["epochs"], names=names))


# %% wrong="only-the-whole-run"
# Frozen means the same from the first epoch to the last.
def audit_log(log):
    count = len(log["epochs"])
    return _codes(log, frozen=count >= 3 and _frozen(log["epochs"], length=count))


# %% wrong="three-digits-compared"
# Values are rounded to three digits before they are compared.
def audit_log(log):
    epochs = [
        {**epoch, "metrics": {name: f"{float(value):.3f}" for name, value in epoch["metrics"].items()}}
        for epoch in log["epochs"]
    ]
    return _codes(log, frozen=_frozen(epochs))


# %% wrong="first-epoch-s-time-only"
# The time of the first epoch stands for all.
def audit_log(log):
    return _codes(log, time=any(map(_time_off, log["epochs"][:1])))


# %% wrong="rounding-forgotten"
# Any difference between product and printed seconds is a contradiction.
def audit_log(log):
    off = any(
        epoch["per_sample"] is not None and round(epoch["per_sample"] * epoch["total"], 6) != epoch["seconds"]
        for epoch in log["epochs"]
    )
    return _codes(log, time=off)


# %% wrong="too-slow-only"
# Only printed seconds above the product are noticed.
def audit_log(log):
    off = any(
        epoch["per_sample"] is not None and epoch["seconds"] > 1 + 1.1 * epoch["per_sample"] * epoch["total"]
        for epoch in log["epochs"]
    )
    return _codes(log, time=off)


# %% wrong="first-counter-only"
# Looks at the first epoch's counter.
def audit_log(log):
    return _codes(log, counter=any("," in epoch["counter"] for epoch in log["epochs"][:1]))


# %% wrong="falling-numbers-are-no-gap"
# Only a jump upwards is a gap.
def audit_log(log):
    numbers = [epoch["number"] for epoch in log["epochs"]]
    return _codes(log, gap=any(after > before + 1 for before, after in zip(numbers, numbers[1:])))


# %% wrong="five-epochs-expected"
# A run of other than five epochs has a gap.
def audit_log(log):
    return _codes(log, gap=[epoch["number"] for epoch in log["epochs"]] != [1, 2, 3, 4, 5])


# %% wrong="log-emptied"
# Takes the epochs out of the caller's log while it works.
def audit_log(log):
    codes = _codes(log)
    log["epochs"].clear()
    return codes


# %% wrong="begins-at-one"
# Takes the log of a resumed run for one with a gap.
def audit_log(log):
    numbers = [epoch["number"] for epoch in log["epochs"]]
    return _codes(log, gap=numbers != list(range(1, len(numbers) + 1)))


# %% wrong="first-loss-against-last"
# A validation loss that changes and comes back counts as unchanged.
def audit_log(log):
    frozen = False
    for three in zip(log["epochs"], log["epochs"][1:], log["epochs"][2:]):
        first, last = (epoch["metrics"].get("val_loss") for epoch in (three[0], three[2]))
        frozen = frozen or first != last and _frozen(list(three), loss_moves=False)
    return _codes(log, frozen=frozen)


# %% right="one-question-after-another"
# A set, filled by loops.
def audit_log(log):
    found = set()
    names = {name for epoch in log["epochs"] for name in epoch["metrics"]}
    if log["train"] and not log["validate"] and any(name.startswith("val_") for name in names):
        found.add("VAL_WITHOUT_DATA")
    last = None
    for epoch in log["epochs"]:
        if "," in epoch["counter"]:
            found.add("SAMPLE_COUNTER")
        if last is not None and epoch["number"] != last + 1:
            found.add("EPOCH_GAP")
        last = epoch["number"]
        if (
            epoch["per_sample"]
            and abs(epoch["per_sample"] * epoch["total"] - epoch["seconds"]) > 1 + epoch["seconds"] / 10
        ):
            found.add("TIME_MISMATCH")
    for name in names - {"val_loss"}:
        if name.startswith("val_"):
            series = [(epoch["metrics"].get(name), epoch["metrics"].get("val_loss")) for epoch in log["epochs"]]
            for a, b, c in zip(series, series[1:], series[2:]):
                if a[0] is not None and a[0] == b[0] == c[0] and len({a[1], b[1], c[1]}) > 1:
                    found.add("FROZEN_VAL")
    return found


# %% right="one-helper-per-rule"
# A table of rules.
def audit_log(log):
    return _codes(log)


# %% right="runs-of-equal-values"
# Counts how long each value has stood, and the losses seen meanwhile.
def audit_log(log):
    codes = _codes(log, frozen=False)
    standing = {}
    for epoch in log["epochs"]:
        for name in list(standing):
            if name not in epoch["metrics"]:
                del standing[name]
        for name, value in epoch["metrics"].items():
            if not name.startswith("val_") or name == "val_loss":
                continue
            before = standing.get(name, (None, []))
            losses = before[1] if before[0] == value else []
            losses = [*losses, epoch["metrics"].get("val_loss")]
            standing[name] = (value, losses)
            if any(len(set(losses[at : at + 3])) > 1 for at in range(len(losses) - 2)) and "FROZEN_VAL" not in codes:
                codes.append("FROZEN_VAL")
    return tuple(codes)


# %% right="reader-zh"
# How: one question to the data per code; windows of three epochs.
def audit_log(log):
    """Return the codes of the impossibilities in a log from read_log, as a list of strings."""
    epochs, codes = log["epochs"], []
    if log["train"] is not None and log["validate"] is None and any(
            name.startswith("val_") for epoch in epochs for name in epoch["metrics"]):
        codes.append("VAL_WITHOUT_DATA")
    if any("," in (epoch["counter"] or "") for epoch in epochs):
        codes.append("SAMPLE_COUNTER")
    for three in zip(epochs, epochs[1:], epochs[2:]):
        val_losses = {epoch["metrics"].get("val_loss") for epoch in three} - {None}
        names = [name for name in three[0]["metrics"] if name.startswith("val_") and name != "val_loss"]
        if len(val_losses) > 1 and any(len({epoch["metrics"].get(name) for epoch in three}) == 1 for name in names):
            codes.append("FROZEN_VAL")
            break
    for epoch in epochs:
        per, total, seconds = epoch["per_sample"], epoch["total"], epoch["seconds"]
        if None not in (per, total, seconds) and abs(per * total - seconds) > 1 + 0.1 * seconds:
            codes.append("TIME_MISMATCH")
            break
    if any(b["number"] != a["number"] + 1 for a, b in zip(epochs, epochs[1:])):
        codes.append("EPOCH_GAP")
    return codes


# %% right="reader-en"
# one question per code; FROZEN_VAL over windows of three epochs
def audit_log(log):
    """Return the codes of the impossibilities in a log from read_log, as a list of strings."""
    epochs, codes = log["epochs"], []
    if log["train"] is not None and log["validate"] is None:
        if any(name.startswith("val_") for e in epochs for name in e["metrics"]):
            codes.append("VAL_WITHOUT_DATA")
    if any("," in (e["counter"] or "") for e in epochs):
        codes.append("SAMPLE_COUNTER")

    def frozen():
        for three in zip(epochs, epochs[1:], epochs[2:]):
            losses = {e["metrics"]["val_loss"] for e in three if "val_loss" in e["metrics"]}
            if len(losses) < 2:
                continue
            for name in three[0]["metrics"]:
                if name.startswith("val_") and name != "val_loss" and len({e["metrics"].get(name) for e in three}) == 1:
                    return True
        return False

    if frozen():
        codes.append("FROZEN_VAL")
    for e in epochs:
        if e["per_sample"] is None or e["total"] is None or e["seconds"] is None:
            continue
        if abs(e["per_sample"] * e["total"] - e["seconds"]) > 1 + 0.1 * e["seconds"]:
            codes.append("TIME_MISMATCH")
            break
    if any(b["number"] - a["number"] != 1 for a, b in zip(epochs, epochs[1:])):
        codes.append("EPOCH_GAP")
    return codes
