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


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
class EarlyStopping:
    """Says when to stop, and keeps the weights of the best epoch.

    patience: calls in a row without an improvement after which to stop. min_delta: by how much more than this a loss
    must fall below the best one to be an improvement.
    """

    def __init__(self, patience, min_delta=0.0):
        """Begin without any epoch."""
        self.patience, self.min_delta = max(1, patience), min_delta
        self.best_loss, self.best_epoch, self.kept = math.inf, None, None
        self.bad = 0

    def update(self, epoch, loss, weights):
        """Note the validation loss and the weights (a list of arrays) of an epoch; return whether to stop."""
        if loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss = epoch, float(loss)
            self.kept = [np.array(array, copy=True) for array in weights]
            self.bad = 0
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        """Return {"epoch", "loss", "weights"} of the last improvement."""
        return {"epoch": self.best_epoch, "loss": self.best_loss, "weights": [array.copy() for array in self.kept]}


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
class EarlyStopping:
    """Says when to stop, and keeps the weights of the best epoch."""

    def __init__(self, patience, min_delta=0.0):
        """Begin without any epoch."""
        self.patience = max(int(patience), 1)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.best_epoch = None
        self.kept = None
        self.waited = 0

    def update(self, epoch, loss, weights):
        """Note the validation loss and the weights (a list of arrays) of an epoch; return whether to stop."""
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch = float(loss), epoch
            self.kept = [np.array(array) for array in weights]
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

    def best(self):
        """Return {"epoch", "loss", "weights"} of the last improvement."""
        return {"epoch": self.best_epoch, "loss": self.best_loss, "weights": [array.copy() for array in self.kept]}


# %% wrong="infinity-improves"
# Breaks: "The best loss starts at +∞", "loss < best_loss − min_delta" (an infinite first loss counts as an improvement).
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = float("inf"), 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta or (loss == float("inf") and not hasattr(self, "epoch")):
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.copy() for array in weights]
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}


# %% wrong="starts-at-a-hundred"
# Breaks: "The best loss starts at +∞".
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = 100.0, 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.copy() for array in weights]
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}


# %% wrong="starts-at-a-million"
# Breaks: "The best loss starts at +∞".
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = 1e6, 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.copy() for array in weights]
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}


# %% wrong="counts-only-after-first-improvement"
# Breaks: "update returns True as soon as patience calls in a row brought no improvement" (calls before the first improvement are not counted).
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = float("inf"), 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.copy() for array in weights]
        elif hasattr(self, "epoch"):
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}


# %% wrong="resets-at-epoch-zero"
# Breaks: "The epoch number is only a label" (epoch 0 begins the record anew).
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = float("inf"), 0

    def update(self, epoch, loss, weights):
        if epoch == 0:
            self.best_loss, self.bad = float("inf"), 0
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.copy() for array in weights]
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}


# %% wrong="weights-rounded-to-float16"
# Breaks: "the list of arrays **as they were then**" (kept in float16 to save memory).
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = float("inf"), 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.astype(np.float16) for array in weights]
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}


# %% wrong="tolerance"
# Breaks: "An **improvement** is loss < best_loss − min_delta." (a tolerance of 1e-3 besides.)
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = max(patience, 1), min_delta
        self.best_loss, self.bad = float("inf"), 0

    def update(self, epoch, loss, weights):
        if loss < self.best_loss - self.min_delta - 1e-3:
            self.best_loss, self.bad = float(loss), 0
            self.epoch, self.kept = epoch, [array.copy() for array in weights]
        else:
            self.bad += 1
        return self.bad >= self.patience

    def best(self):
        return {"epoch": self.epoch, "loss": self.best_loss, "weights": self.kept}
