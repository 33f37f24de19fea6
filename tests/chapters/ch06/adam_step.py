"""adam_step: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="no-correction"
# Neither average is corrected.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m
    v_hat = v
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="only-the-mean-corrected"
# The second average is not corrected.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="only-the-square-corrected"
# The first average is not corrected.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="eps-in-the-root"
# eps stands inside the root.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / np.sqrt(v_hat + eps), m, v


# %% wrong="gradient-not-squared"
# The second average is that of the gradients.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(np.abs(v_hat)) + eps), m, v


# %% wrong="absolute-gradient"
# The second average is that of absolute values, without a root.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * np.abs(g)
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (v_hat + eps), m, v


# %% wrong="t-from-zero"
# The correction counts one step more.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1 ** (t + 1))
    v_hat = v / (1 - b2 ** (t + 1))
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="one-step-late"
# The correction counts one step less, from the second on.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1 ** max(t - 1, 1))
    v_hat = v / (1 - b2 ** max(t - 1, 1))
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="averages-exchanged"
# b1 and b2 are exchanged.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b2 * m + (1 - b2) * g
    v = b1 * v + (1 - b1) * g**2
    m_hat = m / (1 - b2**t)
    v_hat = v / (1 - b1**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="folded-with-plain-eps"
# Both corrections in the rate, with eps as it is: eps then counts more at the start.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    rate = lr * math.sqrt(1 - b2**t) / (1 - b1**t)
    return p - rate * m / (np.sqrt(v) + eps), m, v


# %% wrong="corrected-averages-returned"
# The corrected averages are handed to the next step.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m_hat, v_hat


# %% wrong="momentum-sum"
# The first average is momentum's sum.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="square-of-the-mean"
# The second average squares the first average instead of the gradient.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * m**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="root-forgotten"
# Divides by the second average itself.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (v_hat + eps), m, v


# %% wrong="no-eps"
# eps is forgotten: 0/0 where the gradient has always been zero.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / np.sqrt(v_hat), m, v


# %% wrong="in-place"
# Writes into the caller's averages.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m *= b1
    m += (1 - b1) * g
    v *= b2
    v += (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="clipped-step"
# The step is clipped to lr.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * np.clip(m_hat / (np.sqrt(v_hat) + eps), -1, 1), m, v


# %% wrong="own-count"
# Counts the steps in a global variable instead of using t.
calls = []


def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    calls.append(t)
    t = len(calls)
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="other-default"
# 0.99 for the second average.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.99, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="large-default-eps"
# The default of eps is 1e-3.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-3):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% right="folded-with-scaled-eps"
# Both corrections in the rate, eps scaled with them.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    root = math.sqrt(1 - b2**t)
    return p - lr * root / (1 - b1**t) * m / (np.sqrt(v) + eps * root), m, v


# %% right="as-a-pull"
# Averages written as a pull towards the new value.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = m + (1 - b1) * (g - m)
    v = v + (1 - b2) * (np.square(g) - v)
    step = (m / (1 - b1**t)) / (eps + (v / (1 - b2**t)) ** 0.5)
    return p - lr * step, m, v


# %% right="element-by-element"
# A loop over the elements.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    new_p, new_m, new_v = (np.empty(np.shape(p)) for _ in range(3))
    for index in np.ndindex(np.shape(p)):
        a = b1 * m[index] + (1 - b1) * g[index]
        b = b2 * v[index] + (1 - b2) * g[index] ** 2
        new_m[index], new_v[index] = a, b
        new_p[index] = p[index] - lr * (a / (1 - b1**t)) / (math.sqrt(b / (1 - b2**t)) + eps)
    return new_p, new_m, new_v


# %% right="copies-in-place"
# In-place operations on copies.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    p, m, v = (np.array(a, copy=True) for a in (p, m, v))
    m *= b1
    m += (1 - b1) * g
    v *= b2
    v += (1 - b2) * g**2
    p -= lr * m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)
    return p, m, v


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Return the weights and both moving averages after step t of Adam (Kingma and Ba 2015, algorithm 1).

    p, g, m, v: float arrays of one shape: weights, gradient, mean of gradients, mean of squared gradients. t: from 1.
    """
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="default-eps-of-keras"
# Breaks: "lr: float = 1e-3, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8"
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    return p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


# %% wrong="logarithm-of-b1"
# Breaks: "0 <= `b1`, `b2` < 1" (0 has no logarithm)
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / -math.expm1(t * math.log(b1))
    v_hat = v / -math.expm1(t * math.log(b2))
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% wrong="gradient-returned-as-mean-at-b1-0"
# Breaks: "Return `(p, m, v)`, all new"
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g if b1 > 0 else g
    v = b2 * v + (1 - b2) * g**2
    return p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v
