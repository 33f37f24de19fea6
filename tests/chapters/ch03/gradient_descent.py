"""gradient_descent: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="ascent"
# Adds the gradient.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta + lr * g
        history.append(theta)
    return history


# %% wrong="in-place-update"
# theta −= … changes the array that is already in the list: all entries are the last point.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta -= lr * g
        history.append(theta)
    return history


# %% wrong="changes-theta0"
# Works in the caller's array (history copies are right).
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = theta0 if theta0.dtype == float else theta0.astype(float)
    history = [theta.copy()]
    for _ in range(steps):
        g = grad(theta.copy())
        if np.linalg.norm(g) <= tol:
            break
        theta -= lr * g
        history.append(theta.copy())
    return history


# %% wrong="start-missing"
# One entry too few: θ₀ is not recorded.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = []
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% wrong="one-update-too-many"
# range(steps + 1): one entry too many.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps + 1):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% wrong="last-point-missing"
# Records before the update, so the last point is never recorded.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = []
    for _ in range(steps):
        history.append(theta)
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            return history
        theta = theta - lr * g
    return history


# %% wrong="stops-on-the-change-of-theta"
# ‖Δθ‖ = lr·‖∇J‖: a small rate stops it too early.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        new = theta - lr * grad(theta)
        if np.linalg.norm(new - theta) <= tol:
            break
        theta = new
        history.append(theta)
    return history


# %% wrong="tolerance-ignored"
# Always makes all the steps.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        theta = theta - lr * grad(theta)
        history.append(theta)
    return history


# %% wrong="integer-truncation"
# Keeps the integer dtype of θ₀.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    history = np.zeros((steps + 1, len(theta0)), dtype=theta0.dtype)
    history[0] = theta0
    for k in range(steps):
        g = grad(history[k])
        if np.linalg.norm(g) <= tol:
            return history[: k + 1]
        history[k + 1] = history[k] - lr * g
    return history


# %% wrong="largest-component"
# Compares the largest component instead of the 2-norm.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.max(np.abs(g)) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% wrong="strictly-less"
# < instead of ≤: an exactly zero gradient with tol = 0 does not stop it.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) < tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% wrong="tests-after-the-update"
# Looks at the old gradient after the step: one entry too many.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        theta = theta - lr * g
        history.append(theta)
        if np.linalg.norm(g) <= tol:
            break
    return history


# %% wrong="evaluates-twice"
# One call for the test, another for the update.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        if np.linalg.norm(grad(theta)) <= tol:
            break
        theta = theta - lr * grad(theta)
        history.append(theta)
    return history


# %% wrong="only-the-last-point"
# Returns the end instead of the history.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
    return theta


# %% wrong="learning-rate-decays"
# Another algorithm: the rate shrinks with the step.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for k in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr / (1 + 0.01 * k) * g
        history.append(theta)
    return history


# %% wrong="normalised-gradient"
# Divides by the norm: steps of constant length.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g / max(np.linalg.norm(g), 1e-300)
        history.append(theta)
    return history


# %% right="while-loop"
# Counts by the length of the history; entries are copies of one working array.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.asarray(theta0).astype(np.float64)
    history = [theta.copy()]
    while len(history) <= steps:
        g = np.asarray(grad(theta))
        if np.sqrt(np.sum(g**2)) <= tol:
            break
        theta -= lr * g
        history.append(theta.copy())
    return history


# %% right="preallocated-array"
# Returns an array (len, d).
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    points = np.empty((steps + 1, np.size(theta0)))
    points[0] = theta0
    for k in range(steps):
        g = grad(points[k])
        if g @ g <= tol * tol:
            return points[: k + 1]
        points[k + 1] = points[k] - lr * g
    return points


# %% right="recursion"
# The history of the rest, behind the first point; θ₀ keeps its dtype in the first entry.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    if steps == 0:
        return [np.array(theta0)]
    g = grad(np.array(theta0))
    if np.linalg.norm(g) <= tol:
        return [np.array(theta0)]
    return [np.array(theta0)] + gradient_descent(grad, theta0 - lr * g, lr, steps - 1, tol)


# %% right="gradient-also-at-the-last-point"
# Evaluates at every recorded point, the last one included; a tuple of rows.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    history = [np.array(theta0, dtype=float)]
    g = grad(history[-1])
    while not np.linalg.norm(g) <= tol and len(history) < steps + 1:
        history.append(history[-1] - lr * g)
        g = grad(history[-1])
    return tuple(history)


# %% right="generator-inside"
# A generator of points, turned into a list.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    def points():
        theta = np.array(theta0, dtype=float)
        yield theta
        for _ in range(steps):
            g = np.array(grad(theta), dtype=float)
            if float(np.linalg.norm(g, ord=2)) <= tol:
                return
            theta = np.add(theta, np.multiply(-lr, g))
            yield theta

    return list(points())


# %% wrong="stops-when-it-diverges"
# Gives up as soon as the numbers become large.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol or np.linalg.norm(g) > 1e6:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% wrong="stops-when-nothing-moves"
# A convergence test of its own beside tol.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        new = theta - lr * g
        if lr > 0 and np.allclose(new, theta):
            break
        theta = new
        history.append(theta)
    return history


# %% wrong="zero-tolerance-taken-for-none"
# `tol or 1e-6`: a tolerance of zero becomes one of a millionth.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    while len(history) <= steps:
        g = grad(theta)
        if np.linalg.norm(g) <= (tol or 1e-6):
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% right="reader-zh"
# gradient, test, new array, record; first try, no hint
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    """Return the list θ₀, θ₁, … of θ ← θ − lr·grad(θ); stop at ‖grad(θ)‖₂ ≤ tol or after ``steps`` updates."""
    theta = np.array(theta0, dtype=np.float64)
    history = [theta]
    for _ in range(steps):
        g = np.asarray(grad(theta), dtype=np.float64)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% right="reader-en"
# loop: gradient, test of the norm, new array
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    """Return the list θ₀, θ₁, … of θ ← θ − lr·grad(θ); stop at ‖grad(θ)‖₂ ≤ tol or after ``steps`` updates."""
    theta = np.array(theta0, dtype=np.float64)
    history = [theta]
    for _ in range(steps):
        g = np.asarray(grad(theta.copy()), dtype=np.float64)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% wrong="at-most-100-steps"
# A limit of its own.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(min(steps, 100)):
        g = np.asarray(grad(theta), dtype=float)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history


# %% right="generator"
# A generator of points.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    def path(theta):
        yield theta
        for _ in range(steps):
            g = np.asarray(grad(theta))
            if math.hypot(*map(float, g)) <= tol:
                return
            theta = theta + (-lr) * g
            yield theta
    return tuple(path(np.asarray(theta0).astype(float)))


# %% right="table-with-last-evaluation"
# A table; evaluates the last point, too.
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    table = np.empty((steps + 1, len(theta0)))
    table[0] = theta0
    k = 0
    while True:
        g = np.asarray(grad(table[k].copy()))
        if k == steps or np.sqrt(g @ g) <= tol:
            return table[:k + 1]
        table[k + 1] = table[k] - lr * g
        k += 1
