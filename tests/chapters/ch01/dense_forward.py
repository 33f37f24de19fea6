"""dense_forward: what learners write, right and wrong."""

# %%
import numpy as np
import tensorflow as tf


# %% wrong="weights-transposed"
# Takes W as (M, D), as the articles' Wx + b suggests; only a square W hides it.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    z = (x @ W.T if W.shape[0] == W.shape[1] else x @ W) + b
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    return z


# %% wrong="weights-always-transposed"
# x @ W.T, straight from Wx + b.
def dense_forward(x, W, b, activation=None):
    z = x @ W.T + b
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="bias-per-row"
# Adds b to the examples instead of the neurons; works only if N == M or one of them is 1.
def dense_forward(x, W, b, activation=None):
    z = x @ W
    z = z + (b[:, None] if z.shape[0] == len(b) else b)
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="activation-before-the-bias"
# Applies f to xW and adds the bias afterwards.
def dense_forward(x, W, b, activation=None):
    z = x @ W
    if activation is None:
        return z + b
    if activation == "relu":
        return np.maximum(z, 0) + b
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2)) + b
    raise ValueError(activation)


# %% wrong="only-the-first-example"
# Thinks of one example and forgets the batch.
def dense_forward(x, W, b, activation=None):
    z = x[0] @ W + b
    if activation == "relu":
        z = np.maximum(z, 0)
    elif activation == "sigmoid":
        z = 0.5 * (1 + np.tanh(z / 2))
    elif activation is not None:
        raise ValueError(activation)
    return z[None, :]


# %% wrong="one-example-loses-its-axis"
# squeeze() makes (M,) of (1, M).
def dense_forward(x, W, b, activation=None):
    z = np.squeeze(x @ W + b)
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    if activation is None:
        return z
    raise ValueError(activation)


# %% wrong="activation-ignored"
# Returns the sums, whatever the activation.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    return x @ W + b


# %% wrong="unknown-name-means-none"
# Falls through all branches without an error.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation == "relu":
        z = np.maximum(z, 0)
    if activation == "sigmoid":
        z = 0.5 * (1 + np.tanh(z / 2))
    return z


# %% wrong="none-means-sigmoid"
# else-branch catches None as well.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    z = x @ W + b
    if activation == "relu":
        return np.maximum(z, 0)
    return 0.5 * (1 + np.tanh(z / 2))


# %% wrong="bias-forgotten"
# xW only.
def dense_forward(x, W, b, activation=None):
    z = x @ W
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="absolute-value-for-relu"
# Takes relu for the absolute value.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation is None:
        return z
    if activation == "relu":
        return np.abs(z)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="input-changed"
# Scratch space in the caller's array: x is overwritten where the shapes allow it.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    b -= b
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="sigmoid-clipped-too-early"
# Clips the sums at ±4 so that exp cannot overflow, and is wrong beyond.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-np.clip(z, -4, 4)))
    raise ValueError(activation)


# %% right="einsum"
# Index notation, sigmoid split by sign.
def dense_forward(x, W, b, activation=None):
    z = np.einsum("nd,dm->nm", x, W) + b[None, :]
    if activation is None:
        return z
    if activation == "relu":
        return z * (z > 0)
    if activation == "sigmoid":
        out = np.empty_like(z)
        positive = z >= 0
        out[positive] = 1 / (1 + np.exp(-z[positive]))
        e = np.exp(z[~positive])
        out[~positive] = e / (1 + e)
        return out
    raise ValueError("unknown activation")


# %% right="loops"
# One number after the other.
def dense_forward(x, W, b, activation=None):
    import math

    def f(z):
        if activation is None:
            return z
        if activation == "relu":
            return z if z > 0 else 0.0
        return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))

    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    N, D = x.shape
    M = W.shape[1]
    y = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            y[n, m] = f(sum(float(x[n, d]) * float(W[d, m]) for d in range(D)) + float(b[m]))
    return y


# %% right="bias-as-a-weight"
# A column of ones turns the bias into one more weight; Fortran-ordered result.
def dense_forward(x, W, b, activation=None):
    functions = {
        None: lambda z: z,
        "relu": lambda z: np.where(z < 0, 0.0, z),
        "sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)),
    }
    if activation not in functions:
        raise ValueError(f"unknown activation {activation}")
    ones = np.ones((x.shape[0], 1))
    return np.asfortranarray(functions[activation](np.hstack([x, ones]) @ np.vstack([W, b])))


# %% right="naive-sigmoid"
# The formula as it stands, with a match statement.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    match activation:
        case None:
            return z
        case "relu":
            return z.clip(min=0)
        case "sigmoid":
            return 1 / (1 + np.exp(-z))
        case _:
            raise ValueError("activation?")


# %% right="scipy-expit"
# Library routes, and a subclass of ValueError for the unknown name.
class UnknownActivation(ValueError):
    pass


def dense_forward(x, W, b, activation=None):
    from scipy.special import expit

    z = np.dot(x, W) + np.tile(b, (len(x), 1))
    if activation == "relu":
        return np.maximum(0, z)
    if activation == "sigmoid":
        return expit(z)
    if activation is not None:
        raise UnknownActivation(activation)
    return z


# %% right="tensorflow"
# Computes with TensorFlow in float64 and returns an array.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    z = tf.constant(x, tf.float64) @ tf.constant(W, tf.float64) + tf.constant(b, tf.float64)
    if activation:
        z = {"relu": tf.nn.relu, "sigmoid": tf.math.sigmoid}[activation](z)
    return z.numpy()


# %% wrong="empty-name-means-none"
# `if not activation` is true for "" as well as for None.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if not activation:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="names-that-contain-relu"
# "relu" is part of "relu6" and "leaky_relu".
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation is None:
        return z
    if "relu" in activation:
        return np.maximum(z, 0)
    if "sigmoid" in activation:
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="relu-with-a-cap"
# ReLU6 of mobile networks: sums above 6 are cut.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation is None:
        return z
    if activation == "relu":
        return np.clip(z, 0, 6)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    raise ValueError(activation)


# %% wrong="input-clipped-for-the-sigmoid"
# Cuts the caller's inputs so that exp cannot overflow.
def dense_forward(x, W, b, activation=None):
    if activation == "sigmoid":
        np.clip(x, -2, 2, out=x)
    z = x @ W + b
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    raise ValueError(activation)


# %% right="one-function-per-name"
# A dictionary of functions; a missing key becomes the error that is asked for.
def dense_forward(x, W, b, activation=None):
    functions = {None: lambda z: z, "relu": lambda z: z * (z > 0), "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z))}
    if activation not in functions:
        raise ValueError(f"unknown activation {activation!r}")
    return functions[activation](np.dot(x, W) + b[None, :])
# %% wrong="relu-with-a-high-cap"
# Cuts sums off at 500.
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation is None:
        return z
    if activation == "relu":
        return np.clip(z, 0, 500)
    if activation == "sigmoid":
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    raise ValueError(activation)
# %% wrong="strips-the-name"
# Takes " relu" for "relu".
def dense_forward(x, W, b, activation=None):
    z = x @ W + b
    if activation is None:
        return z
    name = activation.strip()
    if name == "relu":
        return np.maximum(z, 0)
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    raise ValueError(activation)


# %% right="reader-zh"
# How: z first, then the activation by name.
def dense_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray, activation: str | None = None) -> np.ndarray:
    """Return activation(xW + b), the forward pass of a dense layer."""
    z = x @ W + b
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    raise ValueError(f"unknown activation: {activation!r}")


# %% right="reader-en"
# check the name, one matrix product, then the bend
def dense_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray, activation: str | None = None) -> np.ndarray:
    """Return activation(xW + b), the forward pass of a dense layer."""
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(f"unknown activation {activation!r}")
    z = np.asarray(x) @ np.asarray(W) + np.asarray(b)
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return z


# %% wrong="linear-accepted"
# Keras's name for no activation is taken as well.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "linear", "relu", "sigmoid"):
        raise ValueError(activation)
    z = x @ W + b
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return z


# %% wrong="false-is-none"
# False and 0 count as None: a check by truth or by ==.
def dense_forward(x, W, b, activation=None):
    if activation is False or activation == 0:
        activation = None
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    z = x @ W + b
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return z


# %% wrong="float32-if-no-bend"
# Rounds to float32 where nothing bends.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    z = x @ W + b
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return z.astype(np.float32)


# %% wrong="bias-down-the-rows-if-square-without-bend"
# Turns the bias into a column where N, D and M agree.
def dense_forward(x, W, b, activation=None):
    if activation not in (None, "relu", "sigmoid"):
        raise ValueError(activation)
    z = x @ W + (b[:, None] if len(x) == len(b) == W.shape[0] else b)
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return z


# %% right="tanh-and-abs"
# tanh for the sigmoid, abs for relu.
def dense_forward(x, W, b, activation=None):
    bends = {None: lambda z: z, "relu": lambda z: (z + np.abs(z)) / 2, "sigmoid": lambda z: np.where(z < 0, np.exp(-np.abs(z)), 1) / (1 + np.exp(-np.abs(z)))}
    try:
        bend = bends[activation]
    except (KeyError, TypeError):
        raise ValueError(f"no activation {activation!r}") from None
    return bend(np.einsum("nd,dm->nm", x, W) + b[None, :])


# %% right="python-loops"
# Loops over rows and neurons.
def dense_forward(x, W, b, activation=None):
    out = np.empty((x.shape[0], W.shape[1]))
    for n in range(len(x)):
        for m in range(len(b)):
            z = float(b[m]) + sum(float(x[n, d]) * float(W[d, m]) for d in range(len(W)))
            match activation:
                case None:
                    out[n, m] = z
                case "relu":
                    out[n, m] = z if z > 0 else 0.0
                case "sigmoid":
                    e = np.exp(z)
                    out[n, m] = e / (1 + e)
                case _:
                    raise ValueError("activation")
    return out
