"""diagnose_install: what learners write, right and wrong."""

# %%
import copy


# %% wrong="newest-by-the-alphabet"
# max() of strings takes 2.9 for newer than 2.10.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if pin in fitting:
            repaired[name] = pin
        elif fitting:
            repaired[name] = max(fitting)
    return diagnosis, repaired


# %% wrong="oldest-instead-of-newest"
# Takes the first version that fits.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if pin in fitting:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[0]
    return diagnosis, repaired


# %% wrong="newest-whatever-the-python"
# Repairs with the newest version of all, which may be for another Python.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if pin in fitting:
            repaired[name] = pin
        elif versions:
            repaired[name] = list(versions)[-1]
    return diagnosis, repaired


# %% wrong="python-as-a-substring"
# "3.1" is part of "3.11" where the Pythons are joined to one string.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in " ".join(pythons)]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if pin in fitting:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="every-failure-is-no-such-version"
# As pip words it: one cause for everything.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        fitting = [v for v, pythons in index.get(name, {}).items() if python in pythons]
        ok = pin in fitting or (pin is None and fitting)
        diagnosis[name] = "ok" if ok else "no such version"
        if pin in fitting:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="pinned-means-ok"
# A version that exists is ok, whatever Python is there.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None:
            diagnosis[name] = "ok" if pin in versions else "no such version"
        else:
            diagnosis[name] = "ok" if fitting else "not for this Python"
        if diagnosis[name] == "ok" and pin is not None:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="any-version-is-always-ok"
# Without a pin nothing can go wrong, it believes.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is None or pin in fitting:
            diagnosis[name] = "ok"
        elif pin not in versions:
            diagnosis[name] = "no such version"
        else:
            diagnosis[name] = "not for this Python"
        if pin in fitting:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="always-upgrades"
# Replaces pins that are fine by the newest version.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="repairs-only-what-is-broken"
# Leaves out what is ok.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
            if fitting:
                repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="hopeless-packages-kept"
# Lists packages that cannot be installed, with None.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        repaired[name] = pin if pin in fitting else (fitting or [None])[-1]
    return diagnosis, repaired


# %% wrong="empty-package-does-not-exist"
# `if not versions` is true for a package without versions, too.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name)
        if not versions:
            diagnosis[name] = "no such package"
            continue
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif pin in fitting or (pin is None and fitting):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if pin in fitting:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="prunes-the-index"
# Deletes from the caller's index what does not fit.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        if name not in index:
            diagnosis[name] = "no such package"
            continue
        versions = index[name]
        known = set(versions)
        for v in list(versions):
            if python not in versions[v]:
                del versions[v]
        if pin is not None and pin not in known:
            diagnosis[name] = "no such version"
        elif pin in versions or (pin is None and versions):
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if pin in versions:
            repaired[name] = pin
        elif versions:
            repaired[name] = list(versions)[-1]
    return diagnosis, repaired


# %% wrong="one-dict-of-pairs"
# Returns package -> (cause, version) instead of two dicts.
def diagnose_install(wanted, python, index):
    result = {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [v for v, pythons in versions.items() if python in pythons]
        cause = "ok" if pin in fitting or (pin is None and fitting) else "no such version"
        result[name] = (cause, pin if pin in fitting else (fitting or [None])[-1])
    return result


# %% right="two-helpers"
# One function per question.
def _fitting(name, python, index):
    return [v for v in index.get(name, {}) if python in index[name][v]]


def _cause(name, pin, python, index):
    if name not in index:
        return "no such package"
    if pin is None:
        return "ok" if _fitting(name, python, index) else "not for this Python"
    if pin not in index[name]:
        return "no such version"
    return "ok" if python in index[name][pin] else "not for this Python"


def diagnose_install(wanted, python, index):
    diagnosis = {name: _cause(name, pin, python, index) for name, pin in wanted.items()}
    repaired = {}
    for name, pin in wanted.items():
        found = _fitting(name, python, index)
        if found:
            repaired[name] = pin if diagnosis[name] == "ok" and pin else found[-1]
    return diagnosis, repaired


# %% right="walk-through-the-versions"
# The last version that fits wins, unless the pin fits.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name in sorted(wanted):
        pin = wanted[name]
        try:
            versions = index[name]
        except KeyError:
            diagnosis[name] = "no such package"
            continue
        newest = None
        for version in versions:
            if python in versions[version]:
                newest = version
        if pin is not None:
            try:
                fits = versions[pin].count(python) > 0
                diagnosis[name] = "ok" if fits else "not for this Python"
            except KeyError:
                fits = False
                diagnosis[name] = "no such version"
            newest = pin if fits else newest
        else:
            diagnosis[name] = "ok" if newest else "not for this Python"
        if newest:
            repaired[name] = newest
    return diagnosis, repaired


# %% right="works-on-copies"
# Prunes a deep copy of the index.
def diagnose_install(wanted, python, index):
    pruned = copy.deepcopy(index)
    for versions in pruned.values():
        for version in [v for v, pythons in versions.items() if python not in pythons]:
            del versions[version]
    diagnosis = {}
    for name, pin in wanted.items():
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin and pin not in index[name]:
            diagnosis[name] = "no such version"
        elif (pin in pruned[name]) if pin else pruned[name]:
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
    repaired = {
        name: pin if pin in pruned[name] else list(pruned[name])[-1]
        for name, pin in wanted.items()
        if pruned.get(name)
    }
    return diagnosis, repaired


# %% right="reader-zh"
# How: list of fitting versions per package.
def diagnose_install(wanted, python, index):
    """Say what is wrong with each wanted package, and which versions can be installed instead."""
    diagnosis, repaired = {}, {}
    for name, version in wanted.items():
        if name not in index:
            diagnosis[name] = "no such package"
            continue
        fitting = [v for v, pythons in index[name].items() if python in pythons]
        if version is None:
            diagnosis[name] = "ok" if fitting else "not for this Python"
        elif version not in index[name]:
            diagnosis[name] = "no such version"
        else:
            diagnosis[name] = "ok" if version in fitting else "not for this Python"
        if diagnosis[name] == "ok" and version is not None:
            repaired[name] = version
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% right="reader-en"
# list the fitting versions in index order, then the four cases
def diagnose_install(
    wanted: dict[str, str | None], python: str, index: dict[str, dict[str, list[str]]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Say what is wrong with each wanted package, and which versions can be installed instead."""
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        if name not in index:
            diagnosis[name] = "no such package"
            continue
        versions = index[name]
        fitting = [v for v, pythons in versions.items() if python in pythons]
        if pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif (pin in fitting) if pin is not None else fitting:
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if diagnosis[name] == "ok" and pin is not None:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% wrong="sorted-as-numbers"
# Takes the largest version, not the last of the index.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    fitting = []
    for name, version in wanted.items():
        if name not in index:
            diagnosis[name] = "no such package"
            continue
        fitting = [v for v, pythons in index[name].items() if python in pythons]
        if version is not None and version not in index[name]:
            diagnosis[name] = "no such version"
        elif (version in fitting) if version is not None else fitting:
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if diagnosis[name] == "ok" and version is not None:
            repaired[name] = version
        elif fitting:
            repaired[name] = max(fitting, key=lambda v: [int(p) if p.isdigit() else 0 for p in v.split('.')])
    return diagnosis, repaired


# %% wrong="names-normalised"
# Reads names as pip does; the statement compares letters.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    fitting = []
    index = {**index, **{n: index[n.lower()] for n in wanted if n.lower() in index}}
    for name, version in wanted.items():
        if name not in index:
            diagnosis[name] = "no such package"
            continue
        fitting = [v for v, pythons in index[name].items() if python in pythons]
        if version is not None and version not in index[name]:
            diagnosis[name] = "no such version"
        elif (version in fitting) if version is not None else fitting:
            diagnosis[name] = "ok"
        else:
            diagnosis[name] = "not for this Python"
        if diagnosis[name] == "ok" and version is not None:
            repaired[name] = version
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired


# %% right="walk-from-the-newest"
# Walks from the newest version backwards.
def diagnose_install(wanted, python, index):
    diagnosis, repaired = {}, {}
    for name in reversed(list(wanted)):
        pin = wanted[name]
        try:
            versions = index[name]
        except KeyError:
            diagnosis[name] = "no such package"
            continue
        for version in reversed(list(versions)):
            if set(versions[version]) & {python}:
                repaired[name] = version
                break
        if pin is None:
            diagnosis[name] = "ok" if name in repaired else "not for this Python"
        elif pin not in versions:
            diagnosis[name] = "no such version"
        elif versions[pin].count(python):
            diagnosis[name], repaired[name] = "ok", pin
        else:
            diagnosis[name] = "not for this Python"
    return diagnosis, repaired


# %% right="copies-and-recursion"
# Recursion over copies of the dicts.
def diagnose_install(wanted, python, index):
    if not wanted:
        return {}, {}
    rest = dict(wanted)
    name, pin = rest.popitem()
    diagnosis, repaired = diagnose_install(rest, python, index)
    newest = None
    for version, pythons in index.get(name, {}).items():
        newest = version if python in list(pythons) else newest
    there = name in index
    if not there:
        word = "no such package"
    elif pin is None:
        word = "not for this Python" if newest is None else "ok"
    elif pin in index[name]:
        word = "ok" if python in index[name][pin] else "not for this Python"
    else:
        word = "no such version"
    diagnosis[name] = word
    if newest is not None:
        repaired[name] = pin if word == "ok" and pin is not None else newest
    return diagnosis, repaired
