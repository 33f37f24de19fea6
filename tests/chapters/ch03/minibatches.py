"""minibatches: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="with-replacement"
# Draws indices independently: some rows twice, some never.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.integers(0, n, size=n)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="tail-dropped"
# n // batch_size full batches; the rest is lost.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size)])
    return plan


# %% wrong="same-order-every-epoch"
# Shuffles once, before the loop.
def minibatches(n, batch_size, epochs, rng):
    order = rng.permutation(n)
    return [[order[i : i + batch_size] for i in range(0, n, batch_size)] for _ in range(epochs)]


# %% wrong="not-shuffled"
# Always 0 … n−1.
def minibatches(n, batch_size, epochs, rng):
    order = np.arange(n)
    return [[order[i : i + batch_size] for i in range(0, n, batch_size)] for _ in range(epochs)]


# %% wrong="short-batch-first"
# The rest comes at the start of the epoch.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        rest = n % batch_size
        batches = [order[:rest]] if rest else []
        plan.append(batches + [order[i : i + batch_size] for i in range(rest, n, batch_size)])
    return plan


# %% wrong="global-random-state"
# Ignores rng.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = np.random.permutation(n)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="own-seed"
# A generator of its own with a fixed seed.
def minibatches(n, batch_size, epochs, rng):
    rng = np.random.default_rng(0)
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="same-generator-state-each-epoch"
# Seeds a generator from the number of the epoch: equal for every rng.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for epoch in range(epochs):
        order = np.random.default_rng(epoch).permutation(n)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="pieces-of-equal-length"
# np.array_split with a number of pieces balances them: 4, 3, 3 instead of 4, 4, 2.
def minibatches(n, batch_size, epochs, rng):
    count = -(-n // batch_size)
    return [np.array_split(rng.permutation(n), count) for _ in range(epochs)]


# %% wrong="rolled-order"
# Shuffles once, then rotates by a random amount: epochs depend on each other.
def minibatches(n, batch_size, epochs, rng):
    order = rng.permutation(n)
    plan = []
    for _ in range(epochs):
        order = np.roll(order, int(rng.integers(n)))
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="batches-shuffled-rows-not"
# The order of the batches is random, their content is always the same.
def minibatches(n, batch_size, epochs, rng):
    batches = [np.arange(i, min(i + batch_size, n)) for i in range(0, n, batch_size)]
    return [[batches[k] for k in rng.permutation(len(batches))] for _ in range(epochs)]


# %% wrong="biased-shuffle"
# Swaps each place with any place: not all orders are equally likely.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = np.arange(n)
        for i in range(n):
            j = int(rng.integers(n))
            order[i], order[j] = order[j], order[i]
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="one-random-swap"
# Swaps two entries of the order of the epoch before.
def minibatches(n, batch_size, epochs, rng):
    order = rng.permutation(n)
    plan = []
    for _ in range(epochs):
        i, j = rng.integers(n, size=2)
        order = order.copy()
        order[i], order[j] = order[j], order[i]
        plan.append([order[k : k + batch_size] for k in range(0, n, batch_size)])
    return plan


# %% wrong="one-flat-list"
# All batches of all epochs in one list.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.extend(order[i : i + batch_size] for i in range(0, n, batch_size))
    return plan


# %% wrong="shuffled-in-place-and-viewed"
# Views of one array that is shuffled again: all epochs show the last order.
def minibatches(n, batch_size, epochs, rng):
    order = np.arange(n)
    plan = []
    for _ in range(epochs):
        rng.shuffle(order)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% wrong="indices-from-one"
# Counts rows from 1.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(np.arange(1, n + 1))
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% right="shuffle-on-arange"
# A fresh arange for every epoch.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = np.arange(n)
        rng.shuffle(order)
        plan.append([order[i : i + batch_size].copy() for i in range(0, n, batch_size)])
    return plan


# %% right="argsort-of-uniforms"
# Sorting random keys, np.split at computed positions; tuples.
def minibatches(n, batch_size, epochs, rng):
    cuts = np.arange(batch_size, n, batch_size)
    return tuple(tuple(np.split(np.argsort(rng.random(n)), cuts)) for _ in range(epochs))


# %% right="shuffle-of-the-order-before"
# Shuffles the last order again; a uniform shuffle forgets where it started.
def minibatches(n, batch_size, epochs, rng):
    order = np.arange(n, dtype=np.int32)
    plan = []
    for _ in range(epochs):
        order = rng.permuted(order)
        plan.append([order[i : min(i + batch_size, n)] for i in range(0, len(order), batch_size)])
    return plan


# %% right="choice-without-replacement"
# rng.choice in unsigned integers.
def minibatches(n, batch_size, epochs, rng):
    def epoch():
        order = rng.choice(n, size=n, replace=False).astype(np.uint64)
        batches = []
        while len(order):
            batches.append(order[:batch_size])
            order = order[batch_size:]
        return batches

    return [epoch() for _ in range(epochs)]


# %% right="draw-from-a-bag"
# Fisher and Yates by hand, on Python lists.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        bag, order = list(range(n)), []
        while bag:
            order.append(bag.pop(int(rng.integers(len(bag)))))
        plan.append([np.array(order[i : i + batch_size]) for i in range(0, n, batch_size)])
    return plan


# %% right="all-epochs-at-once"
# One table of keys for all epochs; an epoch of equal batches may be a two-dimensional array.
def minibatches(n, batch_size, epochs, rng):
    orders = rng.random((epochs, n)).argsort(axis=1)
    if n % batch_size == 0:
        return orders.reshape(epochs, n // batch_size, batch_size)
    return [[row[i : i + batch_size] for i in range(0, n, batch_size)] for row in orders]


# %% right="python-random-seeded-from-rng"
# The standard library's shuffle, seeded by rng.
def minibatches(n, batch_size, epochs, rng):
    import random

    source = random.Random(int(rng.integers(2**62)))
    plan = []
    for _ in range(epochs):
        order = list(range(n))
        source.shuffle(order)
        plan.append([np.array(order[i : i + batch_size], dtype=int) for i in range(0, n, batch_size)])
    return plan


# %% wrong="indices-in-eight-bits"
# Small unsigned integers wrap around from row 256 on.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n).astype(np.uint8)
        plan.append([order[at : at + batch_size] for at in range(0, n, batch_size)])
    return plan


# %% wrong="indices-in-sixteen-bits"
# And these from row 65536 on.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n).astype(np.uint16)
        plan.append([order[at : at + batch_size] for at in range(0, n, batch_size)])
    return plan


# %% wrong="shuffled-inside-of-blocks"
# Cuts first and shuffles the rows of each piece, and the pieces: the same rows share a batch in every epoch.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        pieces = [rng.permutation(np.arange(at, min(at + batch_size, n))) for at in range(0, n, batch_size)]
        whole = [piece for piece in pieces if len(piece) == batch_size]
        rest = [piece for piece in pieces if len(piece) < batch_size]
        plan.append([whole[int(i)] for i in rng.permutation(len(whole))] + rest)
    return plan


# %% right="indices-in-thirty-two-bits"
# Wide enough for any table that fits into memory.
def minibatches(n, batch_size, epochs, rng):
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n).astype(np.int32)
        plan.append(np.split(order, range(batch_size, n, batch_size)))
    return plan
# %% wrong="never-the-same-order-twice"
# Draws again where the order is that of the epoch before.
def minibatches(n, batch_size, epochs, rng):
    out, last = [], None
    for _ in range(epochs):
        o = rng.permutation(n)
        while last is not None and n > 1 and np.array_equal(o, last):
            o = rng.permutation(n)
        last = o
        out.append([o[i:i + batch_size] for i in range(0, n, batch_size)])
    return out


# %% right="reader-zh"
# rng.permutation per epoch, then slices; first try, no hint
def minibatches(n, batch_size, epochs, rng):
    """Return, per epoch, a list of index arrays: a fresh permutation of 0 … n−1 cut into pieces of ``batch_size``."""
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% right="reader-en"
# rng.permutation per epoch, cut into slices
def minibatches(n, batch_size, epochs, rng):
    """Return, per epoch, a list of index arrays: a fresh permutation of 0 … n−1 cut into pieces of ``batch_size``."""
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[i:i + batch_size] for i in range(0, n, batch_size)])
    return plan


# %% right="fisher-yates"
# Fisher-Yates by hand.
def minibatches(n, batch_size, epochs, rng):
    def epoch():
        rows = list(range(n))
        for i in range(n - 1, 0, -1):
            j = int(rng.integers(i + 1))
            rows[i], rows[j] = rows[j], rows[i]
        return tuple(np.array(rows[k:k + batch_size], dtype=np.int32) for k in range(0, n, batch_size))
    return [epoch() for _ in range(epochs)]


# %% right="sort-random-keys-and-split"
# Sorts random keys.
def minibatches(n, batch_size, epochs, rng):
    keys = rng.random((epochs, n))
    return [np.split(row, range(batch_size, n, batch_size)) for row in np.argsort(keys, axis=1)]
