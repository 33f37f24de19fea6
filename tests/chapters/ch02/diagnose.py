"""diagnose: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="negative-first"
# An infinite value below zero, or a nan beside a negative one, is no question of the sign.
def diagnose(losses, K):
    ignorant = math.log(K)
    if any(value < 0 for value in losses):
        return "negative"
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="nan-by-comparison"
# Nothing is equal to nan.
def diagnose(losses, K):
    ignorant = math.log(K)
    if any(value in (math.inf, -math.inf) or value == float("nan") + 0 for value in losses):
        return "overflow"
    if any(value < 0 for value in losses):
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="only-nan"
# Infinity is forgotten.
def diagnose(losses, K):
    ignorant = math.log(K)
    if any(math.isnan(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="k-for-the-logarithm"
# K itself in place of ln K.
def diagnose(losses, K):
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * K:
        return "bad start"
    if losses[0] < K / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * K else "healthy"


# %% wrong="base-two"
# In bits.
def diagnose(losses, K):
    ignorant = math.log2(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="always-ten-classes"
# ln 10 is built in.
def diagnose(losses, K):
    ignorant = 2.302585
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="unstable-against-ln-k"
# The jump is measured from ln K, not from the first value.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * ignorant:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="unstable-between-neighbours"
# Looks for a jump from one value to the next.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if any(b > 1.5 * a for a, b in zip(losses, losses[1:], strict=False)):
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="stuck-by-the-last-value"
# A run that once fell and rose again was not stuck.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if losses[-1] >= 0.95 * ignorant:
        return "stuck"
    return "unstable" if max(losses[1:]) > 1.5 * losses[0] else "healthy"


# %% wrong="stuck-before-unstable"
# A run that leapt up and never fell is unstable first.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if min(losses) >= 0.95 * ignorant:
        return "stuck"
    return "unstable" if max(losses[1:]) > 1.5 * losses[0] else "healthy"


# %% wrong="looks-at-the-last-value-only"
# A nan or a negative value is sought at the end only.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not math.isfinite(losses[-1]):
        return "overflow"
    if losses[-1] < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="never-known"
# A first value that is too good is no trouble, it seems.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% wrong="drops-the-first-value"
# Takes the first value out of the caller's list.
def diagnose(losses, K):
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    least, first = min(losses), losses.pop(0)
    if first > 2 * ignorant:
        return "bad start"
    if first < ignorant / 2:
        return "known"
    if max(losses) > 1.5 * first:
        return "unstable"
    return "stuck" if least >= 0.95 * ignorant else "healthy"


# %% wrong="ends-at-ten-values"
# Only the first ten values are read.
def diagnose(losses, K):
    ignorant, losses = math.log(K), losses[:10]
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    return "stuck" if min(losses) >= 0.95 * ignorant else "healthy"


# %% right="numpy"
# Vectorised.
def diagnose(losses, K):
    values = np.array(losses, dtype=float)
    base = np.log(K)
    rules = {
        "overflow": not np.isfinite(values).all(),
        "negative": (values < 0).any(),
        "bad start": values[0] > 2 * base,
        "known": values[0] < 0.5 * base,
        "unstable": (values[1:] > 1.5 * values[0]).any(),
        "stuck": (values >= 0.95 * base).all(),
        "healthy": True,
    }
    return next(verdict for verdict, applies in rules.items() if applies)


# %% right="elif-chain"
# One chain of conditions; nan by its inequality with itself.
def diagnose(losses, K):
    first, *later = losses
    chance = math.log(K)
    if any(v != v or abs(v) == math.inf for v in losses):
        verdict = "overflow"
    elif any(v < 0 for v in losses):
        verdict = "negative"
    elif first / chance > 2:
        verdict = "bad start"
    elif first / chance < 0.5:
        verdict = "known"
    elif any(v > 1.5 * first for v in later):
        verdict = "unstable"
    elif not any(v < 0.95 * chance for v in losses):
        verdict = "stuck"
    else:
        verdict = "healthy"
    return verdict


# %% right="perplexities"
# The limits as powers of K.
def diagnose(losses, K):
    if not np.all(np.isfinite(losses)):
        return "overflow"
    if np.min(losses) < 0:
        return "negative"
    ratio = [float(v) / math.log(K) for v in losses]
    if ratio[0] > 2:
        return "bad start"
    if ratio[0] < 0.5:
        return "known"
    if max(ratio) > 1.5 * ratio[0]:
        return "unstable"
    return "healthy" if min(ratio) < 0.95 else "stuck"


# %% right="reader-zh"
# How: one if per line of the table, in order.
def diagnose(losses, K):
    """Return the verdict on a log of mean cross-entropies of a classifier of K classes."""
    start = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * start:
        return "bad start"
    if losses[0] < start / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    if min(losses) >= 0.95 * start:
        return "stuck"
    return "healthy"


# %% right="reader-en"
# the table line by line on a NumPy array
def diagnose(losses, K):
    """Return the verdict on a log of mean cross-entropies of a classifier of K classes."""
    a = np.asarray(losses, dtype=float)
    ln_k = math.log(K)
    if not np.isfinite(a).all():
        return "overflow"
    if (a < 0).any():
        return "negative"
    if a[0] > 2 * ln_k:
        return "bad start"
    if a[0] < ln_k / 2:
        return "known"
    if (a[1:] > 1.5 * a[0]).any():
        return "unstable"
    if not (a < 0.95 * ln_k).any():
        return "stuck"
    return "healthy"
# %% wrong="stuck-ignores-the-first"
# Looks at the later values only.
def diagnose(losses, K):
    l = math.log(K)
    if not all(map(math.isfinite, losses)): return "overflow"
    if min(losses) < 0: return "negative"
    if losses[0] > 2 * l: return "bad start"
    if losses[0] < l / 2: return "known"
    if max(losses[1:]) > 1.5 * losses[0]: return "unstable"
    if min(losses[1:]) >= 0.95 * l: return "stuck"
    return "healthy"
# %% wrong="huge-is-infinite"
# Takes a large finite value for an overflow.
def diagnose(losses, K):
    l = math.log(K)
    if any(not abs(v) < 1e6 for v in losses): return "overflow"
    if min(losses) < 0: return "negative"
    if losses[0] > 2 * l: return "bad start"
    if losses[0] < l / 2: return "known"
    if max(losses[1:]) > 1.5 * losses[0]: return "unstable"
    if min(losses) >= 0.95 * l: return "stuck"
    return "healthy"
