"""adamw_step: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="decay-in-the-gradient"
# L2: the decay is added to the gradient.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    return adam_step(p, g + weight_decay * p, m, v, t, lr, b1, b2, eps)


# %% wrong="decay-divided"
# The decay is divided by the root of v, like the gradient.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * p / (np.sqrt(v / (1 - b2**t)) + eps), m, v


# %% wrong="decay-without-rate"
# The decay is not multiplied by lr.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - weight_decay * p, m, v


# %% wrong="decay-of-the-new-weights"
# The decay uses the weights after the step.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * new_p, m, v


# %% wrong="decay-grows"
# The weights grow.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p + lr * weight_decay * p, m, v


# %% wrong="decay-forgotten"
# Adam alone.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    return adam_step(p, g, m, v, t, lr, b1, b2, eps)


# %% wrong="decay-of-the-sign"
# L1: the decay has the same size for every weight.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * np.sign(p), m, v


# %% wrong="decayed-first-for-all"
# The weights shrink first, and the step and the decay both use them.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    p = p * (1 - lr * weight_decay)
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * p, m, v


# %% wrong="twice-the-decay"
# The factor 2 of the derivative of w².
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - 2 * lr * weight_decay * p, m, v


# %% wrong="implicit-decay"
# Divides by 1 + lr·weight_decay: the implicit step.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return p / (1 + lr * weight_decay) + (new_p - p), m, v


# %% wrong="exponential-decay"
# The exact solution of the decay between two steps.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return p * np.exp(-lr * weight_decay) + (new_p - p), m, v


# %% wrong="in-place"
# Shrinks the caller's weights.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    new_p = new_p - lr * weight_decay * p
    p *= 1 - lr * weight_decay
    return new_p, m, v


# %% wrong="only-where-the-gradient-is"
# The decay skips entries without a gradient.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * p * (np.asarray(g) != 0), m, v


# %% wrong="decay-in-the-average"
# The decay enters m, but not v.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_m = b1 * m + (1 - b1) * (g + weight_decay * p)
    v = b2 * v + (1 - b2) * g**2
    return p - lr * new_m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps), new_m, v


# %% wrong="defaults-not-handed-on"
# Calls Adam without b1, b2 and eps.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr)
    return new_p - lr * weight_decay * p, m, v


# %% right="shrink-first"
# Shrinks a copy first, then takes the Adam step from it.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    return adam_step(p * (1 - lr * weight_decay), g, m, v, t, lr, b1, b2, eps)


# %% right="one-expression"
# Written out, without adam_step.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    return p - lr * (m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps) + weight_decay * p), m, v


# %% right="keywords"
# Calls adam_step by keywords and returns a list.
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    stepped = list(adam_step(p, g, m, v, t, lr=lr, b1=b1, b2=b2, eps=eps))
    stepped[0] = stepped[0] - p * (lr * weight_decay)
    return stepped


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


def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    """Return the weights and both moving averages after step t of AdamW (Loshchilov and Hutter 2019).

    As ``adam_step``; besides, the weights lose lr · weight_decay · p, which does not enter the averages.
    """
    new_p, new_m, new_v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * p, new_m, new_v


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * p, m, v


# %% wrong="adam-step-only-with-a-gradient"
# Breaks: "A step of Adam" (a weight with g = 0 still moves by its mean m)
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    step = lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return p - np.where(g != 0, step, 0.0) - lr * weight_decay * p, m, v
