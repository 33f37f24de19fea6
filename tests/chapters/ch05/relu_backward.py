"""relu_backward: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="mask-of-dout"
# The gradient is cut where it is negative itself.
def relu_backward(dout, x):
    return np.where(dout > 0, dout, 0.0)


# %% wrong="relu-of-dout"
# Applies the ReLU itself on the way back.
def relu_backward(dout, x):
    return np.maximum(dout, 0.0)


# %% wrong="slope-alone"
# The other factor of the chain rule is forgotten.
def relu_backward(dout, x):
    return (x > 0).astype(float)


# %% wrong="times-x"
# Multiplies by max(0, x) instead of its slope.
def relu_backward(dout, x):
    return dout * np.maximum(x, 0.0)


# %% wrong="sign"
# Negative inputs turn the gradient round.
def relu_backward(dout, x):
    return dout * np.sign(x)


# %% wrong="in-place"
# Writes into the caller's array.
def relu_backward(dout, x):
    dout[x <= 0] = 0.0
    return dout


# %% wrong="passes-where-negative"
# The condition is the wrong way round.
def relu_backward(dout, x):
    return np.where(x < 0, dout, 0.0)


# %% wrong="gate-opens-late"
# Small inputs count as not positive.
def relu_backward(dout, x):
    return np.where(x >= 0.5, dout, 0.0)


# %% wrong="steep-sigmoid-gate"
# A steep sigmoid in place of the gate: half open near 0.
def relu_backward(dout, x):
    with np.errstate(over="ignore"):
        return dout / (1 + np.exp(-1000 * x))


# %% wrong="clips-the-gradient"
# Gradients beyond ±100 are cut.
def relu_backward(dout, x):
    return np.where(x > 0, np.clip(dout, -100, 100), 0.0)


# %% right="mask-times-dout"
# A boolean mask as a factor.
def relu_backward(dout, x):
    return dout * (x > 0)


# %% right="copy-and-clear"
# Clears what does not pass, in a copy.
def relu_backward(dout, x):
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0.0
    return dx


# %% right="heaviside"
# The step function as the slope; at 0 it is 1/2.
def relu_backward(dout, x):
    return dout * np.heaviside(x, 0.5)


# %% right="half-of-one-plus-sign"
# The slope from the sign.
def relu_backward(dout, x):
    return np.asarray(dout * (1 + np.sign(x)) / 2)


# %% right="sign-product"
# The positive part of the sign as a factor.
def relu_backward(dout, x):
    return np.asarray(dout * np.maximum(np.sign(x), 0))


# %% right="reader-zh"
# np.where on x > 0
def relu_backward(dout, x):
    gate = np.asarray(x) > 0
    return np.asarray(np.where(gate, dout, 0.0))


# %% right="reader-en"
# dout times the boolean gate; first try (0-d input gives a NumPy scalar, not a 0-d array)
def relu_backward(dout, x):
    return dout * (x > 0)
