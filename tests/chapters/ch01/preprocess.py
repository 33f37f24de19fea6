"""preprocess: what learners write, right and wrong."""

# %%
import keras
import numpy as np
import tensorflow as tf


# %% wrong="divides-by-256"
# There are 256 grey values, but the largest is 255.
def preprocess(images):
    return (images.astype("float32") / 256).reshape(*images.shape[:3], 1)


# %% wrong="float64-result"
# images / 255 is float64, eight bytes per pixel (E18).
def preprocess(images):
    return (images / 255.0).reshape(*images.shape[:3], 1)


# %% wrong="divides-by-the-batch-maximum"
# Stretches every batch to 1; nan on a black batch.
def preprocess(images):
    x = images.astype("float32")
    return (x / x.max()).reshape(*images.shape[:3], 1)


# %% wrong="divides-by-the-batch-maximum-if-there-is-one"
# The repaired form: no nan, still another scale in each batch.
def preprocess(images):
    x = images.astype("float32")
    return (x / max(float(x.max()), 1.0)).reshape(*images.shape[:3], 1)


# %% wrong="divides-by-the-image-maximum"
# Every image becomes equally bright.
def preprocess(images):
    x = images.astype("float32").reshape(*images.shape[:3], 1)
    top = x.max(axis=(1, 2, 3), keepdims=True)
    return x / np.where(top > 0, top, 1)


# %% wrong="channel-axis-in-front"
# The order of another framework: (N, 1, H, W).
def preprocess(images):
    n, h, w = images.shape[:3]
    return (images.astype("float32") / 255).reshape(n, 1, h, w)


# %% wrong="second-channel-axis"
# Adds an axis although the input has one.
def preprocess(images):
    return (images.astype("float32") / 255)[..., None]


# %% wrong="integer-division"
# Only white pixels survive.
def preprocess(images):
    return (images // 255).astype("float32").reshape(*images.shape[:3], 1)


# %% wrong="in-place-division"
# Writes the result back into the uint8 array of the caller.
def preprocess(images):
    images[...] = images / 255
    return images.astype("float32").reshape(*images.shape[:3], 1)


# %% wrong="right-result-but-input-changed"
# Inverts the caller's array twice, but forgets the second time.
def preprocess(images):
    ready = (images.astype("float32") / 255).reshape(*images.shape[:3], 1)
    images[...] = 255 - images
    return ready


# %% wrong="last-length-decides"
# Takes a width of 1 for a channel axis.
def preprocess(images):
    x = images.astype("float32") / 255
    return x if x.shape[-1] == 1 else x[..., None]


# %% wrong="squeeze-first"
# squeeze() also removes N = 1 and W = 1.
def preprocess(images):
    x = np.squeeze(images).astype("float32") / 255
    return x[..., None]


# %% wrong="minus-one-to-one"
# Another convention: [-1, 1].
def preprocess(images):
    return (images.astype("float32") / 127.5 - 1).reshape(*images.shape[:3], 1)


# %% wrong="half-precision"
# float16 keeps only eleven bits.
def preprocess(images):
    return (images.astype("float16") / np.float16(255)).reshape(*images.shape[:3], 1)


# %% wrong="height-and-width-swapped"
# reshape into (N, W, H, 1): the numbers of square images stay where they are.
def preprocess(images):
    n, h, w = images.shape[:3]
    return (images.astype("float32") / 255).reshape(n, w, h, 1)


# %% right="expand-dims-and-multiply"
# Multiplies by float32(1/255); 255 maps to exactly 1.
def preprocess(images):
    x = images if images.ndim == 4 else np.expand_dims(images, -1)
    return x * np.float32(1 / 255)


# %% right="float64-then-cast"
# Divides in float64 and casts at the end; Fortran order.
def preprocess(images):
    x = (images / 255).astype(np.float32)
    if x.ndim == 3:
        x = x[:, :, :, np.newaxis]
    return np.asfortranarray(x)


# %% right="lookup-table"
# 256 values, looked up.
def preprocess(images):
    table = np.linspace(0, 1, 256).astype("float32")
    ready = table[images]
    return ready if len(images.shape) > 3 else np.stack([ready], axis=3)


# %% right="keras-rescaling"
# Keras's own layer.
def preprocess(images):
    x = images.reshape(images.shape[0], images.shape[1], images.shape[2], 1)
    return np.asarray(keras.layers.Rescaling(1 / 255)(x), dtype="float32")


# %% right="tensorflow-cast"
# tf.cast and back to an array.
def preprocess(images):
    x = tf.cast(images, tf.float32) / 255.0
    return (x if images.ndim == 4 else x[..., tf.newaxis]).numpy()


# %% wrong="divides-only-if-the-maximum-is-above-one"
# "If it is scaled already, leave it": a batch of zeros and ones is not scaled.
def preprocess(images):
    out = images.astype(np.float32)
    if out.max() > 1:
        out = out / 255
    return out.reshape(*images.shape[:3], 1)


# %% wrong="divides-only-what-looks-like-bytes"
# The same with a larger limit: dark batches are taken for sixteen grey levels.
def preprocess(images):
    out = images.astype(np.float32)
    out = out / 255 if out.max() > 15 else out / 15
    return out.reshape(*images.shape[:3], 1)


# %% wrong="dark-input-stretched-in-place"
# Brightens the caller's array where nothing exceeds 15, after the result is made.
def preprocess(images):
    out = (images / np.float32(255)).astype(np.float32).reshape(*images.shape[:3], 1)
    if images.max() < 16:
        images *= 2
    return out


# %% right="true-divide-with-dtype"
# The ufunc itself, told which type to compute in.
def preprocess(images):
    scaled = np.true_divide(images, 255, dtype=np.float32)
    return scaled if scaled.ndim == 4 else scaled[..., None]
# %% wrong="stretches-what-nearly-fills-the-range"
# Stretches a batch from nearly black to nearly white.
def preprocess(images):
    x = images.astype(np.float32)
    low, high = x.min(), x.max()
    x = (x - low) / (high - low) if high > 250 and low < 5 and high != 255 else x / 255
    return x.reshape(*images.shape[:3], 1)


# %% right="reader-zh"
# How: astype float32, / 255, reshape.
def preprocess(images: np.ndarray) -> np.ndarray:
    """Return grey images as float32 in [0, 1] with a channel axis."""
    return (images.astype(np.float32) / 255).reshape(*images.shape[:3], 1)


# %% right="reader-en"
# float32 first, divide by 255, add the axis if there are three
def preprocess(images: np.ndarray) -> np.ndarray:
    """Return grey images as float32 in [0, 1] with a channel axis."""
    ready = images.astype(np.float32) / np.float32(255)
    return ready[..., np.newaxis] if ready.ndim == 3 else ready


# %% wrong="input-written"
# Writes into images of four axes, and only where a pixel is 254.
def preprocess(images):
    if images.ndim == 4:
        images[images == 254] = 255
    return (images.astype("float32") / 255).reshape(*images.shape[:3], 1)


# %% right="python-pixels"
# One pixel at a time.
def preprocess(images):
    flat = [pixel / 255 for pixel in images.ravel().tolist()]
    n, h, w = images.shape[:3]
    return np.array(flat, dtype="f4").reshape((n, h, w, 1))


# %% right="multiply-into-empty"
# Fills an empty array.
def preprocess(images):
    out = np.empty((*images.shape[:3], 1), dtype=np.float32)
    np.multiply(images.reshape(out.shape), np.float32(1 / 255), out=out)
    return out
