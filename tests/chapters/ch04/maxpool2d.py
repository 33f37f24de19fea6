"""maxpool2d and maxpool2d_backward: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="all-tied-pixels-get-it"
# A mask of all pixels equal to the maximum: with ties the gradient is counted several times.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for i in range(h // k):
        for j in range(w // k):
            window = x[:, i * k : (i + 1) * k, j * k : (j + 1) * k]
            mask = window == window.max(axis=(1, 2), keepdims=True)
            grad[:, i * k : (i + 1) * k, j * k : (j + 1) * k] = mask * d[:, i : i + 1, j : j + 1]
    return grad


# %% wrong="shared-among-the-tied"
# The gradient is divided equally among tied pixels.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for i in range(h // k):
        for j in range(w // k):
            window = x[:, i * k : (i + 1) * k, j * k : (j + 1) * k]
            mask = (window == window.max(axis=(1, 2), keepdims=True)).astype(float)
            mask /= mask.sum(axis=(1, 2), keepdims=True)
            grad[:, i * k : (i + 1) * k, j * k : (j + 1) * k] = mask * d[:, i : i + 1, j : j + 1]
    return grad


# %% wrong="averaged-over-the-window"
# Average pooling's gradient: every pixel gets d / k².
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    grad = np.zeros(x.shape)
    spread = d.repeat(k, axis=1).repeat(k, axis=2) / k**2
    grad[:, : spread.shape[1], : spread.shape[2]] = spread
    return grad


# %% wrong="ones-instead-of-d"
# Marks the winners with 1 and forgets the incoming gradient.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for a in range(n):
        for i in range(h // k):
            for j in range(w // k):
                for b in range(c):
                    u, v = divmod(int(x[a, i * k : (i + 1) * k, j * k : (j + 1) * k, b].argmax()), k)
                    grad[a, i * k + u, j * k + v, b] = 1
    return grad


# %% wrong="d-copied-to-all"
# Every pixel of the window gets d.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    grad = np.zeros(x.shape)
    spread = d.repeat(k, axis=1).repeat(k, axis=2)
    grad[:, : spread.shape[1], : spread.shape[2]] = spread
    return grad


# %% wrong="maximum-starts-at-zero"
# A running maximum that starts at 0 misses windows of negative numbers.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    out = np.zeros((n, h // k, w // k, c))
    for u in range(k):
        for v in range(k):
            out = np.maximum(out, x[:, u : h // k * k : k, v : w // k * k : k])
    return out


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for a, i, j, b in np.ndindex(*d.shape):
        u, v = divmod(int(x[a, i * k : (i + 1) * k, j * k : (j + 1) * k, b].argmax()), k)
        grad[a, i * k + u, j * k + v, b] = d[a, i, j, b]
    return grad


# %% wrong="gradient-on-the-border"
# Incomplete windows at the edge take part: the border gets the nearest gradient.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for a in range(n):
        for i in range(-(-h // k)):
            for j in range(-(-w // k)):
                for b in range(c):
                    window = x[a, i * k : (i + 1) * k, j * k : (j + 1) * k, b]
                    u, v = np.unravel_index(window.argmax(), window.shape)
                    grad[a, i * k + u, j * k + v, b] = d[a, min(i, h // k - 1), min(j, w // k - 1), b]
    return grad


# %% wrong="crash-on-odd-sizes"
# reshape without cutting first.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x.reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    flat = x.reshape(n, h // k, k, w // k, k, c).transpose(0, 1, 3, 5, 2, 4).reshape(n, h // k, w // k, c, k * k)
    back = np.eye(k * k)[flat.argmax(axis=-1)] * d[..., None]
    return back.reshape(n, h // k, w // k, c, k, k).transpose(0, 1, 4, 2, 5, 3).reshape(x.shape)


# %% wrong="windows-overlap"
# Stride 1 instead of k.
def maxpool2d(x, k):
    return np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2)).max(axis=(-2, -1))


def maxpool2d_backward(d, x, k):
    grad = np.zeros(x.shape)
    for a, i, j, b in np.ndindex(*d.shape):
        u, v = divmod(int(x[a, i : i + k, j : j + k, b].argmax()), k)
        grad[a, i + u, j + v, b] += d[a, i, j, b]
    return grad


# %% wrong="input-zeroed"
# Uses x itself as the scratch array for the gradient.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    winners = {
        (a, i, j, b): divmod(int(x[a, i * k : (i + 1) * k, j * k : (j + 1) * k, b].argmax()), k)
        for a, i, j, b in np.ndindex(*d.shape)
    }
    x[...] = 0
    for (a, i, j, b), (u, v) in winners.items():
        x[a, i * k + u, j * k + v, b] = d[a, i, j, b]
    return x


# %% wrong="one-winner-for-all-channels"
# argmax over the window and the channels together.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for a in range(n):
        for i in range(h // k):
            for j in range(w // k):
                window = x[a, i * k : (i + 1) * k, j * k : (j + 1) * k]
                u, v, _ = np.unravel_index(window.argmax(), window.shape)
                grad[a, i * k + u, j * k + v] = d[a, i, j]
    return grad


# %% right="loops"
# Plain loops and unravel_index.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    out = np.empty((n, h // k, w // k, c))
    for a, i, j, b in np.ndindex(*out.shape):
        out[a, i, j, b] = x[a, i * k : i * k + k, j * k : j * k + k, b].max()
    return out


def maxpool2d_backward(d, x, k):
    grad = np.zeros_like(x, dtype=float)
    for a, i, j, b in np.ndindex(*d.shape):
        window = x[a, i * k : i * k + k, j * k : j * k + k, b]
        u, v = np.unravel_index(np.argmax(window), window.shape)
        grad[a, i * k + u, j * k + v, b] += d[a, i, j, b]
    return grad


# %% right="first-of-the-mask-by-cumsum"
# A mask of the maxima, of which cumsum == 1 keeps the first.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))[:, ::k, ::k]
    return view.max(axis=(-1, -2))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    m, p = h // k, w // k
    view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))[:, ::k, ::k].reshape(n, m, p, c, k * k)
    mask = view == view.max(axis=-1, keepdims=True)
    first = mask & (mask.cumsum(axis=-1) == 1)
    grad = np.zeros(x.shape)
    for position in range(k * k):
        u, v = divmod(position, k)
        grad[:, u : m * k : k, v : p * k : k] = first[..., position] * d
    return grad


# %% right="last-maximum-wins"
# The last tied pixel instead of the first.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    stacked = np.stack([x[:, u : h // k * k : k, v : w // k * k : k] for u in range(k) for v in range(k)])
    return stacked.max(axis=0)


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    stacked = np.stack([x[:, u : h // k * k : k, v : w // k * k : k] for u in range(k) for v in range(k)])
    winner = k * k - 1 - stacked[::-1].argmax(axis=0)
    grad = np.zeros(x.shape)
    for position in range(k * k):
        grad[:, position // k : h // k * k : k, position % k : w // k * k : k] = np.where(winner == position, d, 0)
    return grad


# %% right="library-gradient"
# TensorFlow's pooling and its registered gradient, in float64.
def maxpool2d(x, k):
    import tensorflow as tf

    return tf.nn.max_pool2d(tf.constant(x, tf.float64), k, k, "VALID").numpy()


def maxpool2d_backward(d, x, k):
    import tensorflow as tf

    inputs = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(tf.nn.max_pool2d(inputs, k, k, "VALID") * d)
    return tape.gradient(total, inputs).numpy()


# %% wrong="nearly-equal-counts-as-tied"
# np.isclose finds a winner, or several where pixels differ in the ninth digit only.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    grad = np.zeros(x.shape)
    n, h, w, c = x.shape
    for i in range(h // k):
        for j in range(w // k):
            part = x[:, i * k : i * k + k, j * k : j * k + k]
            near = np.isclose(part, part.max(axis=(1, 2), keepdims=True)).reshape(n, k * k, c)
            first = np.argmax(near, axis=1)
            mark = (np.arange(k * k)[None, :, None] == first[:, None]).reshape(part.shape)
            grad[:, i * k : i * k + k, j * k : j * k + k] = mark * d[:, i : i + 1, j : j + 1]
    return grad


# %% wrong="ties-broken-in-the-callers-picture"
# Adds a tiny ramp to the caller's own pixels where some are equal.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    if len(np.unique(x)) < x.size:
        x += 1e-7 * np.arange(x.size).reshape(x.shape)
    grad = np.zeros(x.shape)
    n, h, w, c = x.shape
    for p, i, j, q in np.ndindex(d.shape):
        part = x[p, i * k : i * k + k, j * k : j * k + k, q]
        u, v = np.unravel_index(np.argmax(part), part.shape)
        grad[p, i * k + u, j * k + v, q] = d[p, i, j, q]
    return grad


# %% right="sorted-windows"
# The last of argsort is the winner, put in place by put_along_axis.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    rows, columns = h // k, w // k
    flat = (
        x[:, : rows * k, : columns * k]
        .reshape(n, rows, k, columns, k, c)
        .transpose(0, 1, 3, 5, 2, 4)
        .reshape(n, rows, columns, c, k * k)
    )
    return np.sort(flat, axis=-1)[..., -1]


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    rows, columns = h // k, w // k
    flat = (
        x[:, : rows * k, : columns * k]
        .reshape(n, rows, k, columns, k, c)
        .transpose(0, 1, 3, 5, 2, 4)
        .reshape(n, rows, columns, c, k * k)
    )
    won = np.zeros(flat.shape)
    np.put_along_axis(won, np.argsort(flat, axis=-1)[..., -1:], d[..., None], axis=-1)
    grad = np.zeros(x.shape)
    grad[:, : rows * k, : columns * k] = (
        won.reshape(n, rows, columns, c, k, k).transpose(0, 1, 4, 2, 5, 3).reshape(n, rows * k, columns * k, c)
    )
    return grad
# %% wrong="size-of-the-gradient"
# Windows other than 2x2 get the gradient without its sign.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, :h // k * k, :w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for at in np.ndindex(*d.shape):
        m, i, j, f = at
        window = x[m, i * k:(i + 1) * k, j * k:(j + 1) * k, f]
        row, column = np.unravel_index(window.argmax(), window.shape)
        grad[m, i * k + row, j * k + column, f] = d[at] if k == 2 else abs(d[at])
    return grad
# %% wrong="negative-gradients-cut-in-place"
# Sets negative entries of the caller's gradient to zero afterwards.
def maxpool2d(x, k):
    n, h, w, c = x.shape
    return x[:, :h // k * k, :w // k * k].reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))


def maxpool2d_backward(d, x, k):
    n, h, w, c = x.shape
    grad = np.zeros(x.shape)
    for at in np.ndindex(*d.shape):
        m, i, j, f = at
        window = x[m, i * k:(i + 1) * k, j * k:(j + 1) * k, f]
        row, column = np.unravel_index(window.argmax(), window.shape)
        grad[m, i * k + row, j * k + column, f] = d[at]
    d[d < 0] = 0
    return grad


# %% right="reader-zh"
# How: windows on one last axis; argmax and put_along_axis for the gradient.
def _windows(x, k):
    N, H, W, C = x.shape
    h, w = H // k, W // k
    cut = x[:, : h * k, : w * k].reshape(N, h, k, w, k, C)
    return cut.transpose(0, 1, 3, 5, 2, 4).reshape(N, h, w, C, k * k)


def maxpool2d(x, k):
    """Return the largest number of every full k×k window of x (N, H, W, C), shape (N, H//k, W//k, C)."""
    return _windows(x, k).max(axis=-1)


def maxpool2d_backward(d, x, k):
    """Return dL/dx, shape of x, for d = dL/dy, shape of maxpool2d(x, k): one winner per window gets all."""
    windows = _windows(x, k)
    N, h, w, C, _ = windows.shape
    spread = np.zeros(windows.shape)
    np.put_along_axis(spread, windows.argmax(axis=-1)[..., None], np.asarray(d)[..., None], axis=-1)
    spread = spread.reshape(N, h, w, C, k, k).transpose(0, 1, 4, 2, 5, 3).reshape(N, h * k, w * k, C)
    gradient = np.zeros(x.shape)
    gradient[:, : h * k, : w * k] = spread
    return gradient


# %% right="reader-en"
# argmax of flattened windows, scatter by indices
def _windows(x, k):
    """The full windows of x (N, H, W, C) as (N, H//k, W//k, C, k*k)."""
    n, h, w, c = x.shape
    cut = x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c)
    return cut.transpose(0, 1, 3, 5, 2, 4).reshape(n, h // k, w // k, c, k * k)


def maxpool2d(x, k):
    """Return the largest number of every full k×k window of x (N, H, W, C), shape (N, H//k, W//k, C)."""
    return _windows(np.asarray(x), k).max(axis=-1)


def maxpool2d_backward(d, x, k):
    """Return dL/dx, shape of x, for d = dL/dy, shape of maxpool2d(x, k): one winner per window gets all."""
    x, d = np.asarray(x), np.asarray(d, dtype=np.float64)
    winner = _windows(x, k).argmax(axis=-1)  # (N, Ho, Wo, C)
    g = np.zeros(x.shape)
    n, i, j, c = np.indices(d.shape)
    g[n, i * k + winner // k, j * k + winner % k, c] = d
    return g
