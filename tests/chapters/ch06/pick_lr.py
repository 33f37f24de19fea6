"""pick_lr: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="lowest-loss"
# The rate of the lowest loss: already too high.
def pick_lr(lrs, losses):
    return float(lrs[np.nanargmin(np.where(np.isfinite(losses), losses, np.inf))])


# %% wrong="smooth-lowest-loss"
# The rate of the lowest smoothed loss.
def pick_lr(lrs, losses):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    k = 7
    smooth = np.convolve(losses[:end], np.ones(k) / k, mode="valid")
    lowest = int(np.argmin(smooth))
    half = (smooth[0] + smooth[lowest]) / 2
    first = int(np.argmax(smooth[: lowest + 1] <= half))
    return float(lrs[lowest + k // 2])


# %% wrong="argmin-takes-nan"
# argmin gives the first nan.
def pick_lr(lrs, losses):
    return float(lrs[np.argmin(losses)] / 10)


# %% wrong="largest"
# The largest rate.
def pick_lr(lrs, losses):
    return float(lrs[-1])


# %% wrong="smallest"
# The smallest rate.
def pick_lr(lrs, losses):
    return float(lrs[0])


# %% wrong="steepest-step"
# The largest fall between two neighbours, without smoothing.
def pick_lr(lrs, losses):
    falls = np.diff(np.where(np.isfinite(losses), losses, 1e9))
    return float(lrs[np.argmin(falls)])


# %% wrong="steepest-gradient"
# The steepest central difference, without smoothing.
def pick_lr(lrs, losses):
    good = np.isfinite(losses)
    return float(lrs[np.argmin(np.gradient(losses[good]))])


# %% wrong="middle-of-the-range"
# The geometric middle of the tested rates.
def pick_lr(lrs, losses):
    return float(np.sqrt(lrs[0] * lrs[-1]))


# %% wrong="usual-value"
# 1e-3, as always.
def pick_lr(lrs, losses):
    return 1e-3


# %% wrong="half-the-rate"
# Half the rate of the lowest loss.
def pick_lr(lrs, losses):
    return float(lrs[np.nanargmin(np.where(np.isfinite(losses), losses, np.inf))] / 2)


# %% wrong="hundredth-of-the-rate"
# A hundredth of the rate of the lowest loss.
def pick_lr(lrs, losses):
    return float(lrs[np.nanargmin(np.where(np.isfinite(losses), losses, np.inf))] / 100)


# %% wrong="last-finite"
# The last rate before the divergence.
def pick_lr(lrs, losses):
    good = np.flatnonzero(np.isfinite(losses) & (losses <= losses[0]))
    return float(lrs[good[-1]])


# %% wrong="position"
# Returns the position instead of the rate.
def pick_lr(lrs, losses):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    k = 7
    smooth = np.convolve(losses[:end], np.ones(k) / k, mode="valid")
    lowest = int(np.argmin(smooth))
    half = (smooth[0] + smooth[lowest]) / 2
    first = int(np.argmax(smooth[: lowest + 1] <= half))
    return float(first + k // 2)


# %% wrong="first-fall"
# The first rate whose loss is lower than the one before.
def pick_lr(lrs, losses):
    return float(lrs[np.argmax(np.diff(losses) < 0)])


# %% wrong="first-below-the-start"
# The first loss below 95 % of the first loss, noise or not.
def pick_lr(lrs, losses):
    return float(lrs[np.argmax(losses < 0.95 * losses[0])])


# %% wrong="half-of-the-loss"
# The loss has halved: some losses never do.
def pick_lr(lrs, losses):
    k = 7
    smooth = np.convolve(np.nan_to_num(losses, nan=1e9, posinf=1e9), np.ones(k) / k, mode="valid")
    return float(lrs[np.argmax(smooth < smooth[0] / 2) + k // 2])


# %% wrong="nan-spreads"
# The moving average of nan is nan.
def pick_lr(lrs, losses):
    smooth = np.convolve(losses, np.ones(7) / 7, mode="same")
    return float(lrs[np.argmin(smooth)] / 10)


# %% wrong="clears-the-input"
# Replaces nan in the caller's array.
def pick_lr(lrs, losses):
    losses[~np.isfinite(losses)] = 1e6
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    k = 7
    smooth = np.convolve(losses[:end], np.ones(k) / k, mode="valid")
    lowest = int(np.argmin(smooth))
    half = (smooth[0] + smooth[lowest]) / 2
    first = int(np.argmax(smooth[: lowest + 1] <= half))
    return float(lrs[first + k // 2])


# %% right="steepest-slope"
# The steepest slope of a moving average, before its lowest point.
def pick_lr(lrs, losses):
    end = int(np.argmin(np.isfinite(losses))) or len(losses)
    k = max(5, 2 * (end // 24) + 1)
    smooth = np.convolve(np.pad(losses[:end], k // 2, mode="edge"), np.ones(k) / k, mode="valid")
    slope = np.gradient(smooth, np.log(lrs[:end]))
    return float(lrs[np.argmin(slope[: max(2, int(np.argmin(smooth)))])])


# %% right="tenth-of-the-lowest"
# A tenth of the rate at the lowest point of a moving average.
def pick_lr(lrs, losses):
    good = np.where(np.isfinite(losses), losses, np.finfo(float).max / 100)
    smooth = np.convolve(good, np.ones(7) / 7, mode="valid")
    return lrs[np.argmin(smooth) + 3] / 10


# %% right="half-way-interpolated"
# Half-way of the drop on running medians, interpolated between two rates.
def pick_lr(lrs, losses):
    values = [float(v) for v in losses]
    medians = []
    for i in range(len(values)):
        around = sorted(values[max(0, i - 4) : i + 5])
        if not all(np.isfinite(around)):
            break
        medians.append(around[len(around) // 2])
    lowest = medians.index(min(medians))
    half = (medians[0] + medians[lowest]) / 2
    i = next(i for i in range(lowest + 1) if medians[i] <= half)
    return float(np.sqrt(lrs[max(i - 1, 0)] * lrs[i]))


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def pick_lr(lrs, losses):
    """Return a rate at which the loss of a range test falls well and is still far from its lowest point.

    lrs: (n,) increasing. losses: (n,), noisy, perhaps nan or inf at the end. Source: Smith (2017), section 3.3.
    """
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    k = 5
    smooth = np.convolve(losses[:end], np.ones(k) / k, mode="valid")  # smooth[i] belongs to lrs[i + 2]
    low = np.argmin(smooth)
    level = smooth[0] - 0.4 * (smooth[0] - smooth[low])
    i = np.flatnonzero(smooth[: low + 1] <= level)[0]
    return float(lrs[i + k // 2])


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def pick_lr(lrs, losses):
    lrs = np.asarray(lrs, dtype=float)
    losses = np.asarray(losses, dtype=float)
    bad = np.flatnonzero(~np.isfinite(losses))
    if len(bad):
        losses = losses[: bad[0]]
    half_width = max(1, len(lrs) // 40)
    k = 2 * half_width + 1
    smooth = np.convolve(losses, np.ones(k) / k, mode="valid")
    rates = lrs[half_width : half_width + len(smooth)]
    lowest = int(np.argmin(smooth))
    level = smooth[0] - (smooth[0] - smooth[lowest]) / 3
    first = int(np.flatnonzero(smooth[: lowest + 1] <= level)[0])
    return float(rates[first])
