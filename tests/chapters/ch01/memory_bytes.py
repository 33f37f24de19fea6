"""memory_bytes: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="one-slot-for-adam"
# Adam keeps two averages per parameter, not one.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 3}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="bits-for-bytes"
# Takes the number in the type's name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16, "int8": 8}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="gradients-forgotten"
# Weights and slots only.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 1, "momentum": 2, "adam": 3}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="gradients-for-inference"
# Counts a gradient although nothing is trained.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    slots = {"none": 0, "sgd": 0, "momentum": 1, "adam": 2}
    if dtype not in sizes or optimizer not in slots:
        raise ValueError
    return n_params * sizes[dtype] * (2 + slots[optimizer])


# %% wrong="megabytes"
# Divides by a million.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return n_params * sizes[dtype] * copies[optimizer] // 10**6


# %% wrong="rounded-by-a-detour-over-gigabytes"
# Computes in GB with floats and comes back: wrong in the last digits of large numbers.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return int(round(np.float32(n_params) * sizes[dtype] * copies[optimizer]))


# %% wrong="float-result"
# Halves are written as floats: the result is a float.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16, "int8": 8}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return n_params * sizes[dtype] / 8 * copies[optimizer]


# %% wrong="key-error-for-unknown-names"
# The dictionary raises KeyError.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="numpy-decides-what-is-valid"
# np.dtype knows int16 and complex64 too, and raises TypeError for the rest.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    size = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    if optimizer not in copies:
        raise ValueError(optimizer)
    return n_params * size * copies[optimizer]


# %% wrong="unknown-optimizer-like-sgd"
# get() with a default hides the unknown name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    if dtype not in sizes:
        raise ValueError(dtype)
    return n_params * sizes[dtype] * {"none": 1, "momentum": 3, "adam": 4}.get(optimizer, 2)


# %% wrong="no-slot-for-momentum"
# Takes momentum for a setting that needs no memory.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 2, "adam": 4}
    if dtype not in sizes or optimizer not in copies:
        raise ValueError
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="slots-always-float32"
# Keeps gradients and slots in float32, as mixed precision does; the statement says dtype.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    slots = {"none": None, "sgd": 0, "momentum": 1, "adam": 2}
    if dtype not in sizes or optimizer not in slots:
        raise ValueError
    if optimizer == "none":
        return n_params * sizes[dtype]
    return n_params * (2 * sizes[dtype] + 4 * slots[optimizer])


# %% right="numpy-item-size"
# np.dtype for the sizes, after checking the name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    valid = ("float64", "float32", "bfloat16", "float16", "int8")
    if dtype not in valid:
        raise ValueError(f"dtype must be one of {valid}")
    size = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    try:
        copies = 1 + ["none", "sgd", "momentum", "adam"].index(optimizer)
    except ValueError:
        raise
    return n_params * size * copies


# %% right="chain-of-ifs"
# Branch by branch.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
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
    gradients = weights
    if optimizer == "sgd":
        slots = 0
    elif optimizer == "momentum":
        slots = weights
    elif optimizer == "adam":
        slots = 2 * weights
    else:
        raise ValueError("optimizer")
    return weights + gradients + slots


# %% right="bits-shifted"
# The number in the name, shifted from bits to bytes; a NumPy integer.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    if dtype not in {"float64", "float32", "bfloat16", "float16", "int8"}:
        raise ValueError(dtype)
    bits = int("".join(c for c in dtype if c.isdigit()))
    try:
        copies = dict(none=1, sgd=2, momentum=3, adam=4)[optimizer]
    except KeyError as error:
        raise ValueError(f"unknown optimizer {optimizer}") from error
    return np.int64(n_params) * np.int64(bits >> 3) * np.int64(copies)


# %% right="integer-division-of-bits"
# Python integers are exact: multiply the bits first, divide at the end.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    bits = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16, "int8": 8}.get(dtype)
    held = {"none": "w", "sgd": "wg", "momentum": "wgm", "adam": "wgmv"}.get(optimizer)
    if bits is None or held is None:
        raise ValueError("unknown name")
    return n_params * bits * len(held) // 8


# %% wrong="empty-name-means-the-default"
# `dtype or "float32"`: an empty name is no name.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    dtype, optimizer = dtype or "float32", optimizer or "sgd"
    if dtype not in sizes or optimizer not in copies:
        raise ValueError("unknown name")
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="capitals-do-not-matter"
# Lower-cases the names first: "Adam" and "Float32" pass.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    dtype, optimizer = dtype.lower(), optimizer.lower()
    if dtype not in sizes or optimizer not in copies:
        raise ValueError("unknown name")
    return n_params * sizes[dtype] * copies[optimizer]


# %% wrong="names-by-their-beginning"
# startswith: "adamw" counts as Adam and "mom" as momentum.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    if dtype not in sizes:
        raise ValueError(dtype)
    for name, copies in (("none", 1), ("sgd", 2), ("momentum", 3), ("adam", 4)):
        if optimizer.startswith(name) or (optimizer and name.startswith(optimizer)):
            return n_params * sizes[dtype] * copies
    raise ValueError(optimizer)


# %% right="lists-by-position"
# Positions in two lists; list.index raises ValueError by itself.
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    size = (8, 4, 2, 2, 1)[["float64", "float32", "bfloat16", "float16", "int8"].index(dtype)]
    return (["none", "sgd", "momentum", "adam"].index(optimizer) + 1) * size * n_params
# %% wrong="product-of-floats"
# Multiplies as floats; beyond 2**53 parameters a byte is lost.
SIZES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
COPIES = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    if dtype not in SIZES or optimizer not in COPIES:
        raise ValueError
    return int(float(n_params) * SIZES[dtype] * COPIES[optimizer])
# %% wrong="nothing-costs-nothing"
# Returns 0 for no parameters before it looks at the names.
SIZES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
COPIES = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
def memory_bytes(n_params, dtype="float32", optimizer="sgd"):
    if n_params == 0:
        return 0
    if dtype not in SIZES or optimizer not in COPIES:
        raise ValueError
    return n_params * SIZES[dtype] * COPIES[optimizer]
