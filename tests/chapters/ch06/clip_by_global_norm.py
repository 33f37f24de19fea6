"""clip_by_global_norm: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="norm-of-each"
# Each array has its own norm.
def clip_by_global_norm(grads, c):
    norms = [float(np.linalg.norm(g)) for g in grads]
    return [g * min(1.0, c / n) if n > 0 else g * 1.0 for g, n in zip(grads, norms)], math.sqrt(
        sum(n * n for n in norms)
    )


# %% wrong="entries-clipped"
# Each entry is cut at c.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(float(np.sum(g.astype(float) ** 2)) for g in grads))
    return [np.clip(g, -c, c) for g in grads], norm


# %% wrong="always-scaled"
# Short gradients are stretched to c.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = c / norm if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="square-of-the-norm"
# Divides by the sum of the squares.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / norm**2) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="norm-is-the-sum-of-squares"
# The root is forgotten.
def clip_by_global_norm(grads, c):
    norm = float(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="norm-after"
# Returns the norm after clipping.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm * factor


# %% wrong="nan-at-zero"
# 0/0 for gradients of zero.
def clip_by_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    with np.errstate(all="ignore"):
        factor = np.minimum(1.0, c / norm) if norm > 0 else norm / norm
    return [g * factor for g in grads], norm


# %% wrong="sum-of-norms"
# The norms of the arrays are added.
def clip_by_global_norm(grads, c):
    norm = float(sum(np.linalg.norm(np.ravel(g).astype(float)) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="largest-norm"
# The largest norm counts.
def clip_by_global_norm(grads, c):
    norm = float(max(np.linalg.norm(np.ravel(g).astype(float)) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="largest-entry"
# The largest entry counts, not the norm.
def clip_by_global_norm(grads, c):
    norm = float(max(np.max(np.abs(np.asarray(g, dtype=float))) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="norm-plus-a-bit"
# 1e-6 is added to the norm, as in a well-known library.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / (norm + 1e-6)) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="single-precision"
# Squares large float32 entries in float32.
def clip_by_global_norm(grads, c):
    np.seterr(over="ignore")
    norm = math.sqrt(sum(np.sum(np.square(g)) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="in-place"
# Scales the caller's arrays.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    for g in grads:
        g *= factor
    return list(grads), norm


# %% wrong="mean-of-squares"
# The root of the mean square.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads) / sum(np.size(g) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="one-array"
# Returns the joined vector.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [np.concatenate([np.ravel(g) for g in grads]) * factor], norm


# %% wrong="zeroed-when-long"
# A gradient that is too long is thrown away.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = 1.0 if norm <= c else 0.0
    return [g * factor for g in grads], norm


# %% right="joined"
# One norm of the joined vector.
def clip_by_global_norm(grads, c):
    norm = float(np.linalg.norm(np.concatenate([np.ravel(g).astype(np.float64) for g in grads])))
    return [g * (c / norm) if norm > c else g.copy() for g in grads], norm


# %% right="hypot"
# The hypotenuse of the arrays' norms.
def clip_by_global_norm(grads, c):
    norm = math.hypot(*(float(np.linalg.norm(np.asarray(g, dtype=np.float64))) for g in grads))
    if norm <= c:
        return [np.array(g, copy=True) for g in grads], norm
    return [np.multiply(g, c / norm) for g in grads], norm


# %% right="dot-products"
# Sum of dot products.
def clip_by_global_norm(grads, c):
    doubles = [np.asarray(g, dtype=np.float64) for g in grads]
    norm = float(sum(np.vdot(g, g) for g in doubles)) ** 0.5
    factor = c / max(c, norm)
    return [factor * g for g in doubles], norm


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def clip_by_global_norm(grads, c):
    """Return the arrays scaled to a joint norm of at most c, and their joint norm before.

    grads: list of float arrays of any shapes. c: above 0. Source: Pascanu, Mikolov and Bengio (2013), section 3.2.
    """
    norm = math.sqrt(sum(float(np.sum(np.asarray(g, dtype=np.float64) ** 2)) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(float(np.sum(np.asarray(g, dtype=np.float64) ** 2)) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# %% wrong="tiny-norm-counts-as-zero"
# Breaks: "Multiply every array by the same factor min(1, c / norm), and by 1 if the norm is 0."
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, np.float64) ** 2) for g in grads))
    if np.isclose(norm, 0):
        return [g.copy() for g in grads], 0.0
    factor = min(1.0, c / norm)
    return [g * factor for g in grads], norm


# %% wrong="same-arrays-below-the-limit"
# Breaks: "Return the list of new arrays"
def clip_by_global_norm(grads, c):
    norm = math.sqrt(sum(np.sum(np.asarray(g, np.float64) ** 2) for g in grads))
    if norm <= c:
        return list(grads), norm
    return [g * (c / norm) for g in grads], norm


# %% wrong="one-array-per-shape"
# Breaks: "`norm` is the square root of the sum of **all** squares in **all** arrays." (two of one shape collide)
def clip_by_global_norm(grads, c):
    by_shape = {g.shape: g for g in grads}
    norm = math.sqrt(sum(np.sum(np.asarray(g, np.float64) ** 2) for g in by_shape.values()))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm
