"""fix_install: what learners write, right and wrong."""

# %%
import re

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NEEDED = ["notebook", "numpy", "matplotlib", "ipywidgets"]


def name_of(line):
    return canonicalize_name(re.match(r"\s*([A-Za-z0-9._-]+)", line).group(1))


# %% wrong="keeps-both-tensorflow-packages"
# Unpins tensorflow-gpu instead of dropping it.
def fix_install(requirements, gpu=False):
    kept = [line for line in requirements if name_of(line) not in ("python", "tensorflow", "tensorflow-gpu")]
    extra = ["tensorflow-gpu"] if any(name_of(line) == "tensorflow-gpu" for line in requirements) else []
    names = [name_of(line) for line in kept]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *extra, *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="substring-comparison"
# "python" is part of python-dateutil and "tensorflow" of tensorflow-hub.
def fix_install(requirements, gpu=False):
    kept = [line for line in requirements if "python" not in line.lower() and "tensorflow" not in line.lower()]
    names = [name_of(line) for line in kept]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="exact-spelling-only"
# Compares names as they are written.
def fix_install(requirements, gpu=False):
    def name(line):
        return re.match(r"[A-Za-z0-9._-]+", line).group(0)

    kept = [line for line in requirements if name(line) not in ("python", "tensorflow", "tensorflow-gpu")]
    names = [name(line) for line in kept]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="keeps-the-pin"
# Keeps the version that the article gives.
def fix_install(requirements, gpu=False):
    kept, names, tensorflow = [], [], "tensorflow"
    for line in requirements:
        name = name_of(line)
        if name == "tensorflow":
            tensorflow = re.sub(r"\[.*?\]", "", line)
        elif name not in ("python", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.append(name)
    if gpu:
        tensorflow = re.sub(r"(?i)^tensorflow", "tensorflow[and-cuda]", tensorflow)
    return [tensorflow, *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="keeps-an-upper-bound"
# Removes only the exact pin; ~= and < stay.
def fix_install(requirements, gpu=False):
    kept, names, version = [], [], ""
    for line in requirements:
        name = name_of(line)
        if name == "tensorflow":
            version = ",".join(str(s) for s in Requirement(line).specifier if s.operator not in ("==", "==="))
        elif name not in ("python", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.append(name)
    return [("tensorflow[and-cuda]" if gpu else "tensorflow") + version, *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="second-numpy-on-the-second-call"
# Adds the needed packages without looking whether they are there.
def fix_install(requirements, gpu=False):
    kept = [
        line for line in requirements if name_of(line) not in ("python", "tensorflow", "tensorflow-gpu", "notebook")
    ]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", "notebook", *kept, "numpy", "matplotlib", "ipywidgets"]


# %% wrong="sorts-the-lines"
# A set and sorted(): tidy, but the order is lost.
def fix_install(requirements, gpu=False):
    kept, names = [], set()
    for line in requirements:
        name = name_of(line)
        if name not in ("python", "tensorflow", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.add(name)
    return sorted(
        ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in names)], key=str.lower
    )


# %% wrong="ipywidgets-forgotten"
# Names what the article's second list names, and no more.
def fix_install(requirements, gpu=False):
    kept, names = [], set()
    for line in requirements:
        name = name_of(line)
        if name not in ("python", "tensorflow", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.add(name)
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED[:3] if n not in names)]


# %% wrong="gpu-ignored"
# Never asks for the extra.
def fix_install(requirements, gpu=False):
    kept, names = [], set()
    for line in requirements:
        name = name_of(line)
        if name not in ("python", "tensorflow", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.add(name)
    return ["tensorflow", *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="gpu-package-instead-of-the-extra"
# Asks for tensorflow-gpu when a GPU is wanted.
def fix_install(requirements, gpu=False):
    kept, names = [], set()
    for line in requirements:
        name = name_of(line)
        if name not in ("python", "tensorflow", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.add(name)
    return ["tensorflow", *(["tensorflow-gpu"] if gpu else []), *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="extra-stays-when-the-gpu-goes"
# Only ever adds and-cuda.
def fix_install(requirements, gpu=False):
    kept, names, extra = [], set(), gpu
    for line in requirements:
        name = name_of(line)
        if name == "tensorflow":
            extra = extra or "and-cuda" in line
        elif name not in ("python", "tensorflow-gpu") and not (name in NEEDED and name in names):
            kept.append(line)
            names.add(name)
    return ["tensorflow[and-cuda]" if extra else "tensorflow", *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="no-tensorflow-if-there-was-none"
# Repairs lines but does not add the missing one.
def fix_install(requirements, gpu=False):
    fixed, names = [], set()
    for line in requirements:
        name = name_of(line)
        if name in ("python", "tensorflow-gpu") or (name in [*NEEDED, "tensorflow"] and name in names):
            continue
        names.add(name)
        fixed.append(("tensorflow[and-cuda]" if gpu else "tensorflow") if name == "tensorflow" else line)
    return [*fixed, *(n for n in NEEDED if n not in names)]


# %% wrong="doubles-stay"
# Adds what is missing, but leaves a package that is named twice.
def fix_install(requirements, gpu=False):
    kept = [line for line in requirements if name_of(line) not in ("python", "tensorflow", "tensorflow-gpu")]
    names = [name_of(line) for line in kept]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="other-lines-unpinned"
# Strips the version from every line, not only from TensorFlow's.
def fix_install(requirements, gpu=False):
    kept = []
    for line in requirements:
        name = name_of(line)
        if name not in ("python", "tensorflow", "tensorflow-gpu") and name not in kept:
            kept.append(name)
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in kept)]


# %% wrong="input-changed"
# Removes lines from the caller's list.
def fix_install(requirements, gpu=False):
    names = set()
    for line in list(requirements):
        name = name_of(line)
        if name in ("python", "tensorflow", "tensorflow-gpu") or (name in NEEDED and name in names):
            requirements.remove(line)
        names.add(name)
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *requirements, *(n for n in NEEDED if n not in names)]


# %% right="packaging-parser"
# Parses every line; a lower bound; new lines at the end.
def fix_install(requirements, gpu=False):
    kept, seen = [], set()
    for line in requirements:
        name = canonicalize_name(Requirement(line).name)
        if name in {"python", "tensorflow", "tensorflow-gpu"} or (name in NEEDED and name in seen):
            continue
        seen.add(name)
        kept.append(line)
    kept.append("tensorflow[and-cuda]>=2.16" if gpu else "tensorflow>=2.16")
    kept.extend(name for name in NEEDED if name not in seen)
    return kept


# %% right="needed-first"
# All managed lines in front, by their bare names, the others behind.
def fix_install(requirements, gpu=False):
    managed = ["tensorflow"] + NEEDED
    others = [line for line in requirements if name_of(line) not in [*managed, "python", "tensorflow-gpu"]]
    return [f"tensorflow{'[and-cuda]' if gpu else ''}"] + NEEDED + others


# %% right="in-place-of-the-old-line"
# Writes the new requirement where the old one stood; splits names by hand.
def fix_install(requirements, gpu=False):
    def name(line):
        for sign in "=<>!~[;( @":
            line = line.strip().split(sign)[0]
        for sign in "_.":
            line = line.replace(sign, "-")
        while "--" in line:
            line = line.replace("--", "-")
        return line.lower()

    new = "TensorFlow [and_cuda] >= 2.12" if gpu else "TensorFlow >= 2.12"
    result, seen = [], []
    for line in requirements:
        if name(line) in ("python", "tensorflow-gpu"):
            continue
        if name(line) in ("tensorflow", "notebook", "numpy", "matplotlib", "ipywidgets"):
            if name(line) in seen:
                continue
            seen.append(name(line))
            line = new if name(line) == "tensorflow" else line
        result.append(line)
    if "tensorflow" not in seen:
        result.append(new)
    for package in ("ipywidgets", "matplotlib", "numpy", "notebook"):
        if package not in seen:
            result.insert(0, package)
    return result


# %% right="keeps-the-lower-bound"
# Keeps a lower bound that the input had; a tuple as the result.
def fix_install(requirements, gpu=False):
    lower, kept, seen = "", [], set()
    for line in requirements:
        parsed = Requirement(line)
        name = canonicalize_name(parsed.name)
        if name == "tensorflow":
            lower = next((str(part) for part in parsed.specifier if part.operator == ">="), lower)
        elif name not in ("python", "tensorflow-gpu") and not (name in NEEDED and name in seen):
            seen.add(name)
            kept.append(line)
    return (*kept, *sorted(set(NEEDED) - seen), f"tensorflow{'[and-cuda]' if gpu else ''}{lower}")


# %% wrong="doubles-removed-for-numpy-only"
# Knows that the article lists numpy twice, and looks for nothing else.
def fix_install(requirements, gpu=False):
    kept, numpy_seen = [], False
    for line in requirements:
        name = name_of(line)
        if name in ("python", "tensorflow", "tensorflow-gpu") or (name == "numpy" and numpy_seen):
            continue
        numpy_seen = numpy_seen or name == "numpy"
        kept.append(line)
    names = [name_of(line) for line in kept]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in names)]


# %% wrong="needed-names-as-substrings"
# numpy-financial is taken for numpy, notebook-shim for notebook.
def fix_install(requirements, gpu=False):
    kept, seen = [], set()
    for line in requirements:
        name = name_of(line)
        if name in ("python", "tensorflow", "tensorflow-gpu") or (name in NEEDED and name in seen):
            continue
        seen.add(name)
        kept.append(line)
    missing = [needed for needed in NEEDED if not any(needed in name for name in seen)]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *missing]


# %% wrong="every-double-removed"
# Removes lines that stand twice, also those that are none of its business.
def fix_install(requirements, gpu=False):
    kept, seen = [], set()
    for line in requirements:
        name = name_of(line)
        if name in ("python", "tensorflow", "tensorflow-gpu") or name in seen:
            continue
        seen.add(name)
        kept.append(line)
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *(n for n in NEEDED if n not in seen)]


# %% right="last-of-the-doubles"
# Keeps the last line of a needed name that stands twice, not the first.
def fix_install(requirements, gpu=False):
    names = [name_of(line) for line in requirements]
    kept = [
        line
        for at, (line, name) in enumerate(zip(requirements, names))
        if name not in ("python", "tensorflow", "tensorflow-gpu") and not (name in NEEDED and name in names[at + 1 :])
    ]
    return [*kept, *(n for n in NEEDED if n not in names), "tensorflow[and-cuda]" if gpu else "tensorflow"]
