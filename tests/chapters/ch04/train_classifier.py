"""train_classifier: what learners write, right and wrong."""

# %%
import keras
import numpy as np


# %% wrong="validation-data-mixed-into-training"
# Everything that is there is concatenated and trained on.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    if x_val is None:
        return {"model": model, "history": model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0).history}
    log = model.fit(
        np.concatenate([x, x_val]),
        np.concatenate([y, y_val]),
        epochs=epochs,
        batch_size=batch_size,
        validation_data=(x_val, y_val),
        verbose=0,
    )
    return {"model": model, "history": log.history}


# %% wrong="weights-initialised-again-every-epoch"
# Every epoch starts from the first weights instead of going on with the last ones.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    first, history = model.get_weights(), {}
    for epoch in range(epochs):
        model.set_weights(first)
        log = model.fit(
            x, y, epochs=1, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
        ).history
        for key, values in log.items():
            history.setdefault(key, []).extend(values)
    return {"model": model, "history": history}


# %% wrong="untrained-copy-returned"
# Trains one model and returns a clone of it, which has fresh weights.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(model)
    copy.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    log = copy.fit(
        x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
    )
    return {"model": keras.models.clone_model(model), "history": log.history}


# %% wrong="last-smaller-batch-left-out"
# As many whole batches as there are; what is left over at the end of an epoch is skipped.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    rng, names = np.random.default_rng(seed), ["loss", "accuracy"]
    history = {name: [] for name in names} | ({} if x_val is None else {"val_loss": [], "val_accuracy": []})
    size = min(batch_size, len(x))
    for _ in range(epochs):
        order, said = rng.permutation(len(x)), []
        for start in range(0, len(x) - size + 1, size):
            rows = order[start : start + size]
            loss, accuracy = model.train_on_batch(x[rows], y[rows])
            said.append((float(loss), float(accuracy)))
            model.reset_metrics()
        for name, value in zip(names, np.mean(said, axis=0), strict=True):
            history[name].append(float(value))
        if x_val is not None:
            loss, accuracy = model.evaluate(x_val, y_val, verbose=0)
            history["val_loss"].append(float(loss))
            history["val_accuracy"].append(float(accuracy))
    return {"model": model, "history": history}


# %% wrong="one-epoch-regardless"
# epochs is forgotten; fit's default is one.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    log = model.fit(x, y, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val))
    return {"model": model, "history": log.history}


# %% wrong="invented-val"
# Without validation data the training numbers are repeated under val_ names (E19).
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
    ).history
    history.setdefault("val_loss", list(history["loss"]))
    history.setdefault("val_accuracy", list(history["accuracy"]))
    return {"model": model, "history": history}


# %% wrong="val-from-the-training-data"
# The last tenth of the training data stands in for the validation data that were given.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    split = 0.0 if x_val is None else 0.1
    log = model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_split=split)
    return {"model": model, "history": log.history}


# %% wrong="x-and-y-shuffled-separately"
# Two permutations: pictures and labels no longer belong together.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    x, y = x[rng.permutation(len(x))], y[rng.permutation(len(y))]
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    log = model.fit(
        x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
    )
    return {"model": model, "history": log.history}


# %% wrong="labels-off-by-one"
# Counts classes from one.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    shift = lambda labels: (np.asarray(labels) + 1) % 10
    log = model.fit(
        x,
        shift(y),
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
        validation_data=None if x_val is None else (x_val, shift(y_val)),
    )
    return {"model": model, "history": log.history}


# %% wrong="history-object-returned"
# The History object instead of its dict.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    log = model.fit(
        x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
    )
    return {"model": model, "history": log}


# %% wrong="inputs-shuffled-in-place"
# A consistent shuffle, but of the caller's own arrays.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    order = np.random.default_rng(seed).permutation(len(x))
    x[:], y[:] = x[order], y[order]
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    log = model.fit(
        x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
    )
    return {"model": model, "history": log.history}


# %% wrong="validation-forgotten"
# Validation data are accepted and ignored.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return {"model": model, "history": model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0).history}


# %% wrong="fine-tuned-on-validation-data"
# Trains properly, then once more on the validation data "to use all data".
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    log = model.fit(
        x, y, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=None if x_val is None else (x_val, y_val)
    ).history
    if x_val is not None:
        model.fit(x_val, y_val, epochs=epochs, batch_size=batch_size, verbose=0)
    return {"model": model, "history": dict(log)}


# %% right="fit-with-rmsprop"
# The library's loop with another optimiser; numbers as NumPy floats.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer=keras.optimizers.RMSprop(), loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"]
    )
    validation = (x_val, y_val) if x_val is not None and y_val is not None else None
    log = model.fit(x, y, batch_size=batch_size, epochs=epochs, validation_data=validation, verbose=0)
    return {
        "history": {key: [np.float64(value) for value in values] for key, values in log.history.items()},
        "model": model,
    }


# %% right="momentum-on-a-clone"
# SGD with momentum on a copy that starts from the same weights; one-hot labels.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.compile(keras.optimizers.SGD(0.05, momentum=0.9), "categorical_crossentropy", metrics=["accuracy"])
    one_hot = lambda labels: np.eye(10, dtype="float32")[labels]
    log = copy.fit(
        x, one_hot(y), batch_size, epochs, verbose=0, validation_data=None if x_val is None else (x_val, one_hot(y_val))
    )
    return {"model": copy, "history": log.history}


# %% right="train-on-batch"
# An explicit loop over shuffled mini-batches.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(seed)
    history = {"loss": [], "accuracy": []}
    if x_val is not None:
        history |= {"val_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        order = rng.permutation(len(x))
        results = []
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            model.reset_metrics()
            results.append([float(value) for value in model.train_on_batch(x[rows], y[rows])])
        loss, accuracy = np.mean(results, axis=0)
        history["loss"].append(float(loss))
        history["accuracy"].append(float(accuracy))
        if x_val is not None:
            loss, accuracy = model.evaluate(x_val, y_val, verbose=0)
            history["val_loss"].append(loss)
            history["val_accuracy"].append(accuracy)
    return {"model": model, "history": history}


# %% right="gradient-tape"
# TensorFlow's own loop, compiled step, Adam with a larger rate.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    optimizer = keras.optimizers.Adam(0.002)
    loss_of = keras.losses.SparseCategoricalCrossentropy()

    @tf.function(reduce_retracing=True, autograph=False)
    def step(pictures, labels):
        with tf.GradientTape() as tape:
            shares = model(pictures, training=True)
            loss = loss_of(labels, shares)
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        return loss, tf.reduce_sum(tf.cast(tf.argmax(shares, axis=1) == labels, tf.int32))

    history = {"loss": [], "accuracy": []}
    data = tf.data.Dataset.from_tensor_slices((x, np.asarray(y, np.int64))).shuffle(len(x), seed=seed).batch(batch_size)
    for _ in range(epochs):
        total = right = 0.0
        for pictures, labels in data:
            loss, hits = step(pictures, labels)
            total += float(loss) * len(labels)
            right += int(hits)
        history["loss"].append(total / len(x))
        history["accuracy"].append(right / len(x))
        if x_val is not None:
            shares = model(x_val, training=False)
            history.setdefault("val_loss", []).append(float(loss_of(y_val, shares)))
            history.setdefault("val_accuracy", []).append(float(np.mean(np.argmax(shares, axis=1) == y_val)))
    return {"model": model, "history": history}


# %% right="one-fit-per-epoch"
# fit called epoch by epoch on the same compiled model; Nadam; extra keys in the result.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="nadam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = {}
    for _ in range(epochs):
        log = model.fit(x, y, batch_size=batch_size, verbose=0).history
        if x_val is not None:
            log["val_loss"], log["val_accuracy"] = ([value] for value in model.evaluate(x_val, y_val, verbose=0))
        for key, values in log.items():
            history.setdefault(key, []).append(float(values[0]))
    return {"model": model, "history": history, "optimizer": "nadam", "seed": seed}


# %% right="shuffles-itself-with-a-smaller-batch"
# Ignores batch_size in favour of 16 and shuffles consistently before fit; logits route warns of nothing here.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    order = rng.permutation(len(y))
    model.compile(optimizer=keras.optimizers.AdamW(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    val = {} if x_val is None else {"validation_data": (x_val, y_val), "validation_batch_size": 500}
    fitted = model.fit(x[order], y[order], epochs=epochs, batch_size=min(batch_size, 16), verbose=0, **val)
    return dict(model=model, history=dict(fitted.history))


# %% wrong="history-invented"
# Returns the model as it came, with numbers that look like training.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    history = {
        "loss": [2.0 * 0.6**n for n in range(epochs)],
        "accuracy": [min(1.0, 0.3 + 0.2 * n) for n in range(epochs)],
    }
    if x_val is not None:
        history |= {"val_loss": [3.0 * 0.9**n for n in range(epochs)], "val_accuracy": [0.1] * epochs}
    return {"model": model, "history": history}


# %% wrong="history-of-a-better-run"
# Trains, and tells of half the loss.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    validation = None if x_val is None else (x_val, y_val)
    log = model.fit(x, y, epochs=epochs, batch_size=batch_size, validation_data=validation, verbose=0).history
    log["loss"] = [value / 3 for value in log["loss"]]
    return {"model": model, "history": log}


# %% wrong="whole-batches-only"
# n // batch_size batches: with a batch larger than the data nothing is trained.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = {"loss": [], "accuracy": []} | ({} if x_val is None else {"val_loss": [], "val_accuracy": []})
    for _ in range(epochs):
        order = rng.permutation(len(y))
        loss, accuracy = 2.3, 0.1
        for k in range(len(y) // batch_size):
            rows = order[k * batch_size : (k + 1) * batch_size]
            loss, accuracy = model.train_on_batch(x[rows], y[rows])  # running means of the epoch so far
        history["loss"].append(float(loss))
        history["accuracy"].append(float(accuracy))
        model.reset_metrics()
        if x_val is not None:
            val_loss, val_accuracy = model.evaluate(x_val, y_val, verbose=0)
            history["val_loss"].append(float(val_loss))
            history["val_accuracy"].append(float(val_accuracy))
            model.reset_metrics()
    return {"model": model, "history": history}


# %% wrong="validation-data-shuffled-in-place"
# Leaves the training data alone and shuffles the caller's validation data.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    if x_val is not None:
        order = np.random.default_rng(seed).permutation(len(y_val))
        x_val[:], y_val[:] = x_val[order], y_val[order]
    validation = None if x_val is None else (x_val, y_val)
    log = model.fit(x, y, epochs=epochs, batch_size=batch_size, validation_data=validation, verbose=0)
    return {"model": model, "history": log.history}


# %% right="lion-free-adamw"
# AdamW with its defaults, history copied into plain floats.
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    keras.utils.set_random_seed(seed)
    model.compile(
        optimizer=keras.optimizers.AdamW(0.001), loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"]
    )
    given = {} if x_val is None else {"validation_data": (np.asarray(x_val), np.asarray(y_val))}
    log = model.fit(np.asarray(x), np.asarray(y), batch_size, epochs, verbose=0, **given)
    return {"model": model, "history": {key: [float(value) for value in values] for key, values in log.history.items()}}
