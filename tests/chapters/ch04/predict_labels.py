"""predict_labels: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="one-call-per-image"
# Article B's loop with both axes repaired: twenty-five calls (E48).
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)
    return np.array([np.argmax(predict(images[i : i + 1])) for i in range(min(n, len(images)))])


# %% wrong="batch-axis-missing"
# A single picture goes in without its batch axis (E14).
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32)
    if images.ndim == 2:
        images = images[..., None]
    elif images.ndim == 3 and images.shape[-1] != 1:
        images = images[..., None]
    return np.argmax(predict(images[:n]), axis=-1)


# %% wrong="channel-axis-missing"
# Batches stay (m, 28, 28) (E15).
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28)
    return np.argmax(predict(images[:n]), axis=1)


# %% wrong="argmax-over-axis-0"
# The best picture of every class instead of the best class of every picture.
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.argmax(predict(images), axis=0)


# %% wrong="one-picture-taken-for-28"
# (28, 28, 1) has three axes, so it "must" be a batch (E16).
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32)
    if images.ndim == 2:
        images = images[None]
    if images.ndim == 3:
        images = images[..., None]
    return np.argmax(predict(images[:n]), axis=1)


# %% wrong="28-pictures-taken-for-one"
# Looks at the length only: a batch of 28 pictures is mistaken for a single one with channels.
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32)
    if images.ndim == 2:
        images = images[..., None]
    if images.ndim == 3 and images.shape[0] == 28:
        images = images[None]
    elif images.ndim == 3:
        images = images[..., None]
    return np.argmax(predict(images[:n]), axis=1)


# %% wrong="probabilities-returned"
# The largest score instead of its position.
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.max(predict(images), axis=1)


# %% wrong="all-images-predicted"
# Predicts everything and cuts afterwards.
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)
    return np.argmax(predict(images), axis=1)[:n]


# %% wrong="n-forgotten"
# Labels for all pictures.
def predict_labels(predict, images, n=25):
    images = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)
    return np.argmax(predict(images), axis=1)


# %% wrong="float64-passed-on"
# No conversion: float64 pictures stay float64 (E18).
def predict_labels(predict, images, n=25):
    return np.argmax(predict(np.asarray(images).reshape(-1, 28, 28, 1)[:n]), axis=1)


# %% wrong="scaled-once-more"
# Divides by 255 although the pictures are floats already.
def predict_labels(predict, images, n=25):
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n] / 255
    return np.argmax(predict(batch), axis=1)


# %% wrong="threshold-at-one-half"
# Takes the first class whose score exceeds 0.5: breaks on scores that are no probabilities.
def predict_labels(predict, images, n=25):
    scores = np.asarray(predict(np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]))
    return np.argmax(scores > 0.5, axis=1)


# %% wrong="always-n"
# Pads up to n pictures with black ones.
def predict_labels(predict, images, n=25):
    batch = np.zeros((n, 28, 28, 1), dtype=np.float32)
    given = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    batch[: len(given)] = given
    return np.argmax(predict(batch), axis=1)


# %% right="one-reshape"
# All shapes by one reshape; a list of Python ints.
def predict_labels(predict, images, n=25):
    batch = np.reshape(images, (-1, 28, 28, 1))[:n].astype("float32")
    return [int(row.argmax()) for row in np.asarray(predict(batch))]


# %% right="stepwise-expand-dims"
# First the channel axis, then the batch axis.
def predict_labels(predict, images, n=25):
    images = np.array(images, dtype=np.float32)
    if images.shape[-2:] == (28, 28):
        images = np.expand_dims(images, axis=-1)
    if images.ndim == 3:
        images = np.expand_dims(images, axis=0)
    m = min(n, images.shape[0])
    scores = predict(images[:m])
    return np.argsort(scores, axis=-1)[:, -1]


# %% right="atleast-3d-with-care"
# np.atleast_3d turns (28, 28) into (28, 28, 1) and leaves batches alone.
def predict_labels(predict, images, n=25):
    images = np.atleast_3d(np.asarray(images))
    if images.ndim == 3 and images.shape[2] == 1:
        images = images[np.newaxis]
    elif images.ndim == 3:
        images = images[:, :, :, np.newaxis]
    return np.asarray(predict(np.float32(images[:n]))).argmax(1).astype("int32")


# %% right="keras-ops"
# Keras for the argmax, with model.predict's verbose argument left alone.
def predict_labels(predict, images, n=25):
    import keras

    batch = np.ascontiguousarray(images, dtype=np.float32)
    batch = batch.reshape((batch.size // 784, 28, 28, 1))
    scores = predict(batch[: min(n, len(batch))])
    return keras.ops.convert_to_numpy(keras.ops.argmax(scores, axis=-1))


# %% wrong="scores-rounded"
# Rounds "for stability": close races go to the first class.
def predict_labels(predict, images, n=25):
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.argmax(np.round(predict(batch), 3), axis=1)


# %% wrong="half-precision-scores"
# float16 keeps three digits.
def predict_labels(predict, images, n=25):
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.asarray(predict(batch)).astype(np.float16).argmax(axis=1)


# %% wrong="pixels-clipped"
# Cuts what lies outside of 0 to 1.
def predict_labels(predict, images, n=25):
    batch = np.clip(np.asarray(images, dtype=np.float32), 0, 1).reshape(-1, 28, 28, 1)[:n]
    return predict(batch).argmax(axis=1)


# %% wrong="equal-pictures-once"
# np.unique keeps each picture once.
def predict_labels(predict, images, n=25):
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    batch = batch[np.sort(np.unique(batch, axis=0, return_index=True)[1])]
    return predict(batch).argmax(axis=1)


# %% right="largest-by-sorting"
# The last of argsort; shapes told apart by their size.
def predict_labels(predict, images, n=25):
    count = int(np.size(images) // 784)
    batch = np.array(images, dtype="float32", copy=True).reshape((count, 28, 28, 1))[: min(n, count)]
    return np.argsort(predict(batch), axis=-1)[:, -1].tolist()
# %% wrong="softmax-without-a-shift"
# Turns scores into probabilities first; large ones overflow.
def predict_labels(predict, images, n=25):
    s = predict(np.asarray(images, np.float32).reshape(-1, 28, 28, 1)[:n])
    with np.errstate(all="ignore"):
        e = np.exp(s.astype(np.float32))
        return (e / e.sum(axis=1, keepdims=True)).argmax(axis=1)


# %% wrong="thirty-at-most"
# Never predicts more than thirty pictures.
def predict_labels(predict, images, n=25):
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[: min(n, 30)]
    return np.asarray(predict(batch)).argmax(axis=1)


# %% right="reader-zh"
# How: reshape(-1, 28, 28, 1), cut, one call, argmax.
def predict_labels(predict, images, n=25):
    """Return the labels (m,) of the first m = min(n, N) images, with one call of predict on float32 (m, 28, 28, 1)."""
    batch = np.array(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.argmax(np.asarray(predict(batch)), axis=1)


# %% right="reader-en"
# one reshape, cut, one call, argmax
def predict_labels(predict, images, n=25):
    """Return the labels (m,) of the first m = min(n, N) images, with one call of predict on float32 (m, 28, 28, 1)."""
    batch = np.array(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.asarray(predict(batch)).argmax(axis=1)
