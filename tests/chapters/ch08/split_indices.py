"""split_indices: what learners write, right and wrong."""

# %%
import math

import numpy as np
from sklearn.model_selection import train_test_split


# %% wrong="last-rows-unshuffled"
# The tail of the file is the test set, as Keras's validation_split takes it.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    cuts = np.round(np.cumsum(fractions)[:2] * len(y)).astype(int)
    return tuple(np.split(np.arange(len(y)), cuts))


# %% wrong="class-tails-unshuffled"
# Stratified, but the first rows of each class always train.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(pool, cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="overlap"
# Each part is drawn from all rows by itself.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    return tuple(rng.choice(len(y), int(round(share * len(y))), replace=False) for share in fractions)


# %% wrong="with-replacement"
# A bootstrap sample: rows repeat, others are missing.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    rows = rng.integers(0, len(y), len(y))
    return tuple(np.split(rows, np.round(np.cumsum(fractions)[:2] * len(y)).astype(int)))


# %% wrong="remainder-dropped"
# The sizes are rounded down, and what is left over belongs to nobody.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            sizes = [int(share * len(pool)) for share in fractions]
            cuts = np.cumsum(sizes)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)[:3]):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="stratify-without-effect"
# All rows are shuffled and cut, whatever stratify says.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="groups-ignored"
# groups is not looked at.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if False:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="groups-divided"
# Each group is stratified like a class, so that it is in all parts.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    keys = groups if groups is not None else y if stratify else np.zeros(len(y), dtype=int)
    parts = [[], [], []]
    for key in np.unique(keys):
        pool = rng.permutation(np.flatnonzero(keys == key))
        for part, piece in zip(parts, np.split(pool, np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int))):
            part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="groups-counted"
# The shares count groups, not rows.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        names = rng.permutation(np.unique(groups))
        cuts = np.round(np.cumsum(fractions)[:2] * len(names)).astype(int)
        return tuple(np.flatnonzero(np.isin(groups, chosen)) for chosen in np.split(names, cuts))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="own-generator"
# A generator of its own: every call gives the same parts.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    rng = np.random.default_rng(0)
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="global-generator"
# Draws from NumPy's global state, so that equal seeds give different parts.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in np.random.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(np.random.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="parts-in-another-order"
# Test, validation, training: the large part comes last.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)[::-1]


# %% wrong="labels-instead-of-rows"
# Returns the labels of the parts, not their row numbers.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(y[np.concatenate(part)] for part in parts)


# %% wrong="masks"
# Boolean masks, not row numbers.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.isin(np.arange(len(y)), np.concatenate(part)) for part in parts)


# %% wrong="y-shuffled-in-place"
# Shuffles the caller's labels first.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    rng.shuffle(y)
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="sorted-groups"
# The groups are taken in their own order: the split does not depend on the seed.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in np.unique(groups):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="classes-from-zero"
# Classes are taken to be 0 … max: negative ones are lost.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in range(int(y.max()) + 1)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="stratify-always"
# Without stratify, too: with many small classes the parts lose their sizes.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)]
        for pool in pools:
            cuts = np.floor(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts)):
                part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% wrong="labels-as-int8"
# Labels are taken as int8: rows with labels above 127 are lost.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    parts = ([], [], [])
    if groups is not None:
        names, counts = np.unique(groups, return_counts=True)
        have = np.zeros(3)
        for at in rng.permutation(len(names)):
            part = int(np.argmax(np.array(fractions) * n - have))
            parts[part].append(np.flatnonzero(groups == names[at]))
            have[part] += counts[at]
    else:
        classes = [np.flatnonzero(y == c) for c in np.unique(y.astype(np.int8))] if stratify else [np.arange(n)]
        for rows in classes:
            ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(rows), ends)):
                part.append(piece)
    return tuple(np.concatenate(part) if part else np.zeros(0, dtype=int) for part in parts)


# %% wrong="groups-only-with-stratify"
# Without stratify the groups are forgotten.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    y = np.asarray(y)
    n = len(y)
    parts = [[], [], []]
    if not stratify:
        rows = rng.permutation(n)
        ends = np.round(np.cumsum(fractions)[:2] * n).astype(int)
        return tuple(np.split(rows, ends))
    if groups is not None:
        labels, sizes = np.unique(groups, return_counts=True)
        lack = np.array(fractions, dtype=float) * n
        for at in rng.permutation(len(labels)):
            to = int(np.argmax(lack))
            parts[to].append(np.flatnonzero(groups == labels[at]))
            lack[to] -= sizes[at]
    else:
        for label in np.unique(y):
            rows = rng.permutation(np.flatnonzero(y == label))
            ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
            for part, piece in zip(parts, np.split(rows, ends)):
                part.append(piece)
    return tuple(np.concatenate(part) if part else np.zeros(0, dtype=int) for part in parts)


# %% wrong="rare-classes-all-in-training"
# Small classes all go to the training set, whatever the fractions.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    parts = [[], [], []]
    if groups is not None:
        labels, sizes = np.unique(groups, return_counts=True)
        lack = np.array(fractions, dtype=float) * n
        for at in rng.permutation(len(labels)):
            to = int(np.argmax(lack))
            parts[to].append(np.flatnonzero(groups == labels[at]))
            lack[to] -= sizes[at]
    else:
        kinds = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(n)]
        for rows in kinds:
            rows = rng.permutation(rows)
            ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
            if len(rows) < 5:
                ends = [len(rows), len(rows)]
            for part, piece in zip(parts, np.split(rows, ends)):
                part.append(piece)
    return tuple(np.concatenate(part) if part else np.zeros(0, dtype=int) for part in parts)


# %% right="permutation-and-cut"
# Another way to write the same, with integer sizes.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    if groups is not None:
        order = rng.permutation(np.unique(groups))
        ends = np.cumsum([np.sum(groups == g) for g in order])
        first, second = (int(np.argmin(np.abs(ends - bound * n))) + 1 for bound in np.cumsum(fractions)[:2])
        chosen = order[:first], order[first:second], order[second:]
        return tuple(np.flatnonzero(np.isin(groups, names)) for names in chosen)
    if not stratify:
        order = rng.permutation(n)
        a, b = round(fractions[0] * n), round((fractions[0] + fractions[1]) * n)
        return order[:a], order[a:b], order[b:]
    train, validation, test = [], [], []
    for label in set(y.tolist()):
        rows = np.flatnonzero(y == label)
        rng.shuffle(rows)
        a, b = round(fractions[0] * len(rows)), round((fractions[0] + fractions[1]) * len(rows))
        train.extend(rows[:a].tolist())
        validation.extend(rows[a:b].tolist())
        test.extend(rows[b:].tolist())
    return np.array(train), np.array(validation), np.array(test)


# %% right="sort-and-deal"
# Sorts by (class, random key) and deals the rows out by their place in the class.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    if groups is not None:
        parts, sizes = [[], [], []], [0, 0, 0]
        names, counts = np.unique(groups, return_counts=True)
        for at in sorted(range(len(names)), key=lambda at: (-counts[at], rng.random())):
            lacking = [share * n - size for share, size in zip(fractions, sizes)]
            best = lacking.index(max(lacking))
            parts[best].append(np.flatnonzero(groups == names[at]))
            sizes[best] += int(counts[at])
        return [np.concatenate(part) for part in parts]
    keys = y if stratify else np.zeros(n, dtype=int)
    order = np.lexsort((rng.random(n), keys))
    place, total = np.zeros(n), np.zeros(n)
    for at, row in enumerate(order):
        same = keys == keys[row]
        total[row] = same.sum()
        place[row] = at - np.flatnonzero(keys[order] == keys[row])[0]
    position = (place + 0.5) / total
    a, b = fractions[0], fractions[0] + fractions[1]
    return [np.flatnonzero(position < a), np.flatnonzero((position >= a) & (position < b)), np.flatnonzero(position >= b)]


# %% right="scikit-learn"
# train_test_split twice, where it can stratify; by hand for groups and small classes.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    if groups is not None:
        sizes = {int(g): int(c) for g, c in zip(*np.unique(groups, return_counts=True))}
        parts, left = [set(), set(), set()], [share * n for share in fractions]
        for g in rng.permutation(list(sizes)).tolist():
            at = left.index(max(left))
            parts[at].add(g)
            left[at] -= sizes[g]
        return tuple(np.array([row for row in range(n) if int(groups[row]) in part], dtype=int) for part in parts)
    rows, seed = np.arange(n), int(rng.integers(2**31))
    if not stratify:
        rest, test = train_test_split(rows, test_size=max(1, round(fractions[2] * n)), random_state=seed)
        train, validation = train_test_split(rest, test_size=max(1, round(fractions[1] * n)), random_state=seed)
        return train, validation, test
    parts = [], [], []
    for label in np.unique(y):
        own = rows[y == label]
        first = math.floor(fractions[0] * len(own) + 0.5)
        second = min(len(own) - first, math.floor(fractions[1] * len(own) + 0.5))
        own = rng.permutation(own)
        parts[0].append(own[:first])
        parts[1].append(own[first : first + second])
        parts[2].append(own[first + second :])
    return tuple(np.concatenate(part).astype(np.int32) for part in parts)


# %% right="lists-then-arrays"
# Rows are dealt one by one to the part of their class that lacks most.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    parts, filled = [[], [], []], {}
    units = {}
    for row in rng.permutation(len(y)).tolist():
        units.setdefault(row if groups is None else int(groups[row]), []).append(row)
    for rows in units.values():
        pool = int(y[rows[0]]) if stratify and groups is None else "all"
        counts = filled.setdefault(pool, [0, 0, 0])
        total = sum(counts) + len(rows)
        lacking = [share * total - count for share, count in zip(fractions, counts)]
        at = max(range(3), key=lambda part: lacking[part])
        parts[at].extend(rows)
        counts[at] += len(rows)
    return tuple(np.array(part, dtype=np.int64) for part in parts)


# %% right="cuts-a-shuffled-row-of-groups"
# A group goes where its middle row lies, in a shuffled row of groups.
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    parts = ([], [], [])
    if groups is not None:
        names, counts = np.unique(groups, return_counts=True)
        place = rng.permutation(len(names))
        middle = np.cumsum(counts[place]) - counts[place] / 2
        home = np.searchsorted(np.cumsum(fractions)[:2] * n, middle)
        for at, part in zip(place, home):
            parts[part].append(np.flatnonzero(groups == names[at]))
    else:
        classes = [np.flatnonzero(y == c) for c in np.unique(y)] if stratify else [np.arange(n)]
        for rows in classes:
            ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(rows), ends)):
                part.append(piece)
    return tuple(np.concatenate(part) if part else np.zeros(0, dtype=int) for part in parts)


# %% right="reader-zh"
# per class cut at rounded cumulative shares, groups in random order to the part that lacks most rows
def split_indices(y, fractions, rng, stratify=True, groups=None):
    """Return (train, validation, test), three arrays of row numbers that together hold each of 0 … n − 1 once."""
    y = np.asarray(y)
    n = len(y)
    if groups is not None:
        groups = np.asarray(groups)
        names, member = np.unique(groups, return_inverse=True)
        member = member.reshape(-1)
        missing = np.array(fractions, dtype=float) * n
        part_of_group = np.zeros(len(names), dtype=int)
        sizes = np.bincount(member, minlength=len(names))
        for g in rng.permutation(len(names)):
            target = int(np.argmax(missing))
            part_of_group[g] = target
            missing[target] -= sizes[g]
        part = part_of_group[member]
        return tuple(np.flatnonzero(part == i) for i in range(3))
    pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(n)]
    parts = [[], [], []]
    for rows in pools:
        rows = rng.permutation(rows)
        ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, ends)):
            part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


# %% right="reader-en"
# shuffle and cut per class; groups greedily to the part that lacks most rows; first try
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    parts = ([], [], [])
    if groups is not None:
        labels, sizes = np.unique(groups, return_counts=True)
        lacking = np.array(fractions, dtype=float) * n
        for at in rng.permutation(len(labels)):
            target = int(np.argmax(lacking))
            parts[target].append(np.flatnonzero(groups == labels[at]))
            lacking[target] -= sizes[at]
    else:
        classes = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(n)]
        for rows in classes:
            rows = rng.permutation(rows)
            ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
            for part, piece in zip(parts, np.split(rows, ends)):
                part.append(piece)
    return tuple(np.concatenate([np.zeros(0, dtype=int), *part]) for part in parts)
