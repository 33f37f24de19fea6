"""sigmoid_backward: what learners write, right and wrong."""

# %%
import numpy as np
from scipy.special import expit


# %% wrong="value-for-slope"
# σ instead of σ(1 − σ).
def sigmoid_backward(dout, x):
    s = 0.5 * (1 + np.tanh(x / 2))
    return dout * s


# %% wrong="x-taken-for-the-output"
# x(1 − x), as if x were the output already.
def sigmoid_backward(dout, x):
    return dout * x * (1 - x)


# %% wrong="dout-forgotten"
# The slope alone.
def sigmoid_backward(dout, x):
    s = 0.5 * (1 + np.tanh(x / 2))
    return s * (1 - s)


# %% wrong="overflows"
# exp(x) / (1 + exp(x))² is nan for large x.
def sigmoid_backward(dout, x):
    with np.errstate(all="ignore"):
        e = np.exp(x)
        return dout * e / (1 + e) ** 2


# %% wrong="overflows-below"
# exp(−x) / (1 + exp(−x))² is nan for very negative x.
def sigmoid_backward(dout, x):
    with np.errstate(all="ignore"):
        e = np.exp(-x)
        return dout * e / (1 + e) ** 2


# %% wrong="clipped-hard"
# The input is clipped to ±2, so slopes beyond are too large.
def sigmoid_backward(dout, x):
    s = 1 / (1 + np.exp(-np.clip(x, -2, 2)))
    return dout * s * (1 - s)


# %% wrong="tanh-slope"
# The slope of tanh.
def sigmoid_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


# %% wrong="in-place"
# Multiplies into the caller's dout.
def sigmoid_backward(dout, x):
    s = 0.5 * (1 + np.tanh(x / 2))
    dout *= s * (1 - s)
    return dout


# %% wrong="zero-beyond-six"
# The tails are cut off, although the slope at 7 is 9e-4.
def sigmoid_backward(dout, x):
    s = (1 + np.tanh(x / 2)) / 2
    return np.where(np.abs(x) > 6, 0.0, dout * s * (1 - s))


# %% wrong="clipped-for-float64-only"
# Clipped at ±700, where the exponential of a float32 is infinite.
def sigmoid_backward(dout, x):
    with np.errstate(all="ignore"):
        e = np.exp(np.clip(x, -700, 700))
        return np.asarray(dout * (e / (1 + e) ** 2))


# %% wrong="one-branch-for-the-whole-array"
# The last number decides for all which exponential is safe.
def sigmoid_backward(dout, x):
    with np.errstate(all="ignore"):
        e = np.exp(x) if np.ravel(x)[-1] < 0 else np.exp(-x)
        s = e / (1 + e) if np.ravel(x)[-1] < 0 else 1 / (1 + e)
        return np.asarray(dout * s * (1 - s))


# %% right="symmetric-exponential"
# exp(−|x|) never overflows.
def sigmoid_backward(dout, x):
    e = np.exp(-np.abs(x))
    return dout * e / (1 + e) ** 2


# %% right="expit"
# SciPy's stable sigmoid, of x and of −x.
def sigmoid_backward(dout, x):
    return dout * expit(x) * expit(-x)


# %% right="hyperbolic-cosine-by-tanh"
# σ′ = (1 − tanh²(x/2)) / 4.
def sigmoid_backward(dout, x):
    return dout * (1 - np.tanh(x / 2) ** 2) / 4


# %% right="where-by-sign"
# Two forms, each where it is safe.
def sigmoid_backward(dout, x):
    e = np.exp(np.where(x > 0, -x, x))
    s = np.where(x > 0, 1 / (1 + e), e / (1 + e))
    return np.asarray(dout * s * (1 - s))


# %% right="cosh"
# σ′ = 1 / (2 cosh(x/2))²: an overflow gives 1 / inf, which is 0.
def sigmoid_backward(dout, x):
    with np.errstate(over="ignore"):
        return np.asarray(dout / (2 * np.cosh(np.asarray(x, dtype=float) / 2)) ** 2)


# %% right="reader-zh"
# sigmoid by tanh, slope s (1 - s)
def sigmoid_backward(dout, x):
    s = (1 + np.tanh(np.asarray(x) / 2)) / 2
    return np.asarray(dout * s * (1 - s))


# %% right="reader-en"
# slope e/(1+e)^2 with e = exp(-|x|), which cannot overflow; first try (0-d input gives a NumPy scalar)
def sigmoid_backward(dout, x):
    e = np.exp(-np.abs(x))  # the slope is even in x, so the small exponential will do
    return dout * e / (1 + e) ** 2
