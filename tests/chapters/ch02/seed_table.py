"""seed_table: what learners write, right and wrong."""

# %%
import math

import numpy as np
import scipy.special


# %% wrong="nan-at-zero"
# 0 * log(0) is nan in NumPy.
def seed_table(y, p, t, q):
    with np.errstate(all="ignore"):
        ce = float(-np.sum(t * np.log(q)))
        kl = float(np.sum(t * np.log(t / q)))
    return {"mse": float(np.mean((y - p) ** 2)), "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": kl}


# %% wrong="base-ten"
# log10 in place of the natural logarithm.
def seed_table(y, p, t, q):
    kept = t > 0
    with np.errstate(divide="ignore"):
        ce = float(-np.sum(t[kept] * np.log10(q[kept])))
        kl = float(np.sum(t[kept] * (np.log10(t[kept]) - np.log10(q[kept]))))
    return {"mse": float(np.mean((y - p) ** 2)), "ce_nat": ce, "ce_bit": ce / math.log10(2), "kl_nat": kl}


# %% wrong="half-mse"
# Article B's factor 1/2.
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {
        "mse": float(0.5 * np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="sum-of-squares"
# The squared errors are not averaged.
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {
        "mse": float(np.sum((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="clips"
# 16.118 instead of infinity.
def seed_table(y, p, t, q):
    a, b = np.clip(t, 1e-7, 1), np.clip(q, 1e-7, 1)
    ce = float(-np.sum(t * np.log(b)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(t * np.log(a / b))),
    }


# %% wrong="adds-a-tiny-epsilon"
# ln(q + 1e-12) is never infinite.
def seed_table(y, p, t, q):
    ce = float(-np.sum(t * np.log(q + 1e-12)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(ce + np.sum(t * np.log(t + 1e-12))),
    }


# %% wrong="kl-reversed"
# KL(q || t) in place of KL(t || q).
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(q, t))),
    }


# %% wrong="cross-entropy-exchanged"
# -sum q ln t: truth and prediction exchanged.
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(q, t)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="cross-entropy-as-kl"
# Right for one-hot targets only (E07).
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {"mse": float(np.mean((y - p) ** 2)), "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": ce}


# %% wrong="true-class-only"
# Takes the class with the largest target: right for one-hot targets only (E08).
def seed_table(y, p, t, q):
    k = int(np.argmax(t))
    ce = -math.log(q[k]) if q[k] > 0 else math.inf
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="bit-conversion-upside-down"
# Multiplies by ln 2 instead of dividing.
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce * math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="averages-over-classes"
# The n of article A taken for a mean over the classes (E05).
def seed_table(y, p, t, q):
    ce = float(-np.mean(scipy.special.xlogy(t, q)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="drops-classes-with-q-zero"
# Ignores the class that the model excluded: finite where it must be infinite.
def seed_table(y, p, t, q):
    kept = (t > 0) & (q > 0)
    ce = float(-np.sum(t[kept] * np.log(q[kept])))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(t[kept] * np.log(t[kept] / q[kept]))),
    }


# %% wrong="inf-for-every-zero-in-q"
# A zero in q counts as infinite even where t is zero.
def seed_table(y, p, t, q):
    mean = float(np.mean((y - p) ** 2))
    if np.any(q == 0):
        return {"mse": mean, "ce_nat": math.inf, "ce_bit": math.inf, "kl_nat": math.inf}
    ce = float(-np.sum(t * np.log(q)))
    return {
        "mse": mean,
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="nan-to-num"
# Turns nan into 0 and inf into 1.8e308.
def seed_table(y, p, t, q):
    with np.errstate(all="ignore"):
        ce = float(-np.sum(np.nan_to_num(t * np.log(q))))
        kl = float(np.sum(np.nan_to_num(t * np.log(t / q))))
    return {"mse": float(np.mean((y - p) ** 2)), "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": kl}


# %% wrong="minus-infinity"
# The sign of the infinite case is lost.
def seed_table(y, p, t, q):
    mean = float(np.mean((y - p) ** 2))
    if np.any((t > 0) & (q == 0)):
        return {"mse": mean, "ce_nat": -math.inf, "ce_bit": -math.inf, "kl_nat": -math.inf}
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {
        "mse": mean,
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(np.sum(scipy.special.rel_entr(t, q))),
    }


# %% wrong="entropy-added"
# KL = CE + entropy: wrong sign of the decomposition.
def seed_table(y, p, t, q):
    ce = float(-np.sum(scipy.special.xlogy(t, q)))
    return {
        "mse": float(np.mean((y - p) ** 2)),
        "ce_nat": ce,
        "ce_bit": ce / math.log(2),
        "kl_nat": float(ce + np.sum(scipy.special.entr(t))),
    }


# %% wrong="changes-its-input"
# Replaces the caller's zeros.
def seed_table(y, p, t, q):
    table = {"mse": float(np.mean((y - p) ** 2)), "kl_nat": float(np.sum(scipy.special.rel_entr(t, q)))}
    table["ce_nat"] = float(-np.sum(scipy.special.xlogy(t, q)))
    table["ce_bit"] = table["ce_nat"] / math.log(2)
    q[t == 0] = 1.0
    return table


# %% right="xlogy-and-rel-entr"
# Library route; NumPy floats.
def seed_table(y, p, t, q):
    ce = -scipy.special.xlogy(t, q).sum()
    return {
        "mse": np.mean((y - p) ** 2),
        "ce_nat": ce,
        "ce_bit": ce / np.log(2),
        "kl_nat": scipy.special.rel_entr(t, q).sum(),
    }


# %% right="boolean-mask"
# Keeps the classes with t > 0; log(0) = -inf gives the infinite case by itself.
def seed_table(y, p, t, q):
    a, b = t[t > 0], q[t > 0]
    with np.errstate(divide="ignore"):
        log_b = np.log(b)
    d = y - p
    return {
        "kl_nat": float(a @ (np.log(a) - log_b)),
        "ce_bit": float(-(a @ log_b) / np.log(2)),
        "ce_nat": float(-(a @ log_b)),
        "mse": float(d @ d / d.size),
    }


# %% right="loop-with-a-conditional"
# Pure Python.
def seed_table(y, p, t, q):
    ce = kl = 0.0
    for a, b in zip(t.tolist(), q.tolist(), strict=True):
        if a == 0:
            continue
        if b == 0:
            ce = kl = math.inf
            break
        ce -= a * math.log(b)
        kl += a * math.log(a / b)
    mean = sum((a - b) ** 2 for a, b in zip(y.tolist(), p.tolist(), strict=True)) / len(y)
    return {"mse": mean, "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": kl}


# %% right="where-with-warnings"
# np.where after the fact: the nan is computed, warned of, and discarded.
def seed_table(y, p, t, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        nat = np.where(t > 0, -t * np.log(q), 0.0).sum()
        bit = np.where(t > 0, -t * np.log2(q), 0.0).sum()
        h = np.where(t > 0, -t * np.log(t), 0.0).sum()
    return dict(mse=np.square(y - p).mean(), ce_nat=nat, ce_bit=bit, kl_nat=nat - h)


# %% right="scipy-stats-entropy"
# scipy.stats.entropy gives entropy and divergence; their sum is the cross-entropy.
def seed_table(y, p, t, q):
    from scipy.stats import entropy

    h, kl = entropy(t), entropy(t, q)
    return {
        "mse": float(np.average((p - y) ** 2)),
        "ce_nat": float(h + kl),
        "ce_bit": float((h + kl) / math.log(2)),
        "kl_nat": float(kl),
    }


# %% right="float32-results"
# Computed in float64, handed over as float32.
def seed_table(y, p, t, q):
    ce = -sum(a * (math.log(b) if b > 0 else -math.inf) for a, b in zip(t, q, strict=True) if a > 0)
    h = -sum(a * math.log(a) for a in t if a > 0)
    values = {"mse": np.mean(np.square(np.subtract(y, p))), "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": ce - h}
    return {key: np.float32(value) for key, value in values.items()}


# %% wrong="predictions-changed-in-place"
# The differences are left in the caller's array wherever a class is missing.
def seed_table(y, p, t, q):
    kept = t > 0
    ce = math.inf if np.any(q[kept] == 0) else float(-np.sum(t[kept] * np.log(q[kept])))
    entropy = float(-np.sum(t[kept] * np.log(t[kept])))
    mean = float(np.mean((y - p) ** 2))
    if not np.all(kept):
        p *= 0
    return {"mse": mean, "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": ce - entropy}


# %% right="log2-first"
# In bits first, then back to nat.
def seed_table(y, p, t, q):
    kept = t > 0
    with np.errstate(divide="ignore"):
        bits = float(-(t[kept] @ np.log2(q[kept])))
    own = float(-(t[kept] @ np.log2(t[kept])))
    ln2 = math.log(2)
    return {"mse": float(np.square(y - p).mean()), "ce_nat": bits * ln2, "ce_bit": bits, "kl_nat": (bits - own) * ln2}
# %% wrong="tiny-predictions-are-none"
# Predicted probabilities below 1e-12 count as 0.
def _ce(t, q):
    k = t > 0
    return math.inf if np.any(q[k] == 0) else float(-np.sum(t[k] * np.log(q[k])))
def _kl(t, q):
    k = t > 0
    return math.inf if np.any(q[k] == 0) else float(np.sum(t[k] * np.log(t[k] / q[k])))
def seed_table(y, p, t, q):
    q = np.where(q < 1e-12, 0, q)
    ce = _ce(t, q)
    return {"mse": float(np.mean((y - p) ** 2)), "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": _kl(t, q)}
# %% wrong="tiny-targets-are-none"
# Targets below 1e-6 count as 0.
def _ce(t, q):
    k = t > 0
    return math.inf if np.any(q[k] == 0) else float(-np.sum(t[k] * np.log(q[k])))
def _kl(t, q):
    k = t > 0
    return math.inf if np.any(q[k] == 0) else float(np.sum(t[k] * np.log(t[k] / q[k])))
def seed_table(y, p, t, q):
    t = np.where(t < 1e-6, 0, t)
    ce = _ce(t, q)
    return {"mse": float(np.mean((y - p) ** 2)), "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": _kl(t, q)}
