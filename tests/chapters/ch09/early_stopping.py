"""early_stopping: what learners write, right and wrong."""

# %%
import copy
import math
from collections import deque

import numpy as np


# %% wrong="keeps-the-caller-s-arrays"
# The list is stored without copies: it changes as the training goes on.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": weights}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="shallow-copy"
# A copy of the list, not of the arrays.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": list(weights)}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="stops-at-the-first-rise"
# patience is ignored.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= 1

    def best(self):
        return self.kept


# %% wrong="one-too-late"
# More than patience.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad > self.patience

    def best(self):
        return self.kept


# %% wrong="keras-patience-zero"
# patience 0 stops at once, improvement or not.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="never-reset"
# Counts all bad epochs, not those in a row.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="counts-from-the-start"
# Stops when patience epochs have passed.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
        self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="last-weights"
# Returns the weights of the last epoch.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss}
            self.bad = 0
        else:
            self.bad += 1
        self.kept = {**(self.kept or {"epoch": epoch, "loss": loss}), "weights": [w.copy() for w in weights]}
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="last-everything"
# `best` returns the last epoch.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.bad = 0
        else:
            self.bad += 1
        self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="nan-is-an-improvement"
# “Not worse” lets nan through.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if not loss >= self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="nan-is-ignored"
# nan does not count as a bad epoch.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if math.isnan(loss):
            return False
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="plateau-is-an-improvement"
# ≤ in place of <.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss <= self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="delta-the-other-way"
# A loss up to min_delta above the best one counts as an improvement.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss + self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="delta-ignored"
# Every smaller loss is an improvement.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="delta-relative"
# min_delta as a share of the best loss.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta * abs(self.best_loss) or self.kept is None and not math.isnan(loss):
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="best-follows-every-fall"
# Small falls move the best loss, though they do not reset the counter.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
            self.best_loss = min(self.best_loss, loss)
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="keeps-small-falls"
# A smaller loss replaces the best one, even where it is no improvement.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
            if self.kept and loss < self.kept["loss"]:
                self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="compares-with-the-last-loss"
# An improvement over the epoch before.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
            self.best_loss = loss
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="shared-state"
# Class attributes: all objects share them.
class EarlyStopping:
    state = {}

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(1, patience), min_delta
        self.state.update(loss=math.inf, bad=0, kept=None)

    def update(self, epoch, loss, weights):
        if loss < self.state["loss"] - self.min_delta:
            self.state.update(
                loss=loss, bad=0, kept={"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            )
        else:
            self.state["bad"] += 1
        return self.state["bad"] >= self.patience

    def best(self):
        return self.state["kept"]


# %% wrong="epoch-counted"
# Counts epochs itself, from 0.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0
        self.number = -1

    def update(self, epoch, loss, weights):
        self.number += 1
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": self.number, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="difference-of-epochs"
# Takes the epoch number for a count.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.kept is not None and epoch - self.kept["epoch"] >= self.patience

    def best(self):
        return self.kept


# %% wrong="accuracy-in-mind"
# Larger is better.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = -math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss > self.best_loss + self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="best-loss-starts-at-one"
# No loss above 1 is an improvement.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = 1.0
        self.kept = {"epoch": -1, "loss": 1.0, "weights": []}
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% wrong="a-tuple"
# `best` returns a tuple.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return tuple(self.kept.values())


# %% wrong="nothing-returned"
# `update` returns None.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1

    def best(self):
        return self.kept


# %% right="counter"
# One comparison, one counter.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = max(1, patience)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.kept = None
        self.bad = 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.kept = {"epoch": epoch, "loss": loss, "weights": [w.copy() for w in weights]}
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return self.kept


# %% right="whole-history"
# Stores all epochs, and recomputes.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.history = patience, min_delta, []

    def scan(self):
        best, at = math.inf, -1
        for i, (_, loss, _) in enumerate(self.history):
            if loss < best - self.min_delta:
                best, at = loss, i
        return at

    def update(self, epoch, loss, weights):
        self.history.append((epoch, loss, copy.deepcopy(weights)))
        return len(self.history) - 1 - self.scan() >= max(self.patience, 1)

    def best(self):
        epoch, loss, weights = self.history[self.scan()]
        return {"epoch": epoch, "loss": loss, "weights": weights}


# %% right="deque"
# The last verdicts in a deque.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.verdicts = deque(maxlen=patience or 1)
        self.delta = min_delta
        self._best = {"loss": np.inf}

    def update(self, epoch, loss, weights):
        better = bool(loss < self._best["loss"] - self.delta)
        if better:
            self._best = dict(epoch=epoch, loss=float(loss), weights=tuple(np.array(w) for w in weights))
        self.verdicts.append(better)
        return len(self.verdicts) == self.verdicts.maxlen and not any(self.verdicts)

    def best(self):
        return dict(self._best)


# %% right="countdown"
# Counts what is left of the patience.
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.full = self.left = patience if patience > 0 else 1
        self.delta = min_delta
        self.loss = float("inf")

    def update(self, epoch, loss, weights):
        if self.loss - loss > self.delta:
            self.loss, self.epoch, self.left = loss, epoch, self.full
            self.weights = copy.deepcopy(list(weights))
            return False
        self.left -= 1
        return np.bool_(self.left <= 0)

    def best(self):
        return {"weights": self.weights, "loss": self.loss, "epoch": self.epoch}
