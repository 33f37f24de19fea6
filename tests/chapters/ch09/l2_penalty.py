"""l2_penalty: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="value-without-half"
# λ·Σw² in the value, λ·W in the gradient.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="gradient-of-the-other-convention"
# ½ in the value, 2λ·W in the gradient.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = 2 * lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="half-in-the-gradient"
# The ½ is not cancelled by the square.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = 0.5 * lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="other-convention-in-both"
# λ·Σw² and 2λ·W: consistent, and not what was asked for.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += lam * float(np.sum(array**2))
            grads[key] = 2 * lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="biases-too"
# Biases are pulled to zero as well.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if True:
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="biases-in-the-value-only"
# The value counts biases, the gradient does not.
def l2_penalty(params, lam):
    value = 0.5 * lam * sum(float(np.sum(np.asarray(a, np.float64) ** 2)) for a in params.values())
    return value, {
        k: lam * np.asarray(a, np.float64) if k.startswith("W") else np.zeros(np.shape(a)) for k, a in params.items()
    }


# %% wrong="norm-without-square"
# ½·λ·‖W‖ in place of ½·λ·‖W‖².
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sqrt(np.sum(array**2)))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="mean-of-squares"
# The mean over the entries, so that large matrices are pulled less.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.mean(array**2))
            grads[key] = lam * array / array.size
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="absolute-values"
# The L1 penalty.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += lam * float(np.sum(np.abs(array)))
            grads[key] = lam * np.sign(array)
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="bias-keys-missing"
# Only the weights have an entry.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
    return value, grads


# %% wrong="scalar-zeros"
# 0.0 for biases, whatever their shape.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = 0.0
    return value, grads


# %% wrong="nothing-for-biases"
# None for biases.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = None
    return value, grads


# %% wrong="all-but-b"
# Takes every key that does not begin with b for a weight.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if not key.startswith("b"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="any-case"
# Takes w for W.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.upper().startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="w-anywhere"
# A W anywhere in the key.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if "W" in key:
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="matrices-only"
# Takes arrays with two axes for weights.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if array.ndim == 2:
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="ndim-above-one"
# Weights are what has more than one axis.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W") and array.ndim > 1:
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="float16-overflows"
# Computes in the arrays' own dtype.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    with np.errstate(over="ignore"):
        for key, array in params.items():
            if key.startswith("W"):
                value += 0.5 * lam * float(np.sum(array**2))
                grads[key] = lam * array
            else:
                grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="last-matrix-only"
# = in place of +=.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value = 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="decays-in-place"
# Updates the weights, too.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
            params[key] -= grads[key]
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% wrong="gradients-alone"
# Forgets the value.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.sum(array**2))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return grads


# %% right="vdot"
# np.vdot of an array with itself.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * float(np.vdot(array, array))
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% right="flatten-and-concatenate"
# One long vector of all weights.
def l2_penalty(params, lam):
    flat = [np.ravel(a).astype(np.float64) for k, a in params.items() if k[:1] == "W"]
    w = np.concatenate(flat) if flat else np.zeros(0)
    grads = {k: np.asarray(a, dtype=np.float64) * (lam if k[:1] == "W" else 0.0) for k, a in params.items()}
    return lam / 2 * (w @ w), grads


# %% right="loops"
# Entry by entry, in Python floats.
def l2_penalty(params, lam):
    total = 0.0
    grads = {}
    for name in params:
        grads[name] = np.zeros(np.shape(params[name]))
        if name.startswith("W"):
            for place in np.ndindex(grads[name].shape):
                w = float(params[name][place])
                total += w * w
                grads[name][place] = lam * w
    return lam * total / 2, grads


# %% right="norm-squared"
# The norm of the flattened array, squared.
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for key, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if key.startswith("W"):
            value += 0.5 * lam * np.linalg.norm(array.ravel()) ** 2
            grads[key] = lam * array
        else:
            grads[key] = np.zeros_like(array)
    return value, grads


# %% right="comprehensions"
# A sum and a dict, each in one line.
def l2_penalty(params, lam):
    wide = {k: np.array(a, dtype=np.float64) for k, a in params.items()}
    value = sum(((a * a).sum() for k, a in wide.items() if k.startswith("W")), 0.0)
    return 0.5 * lam * value, {k: lam * a if k.startswith("W") else np.full(a.shape, 0.0) for k, a in wide.items()}


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def l2_penalty(params, lam):
    """Return ½·lam·Σw² over the arrays whose key begins with W, a float, and its gradients under all keys of params."""
    value, grads = 0.0, {}
    for name, array in params.items():
        w = np.asarray(array, dtype=np.float64)
        if name.startswith("W"):
            value += 0.5 * lam * float(np.sum(w * w))
            grads[name] = np.asarray(lam * w)
        else:
            grads[name] = np.zeros(w.shape)
    return value, grads


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def l2_penalty(params, lam):
    """Return ½·lam·Σw² over the arrays whose key begins with W, a float, and its gradients under all keys of params."""
    total, grads = 0.0, {}
    for name, array in params.items():
        w = np.asarray(array, dtype=np.float64)
        if name.startswith("W"):
            total += float(np.sum(w * w))
            grads[name] = np.asarray(lam * w)
        else:
            grads[name] = np.zeros(w.shape)
    return 0.5 * float(lam) * total, grads


# %% wrong="gradient-in-own-dtype"
# Breaks: "Compute in float64, whatever the dtype of the arrays." (the gradient is rounded back to the array's dtype.)
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for name, array in params.items():
        wide = np.asarray(array, dtype=np.float64)
        if name.startswith("W"):
            value += 0.5 * lam * np.sum(wide**2)
            grads[name] = (lam * wide).astype(array.dtype if array.dtype.kind == "f" else float)
        else:
            grads[name] = np.zeros(array.shape)
    return float(value), grads


# %% wrong="any-upper-case-key"
# Breaks: "The sum runs over the arrays whose key begins with an upper-case W." (any upper-case letter counts: "B", "Gamma".)
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for name, array in params.items():
        array = np.asarray(array, dtype=np.float64)
        if name[:1].isupper():
            value += 0.5 * lam * np.sum(array**2)
            grads[name] = lam * array
        else:
            grads[name] = np.zeros_like(array)
    return float(value), grads


# %% wrong="converts-the-dict-itself"
# Breaks: "Leave params and its arrays as they are." (the entries of params are replaced by float64 arrays.)
def l2_penalty(params, lam):
    value, grads = 0.0, {}
    for name in params:
        params[name] = np.asarray(params[name], dtype=np.float64)
        if name.startswith("W"):
            value += 0.5 * lam * np.sum(params[name] ** 2)
            grads[name] = lam * params[name]
        else:
            grads[name] = np.zeros_like(params[name])
    return float(value), grads
