"""momentum_step: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="averaged-gradient"
# The gradient enters with 1 - beta, as in Adam's first average.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + (1 - beta) * g
    return p - lr * (g + beta * v if nesterov else v), v


# %% wrong="old-velocity-returned"
# The new velocity moves the weights and is then forgotten.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    new = beta * v + g
    return p - lr * (g + beta * new if nesterov else new), v


# %% wrong="old-velocity-moves"
# The weights move by the velocity of the step before.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    new = beta * v + g
    return p - lr * (g + beta * v if nesterov else v), new


# %% wrong="nesterov-with-the-old-velocity"
# Nesterov's direction is computed before the velocity is renewed.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    ahead = g + beta * v
    v = beta * v + g
    return p - lr * (ahead if nesterov else v), v


# %% wrong="nesterov-sign"
# The velocity is subtracted in Nesterov's direction.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + g
    return p - lr * (g - beta * v if nesterov else v), v


# %% wrong="rate-in-the-velocity"
# The velocity contains the learning rate.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + lr * g
    return p - (lr * g + beta * v if nesterov else v), v


# %% wrong="nesterov-ignored"
# The keyword changes nothing.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + g
    return p - lr * v, v


# %% wrong="ascent"
# The step goes uphill.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + g
    return p + lr * (g + beta * v if nesterov else v), v


# %% wrong="in-place"
# Writes into the caller's arrays.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v *= beta
    v += g
    p -= lr * (g + beta * v if nesterov else v)
    return p, v


# %% wrong="velocity-in-place"
# The velocity is renewed in the caller's array.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    np.multiply(v, beta, out=v)
    v += g
    return p - lr * (g + beta * v if nesterov else v), v.copy()


# %% wrong="swapped"
# Returns the velocity first.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + g
    return v, p - lr * (g + beta * v if nesterov else v)


# %% wrong="negative-velocity"
# The velocity points downhill and is returned so.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v - g
    return p + lr * (beta * v - g if nesterov else v), v


# %% wrong="nesterov-velocity-returned"
# With Nesterov the direction is returned as the velocity.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = beta * v + g
    if nesterov:
        v = g + beta * v
    return p - lr * v, v


# %% wrong="own-velocity"
# Keeps the velocity in a global variable: two trainings disturb each other.
kept = {}


def momentum_step(p, g, v, lr, beta, nesterov=False):
    v = kept.get(np.shape(p), v) if np.any(v) else v
    v = beta * v + g
    kept[np.shape(p)] = v
    return p - lr * (g + beta * v if nesterov else v), v


# %% wrong="one-axis"
# A loop over the first axis, which fails for a single number.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    new_p, new_v = np.zeros(p.shape), np.zeros(p.shape)
    for i in range(len(p)):
        new_v[i] = beta * v[i] + g[i]
        new_p[i] = p[i] - lr * (g[i] + beta * new_v[i] if nesterov else new_v[i])
    return new_p, new_v


# %% right="from-the-old-velocity"
# Nesterov written with the old velocity: (1 + beta) g + beta² v.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    direction = (1 + beta) * g + beta**2 * v if nesterov else beta * v + g
    return p - lr * direction, beta * v + g


# %% right="copies-in-place"
# In-place operations on copies.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    p, v = np.array(p, copy=True), np.array(v, copy=True)
    v *= beta
    v += g
    p -= lr * v if not nesterov else lr * (g + beta * v)
    return p, v


# %% right="element-by-element"
# A loop over the elements.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    new_p, new_v = np.empty(np.shape(p)), np.empty(np.shape(p))
    for index in np.ndindex(np.shape(p)):
        speed = beta * v[index] + g[index]
        new_v[index] = speed
        new_p[index] = p[index] - lr * (g[index] + beta * speed if nesterov else speed)
    return new_p, new_v


# %% right="branches"
# Two branches, a list of two as the result.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    new_v = np.add(np.multiply(beta, v), g)
    if nesterov:
        new_p = p - lr * g - lr * beta * new_v
    else:
        new_p = p - lr * new_v
    return [new_p, new_v]


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    """Return the weights and the velocity after one step of gradient descent with momentum.

    p, g, v: float arrays of one shape: weights, gradient, velocity. lr: learning rate. beta: in [0, 1).
    """
    velocity = beta * v + g
    direction = g + beta * velocity if nesterov else velocity
    return p - lr * direction, velocity


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def momentum_step(p, g, v, lr, beta, nesterov=False):
    new_v = beta * v + g
    direction = g + beta * new_v if nesterov else new_v
    return p - lr * direction, new_v


# %% wrong="gradient-returned-as-velocity-at-beta-0"
# Breaks: "Return `(p, v)`, both new."
def momentum_step(p, g, v, lr, beta, nesterov=False):
    if beta == 0:
        return p - lr * g, g  # plain descent
    new_v = beta * v + g
    direction = g + beta * new_v if nesterov else new_v
    return p - lr * direction, new_v


# %% wrong="remembers-the-velocity-itself"
# Breaks: "First the new velocity: v <- beta v + g." (with the v that is passed; two trainings in turn get mixed)
_velocity = {}


def momentum_step(p, g, v, lr, beta, nesterov=False):
    key = (np.shape(p), beta, nesterov)
    new_v = beta * _velocity.get(key, v) + g
    _velocity[key] = new_v
    direction = g + beta * new_v if nesterov else new_v
    return p - lr * direction, new_v.copy()
