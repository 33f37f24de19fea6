"""memory_bytes: what learners write, right and wrong."""

# %%
import numpy as np

SIZES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
EXTRA = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}


# %% wrong="one-state-for-adam"
# Adam keeps two averages per parameter, not one.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    extra = {"none": 0, "sgd": 1, "momentum": 2, "adam": 2}
    return SIZES[dtype] * (n_params + extra[optimizer] * trained)



# %% wrong="bits-for-bytes"
# Takes the number in the type's name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return 8 * SIZES[dtype] * (n_params + EXTRA[optimizer] * trained)



# %% wrong="gradients-forgotten"
# Weights and states only.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    extra = {"none": 0, "sgd": 0, "momentum": 1, "adam": 2}
    return SIZES[dtype] * (n_params + extra[optimizer] * trained)



# %% wrong="gradients-for-inference"
# Counts a gradient although nothing is trained.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    extra = {"none": 1, "sgd": 1, "momentum": 2, "adam": 3}
    return SIZES[dtype] * (n_params + extra[optimizer] * trained)



# %% wrong="megabytes"
# Divides by a million.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (n_params + EXTRA[optimizer] * trained) // 10**6



# %% wrong="rounded-by-a-detour-over-gigabytes"
# Computes in GB with floats and comes back.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return int(round(np.float32(n_params) * SIZES[dtype]) + np.float32(trained) * SIZES[dtype] * EXTRA[optimizer])



# %% wrong="float-result"
# Halves are written as floats: the result is a float.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * 8 / 8 * (n_params + EXTRA[optimizer] * trained)



# %% wrong="key-error-for-unknown-names"
# The dictionary raises KeyError.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (n_params + EXTRA[optimizer] * trained)



# %% wrong="numpy-decides-what-is-valid"
# np.dtype knows int16 and complex64 too, and raises TypeError for the rest.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    size = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    if optimizer not in EXTRA:
        raise ValueError(optimizer)
    trained = n_params if n_trained is None else n_trained
    return size * (n_params + EXTRA[optimizer] * trained)



# %% wrong="unknown-optimizer-like-sgd"
# get() with a default hides the unknown name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES:
        raise ValueError(dtype)
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (n_params + EXTRA.get(optimizer, 1) * trained)



# %% wrong="no-state-for-momentum"
# Takes momentum for a setting that needs no memory.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    extra = {"none": 0, "sgd": 1, "momentum": 1, "adam": 3}
    return SIZES[dtype] * (n_params + extra[optimizer] * trained)



# %% wrong="states-always-float32"
# Keeps states in float32, as mixed precision does; the statement says dtype.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    states = max(EXTRA[optimizer] - 1, 0)
    return SIZES[dtype] * (n_params + min(EXTRA[optimizer], 1) * trained) + 4 * states * trained



# %% wrong="none-trained-means-all"
# `n_trained or n_params` takes 0 for None.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    return SIZES[dtype] * (n_params + EXTRA[optimizer] * (n_trained or n_params))



# %% wrong="frozen-parameters-vanish"
# Counts trained parameters only, weights included.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (1 + EXTRA[optimizer]) * trained



# %% wrong="n-trained-ignored"
# Trains everything, whatever was asked.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    return SIZES[dtype] * (1 + EXTRA[optimizer]) * n_params



# %% wrong="frozen-gradients-kept"
# Freezes the states only: every parameter keeps its gradient.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    if optimizer == "none":
        return SIZES[dtype] * n_params
    return SIZES[dtype] * (2 * n_params + (EXTRA[optimizer] - 1) * trained)



# %% wrong="adapters-on-top"
# Adds the trained parameters to the model: their weights count twice.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    if n_trained is None:
        return SIZES[dtype] * (1 + EXTRA[optimizer]) * n_params
    return SIZES[dtype] * (n_params + (1 + EXTRA[optimizer]) * n_trained)



# %% wrong="empty-name-means-the-default"
# `dtype or "float32"`: an empty name is no name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    dtype, optimizer = dtype or "float32", optimizer or "sgd"
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (n_params + EXTRA[optimizer] * trained)



# %% wrong="capitals-do-not-matter"
# Lower-cases the names first: "Adam" and "Float32" pass.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    dtype, optimizer = dtype.lower(), optimizer.lower()
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (n_params + EXTRA[optimizer] * trained)



# %% wrong="names-by-their-beginning"
# startswith: "adamw" counts as Adam and "mom" as momentum.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES:
        raise ValueError(dtype)
    trained = n_params if n_trained is None else n_trained
    for name, extra in EXTRA.items():
        if optimizer.startswith(name) or (optimizer and name.startswith(optimizer)):
            return SIZES[dtype] * (n_params + extra * trained)
    raise ValueError(optimizer)



# %% wrong="product-of-floats"
# Multiplies as floats; beyond 2**53 parameters a byte is lost.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return int(float(SIZES[dtype]) * (n_params + EXTRA[optimizer] * trained))



# %% wrong="nothing-costs-nothing"
# Returns 0 for no parameters before it looks at the names.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if n_params == 0:
        return 0
    if dtype not in SIZES or optimizer not in EXTRA:
        raise ValueError
    trained = n_params if n_trained is None else n_trained
    return SIZES[dtype] * (n_params + EXTRA[optimizer] * trained)



# %% right="numpy-item-size"
# np.dtype for the sizes, after checking the name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    valid = ("float64", "float32", "bfloat16", "float16", "int8")
    if dtype not in valid:
        raise ValueError(f"dtype must be one of {valid}")
    size = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    extra = ["none", "sgd", "momentum", "adam"].index(optimizer)
    if n_trained is None:
        n_trained = n_params
    return n_params * size + n_trained * size * extra



# %% right="chain-of-ifs"
# Branch by branch.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype == "float64":
        s = 8
    elif dtype == "float32":
        s = 4
    elif dtype in ("bfloat16", "float16"):
        s = 2
    elif dtype == "int8":
        s = 1
    else:
        raise ValueError("dtype")
    weights = s * n_params
    if optimizer == "none":
        return weights
    gradients = weights if n_trained is None else s * n_trained
    if optimizer == "sgd":
        states = 0
    elif optimizer == "momentum":
        states = gradients
    elif optimizer == "adam":
        states = 2 * gradients
    else:
        raise ValueError("optimizer")
    return weights + gradients + states



# %% right="bits-shifted"
# The number in the name, shifted from bits to bytes; a NumPy integer.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    if dtype not in {"float64", "float32", "bfloat16", "float16", "int8"}:
        raise ValueError(dtype)
    bits = int("".join(c for c in dtype if c.isdigit()))
    try:
        copies = dict(none=0, sgd=1, momentum=2, adam=3)[optimizer]
    except KeyError as error:
        raise ValueError(f"unknown optimizer {optimizer}") from error
    trained = n_params if n_trained is None else n_trained
    return (np.int64(n_params) + np.int64(copies) * np.int64(trained)) * np.int64(bits >> 3)



# %% right="frozen-and-trained-apart"
# Two groups of parameters, each with its copies.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    bits = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16, "int8": 8}.get(dtype)
    held = {"none": "w", "sgd": "wg", "momentum": "wgm", "adam": "wgmv"}.get(optimizer)
    if bits is None or held is None:
        raise ValueError("unknown name")
    n_trained = n_params if n_trained is None else n_trained
    frozen = n_params - n_trained
    return (frozen + n_trained * len(held)) * bits // 8


# %% right="reader-zh"
# How: two dictionaries and explicit checks.
def memory_bytes(n_params: int, dtype: str = "float32", optimizer: str = "sgd", n_trained: int | None = None) -> int:
    """Return the bytes that weights, gradients and optimizer states take."""
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}  # the gradient and the states
    if dtype not in sizes:
        raise ValueError(f"unknown dtype: {dtype!r}")
    if optimizer not in copies:
        raise ValueError(f"unknown optimizer: {optimizer!r}")
    trained = n_params if n_trained is None else n_trained
    return sizes[dtype] * (n_params + copies[optimizer] * trained)


# %% right="reader-en"
# two dictionaries, integer arithmetic
def memory_bytes(n_params: int, dtype: str = "float32", optimizer: str = "sgd", n_trained: int | None = None) -> int:
    """Return the bytes that weights, gradients and optimizer states take."""
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}  # gradient + states
    if dtype not in sizes:
        raise ValueError(f"unknown dtype {dtype!r}")
    if optimizer not in copies:
        raise ValueError(f"unknown optimizer {optimizer!r}")
    trained = n_params if n_trained is None else n_trained
    return sizes[dtype] * (int(n_params) + copies[optimizer] * int(trained))


# %% wrong="none-object-is-inference"
# None counts as "none".
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    size = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}
    optimizer = 'none' if optimizer is None else optimizer
    if dtype not in size or optimizer not in copies:
        raise ValueError("unknown name")
    trained = n_params if n_trained is None else n_trained
    return size[dtype] * (n_params + copies[optimizer] * trained)


# %% wrong="optimizer-unchecked-if-nothing-is-trained"
# Returns before the optimizer is looked at.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    size = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}
    if n_trained == 0 and dtype in size:
        return size[dtype] * n_params
    if dtype not in size or optimizer not in copies:
        raise ValueError("unknown name")
    trained = n_params if n_trained is None else n_trained
    return size[dtype] * (n_params + copies[optimizer] * trained)


# %% wrong="inference-with-any-type"
# Asks NumPy for unknown types where nothing is trained.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    size = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}
    if optimizer == 'none' and dtype not in size and dtype in ('int16', 'int32', 'int64', 'float'):
        return np.dtype(dtype).itemsize * n_params
    if dtype not in size or optimizer not in copies:
        raise ValueError("unknown name")
    trained = n_params if n_trained is None else n_trained
    return size[dtype] * (n_params + copies[optimizer] * trained)


# %% right="bits-and-sums"
# Bits, and one sum over the copies.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    names = ("float64", "float32", "bfloat16", "float16", "int8")
    uses = ("none", "sgd", "momentum", "adam")
    size, copies = (8, 4, 2, 2, 1)[names.index(dtype)], uses.index(optimizer)
    total = size * n_params
    for _ in range(copies):
        total += size * (n_params if n_trained is None else n_trained)
    return total


# %% right="fractions"
# Exact fractions.
def memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None):
    from fractions import Fraction
    try:
        bits = dict(float64=64, float32=32, bfloat16=16, float16=16, int8=8)[dtype]
        copies = dict(none=0, sgd=1, momentum=2, adam=3)[optimizer]
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    trained = n_params if n_trained is None else n_trained
    return int(Fraction(bits, 8) * (n_params + copies * trained))
