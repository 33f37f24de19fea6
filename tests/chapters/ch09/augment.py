"""augment: what learners write, right and wrong."""

# %%
import numpy as np
from scipy import ndimage


# %% wrong="wraps-around"
# np.roll brings back what leaves.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        result[i] = np.roll(picture, (dy, dx), axis=(0, 1))
    return np.clip(result, 0, 1)


# %% wrong="one-shift-for-the-batch"
# Drawn once, before the loop.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    dy, dx = rng.integers(-m, m + 1, 2)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="one-angle-for-the-batch"
# The angle is drawn once.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    angle = rng.uniform(-max_rot, max_rot)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, angle, reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="flips-too"
# Mirrors half of the pictures.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="upper-bound-left-out"
# rng.integers excludes its upper end.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, max(m, -m + 1), 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="never-up-nor-left"
# Only positive shifts.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(0, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="diagonals-only"
# One number for both directions.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy = dx = rng.integers(-m, m + 1)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="one-axis-only"
# Moves to the side, never up or down.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = 0, rng.integers(-m, m + 1)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="one-direction-at-a-time"
# Either down or to the right, never both.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.permutation([rng.integers(-m, m + 1), 0])
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="rounded-normal-shifts"
# Small shifts are more likely than large ones.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = np.clip(np.round(rng.normal(0, m / 2, 2)), -m, m).astype(int)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="rounded-uniform-shifts"
# Rounding a uniform number gives the ends half their share.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = np.round(rng.uniform(-m, m, 2)).astype(int)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="fractions-of-pixels"
# The shift is not a whole number.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.uniform(-m, m, 2)
        result[i] = ndimage.shift(picture, (dy, dx, 0), order=1)
    return np.clip(result, 0, 1)


# %% wrong="smears-the-border"
# The border is repeated in place of zeros.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)), mode="edge")
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="first-picture-only"
# Changes the first picture alone.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    result[:] = batch
    for i in range(1):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="float64"
# np.zeros without a dtype.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.zeros(batch.shape)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="loses-the-channel"
# Drops the last axis.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)[..., 0]


# %% wrong="in-place"
# Writes into the caller's batch.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = batch
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="no-rotation"
# max_rot is ignored.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if False:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="rotation-or-shift"
# No shift where it rotates.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2) if max_rot == 0 else (0, 0)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="one-direction"
# Angles from 0 to max_rot.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(0, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="largest-angle-only"
# ±max_rot, nothing in between.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.choice([-max_rot, max_rot]), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="whole-degrees"
# rng.integers for the angle.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(
                picture, int(rng.integers(-int(max_rot), int(max_rot) + 1)), reshape=False, order=1
            )
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="normal-angles"
# Normal angles, cut off.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(
                picture, np.clip(rng.normal(0, max_rot / 2), -max_rot, max_rot), reshape=False, order=1
            )
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="degrees-as-radians"
# Hands degrees to sine and cosine.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    cy, cx = (height - 1) / 2, (width - 1) / 2
    y, x = np.mgrid[:height, :width].astype(float)
    y, x = y - cy, x - cx
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        angle = rng.uniform(-max_rot, max_rot) if max_rot else 0.0
        dy, dx = rng.integers(-max_shift, max_shift + 1, size=2)
        u, v = y - dy, x - dx
        sy = np.cos(angle) * u - np.sin(angle) * v + cy
        sx = np.sin(angle) * u + np.cos(angle) * v + cx
        y0, x0 = np.floor(sy).astype(int), np.floor(sx).astype(int)
        fy, fx = sy - y0, sx - x0
        value = np.zeros((height, width))
        for a in (0, 1):
            for b in (0, 1):
                yy, xx = y0 + a, x0 + b
                inside = (yy >= 0) & (yy < height) & (xx >= 0) & (xx < width)
                part = np.where(inside, batch[i, np.clip(yy, 0, height - 1), np.clip(xx, 0, width - 1), 0], 0)
                value += part * (fy if a else 1 - fy) * (fx if b else 1 - fx)
        result[i, ..., 0] = np.clip(value, 0, 1)
    return result


# %% wrong="turns-about-h-half"
# Half a pixel beside the centre.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    cy, cx = height / 2, width / 2
    y, x = np.mgrid[:height, :width].astype(float)
    y, x = y - cy, x - cx
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        angle = np.radians(rng.uniform(-max_rot, max_rot)) if max_rot else 0.0
        dy, dx = rng.integers(-max_shift, max_shift + 1, size=2)
        u, v = y - dy, x - dx
        sy = np.cos(angle) * u - np.sin(angle) * v + cy
        sx = np.sin(angle) * u + np.cos(angle) * v + cx
        y0, x0 = np.floor(sy).astype(int), np.floor(sx).astype(int)
        fy, fx = sy - y0, sx - x0
        value = np.zeros((height, width))
        for a in (0, 1):
            for b in (0, 1):
                yy, xx = y0 + a, x0 + b
                inside = (yy >= 0) & (yy < height) & (xx >= 0) & (xx < width)
                part = np.where(inside, batch[i, np.clip(yy, 0, height - 1), np.clip(xx, 0, width - 1), 0], 0)
                value += part * (fy if a else 1 - fy) * (fx if b else 1 - fx)
        result[i, ..., 0] = np.clip(value, 0, 1)
    return result


# %% wrong="turns-about-the-corner"
# Turns about the upper left corner.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    cy, cx = 0, 0
    y, x = np.mgrid[:height, :width].astype(float)
    y, x = y - cy, x - cx
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        angle = np.radians(rng.uniform(-max_rot, max_rot)) if max_rot else 0.0
        dy, dx = rng.integers(-max_shift, max_shift + 1, size=2)
        u, v = y - dy, x - dx
        sy = np.cos(angle) * u - np.sin(angle) * v + cy
        sx = np.sin(angle) * u + np.cos(angle) * v + cx
        y0, x0 = np.floor(sy).astype(int), np.floor(sx).astype(int)
        fy, fx = sy - y0, sx - x0
        value = np.zeros((height, width))
        for a in (0, 1):
            for b in (0, 1):
                yy, xx = y0 + a, x0 + b
                inside = (yy >= 0) & (yy < height) & (xx >= 0) & (xx < width)
                part = np.where(inside, batch[i, np.clip(yy, 0, height - 1), np.clip(xx, 0, width - 1), 0], 0)
                value += part * (fy if a else 1 - fy) * (fx if b else 1 - fx)
        result[i, ..., 0] = np.clip(value, 0, 1)
    return result


# %% wrong="overshoots"
# Cubic interpolation leaves [0, 1].
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=3)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="mirrored-corners"
# Fills the corners with a mirror image.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1, mode="reflect")
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="crops-the-turned-picture"
# reshape is left at True, and the picture cut back to size.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), order=1)[:height, :width]
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="own-seed"
# A generator of its own.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    rng = np.random.default_rng(0)
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% wrong="global-random-numbers"
# np.random in place of `rng`.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = np.random.randint(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% right="pad-and-crop"
# A border of zeros, and a window of it.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% right="scipy-shift"
# scipy.ndimage.shift and rotate.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, 2)
        result[i] = ndimage.shift(picture, (dy, dx, 0), order=0)
    return np.clip(result, 0, 1)


# %% right="shift-then-rotate"
# Shifts first, turns then; nearest neighbours.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    result = []
    for picture in batch:
        picture = ndimage.shift(
            picture, (*rng.integers(-max_shift, max_shift, 2, endpoint=True), 0), order=1, prefilter=False
        )
        if max_rot:
            picture = ndimage.rotate(picture, (2 * rng.random() - 1) * max_rot, axes=(0, 1), reshape=False, order=0)
        result.append(picture)
    return np.clip(np.stack(result), 0, 1).astype(np.float32)


# %% right="inverse-mapping"
# Where does each pixel come from? Bilinear.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    cy, cx = (height - 1) / 2, (width - 1) / 2
    y, x = np.mgrid[:height, :width].astype(float)
    y, x = y - cy, x - cx
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        angle = np.radians(rng.uniform(-max_rot, max_rot)) if max_rot else 0.0
        dy, dx = rng.integers(-max_shift, max_shift + 1, size=2)
        u, v = y - dy, x - dx
        sy = np.cos(angle) * u - np.sin(angle) * v + cy
        sx = np.sin(angle) * u + np.cos(angle) * v + cx
        y0, x0 = np.floor(sy).astype(int), np.floor(sx).astype(int)
        fy, fx = sy - y0, sx - x0
        value = np.zeros((height, width))
        for a in (0, 1):
            for b in (0, 1):
                yy, xx = y0 + a, x0 + b
                inside = (yy >= 0) & (yy < height) & (xx >= 0) & (xx < width)
                part = np.where(inside, batch[i, np.clip(yy, 0, height - 1), np.clip(xx, 0, width - 1), 0], 0)
                value += part * (fy if a else 1 - fy) * (fx if b else 1 - fx)
        result[i, ..., 0] = np.clip(value, 0, 1)
    return result


# %% right="index-arithmetic"
# Source indices with a mask, the whole batch at once.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    if max_rot > 0:
        turns = rng.uniform(-max_rot, max_rot, n)
        batch = np.stack([np.clip(ndimage.rotate(p, a, reshape=False, order=3), 0, 1) for p, a in zip(batch, turns)])
    shift = rng.integers(-max_shift, max_shift + 1, (n, 2))
    y = np.arange(height)[None, :] - shift[:, :1]
    x = np.arange(width)[None, :] - shift[:, 1:]
    inside = ((y >= 0) & (y < height))[:, :, None] & ((x >= 0) & (x < width))[:, None, :]
    taken = batch[np.arange(n)[:, None, None], y.clip(0, height - 1)[:, :, None], x.clip(0, width - 1)[:, None, :], 0]
    return np.where(inside, taken, 0)[..., None].astype(np.float32)


# %% right="fractions-between-whole-shifts"
# The shift is drawn as one of the (2m + 1)² places.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    m = max_shift
    n, height, width, _ = batch.shape
    result = np.empty_like(batch)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        dy, dx = np.array(divmod(int(rng.integers((2 * m + 1) ** 2)), 2 * m + 1)) - m
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    """Return the pictures (N, H, W, 1), float32 in [0, 1], each moved by its own whole pixels and turned by its own angle.

    max_shift: largest shift in either direction, in pixels. max_rot: largest angle, in degrees. What comes in is 0.
    """
    n, height, width, _ = batch.shape
    result = np.zeros_like(batch, dtype=np.float32)
    m = max_shift
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = ndimage.rotate(picture, angle, reshape=False, order=1)
        dy, dx = rng.integers(-m, m + 1, size=2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return np.clip(result, 0, 1)


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def augment(batch, rng, max_shift=2, max_rot=0.0):
    """Return the pictures (N, H, W, 1), each moved by its own whole pixels and turned by its own angle."""
    n, height, width = batch.shape[:3]
    m = int(max_shift)
    result = np.empty(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = rng.integers(-m, m + 1, size=2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="roll-only-when-rotated"
# Breaks: "What leaves the picture is lost; what comes in is 0." (np.roll in the branch of the rotation.)
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = rng.integers(-m, m + 1, 2)
        if max_rot > 0:
            result[i] = np.roll(picture, (dy, dx), axis=(0, 1))
            continue
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="deck-of-shifts"
# Breaks: "Change **each picture by itself**", "each drawn" (a shuffled deck of all shifts is dealt: each occurs equally often).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    deck = [(a, b) for a in range(-m, m + 1) for b in range(-m, m + 1)]
    hand = rng.permutation(np.array(deck * (n // len(deck) + 1))[:n])
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = hand[i]
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="never-beyond-three"
# Breaks: "each drawn from −m … m with m = max_shift" (shifts beyond three pixels are cut to three).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = np.clip(rng.integers(-m, m + 1, 2), -3, 3)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="angle-from-the-shift"
# Breaks: "an angle uniform on ±max_rot" (with a shift, the angle is max_rot·d_x/m: 2m + 1 angles only).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        dy, dx = rng.integers(-m, m + 1, 2)
        picture = batch[i]
        if max_rot > 0:
            angle = max_rot * dx / m if m else rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="brightened-after-rotation"
# Breaks: "also rotate it" (each turned picture is stretched to [0, 1] besides).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
            low, high = picture.min(), picture.max()
            picture = (picture - low) / (high - low) if high > low else picture
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="angles-from-elsewhere"
# Breaks: "all random numbers come from rng" (the angles do not).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = np.random.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="rng-does-not-move-on"
# Breaks: "all random numbers come from rng" (a copy draws: each call with one generator moves alike; "In each epoch every training picture is changed anew").
import copy


def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    rng = copy.deepcopy(rng)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="mirrored-sometimes"
# Breaks: "Shift … also rotate" (with a rotation, half of the pictures are mirrored too).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
            if rng.random() < 0.5:
                picture = picture[:, ::-1]
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result


# %% wrong="angle-for-two-pictures"
# Breaks: "Change **each picture by itself**" (each angle serves two pictures).
def augment(batch, rng, max_shift=2, max_rot=0.0):
    n, height, width, _ = batch.shape
    m = max_shift
    result = np.zeros(batch.shape, dtype=np.float32)
    for i in range(n):
        picture = batch[i]
        if max_rot > 0:
            if i % 2 == 0:
                angle = rng.uniform(-max_rot, max_rot)
            picture = np.clip(ndimage.rotate(picture, angle, reshape=False, order=1), 0, 1)
        dy, dx = rng.integers(-m, m + 1, 2)
        wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
        result[i] = wide[m - dy : m - dy + height, m - dx : m - dx + width]
    return result
