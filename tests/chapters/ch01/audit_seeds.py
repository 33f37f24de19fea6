"""audit_seeds: what learners write, right and wrong."""

# %%
import math
import statistics

import numpy as np


# %% wrong="only-twice-in-a-row"
# An experiment that keeps its last result passes.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    pairs = [(run(s), run(s)) for s in seeds]
    [run(s) for s in seeds]
    first = [a for a, _ in pairs]
    return {
        "repeatable": all(a == b for a, b in pairs),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="only-later"
# Two rounds over the list: an experiment that seeds itself only when the seed is new passes.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    first = [run(s) for s in seeds]
    later = [run(s) for s in seeds]
    return {
        "repeatable": first == later,
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="only-the-first-seed"
# Tests one seed and believes the others.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": len(set(rows[0])) == 1,
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="any-seed-repeats"
# One repeatable seed is enough for it.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": any(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="nearly-equal-is-equal"
# isclose forgives the last digits.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": bool(all(np.allclose(row, row[0]) for row in rows)),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="all-seeds-must-differ"
# Two seeds that agree by chance make it say that seeds do not matter.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) == len(seeds),
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="only-first-and-second-seed-compared"
# Compares the first two seeds only.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": first[0] != first[1],
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="divides-by-n"
# NumPy's default: the standard deviation of a population.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first)),
    }


# %% wrong="all-results-averaged"
# Averages all three results of each seed.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len({row[0] for row in rows}) > 1,
        "mean": float(np.mean(rows)),
        "std": float(np.std([np.mean(row) for row in rows], ddof=1)),
    }


# %% wrong="one-seed-will-do"
# Accepts a single seed, with a spread of 0.
def audit_seeds(run, seeds):
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)) if first else 0.0,
        "std": float(np.std(first, ddof=1)) if len(first) > 1 else 0.0,
    }


# %% wrong="the-empty-list-is-overlooked"
# Refuses one seed, but fails with another error on none.
def audit_seeds(run, seeds):
    if len(seeds) == 1:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    mean = sum(first) / len(first)
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": mean,
        "std": math.sqrt(sum((v - mean) ** 2 for v in first) / (len(first) - 1)),
    }


# %% wrong="zero-is-no-seed"
# Skips seed 0.
def audit_seeds(run, seeds):
    seeds = [s for s in seeds if s]
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="sorted-in-place"
# Sorts the caller's list.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    seeds.sort()
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="three-times-in-a-row"
# Comes back at once, never later.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s) for _ in range(3)] for s in seeds]
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows),
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="repeatable-needs-a-seed-that-matters"
# Takes an experiment that ignores its seed for one that cannot be repeated.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError
    rows = [[run(s), run(s)] for s in seeds]
    for row, s in zip(rows, seeds):
        row.append(run(s))
    first = [row[0] for row in rows]
    return {
        "repeatable": all(len(set(row)) == 1 for row in rows) and len(set(first)) > 1,
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% right="an-array-of-results"
# One array with a row per seed; NumPy's bools and floats.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError("too few")
    results = np.array([[run(s), run(s), 0.0] for s in seeds])
    for i, s in enumerate(seeds):
        results[i, 2] = run(s)
    first = results[:, 0]
    return {
        "repeatable": (results == results[:, :1]).all(),
        "seed_matters": (first != first[0]).any(),
        "mean": first.mean(),
        "std": first.std(ddof=1),
    }


# %% right="statistics-module"
# Dictionaries and the standard library.
def audit_seeds(run, seeds):
    if len(list(seeds)) <= 1:
        raise ValueError("one seed is one sample")
    seen = {s: [run(s), run(s)] for s in seeds}
    for s in seeds:
        seen[s].append(run(s))
    first = [float(seen[s][0]) for s in seeds]
    return dict(
        std=statistics.stdev(first),
        mean=statistics.fmean(first),
        seed_matters=min(first) < max(first),
        repeatable=not any(len(set(results)) > 1 for results in seen.values()),
    )


# %% right="one-log"
# Logs every call, then judges.
def audit_seeds(run, seeds):
    if not len(seeds) >= 2:
        raise ValueError("at least two seeds")
    log = []
    for s in [s for s in seeds for _ in "12"] + list(seeds):
        log.append((s, run(s)))
    by_seed = {}
    for s, result in log:
        by_seed.setdefault(s, []).append(result)
    first = [results[0] for results in by_seed.values()]
    mean = sum(first) / len(first)
    return {
        "repeatable": all(results == results[:1] * 3 for results in by_seed.values()),
        "seed_matters": any(value != first[0] for value in first),
        "mean": float(mean),
        "std": math.sqrt(sum((value - mean) ** 2 for value in first) / (len(first) - 1)),
    }


# %% right="reader-zh"
# How: pairs, then later, then judged.
def audit_seeds(run, seeds: list[int]) -> dict:
    """Run an experiment three times for each seed and say whether it can be trusted."""
    if len(seeds) < 2:
        raise ValueError("at least two seeds are needed")
    pairs = [(run(seed), run(seed)) for seed in seeds]
    later = [run(seed) for seed in seeds]
    first = [a for a, _ in pairs]
    return {
        "repeatable": all(a == b == c for (a, b), c in zip(pairs, later)),
        "seed_matters": any(a != first[0] for a in first),
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% right="reader-en"
# two loops, compare three lists
def audit_seeds(run, seeds: list[int]) -> dict:
    """Run an experiment three times for each seed and say whether it can be trusted."""
    if len(seeds) < 2:
        raise ValueError("at least two seeds, please")
    first, second = [], []
    for s in seeds:
        first.append(float(run(s)))
        second.append(float(run(s)))
    third = [float(run(s)) for s in seeds]
    return {
        "repeatable": first == second == third,
        "seed_matters": len(set(first)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="matters-by-all-results"
# Takes all results, not the first ones: an experiment without memory of its seed seems to depend on it.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError("two seeds at least")
    pairs = [(run(s), run(s)) for s in seeds]
    later = [run(s) for s in seeds]
    first = [a for a, _ in pairs]
    return {
        "repeatable": all(a == b == c for (a, b), c in zip(pairs, later)),
        "seed_matters": len({v for pair in pairs for v in pair} | set(later)) > 1,
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="matters-by-the-deviation"
# Deviation above zero: three times 0.1 have one of 1e-17.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError("two seeds at least")
    pairs = [(run(s), run(s)) for s in seeds]
    later = [run(s) for s in seeds]
    first = [a for a, _ in pairs]
    return {
        "repeatable": all(a == b == c for (a, b), c in zip(pairs, later)),
        "seed_matters": bool(np.std(first) > 0),
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="signed-differences"
# Adds the differences up: +1 and -1 cancel.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError("two seeds at least")
    pairs = [(run(s), run(s)) for s in seeds]
    later = [run(s) for s in seeds]
    first = [a for a, _ in pairs]
    return {
        "repeatable": sum(b - a for a, b in pairs) == 0 and sum(c - a for (a, _), c in zip(pairs, later)) == 0,
        "seed_matters": any(a != first[0] for a in first),
        "mean": float(np.mean(first)),
        "std": float(np.std(first, ddof=1)),
    }


# %% wrong="variance-by-squares"
# Mean of the squares minus square of the mean: cancels where results are large.
def audit_seeds(run, seeds):
    if len(seeds) < 2:
        raise ValueError("two seeds at least")
    pairs = [(run(s), run(s)) for s in seeds]
    later = [run(s) for s in seeds]
    first = [a for a, _ in pairs]
    return {
        "repeatable": all(a == b == c for (a, b), c in zip(pairs, later)),
        "seed_matters": any(a != first[0] for a in first),
        "mean": float(np.mean(first)),
        "std": float(np.sqrt(max((sum(a * a for a in first) - len(first) * np.mean(first) ** 2) / (len(first) - 1), 0))),
    }


# %% right="numpy-table"
# A table with a row for each seed.
def audit_seeds(run, seeds):
    n = len(seeds)
    if n < 2:
        raise ValueError
    table = np.empty((3, n))
    for column, seed in enumerate(seeds):
        table[0, column] = run(seed)
        table[1, column] = run(seed)
    for column, seed in enumerate(seeds):
        table[2, column] = run(seed)
    return {"repeatable": np.all(table == table[0]), "seed_matters": np.ptp(table[0]) != 0, "mean": table[0].mean(), "std": table[0].std(ddof=1)}


# %% right="calls-first-judgement-last"
# All calls in one list, judged by slices.
def audit_seeds(run, seeds):
    import math
    if len(seeds) <= 1:
        raise ValueError("one seed is one sample")
    order = [i for i in range(len(seeds)) for _ in "ab"] + list(range(len(seeds)))
    log = {i: [] for i in range(len(seeds))}
    for i in order:
        log[i].append(float(run(seeds[i])))
    first = [log[i][0] for i in log]
    m = math.fsum(first) / len(first)
    repeat = True
    for values in log.values():
        repeat = repeat and values[0] == values[1] == values[2]
    return {"mean": m, "std": math.sqrt(math.fsum((v - m) ** 2 for v in first) / (len(first) - 1)), "repeatable": repeat, "seed_matters": min(first) != max(first)}
