"""dropout: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="not-inverted"
# The original dropout: kept entries are not scaled.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(rng.random(x.shape) < p, 0.0, x)


# %% wrong="kept-with-p"
# Keep and drop exchanged; invisible at one half.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(rng.random(x.shape) < p, x / p, 0.0)


# %% wrong="divided-by-p"
# The right mask, the wrong scale.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(rng.random(x.shape) < p, 0.0, x / p)


# %% wrong="multiplied-by-keep"
# Scaled down in place of up.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(rng.random(x.shape) < p, 0.0, x * (1 - p))


# %% wrong="keeps-p-scales-right"
# Keeps with probability p, divides by 1 − p.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(rng.random(x.shape) < p, x / (1 - p), 0.0)


# %% wrong="one-mask-for-all-rows"
# A mask of the last axis, broadcast.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return x * (rng.random(x.shape[-1]) >= p) / (1 - p)


# %% wrong="whole-rows"
# A mask of the first axis: examples are dropped, not units.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    mask = rng.random((x.shape[0],) + (1,) * (x.ndim - 1)) >= p
    return x * mask / (1 - p)


# %% wrong="whole-channels"
# Spatial dropout where there are three axes or more.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    shape = list(x.shape)
    if x.ndim > 2:
        shape[1:-1] = [1] * (x.ndim - 2)
    return x * (rng.random(shape) >= p) / (1 - p)


# %% wrong="exactly-p-n-zeros"
# A fixed number of zeros at random places.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    n = round(p * x.size)
    mask = np.ones(x.size)
    mask[rng.permutation(x.size)[:n]] = 0
    return x * mask.reshape(x.shape) / (1 - p)


# %% wrong="exactly-p-n-zeros-per-row"
# A fixed number of zeros in each row.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    flat = np.array(x, dtype=float).reshape(-1, x.shape[-1])
    n = round(p * flat.shape[1])
    for row in flat:
        row[rng.permutation(len(row))[:n]] = 0
    return flat.reshape(x.shape) / (1 - p)


# %% wrong="repeats-a-row-of-draws"
# Draws half of the mask, and mirrors it.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    half = rng.random((x.size + 1) // 2)
    draws = np.concatenate([half, half])[: x.size].reshape(x.shape)
    return np.where(draws < p, 0.0, x / (1 - p))


# %% wrong="active-in-evaluation"
# `train` is ignored.
def dropout(x, p, rng, train=True):
    return np.where(rng.random(x.shape) < p, 0.0, x / (1 - p))


# %% wrong="scaled-in-evaluation"
# Not inverted in training, scaled in evaluation.
def dropout(x, p, rng, train=True):
    if not train:
        return x * (1 - p)
    return np.where(rng.random(x.shape) < p, 0.0, x)


# %% wrong="inverted-and-scaled"
# Inverted, and scaled in evaluation on top.
def dropout(x, p, rng, train=True):
    if not train:
        return x * (1 - p)
    return np.where(rng.random(x.shape) < p, 0.0, x / (1 - p))


# %% wrong="train-and-evaluation-exchanged"
# Acts where it should rest.
def dropout(x, p, rng, train=True):
    if train:
        return x
    return np.where(rng.random(x.shape) < p, 0.0, x / (1 - p))


# %% wrong="global-random-numbers"
# np.random in place of `rng`.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(np.random.rand(*x.shape) < p, 0.0, x / (1 - p))


# %% wrong="own-generator"
# A generator of its own, with a fixed seed.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(np.random.default_rng(0).random(x.shape) < p, 0.0, x / (1 - p))


# %% wrong="in-place"
# Writes into the caller's array.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    mask = rng.random(x.shape) < p
    x /= 1 - p
    x[mask] = 0
    return x


# %% wrong="integers-stay-integers"
# A copy of integers cannot hold fractions.
def dropout(x, p, rng, train=True):
    result = x.copy()
    if train and p > 0:
        mask = rng.random(x.shape) < p
        result[...] = x / (1 - p)
        result[mask] = 0
    return result


# %% wrong="normal-draws"
# Normal random numbers are not uniform.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    return np.where(rng.normal(size=x.shape) < p, 0.0, x / (1 - p))


# %% wrong="scaled-by-what-was-kept"
# Divides by the share that happened to be kept.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return x
    mask = rng.random(x.shape) >= p
    return x * mask / mask.mean()


# %% right="kept-at-least-p"
# x · (draw ≥ p) / (1 − p).
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return np.asarray(x, dtype=float)
    return x * (rng.random(x.shape) >= p) / (1 - p)


# %% right="binomial"
# One binomial trial for each entry.
def dropout(x, p, rng, train=True):
    if not train:
        return x
    return x * rng.binomial(1, 1 - p, x.shape) / (1 - p)


# %% right="choice"
# rng.choice with probabilities.
def dropout(x, p, rng, train=True):
    if not train:
        return x.copy()
    return x * rng.choice([0.0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p])


# %% right="below-keep"
# Kept where the draw is below 1 − p, then zeros by index.
def dropout(x, p, rng, train=True):
    keep = 1.0 if not train else 1 - p
    result = np.array(x, dtype=np.float64) / keep
    result[rng.random(x.shape) >= keep] = 0
    return result


# %% right="float32-draws"
# Draws of single precision.
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return 1.0 * x
    mask = rng.random(size=x.shape, dtype=np.float32) >= p
    return np.divide(x, 1 - p) * mask


# %% right="loops"
# Entry by entry.
def dropout(x, p, rng, train=True):
    result = np.array(x, dtype=float)
    if train and p > 0:
        flat = result.reshape(-1)
        draws = rng.random(flat.size)
        for i in range(flat.size):
            flat[i] = 0.0 if draws[i] < p else flat[i] / (1 - p)
    return result


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def dropout(x, p, rng, train=True):
    """Return x with each entry 0 with probability p and else divided by 1 − p; x itself in evaluation.

    x: finite numbers, any shape. 0 <= p < 1. rng: source of the mask. The result is a float array of the shape of x.
    """
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    if not train or p == 0:
        return x.copy()
    kept = rng.random(x.shape) >= p
    return (np.where(kept, x, 0) / (1 - p)).astype(x.dtype)


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def dropout(x, p, rng, train=True):
    """Return x with each entry 0 with probability p and else divided by 1 − p; x itself in evaluation."""
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    if not train or p == 0:
        return x.copy()
    kept = rng.random(x.shape) >= p
    return np.where(kept, x / (1 - p), 0).astype(x.dtype)


# %% wrong="rng-does-not-move-on"
# Breaks: "each entry by itself becomes 0" and "another half in each pass" (a copy of rng draws, so each call with one generator has the same mask).
import copy


def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return np.array(x, dtype=float)
    return x * (copy.deepcopy(rng).random(x.shape) >= p) / (1 - p)


# %% wrong="whole-percents"
# Breaks: "each entry by itself becomes 0 with probability p" (p is rounded up to whole percents: p = 0.001 drops 1 %).
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return np.array(x, dtype=float)
    return x * (rng.integers(0, 100, x.shape) >= 100 * p) / (1 - p)


# %% wrong="small-p-is-no-dropout"
# Breaks: "for p=0, the result equals x" is stretched: "becomes 0 with probability p" fails for p < 0.05.
def dropout(x, p, rng, train=True):
    if not train or p < 0.05:
        return np.array(x, dtype=float)
    return x * (rng.random(x.shape) >= p) / (1 - p)


# %% wrong="never-all-of-a-row"
# Breaks: "each entry by itself becomes 0 with probability p" (a row without survivors is drawn again).
def dropout(x, p, rng, train=True):
    if not train or p == 0:
        return np.array(x, dtype=float)
    kept = rng.random(x.shape) >= p
    while not np.all(kept.any(axis=-1)):
        empty = ~kept.any(axis=-1)
        kept[empty] = rng.random(x.shape)[empty] >= p
    return x * kept / (1 - p)
