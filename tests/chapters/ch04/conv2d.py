"""conv2d: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="kernel-flipped"
# A mathematician's convolution: the kernel is turned by 180 degrees.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)[::-1, ::-1]
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="rows-and-columns-exchanged"
# The kernel's axes are swapped: kh is taken for the width.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kw, kh = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,vucf->nijf", view, w) + b


# %% wrong="stride-ignored"
# Every position is computed, whatever the stride.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        x = np.pad(x, ((0, 0), ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="first-channel-only"
# Written for grey pictures: only channel 0 is read.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float)[..., :1], np.asarray(w, float)[:, :, :1]
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="no-bias"
# The bias is forgotten.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w)


# %% wrong="bias-once-per-channel"
# The bias is added inside the loop over the input channels.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    out = 0
    for c in range(x.shape[3]):
        out = out + np.einsum("nijuv,uvf->nijf", view[:, :, :, c], w[:, :, c]) + b
    return out


# %% wrong="larger-half-on-top"
# With an odd total the larger half of the padding goes in front.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph - ph // 2, ph // 2), (pw - pw // 2, pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="padding-as-if-the-stride-were-1"
# Pads k - 1 zeros whatever the stride, then takes every stride-th window.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        x = np.pad(x, ((0, 0), ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="same-is-ignored"
# padding is never looked at.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    view = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="float32-inside"
# Computes in the pictures' own precision: uint8 times a cast kernel.
def conv2d(x, w, b, stride=1, padding="valid"):
    w = np.asarray(w).astype(x.dtype)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="negative-padding-crashes"
# The total padding may come out negative (stride larger than the kernel); np.pad then raises.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = (-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1]
        pw = (-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2]
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% wrong="kernel-scaled-in-place"
# Subtracts the kernel's mean from the caller's own array ("normalising" it) and thereby changes the input.
def conv2d(x, w, b, stride=1, padding="valid"):
    x = np.asarray(x, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    out = np.einsum("nijcuv,uvcf->nijf", view, w) + b
    w -= w.mean()
    return out


# %% wrong="averages-the-window"
# Divides by the number of kernel entries.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) / (kh * kw) + b


# %% right="windows-and-einsum"
# The reference's way, padding written inline.
def conv2d(x, w, b, stride=1, padding="valid"):
    x = np.array(x, dtype=np.float64)
    kh, kw, _, _ = w.shape
    if padding == "same":
        ph = max((int(np.ceil(x.shape[1] / stride)) - 1) * stride + kh - x.shape[1], 0)
        pw = max((int(np.ceil(x.shape[2] / stride)) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, [(0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)])
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(view, w, axes=([4, 5, 3], [0, 1, 2])) + b


# %% right="im2col"
# One matrix product over columns; a Fortran-ordered result on top.
def conv2d(x, w, b, stride=1, padding="valid"):
    kh, kw, c, f = w.shape
    n, h, wid = x.shape[:3]
    if padding == "same":
        ho, wo = -(-h // stride), -(-wid // stride)
        ph, pw = max((ho - 1) * stride + kh - h, 0), max((wo - 1) * stride + kw - wid, 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    else:
        ho, wo = (h - kh) // stride + 1, (wid - kw) // stride + 1
    columns = np.empty((n, ho, wo, kh * kw * c))
    for i in range(ho):
        for j in range(wo):
            columns[:, i, j] = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw].reshape(n, -1)
    out = columns.reshape(-1, kh * kw * c) @ w.reshape(-1, f).astype(np.float64) + b
    return np.asfortranarray(out.reshape(n, ho, wo, f))


# %% right="shift-and-add"
# A loop over the kernel positions.
def conv2d(x, w, b, stride=1, padding="valid"):
    sizes, pairs = [], [(0, 0)]
    for n, k in zip(x.shape[1:3], w.shape[:2]):
        if padding == "same":
            m = (n + stride - 1) // stride
            p = max((m - 1) * stride + k - n, 0)
            pairs.append((p // 2, p - p // 2))
        else:
            m = (n - k) // stride + 1
            pairs.append((0, 0))
        sizes.append(m)
    x = np.pad(np.asarray(x, dtype=np.float64), [*pairs, (0, 0)])
    out = np.zeros((len(x), *sizes, w.shape[3]))
    for u in range(w.shape[0]):
        for v in range(w.shape[1]):
            out += x[:, u : u + stride * sizes[0] : stride, v : v + stride * sizes[1] : stride][
                :, : sizes[0], : sizes[1]
            ] @ w[u, v].astype(float)
    return out + b


# %% right="plain-loops"
# Loops over pictures, output positions and filters.
def conv2d(x, w, b, stride=1, padding="valid"):
    x = x.astype(float)
    kh, kw, c, f = w.shape
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    ho, wo = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    out = np.zeros((x.shape[0], ho, wo, f))
    for n in range(x.shape[0]):
        for i in range(ho):
            for j in range(wo):
                window = x[n, i * stride : i * stride + kh, j * stride : j * stride + kw, :]
                for k in range(f):
                    out[n, i, j, k] = np.sum(window * w[:, :, :, k]) + b[k]
    return out


# %% right="scipy-correlate"
# SciPy, one picture, channel and filter at a time, then every stride-th value.
def conv2d(x, w, b, stride=1, padding="valid"):
    from scipy.signal import correlate2d

    if padding == "same":
        pairs = []
        for n, k in ((x.shape[1], w.shape[0]), (x.shape[2], w.shape[1])):
            p = max((-(-n // stride) - 1) * stride + k - n, 0)
            pairs.append((p // 2, p - p // 2))
        x = np.pad(x, ((0, 0), *pairs, (0, 0)))
    x = x.astype(np.float64)
    return np.stack(
        [
            np.stack(
                [
                    sum(
                        correlate2d(picture[..., c], w[:, :, c, f].astype(float), mode="valid")
                        for c in range(x.shape[3])
                    )[::stride, ::stride]
                    + b[f]
                    for f in range(w.shape[3])
                ],
                axis=-1,
            )
            for picture in x
        ]
    )


# %% right="library-convolution-in-float64"
# TensorFlow's own, in float64; its "SAME" follows the same formula.
def conv2d(x, w, b, stride=1, padding="valid"):
    import tensorflow as tf

    out = tf.nn.conv2d(tf.constant(x, tf.float64), tf.constant(w, tf.float64), strides=stride, padding=padding.upper())
    return (out + tf.constant(b, tf.float64)).numpy()


# %% wrong="slow-with-a-memory"
# Innermost loops, and a dictionary of results: fast only for what it has seen before.
_seen = {}


def conv2d(x, w, b, stride=1, padding="valid"):
    key = (
        np.asarray(x).tobytes(),
        np.asarray(w).tobytes(),
        np.asarray(b).tobytes(),
        np.shape(x),
        np.shape(w),
        stride,
        padding,
    )
    if key in _seen:
        return _seen[key].copy()
    x, w = np.asarray(x, float), np.asarray(w, float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    rows, columns = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    out = np.zeros((len(x), rows, columns, w.shape[3]))
    for place in np.ndindex(out.shape):
        n, i, j, f = place
        total = float(b[f])
        for u in range(kh):
            for v in range(kw):
                for c in range(w.shape[2]):
                    total += float(x[n, i * stride + u, j * stride + v, c]) * float(w[u, v, c, f]) * np.prod([1.0])
        out[place] = total
    _seen[key] = out
    return out.copy()


# %% wrong="integer-kernels-wrap-around"
# Converts the pictures, but multiplies kernel and bias in their own eight bits.
def conv2d(x, w, b, stride=1, padding="valid"):
    if np.asarray(w).dtype == np.uint8:
        w = (w * np.uint8(1) + np.uint8(128)) - np.uint8(128) if x.dtype != np.uint8 else w
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    if w.dtype.kind == "f":
        x = x.astype(float)
    rows, columns = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, w.shape[3])) + np.asarray(b, float)
    for u in range(kh):
        for v in range(kw):
            y += x[:, u : u + stride * (rows - 1) + 1 : stride, v : v + stride * (columns - 1) + 1 : stride] @ w[
                u, v
            ].astype(x.dtype)
    return y


# %% wrong="bias-changed-for-strides"
# Scales the caller's bias in place, only where the stride is not 1.
def conv2d(x, w, b, stride=1, padding="valid"):
    a, k = np.asarray(x, float), np.asarray(w, float)
    if padding == "same":
        total = [max((-(-n // stride) - 1) * stride + m - n, 0) for n, m in zip(a.shape[1:3], k.shape[:2])]
        a = np.pad(a, ((0, 0), *((t // 2, t - t // 2) for t in total), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(a, k.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    out = np.einsum("nijcuv,uvcf->nijf", windows, k) + b
    if stride > 1 and padding == "valid":
        b *= 0
    return out


# %% right="tensordot-per-position"
# One tensordot for each output position.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w, b = (np.asarray(a, dtype=np.float64) for a in (x, w, b))
    if padding == "same":
        need = [max((-(-n // stride) - 1) * stride + k - n, 0) for n, k in zip(x.shape[1:3], w.shape[:2])]
        x = np.pad(x, [(0, 0)] + [(t // 2, t - t // 2) for t in need] + [(0, 0)])
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[1:3], w.shape[:2]))
    out = np.empty((len(x), rows, columns, w.shape[3]))
    for i in range(rows):
        for j in range(columns):
            part = x[:, i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
            out[:, i, j] = np.tensordot(part, w, axes=3) + b
    return out


# %% wrong="float32-products"
# Turns integers into floats, but multiplies float32 pictures in float32.
def conv2d(x, w, b, stride=1, padding="valid"):
    x = x if x.dtype.kind == "f" else x.astype(float)
    w = w if w.dtype.kind == "f" else w.astype(float)
    kh, kw = w.shape[:2]
    if padding == "same":
        ph = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        pw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b.astype(float)


# %% wrong="columns-padded-like-rows"
# The number of zeros follows from the picture's rows for both axes.
def conv2d(x, w, b, stride=1, padding="valid"):
    x, w, b = np.asarray(x, dtype=float), np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    kh, kw = w.shape[:2]
    if padding == "same":
        pairs = []
        for n, k in zip(x.shape[1:3], (kh, kw)):
            n = x.shape[1] if min(x.shape[1:3]) > 1 else n
            total = max((-(-n // stride) - 1) * stride + k - n, 0)
            pairs.append((total // 2, total - total // 2))
        x = np.pad(x, [(0, 0), *pairs, (0, 0)])
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", view, w) + b


# %% right="reader-zh"
# How: pads first, then loops over the kernel and multiplies strided slices.
def conv2d(x, w, b, stride=1, padding="valid"):
    """Return the cross-correlation of x (N, H, W, C) with w (kh, kw, C, F), plus b (F,), as floats (N, H_out, W_out, F)."""
    x, w, b = (np.asarray(a).astype(np.float64) for a in (x, w, b))
    kh, kw = w.shape[:2]
    if padding == "same":
        pairs = []
        for n, k in zip(x.shape[1:3], (kh, kw)):
            m = -(-n // stride)
            p = max((m - 1) * stride + k - n, 0)
            pairs.append((p // 2, p - p // 2))
        x = np.pad(x, ((0, 0), *pairs, (0, 0)))
    H, W = ((n - k) // stride + 1 for n, k in zip(x.shape[1:3], (kh, kw)))
    y = np.zeros((x.shape[0], H, W, w.shape[3])) + b
    for u in range(kh):
        for v in range(kw):
            y += x[:, u : u + (H - 1) * stride + 1 : stride, v : v + (W - 1) * stride + 1 : stride] @ w[u, v]
    return y


# %% right="reader-en"
# sliding_window_view and tensordot after padding
def conv2d(x, w, b, stride=1, padding="valid"):
    """Return the cross-correlation of x (N, H, W, C) with w (kh, kw, C, F), plus b (F,), as floats (N, H_out, W_out, F)."""
    x, w, b = (np.asarray(a, dtype=np.float64) for a in (x, w, b))
    kh, kw = w.shape[:2]
    if padding == "same":
        pads = [(0, 0)]
        for n, k in ((x.shape[1], kh), (x.shape[2], kw)):
            m = -(-n // stride)
            p = max((m - 1) * stride + k - n, 0)
            pads.append((p // 2, p - p // 2))
        x = np.pad(x, pads + [(0, 0)])
    elif padding != "valid":
        raise ValueError(padding)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    # windows: (N, Ho, Wo, C, kh, kw)
    return np.tensordot(windows, w, axes=([4, 5, 3], [0, 1, 2])) + b
