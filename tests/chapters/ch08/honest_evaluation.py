"""honest_evaluation: what learners write, right and wrong."""

# %%
import numpy as np
from sklearn.model_selection import train_test_split


# %% wrong="scaler-on-all-rows"
# The scaler sees the test rows.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X)
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="scaler-on-training-and-validation"
# The scaler sees the validation rows before the choice.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[np.concatenate([train, validation])])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="choice-by-test"
# Article A's loop: the test set chooses.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    tested = [tools["score"](model, kept, y[test]) for model in models]
    best = int(np.argmax(tested))
    final = tested[best]
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="every-candidate-tested"
# Chooses by validation, but scores every candidate on the test rows.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = [tools["score"](model, kept, y[test]) for model in models][best]
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="overlapping-parts"
# The test rows are the validation rows.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    test = validation
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="validation-within-training"
# The validation rows are trained on, too.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    train = order[: round(0.8 * n)]
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="validation-score-twice"
# Returns the validation score as the test score.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": scores[best]}


# %% wrong="no-test-at-all"
# Article B's pipeline: no test set, the validation score is reported.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = scores[best]
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="unshuffled-tail"
# The rows stay in the order of the file.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = np.arange(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="own-seed"
# A split that does not depend on rng.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = np.random.default_rng(0).permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="choice-by-training"
# The best training score wins.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, seen, y[train]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="lowest-score"
# The lowest score wins, as if it were a loss.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmin(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="scaler-alone-refitted"
# The scaler is refitted for the test, the model is not.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    again = tools["fit_scaler"](X[np.concatenate([train, validation])])
    kept = tools["transform"](again, X[test])
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="raw-test-rows"
# The test rows are not transformed.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], X[test], y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="scaler-per-part"
# Each part gets a scaler of its own.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](tools["fit_scaler"](X[rows]), X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="position-returned"
# Returns the position of the candidate.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": float(best), "val_score": scores[best], "test_score": final}


# %% wrong="refit-on-everything"
# The winner is refitted on all rows, test rows too.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    everything = tools["transform"](scaler, X)
    final = tools["score"](tools["fit_model"](everything, y, candidates[best]), kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="last-candidate-tested"
# The model of the last candidate meets the test rows.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[-1], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="labels-unshuffled"
# Rows are shuffled, the labels of the validation set are not.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[round(0.6 * n) : round(0.8 * n)]) for model in models]
    best = int(np.argmax(scores))
    final = tools["score"](models[best], kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% wrong="rows-lost-by-rounding"
# Three sizes rounded down: the rest is in no part.
def honest_evaluation(tools, X, y, candidates, rng):
    n = len(X)
    order = rng.permutation(n)
    a, c = int(0.6 * n), int(0.2 * n)
    b = a + c
    fit, held, test = order[:a], order[a:b], order[b : b + c]
    scaler = tools["fit_scaler"](X[fit])
    A, B, C = (tools["transform"](scaler, X[rows]) for rows in (fit, held, test))
    models = [tools["fit_model"](A, y[fit], candidate) for candidate in candidates]
    scores = [tools["score"](model, B, y[held]) for model in models]
    at = int(np.argmax(scores))
    return {"best": candidates[at], "val_score": scores[at], "test_score": tools["score"](models[at], C, y[test])}


# %% wrong="validation-is-the-tail"
# The test rows are drawn, the last of the others validate.
def honest_evaluation(tools, X, y, candidates, rng):
    n = len(X)
    order = rng.permutation(n)
    a, b = round(0.6 * n), round(0.8 * n)
    fit, held, test = *np.split(np.sort(order[:b]), [a]), order[b:]
    scaler = tools["fit_scaler"](X[fit])
    A, B, C = (tools["transform"](scaler, X[rows]) for rows in (fit, held, test))
    models = [tools["fit_model"](A, y[fit], candidate) for candidate in candidates]
    scores = [tools["score"](model, B, y[held]) for model in models]
    at = int(np.argmax(scores))
    return {"best": candidates[at], "val_score": scores[at], "test_score": tools["score"](models[at], C, y[test])}


# %% wrong="scaler-of-both-before-the-choice"
# A second scaler sees the validation rows before the choice.
def honest_evaluation(tools, X, y, candidates, rng):
    n = len(X)
    fit, held, test = np.split(rng.permutation(n), [round(0.6 * n), round(0.8 * n)])
    both = np.concatenate([fit, held])
    scaler, second = tools["fit_scaler"](X[fit]), tools["fit_scaler"](X[both])
    scores = []
    for candidate in candidates:
        model = tools["fit_model"](tools["transform"](scaler, X[fit]), y[fit], candidate)
        scores.append(tools["score"](model, tools["transform"](scaler, X[held]), y[held]))
    at = int(np.argmax(scores))
    model = tools["fit_model"](tools["transform"](second, X[both]), y[both], candidates[at])
    return {"best": candidates[at], "val_score": scores[at], "test_score": tools["score"](model, tools["transform"](second, X[test]), y[test])}


# %% right="refitted-on-both"
# The winner and its scaler are refitted on training and validation rows.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    both = np.concatenate([train, validation])
    scaler = tools["fit_scaler"](X[both])
    model = tools["fit_model"](tools["transform"](scaler, X[both]), y[both], candidates[best])
    final = tools["score"](model, tools["transform"](scaler, X[test]), y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% right="refitted-old-scaler"
# The winner is refitted with its old scaler.
def honest_evaluation(tools, X, y, candidates, rng):
    order, n = rng.permutation(len(y)), len(y)
    train, validation, test = np.split(order, [round(0.6 * n), round(0.8 * n)])
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    both = np.concatenate([train, validation])
    model = tools["fit_model"](tools["transform"](scaler, X[both]), y[both], candidates[best])
    final = tools["score"](model, kept, y[test])
    return {"best": candidates[best], "val_score": scores[best], "test_score": final}


# %% right="dictionary"
# Everything at once is transformed, and a dictionary keeps the scores.
def honest_evaluation(tools, X, y, candidates, rng):
    seed, rows = int(rng.integers(2**31)), np.arange(len(y))
    rest, test = train_test_split(rows, test_size=0.2, random_state=seed)
    train, validation = train_test_split(rest, test_size=0.25, random_state=seed, stratify=y[rest])
    Z = tools["transform"](tools["fit_scaler"](X[train]), X)
    models = {c: tools["fit_model"](Z[train], y[train], c) for c in candidates}
    scores = {c: tools["score"](models[c], Z[validation], y[validation]) for c in candidates}
    best = max(scores, key=scores.get)
    return {"best": best, "val_score": scores[best], "test_score": tools["score"](models[best], Z[test], y[test])}


# %% right="loop"
# One candidate after another, each with a scaler of its own on the training rows.
def honest_evaluation(tools, X, y, candidates, rng):
    order = rng.permutation(len(y))
    a, b = int(0.6 * len(y)), int(0.8 * len(y))
    train, validation, test = order[:a], order[a:b], order[b:]
    best = None
    for candidate in candidates:
        scaler = tools["fit_scaler"](X[train])
        model = tools["fit_model"](tools["transform"](scaler, X[train]), y[train], candidate)
        score = tools["score"](model, tools["transform"](scaler, X[validation]), y[validation])
        if best is None or score > best[0]:
            best = score, candidate, model, scaler
    score, candidate, model, scaler = best
    return {"best": candidate, "val_score": score, "test_score": tools["score"](model, tools["transform"](scaler, X[test]), y[test])}


# %% right="refit-with-the-old-scaler-sorted-rows"
# All rows transformed at once; a mask per part.
def honest_evaluation(tools, X, y, candidates, rng):
    part = np.zeros(len(y), dtype=int)
    order = np.argsort(rng.random(len(y)))
    fifth = int(0.2 * len(y) + 0.5)
    part[order[:fifth]] = 2
    part[order[fifth : 2 * fifth]] = 1
    scaler = tools["fit_scaler"](X[part == 0])
    scaled = tools["transform"](scaler, X)
    best = score = None
    for candidate in candidates:
        model = tools["fit_model"](scaled[part == 0], y[part == 0], candidate)
        value = tools["score"](model, scaled[part == 1], y[part == 1])
        if score is None or value > score:
            best, score = candidate, value
    model = tools["fit_model"](scaled[part < 2], y[part < 2], best)
    return dict(best=best, val_score=score, test_score=tools["score"](model, scaled[part == 2], y[part == 2]))


# %% right="reader-zh"
# unstratified split, one scaler on the training rows, no refitting, winner tested once
def split_indices(y, fractions, rng, stratify=True, groups=None):
    """Return (train, validation, test), three arrays of row numbers that together hold each of 0 … n − 1 once."""
    y = np.asarray(y)
    n = len(y)
    if groups is not None:
        groups = np.asarray(groups)
        names, member = np.unique(groups, return_inverse=True)
        member = member.reshape(-1)
        missing = np.array(fractions, dtype=float) * n
        part_of_group = np.zeros(len(names), dtype=int)
        sizes = np.bincount(member, minlength=len(names))
        for g in rng.permutation(len(names)):
            target = int(np.argmax(missing))
            part_of_group[g] = target
            missing[target] -= sizes[g]
        part = part_of_group[member]
        return tuple(np.flatnonzero(part == i) for i in range(3))
    pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(n)]
    parts = [[], [], []]
    for rows in pools:
        rows = rng.permutation(rows)
        ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, ends)):
            part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


def honest_evaluation(tools, X, y, candidates, rng):
    """Return {"best", "val_score", "test_score"}."""
    train, validation, test = split_indices(y, (0.6, 0.2, 0.2), rng, stratify=False)
    scaler = tools["fit_scaler"](X[train])
    X_train, X_validation = tools["transform"](scaler, X[train]), tools["transform"](scaler, X[validation])
    models = [tools["fit_model"](X_train, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, X_validation, y[validation]) for model in models]
    winner = int(np.argmax(scores))
    test_score = tools["score"](models[winner], tools["transform"](scaler, X[test]), y[test])
    return {"best": candidates[winner], "val_score": scores[winner], "test_score": test_score}


# %% right="reader-en"
# stratified split, one scaler on the training rows, no refit; first try
def split_indices(y, fractions, rng, stratify=True, groups=None):
    n = len(y)
    parts = ([], [], [])
    if groups is not None:
        labels, sizes = np.unique(groups, return_counts=True)
        lacking = np.array(fractions, dtype=float) * n
        for at in rng.permutation(len(labels)):
            target = int(np.argmax(lacking))
            parts[target].append(np.flatnonzero(groups == labels[at]))
            lacking[target] -= sizes[at]
    else:
        classes = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(n)]
        for rows in classes:
            rows = rng.permutation(rows)
            ends = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
            for part, piece in zip(parts, np.split(rows, ends)):
                part.append(piece)
    return tuple(np.concatenate([np.zeros(0, dtype=int), *part]) for part in parts)


def honest_evaluation(tools, X, y, candidates, rng):
    train, validation, test = split_indices(y, (0.6, 0.2, 0.2), rng)
    scaler = tools["fit_scaler"](X[train])
    scaled = tools["transform"](scaler, X[train])
    held = tools["transform"](scaler, X[validation])
    models = [tools["fit_model"](scaled, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    win = int(np.argmax(scores))
    test_score = tools["score"](models[win], tools["transform"](scaler, X[test]), y[test])
    return {"best": candidates[win], "val_score": float(scores[win]), "test_score": float(test_score)}
