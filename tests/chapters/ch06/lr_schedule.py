"""lr_schedule: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="whole-numbers"
# u is a whole number.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) // (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="whole-warmup"
# The warm-up divides whole numbers.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * (step // warmup)
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="cosine-restarts"
# u grows beyond 1: the cosine rises again.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = (step - warmup) / (total - warmup)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="degrees"
# The cosine of degrees.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(180 * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="warmup-one-ahead"
# The warm-up starts with step 1.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * (step + 1) / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="warmup-in-u"
# u counts from step 0.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, step / total)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="warmup-not-subtracted"
# The decay lasts total steps after the warm-up.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / total)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="below-zero"
# The cosine goes from base to -base.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * math.cos(math.pi * u)
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="half-wave"
# Half the cosine's wave.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * math.cos(math.pi * u / 2)
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="three-falls"
# The steps go on to 0.001 at the end.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** int(3 * u)
    return base


# %% wrong="kind-checked-late"
# An unknown kind is noticed after the warm-up only.
def lr_schedule(step, base, warmup, total, kind):
    if step < warmup:
        return base * step / warmup
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="any-case"
# Names in capitals are accepted.
def lr_schedule(step, base, warmup, total, kind):
    kind = kind.lower()
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="unknown-is-constant"
# An unknown kind gives a constant rate.
def lr_schedule(step, base, warmup, total, kind):
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="exp-to-a-tenth"
# The exponential decay ends at a tenth.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.1**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="warmup-always-divides"
# Divides by warmup also where there is none.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    rise = step / warmup
    if rise < 1:
        return base * rise
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="zero-at-total"
# The rate is 0 from total on, for every kind.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    if step >= total:
        return 0.0
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% wrong="last-step-of-the-warmup"
# Step warmup still belongs to the warm-up, and its last rate is reached one step late.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step <= warmup:
        return base * step / (warmup + 1)
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base


# %% right="numpy"
# NumPy for the warm-up, a table of the kinds.
def lr_schedule(step, base, warmup, total, kind):
    u = float(np.clip((step - warmup) / (total - warmup), 0, 1))
    table = {
        "constant": 1.0,
        "cosine": float(np.cos(np.pi * u / 2)) ** 2,
        "exp": float(np.exp(u * np.log(0.01))),
        "step": [1.0, 0.1, 0.01, 0.01][math.floor(3 * u)],
    }
    if kind not in table:
        raise ValueError(kind)
    return float(np.interp(step, [0, warmup], [0.0, base])) if step < warmup else base * table[kind]


# %% right="match"
# One branch for each kind.
def lr_schedule(step, base, warmup, total, kind):
    u = 0.0 if step < warmup else min(step - warmup, total - warmup) / (total - warmup)
    match kind:
        case "constant":
            rate = base
        case "cosine":
            rate = 0.5 * base * (1 + np.cos(np.pi * u))
        case "exp":
            rate = base * 10 ** (-2 * u)
        case "step":
            rate = base / 10 ** min(2, int(3 * u))
        case _:
            raise ValueError("constant, cosine, exp or step")
    return rate if step >= warmup else step / warmup * base


# %% right="functions"
# A dict of functions; comparisons for the steps.
def lr_schedule(step, base, warmup, total, kind):
    decay = {
        "constant": lambda u: 1.0,
        "cosine": lambda u: (1 + math.cos(u * math.pi)) / 2,
        "exp": lambda u: math.pow(0.01, u),
        "step": lambda u: 1.0 if u < 1 / 3 else 0.1 if u < 2 / 3 else 0.01,
    }
    try:
        factor = decay[kind]
    except KeyError:
        raise ValueError(kind) from None
    if step < warmup:
        return base * (step / warmup)
    return base * factor(min(1, (step - warmup) / (total - warmup)))


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def lr_schedule(step, base, warmup, total, kind):
    """Return the learning rate of a step, counted from 0: linear warm-up, then "constant", "cosine", "exp" or "step".

    Raises ValueError for any other kind.
    """
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind of schedule: {kind!r}")
    if step < warmup:
        return float(base * step / warmup)
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "constant":
        factor = 1.0
    elif kind == "cosine":
        factor = 0.5 * (1 + math.cos(math.pi * u))
    elif kind == "exp":
        factor = 0.01**u
    else:
        factor = 0.1 ** min(2, math.floor(3 * u))
    return float(base * factor)


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(kind)
    if step < warmup:
        return float(base * step / warmup)
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "constant":
        return float(base)
    if kind == "cosine":
        return float(base * 0.5 * (1 + math.cos(math.pi * u)))
    if kind == "exp":
        return float(base * 0.01**u)
    return float(base * 0.1 ** min(2, math.floor(3 * u)))


# %% wrong="spaces-stripped"
# Breaks: "Any other `kind` raises `ValueError` at every step"
def lr_schedule(step, base, warmup, total, kind):
    kind = kind.strip()
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(kind)
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "constant":
        return float(base)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    return base * 0.1 ** min(2, math.floor(3 * u))


# %% wrong="breaks-at-0-33-and-0-66"
# Breaks: "`step`: base 0.1^min(2, floor(3u))"
def lr_schedule(step, base, warmup, total, kind):
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(kind)
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "constant":
        return float(base)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    return base * (1.0 if u < 0.33 else 0.1 if u < 0.66 else 0.01)
