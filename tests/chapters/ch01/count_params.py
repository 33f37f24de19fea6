"""count_params: what learners write, right and wrong."""

# %%
import keras
import numpy as np


# %% wrong="biases-forgotten"
# Counts weights only, whatever use_bias says.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            _, k, c_in, c_out = layer
            kh, kw = (k, k) if isinstance(k, int) else k
            total += kh * kw * c_in * c_out
        elif layer[0] == "dense":
            total += layer[1] * layer[2]
    return total


# %% wrong="window-not-squared"
# A k×k window has k² positions, not k.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            _, k, c_in, c_out = layer
            size = k if isinstance(k, int) else k[0] * k[1]
            total += size * c_in * c_out + (c_out if use_bias else 0)
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
    return total


# %% wrong="window-forgotten"
# Treats a convolution like a dense layer on the channels.
def count_params(layers, use_bias=True):
    return sum((layer[-2] + use_bias) * layer[-1] for layer in layers if layer[0] in ("conv", "dense"))


# %% wrong="bias-per-input-channel"
# One bias per input instead of one per filter or neuron.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            _, k, c_in, c_out = layer
            kh, kw = (k, k) if isinstance(k, int) else k
            total += kh * kw * c_in * c_out + (c_in if use_bias else 0)
        elif layer[0] == "dense":
            total += layer[1] * layer[2] + (layer[1] if use_bias else 0)
    return total


# %% wrong="bias-per-window-and-filter"
# Gives every pair of channels a bias of its own: (k² + 1)·c_in·c_out.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            _, k, c_in, c_out = layer
            kh, kw = (k, k) if isinstance(k, int) else k
            total += (kh * kw + use_bias) * c_in * c_out
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
    return total


# %% wrong="pooling-counted"
# Counts the k·k window of a pooling layer.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] in ("conv", "pool"):
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
        if layer[0] == "conv":
            total += (kh * kw * layer[2] + use_bias) * layer[3]
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
        elif layer[0] == "pool":
            total += kh * kw
    return total


# %% wrong="use-bias-ignored"
# Always counts biases.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
            total += (kh * kw * layer[2] + 1) * layer[3]
        elif layer[0] == "dense":
            total += (layer[1] + 1) * layer[2]
    return total


# %% wrong="sum-instead-of-product"
# Adds the sizes of a dense layer instead of multiplying them.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
            total += (kh * kw * layer[2] + use_bias) * layer[3]
        elif layer[0] == "dense":
            total += layer[1] + layer[2] + (layer[2] if use_bias else 0)
    return total


# %% wrong="window-assumed-square"
# Takes kh for both sides of a window (kh, kw).
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            k = layer[1] if isinstance(layer[1], int) else layer[1][0]
            total += (k * k * layer[2] + use_bias) * layer[3]
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
    return total


# %% wrong="only-the-last-layer"
# Overwrites the total instead of adding to it.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
            total = (kh * kw * layer[2] + use_bias) * layer[3]
        elif layer[0] == "dense":
            total = (layer[1] + use_bias) * layer[2]
    return total


# %% wrong="float-result"
# np.prod of a list with a float size gives a float.
def count_params(layers, use_bias=True):
    total = 0.0
    for layer in layers:
        if layer[0] == "conv":
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
            total += (kh * kw * layer[2] + use_bias) * layer[3]
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
    return total


# %% wrong="dense-biases-only"
# Forgets that convolutions have biases too.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
            total += kh * kw * layer[2] * layer[3]
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
    return total


# %% wrong="input-changed"
# Empties the list while counting.
def count_params(layers, use_bias=True):
    total = 0
    while layers:
        layer = layers.pop()
        if layer[0] == "conv":
            kh, kw = (layer[1], layer[1]) if isinstance(layer[1], int) else layer[1]
            total += (kh * kw * layer[2] + use_bias) * layer[3]
        elif layer[0] == "dense":
            total += (layer[1] + use_bias) * layer[2]
    return total


# %% right="keras-layers"
# Builds each layer in Keras and asks it.
def count_params(layers, use_bias=True):
    total = 0
    for kind, *sizes in layers:
        if kind == "conv":
            k, c_in, c_out = sizes
            layer = keras.layers.Conv2D(c_out, k, use_bias=use_bias)
            layer.build((None, None, None, c_in))
        elif kind == "dense":
            layer = keras.layers.Dense(sizes[1], use_bias=use_bias)
            layer.build((None, sizes[0]))
        else:
            continue
        total += layer.count_params()
    return total


# %% right="weight-shapes"
# Lists the shapes of all weights and adds their products; a NumPy integer.
def count_params(layers, use_bias=True):
    shapes = []
    for layer in layers:
        if layer[0] == "conv":
            k = layer[1] if isinstance(layer[1], tuple) else (layer[1], layer[1])
            shapes.append((*k, layer[2], layer[3]))
        elif layer[0] == "dense":
            shapes.append(layer[1:])
        else:
            continue
        if use_bias:
            shapes.append((layer[-1],))
    return np.sum([np.prod(shape) for shape in shapes], dtype=np.int64) if shapes else np.int64(0)


# %% right="recursion"
# The first layer and the rest.
def count_params(layers, use_bias=True):
    if not layers:
        return 0
    first, rest = layers[0], layers[1:]
    match first:
        case ("conv", (kh, kw), c_in, c_out):
            here = kh * kw * c_in * c_out + int(use_bias) * c_out
        case ("conv", k, c_in, c_out):
            here = k**2 * c_in * c_out + int(use_bias) * c_out
        case ("dense", n_in, n_out):
            here = n_in * n_out + int(use_bias) * n_out
        case _:
            here = 0
    return here + count_params(rest, use_bias)


# %% right="table-of-functions"
# One function per kind, in a dictionary.
def count_params(layers, use_bias=True):
    def conv(k, c_in, c_out):
        area = int(np.prod(np.broadcast_to(k, 2)))
        return area * c_in * c_out + (c_out if use_bias else 0)

    def dense(n_in, n_out):
        return n_in * n_out + (n_out if use_bias else 0)

    rules = {"conv": conv, "dense": dense, "pool": lambda k: 0, "flatten": lambda: 0}
    return sum(rules[kind](*sizes) for kind, *sizes in layers)


# %% wrong="equal-layers-once"
# A set of the layers counts equal ones once.
def count_params(layers, use_bias=True):
    total = 0
    for kind, *sizes in set(layers):
        if kind == "conv":
            k, c_in, c_out = sizes
            kh, kw = (k, k) if isinstance(k, int) else k
            total += (kh * kw * c_in + use_bias) * c_out
        elif kind == "dense":
            total += (sizes[0] + use_bias) * sizes[1]
    return int(total)


# %% wrong="one-entry-per-layer"
# A dictionary from layer to count: a second equal layer overwrites the first.
def count_params(layers, use_bias=True):
    counts = {}
    for layer in layers:
        if layer[0] == "dense":
            counts[layer] = layer[1] * layer[2] + use_bias * layer[2]
        elif layer[0] == "conv":
            kh, kw = layer[1] if isinstance(layer[1], tuple) else (layer[1], layer[1])
            counts[layer] = kh * kw * layer[2] * layer[3] + use_bias * layer[3]
    return int(sum(counts.values()))


# %% wrong="input-changed-without-biases"
# Only the branch without biases empties the list.
def count_params(layers, use_bias=True):
    total = 0
    for kind, *sizes in list(layers):
        if kind == "conv":
            k, c_in, c_out = sizes
            kh, kw = (k, k) if isinstance(k, int) else k
            total += (kh * kw * c_in + use_bias) * c_out
        elif kind == "dense":
            total += (sizes[0] + use_bias) * sizes[1]
    if not use_bias:
        layers.clear()
    return int(total)


# %% right="match-statement"
# Patterns instead of indices.
def count_params(layers, use_bias=True):
    total, one = 0, 1 if use_bias else 0
    for layer in layers:
        match layer:
            case ("conv", (kh, kw), a, c):
                total += c * (kh * kw * a + one)
            case ("conv", k, a, c):
                total += c * (k * k * a + one)
            case ("dense", a, c):
                total += c * (a + one)
    return total


# %% right="reader-zh"
# How: formula per kind of layer in integers.
def count_params(layers: list[tuple], use_bias: bool = True) -> int:
    """Return the number of parameters of a stack of layers."""
    bias, total = int(bool(use_bias)), 0
    for kind, *sizes in layers:
        if kind == "conv":
            k, c_in, c_out = sizes
            kh, kw = (k, k) if isinstance(k, (int, np.integer)) else k
            total += (kh * kw * c_in + bias) * c_out
        elif kind == "dense":
            n_in, n_out = sizes
            total += (n_in + bias) * n_out
    return total


# %% right="reader-en"
# one formula per kind, int k becomes (k, k)
def count_params(layers: list[tuple], use_bias: bool = True) -> int:
    """Return the number of parameters of a stack of layers."""
    bias = 1 if use_bias else 0
    total = 0
    for kind, *sizes in layers:
        if kind == "conv":
            k, c_in, c_out = sizes
            kh, kw = (k, k) if np.ndim(k) == 0 else k
            total += (int(kh) * int(kw) * int(c_in) + bias) * int(c_out)
        elif kind == "dense":
            n_in, n_out = sizes
            total += (int(n_in) + bias) * int(n_out)
    return total


# %% wrong="repeated-layers-further-on-shared"
# A layer seen before counts once, unless it follows at once.
def count_params(layers, use_bias=True):
    total, seen, last = 0, set(), None
    for layer in layers:
        shared = layer in seen and layer != last
        seen.add(layer)
        last = layer
        if shared:
            continue
        if layer[0] == "conv":
            k, c_in, c_out = layer[1:]
            kh, kw = (k, k) if isinstance(k, int) else k
            total += (kh * kw * c_in + bool(use_bias)) * c_out
        elif layer[0] == "dense":
            total += (layer[1] + bool(use_bias)) * layer[2]
    return total


# %% wrong="stops-at-the-second-pooling"
# Leaves out everything behind the third pooling.
def count_params(layers, use_bias=True):
    total, pools = 0, 0
    for kind, *sizes in layers:
        if kind == "conv":
            k, c_in, c_out = sizes
            kh, kw = (k, k) if isinstance(k, int) else k
            total += (kh * kw * c_in + bool(use_bias)) * c_out
        elif kind == "pool":
            pools += 1
            if pools == 3:
                break
        elif kind == "dense":
            total += (sizes[0] + bool(use_bias)) * sizes[1]
    return total


# %% right="match-numpy-integer"
# match, a table of weights and biases, a NumPy integer.
def count_params(layers, use_bias=True):
    def one(layer):
        match layer:
            case ("conv", (kh, kw), c, f):
                return kh * kw * c * f, f
            case ("conv", k, c, f):
                return k * k * c * f, f
            case ("dense", a, b):
                return a * b, b
        return 0, 0
    table = np.array([one(layer) for layer in layers] or [(0, 0)], dtype=np.int64)
    return table[:, 0].sum() + (table[:, 1].sum() if use_bias else 0)


# %% right="keras-counts"
# Keras builds each layer and counts.
def count_params(layers, use_bias=True):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            built = keras.layers.Conv2D(layer[3], layer[1], use_bias=bool(use_bias))
            built.build((None, 64, 64, layer[2]))
            total += built.count_params()
        elif layer[0] == "dense":
            built = keras.layers.Dense(layer[2], use_bias=bool(use_bias))
            built.build((None, layer[1]))
            total += built.count_params()
    return int(total)
