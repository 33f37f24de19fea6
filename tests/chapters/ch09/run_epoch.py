"""run_epoch: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="augments-validation"
# The validation pictures are changed, too.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](tools["augment"](x_val), y_val, False)}


# %% wrong="validates-in-training-mode"
# Dropout acts in validation.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, True)}


# %% wrong="as-the-suspect"
# All four faults at once.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    losses = []
    for start in range(0, len(x) - batch_size + 1, batch_size):
        losses.append(tools["step"](tools["augment"](x[start : start + batch_size]), y[start : start + batch_size]))
    return {
        "train_loss": float(np.mean(losses)),
        "val_loss": tools["loss"](tools["augment"](x_val), y_val, training=True),
    }


# %% wrong="trains-on-validation"
# `step` measures the validation loss, and learns from it.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["step"](x_val, y_val)}


# %% wrong="trains-on-both"
# The validation rows are trained on as well.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    tools["step"](tools["augment"](x_val), y_val)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="mean-of-batch-means"
# A short last batch counts as much as a full one.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows])
    return {"train_loss": total / -(-len(x) // batch_size), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="weighted-by-batch-size"
# The last batch counts as if it were full.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * batch_size
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="tail-dropped"
# The last rows never train.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, max(len(x) - batch_size + 1, 1), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {
        "train_loss": total / max(len(x) // batch_size * batch_size, min(len(x), batch_size)),
        "val_loss": tools["loss"](x_val, y_val, False),
    }


# %% wrong="discards-the-augmented"
# Augments, and trains on the originals.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](x[rows], y[rows]) * len(rows)
        tools["augment"](x[rows])
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="never-augments"
# `augment` is not called.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](x[rows], y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="augments-twice"
# The whole set, and each batch again.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    x = tools["augment"](x)
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="mixed-up-labels"
# Shuffles the pictures, not the labels.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[start : start + batch_size]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="two-orders"
# Pictures and labels are shuffled separately.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    other = rng.permutation(len(x))
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[other[start : start + batch_size]]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="draws-with-repetition"
# Some rows train twice, others never.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.integers(0, len(x), len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="validates-first"
# Measures the weights of before the epoch.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    val_loss = tools["loss"](x_val, y_val, False)
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": val_loss}


# %% wrong="train-loss-by-evaluation"
# Evaluates the training rows in place of averaging what `step` returned.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": tools["loss"](x, y, False), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="validation-tail-dropped"
# The last validation rows are left out.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {
        "train_loss": total / len(x),
        "val_loss": float(
            np.mean(
                [
                    tools["loss"](x_val[s : s + batch_size], y_val[s : s + batch_size], False)
                    for s in range(0, max(len(x_val) - batch_size + 1, 1), batch_size)
                ]
            )
        ),
    }


# %% wrong="validation-unweighted"
# Batches of validation rows, averaged without weights.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {
        "train_loss": total / len(x),
        "val_loss": float(
            np.mean(
                [
                    tools["loss"](x_val[s : s + batch_size], y_val[s : s + batch_size], False)
                    for s in range(0, len(x_val), batch_size)
                ]
            )
        ),
    }


# %% wrong="one-batch"
# The whole set in one step.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in (0,):
        rows = order
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="totals"
# Sums in place of means.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total, "val_loss": tools["loss"](x_val, y_val, False)}


# %% wrong="shuffles-in-place"
# Shuffles the caller's arrays.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = np.arange(len(x)), 0.0
    mixed = rng.permutation(len(x))
    x[:], y[:] = x[mixed], y[mixed]
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% right="sums-divided-at-the-end"
# Augments each batch, adds up, divides.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    return {"train_loss": total / len(x), "val_loss": tools["loss"](x_val, y_val, False)}


# %% right="augments-the-whole-set"
# One call of `augment` for all rows, no shuffling.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    changed = tools["augment"](x)
    losses, sizes = [], []
    for start in range(0, len(x), batch_size):
        part = slice(start, start + batch_size)
        losses.append(tools["step"](changed[part], y[part]))
        sizes.append(len(y[part]))
    return {
        "train_loss": float(np.average(losses, weights=sizes)),
        "val_loss": float(tools["loss"](x_val, y_val, training=False)),
    }


# %% right="validation-in-batches"
# Validation by batches, weighted by their rows.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = np.arange(len(x))
    rng.shuffle(order)
    result = {}
    train = [
        (tools["step"](tools["augment"](x[rows]), y[rows]), len(rows))
        for rows in np.split(order, range(batch_size, len(x), batch_size))
    ]
    val = [
        (tools["loss"](x_val[rows], y_val[rows], training=False), len(rows))
        for rows in np.split(np.arange(len(x_val)), range(batch_size, len(x_val), batch_size))
    ]
    for name, pairs in (("train_loss", train), ("val_loss", val)):
        result[name] = sum(loss * n for loss, n in pairs) / sum(n for _, n in pairs)
    return result


# %% right="running-mean"
# A running mean, and the rows shuffled with their labels.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    mixed = rng.permutation(len(x))
    x, y = x[mixed], y[mixed]
    mean, seen, rest = 0.0, 0, 0
    while seen < len(x):
        rest = min(batch_size, len(x) - seen)
        loss = tools["step"](tools["augment"](x[seen : seen + rest]), y[seen : seen + rest])
        seen += rest
        mean += (loss - mean) * rest / seen
    return {"val_loss": np.float64(tools["loss"](x_val, y_val, False)), "train_loss": np.float64(mean)}


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    """Train on every augmented row once, then evaluate every validation row; return {"train_loss", "val_loss"}, means per row.

    tools: augment(x) -> x, step(x, y) -> float, loss(x, y, training) -> float. x, x_val: rows; y, y_val: their labels.
    """
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val, y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    """Train on every augmented row once, then evaluate every validation row; return the mean losses per row."""
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val, y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% wrong="val-first-64-rows"
# Breaks: "each validation row is evaluated once" (the first 64 only).
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val[:64], y_val[:64], training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% wrong="val-flattened"
# Breaks: "each validation row is evaluated once with loss: as it is" (flattened).
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val.reshape(len(x_val), -1), y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% wrong="rows-flattened"
# Breaks: "x and x_val have one row per example, of any shape" (augment gets flattened rows).
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows].reshape(len(rows), -1)), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val, y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% wrong="steps-on-flattened-rows"
# Breaks: "x and x_val have one row per example, of any shape" (step gets flattened rows).
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]).reshape(len(rows), -1), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val, y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% wrong="val-in-float16"
# Breaks: "each validation row is evaluated once with loss: as it is" (in float16).
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    val_loss = tools["loss"](x_val.astype(np.float16), y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}


# %% wrong="val-centred"
# Breaks: "each validation row is evaluated once with loss: as it is" (all but its first two numbers are centred).
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += tools["step"](tools["augment"](x[rows]), y[rows]) * len(rows)
    centred = x_val.reshape(len(x_val), -1).astype(float)
    centred[:, 2:] -= centred[:, 2:].mean(axis=0)
    val_loss = tools["loss"](centred.reshape(x_val.shape), y_val, training=False)
    return {"train_loss": float(total / len(x)), "val_loss": float(val_loss)}
