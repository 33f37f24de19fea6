"""prf: what learners write, right and wrong."""

# %%
import warnings

import numpy as np
from sklearn import metrics


# %% wrong="accuracy"
# The share of right predictions, three times.
def prf(y, p, k, average="macro", positive=1):
    share = float(np.mean(y == p))
    return {"precision": share, "recall": share, "f1": share}


# %% wrong="arithmetic-mean"
# F1 as the plain mean of precision and recall.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = (precision + recall) / 2
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="nan"
# 0/0 is left as nan.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = np.divide(tp, predicted, out=np.full(len(tp), np.nan), where=predicted > 0)
    recall = np.divide(tp, true, out=np.full(len(tp), np.nan), where=true > 0)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="f1-of-the-means"
# F1 of macro precision and macro recall.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(2 * (shares @ precision) * (shares @ recall) / max(1e-300, (shares @ precision) + (shares @ recall)))}


# %% wrong="positive-ignored"
# Class 1 is always the positive one.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[1]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="weighted-by-predictions"
# The weights are the predicted counts.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = predicted / predicted.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="absent-classes-left-out"
# The mean runs over classes that occur.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    if average != 'binary':
        here = predicted + true > 0
        tp, predicted, true = tp[here], predicted[here], true[here]
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="never-true-left-out"
# Classes without a true row are left out of macro.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    if average == 'macro':
        here = true > 0
        tp, predicted, true = tp[here], predicted[here], true[here]
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="precision-and-recall-exchanged"
# Row sums and column sums are exchanged.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = predicted / predicted.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="zero-over-zero-is-one"
# Without a prediction, precision counts as 1.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = np.where(predicted == 0, 1.0, tp / np.maximum(predicted, 1))
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="micro-is-macro"
# micro is treated like macro.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif False:
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="weighted-is-macro"
# The weights are forgotten.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="binary-is-macro"
# binary averages over both classes.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="f1-without-the-two"
# TP/(TP + FP + FN) is the Jaccard index.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = tp / np.maximum(predicted + true - tp, 1)
    return {"precision": float(shares @ precision), "recall": float(shares @ recall), "f1": float(shares @ f1)}


# %% wrong="rounded"
# Rounded to two digits for the table.
def prf(y, p, k, average="macro", positive=1):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {"precision": round(float(shares @ precision), 2), "recall": round(float(shares @ recall), 2), "f1": round(float(shares @ f1), 2)}


# %% wrong="single-rows-left-out"
# Classes with a single true row are left out of macro.
def prf(y, p, k, average="macro", positive=1):
    tp = np.array([np.sum((y == c) & (p == c)) for c in range(k)], dtype=float)
    predicted = np.array([np.sum(p == c) for c in range(k)], dtype=float)
    true = np.array([np.sum(y == c) for c in range(k)], dtype=float)
    weights = true if average == "weighted" else (true != 1).astype(float) if average == "macro" and (true != 1).any() else np.ones(k)
    if average == "binary":
        tp, predicted, true, weights = tp[[positive]], predicted[[positive]], true[[positive]], np.ones(1)
    elif average == "micro":
        tp, predicted, true, weights = tp.sum(keepdims=True), predicted.sum(keepdims=True), true.sum(keepdims=True), np.ones(1)
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    return {name: float(np.average(v, weights=weights)) for name, v in (("precision", precision), ("recall", recall), ("f1", f1))}


# %% right="library"
# scikit-learn with all labels and zero_division=0.
def prf(y, p, k, average="macro", positive=1):
    labels = [positive] if average == "binary" else list(range(k))
    kind = "macro" if average == "binary" else average
    scores = metrics.precision_recall_fscore_support(y, p, labels=labels, average=kind, zero_division=0)
    return {name: float(value) for name, value in zip(("precision", "recall", "f1"), scores)}


# %% right="loop-over-classes"
# Counts TP, FP and FN of each class in a loop.
def prf(y, p, k, average="macro", positive=1):
    y, p = np.asarray(y), np.asarray(p)

    def three(tp, fp, fn):
        precision = tp / (tp + fp) if tp + fp else 0.0
        recall = tp / (tp + fn) if tp + fn else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return np.array([precision, recall, f1], dtype=float)

    counts = [(int(np.sum((y == c) & (p == c))), int(np.sum((y != c) & (p == c))), int(np.sum((y == c) & (p != c)))) for c in range(k)]
    if average == "binary":
        values = three(*counts[positive])
    elif average == "micro":
        values = three(*np.sum(counts, axis=0).tolist())
    elif average == "macro":
        values = sum(three(*count) for count in counts) / k
    else:
        values = sum(three(*count) * (count[0] + count[2]) for count in counts) / len(y)
    return dict(zip(("precision", "recall", "f1"), map(float, values)))


# %% right="numpy-floats"
# 2TP/(2TP + FP + FN), returned as NumPy floats.
def prf(y, p, k, average="macro", positive=1):
    right = y == p
    tp = np.bincount(y[right].astype(int), minlength=k).astype(float)
    fp = np.bincount(p[~right].astype(int), minlength=k).astype(float)
    fn = np.bincount(y[~right].astype(int), minlength=k).astype(float)
    if average == "micro":
        tp, fp, fn = tp.sum()[None], fp.sum()[None], fn.sum()[None]

    def share(top, bottom):
        return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)

    values = share(tp, tp + fp), share(tp, tp + fn), share(2 * tp, 2 * tp + fp + fn)
    if average == "binary":
        values = [value[positive] for value in values]
    elif average == "weighted":
        values = [np.average(value, weights=tp + fn) for value in values]
    else:
        values = [value.mean() for value in values]
    return {"precision": values[0], "recall": values[1], "f1": values[2]}


# %% right="sets-of-rows"
# Sets of row numbers instead of counts.
def prf(y, p, k, average="macro", positive=1):
    def ratio(a, b):
        return a / b if b else 0.0

    def one(c):
        truth = {i for i in range(len(y)) if y[i] == c}
        alarm = {i for i in range(len(p)) if p[i] == c}
        return len(truth & alarm), len(alarm), len(truth)

    counts = [one(positive)] if average == "binary" else [one(c) for c in range(k)]
    if average == "micro":
        counts = [tuple(map(sum, zip(*counts)))]
    result = {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    for hit, alarm, truth in counts:
        w = truth / len(y) if average == "weighted" else 1 / len(counts)
        result["precision"] += w * ratio(hit, alarm)
        result["recall"] += w * ratio(hit, truth)
        result["f1"] += w * ratio(2 * hit, alarm + truth)
    return result


# %% right="reader-zh"
# diagonal, column and row sums of the confusion matrix, then a weighted mean
def confusion_matrix(y, p, k):
    """Return the (k, k) integer table that counts the rows of each true class (row) and predicted class (column)."""
    table = np.zeros((k, k), dtype=np.int64)
    np.add.at(table, (np.asarray(y).astype(np.int64), np.asarray(p).astype(np.int64)), 1)
    return table


def prf(y, p, k, average="macro", positive=1):
    """Return {"precision", "recall", "f1"}, floats."""
    table = confusion_matrix(y, p, k)
    tp, predicted, true = np.diag(table).astype(float), table.sum(axis=0).astype(float), table.sum(axis=1).astype(float)
    weights = np.full(k, 1 / k)
    if average == "binary":
        tp, predicted, true, weights = tp[[positive]], predicted[[positive]], true[[positive]], np.ones(1)
    elif average == "micro":
        tp, predicted, true, weights = tp.sum(keepdims=True), predicted.sum(keepdims=True), true.sum(keepdims=True), np.ones(1)
    elif average == "weighted":
        weights = true / true.sum()
    elif average != "macro":
        raise ValueError(average)
    scores = {
        "precision": tp / np.maximum(predicted, 1),
        "recall": tp / np.maximum(true, 1),
        "f1": 2 * tp / np.maximum(predicted + true, 1),
    }
    return {name: float(weights @ values) for name, values in scores.items()}


# %% right="reader-en"
# diagonal, column sums, row sums of the confusion matrix, then np.average; first try
def confusion_matrix(y, p, k):
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (y, p), 1)
    return table


def prf(y, p, k, average="macro", positive=1):
    table = confusion_matrix(y, p, k)
    tp, predicted, true = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (counts[[positive]] for counts in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (np.array([counts.sum()]) for counts in (tp, predicted, true))
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(true, 1)
    f1 = 2 * tp / np.maximum(predicted + true, 1)
    weights = true if average == "weighted" else np.ones(len(true))
    mean = lambda values: float(np.average(values, weights=weights))
    return {"precision": mean(precision), "recall": mean(recall), "f1": mean(f1)}
