"""train_resumable: what learners write, right and wrong."""

# %%
import json
import os
import pickle

import keras
import numpy as np


# %% wrong="optimiser-state-lost"
# Only the weights are saved; Adam begins anew after the interruption.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    path, count = os.path.join(folder, "w.weights.h5"), os.path.join(folder, "done.json")
    done = json.load(open(count)) if os.path.exists(count) else 0
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    if done:
        saved = pickle.load(open(path, "rb"))
        model.set_weights(saved)
    for epoch in range(done, epochs):
        model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
        pickle.dump(model.get_weights(), open(path, "wb"))
        json.dump(epoch + 1, open(count, "w"))
        after_epoch(epoch)
    return model


# %% wrong="starts-again-from-the-beginning"
# Saves after each epoch and never looks at what was saved.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    save = keras.callbacks.ModelCheckpoint(os.path.join(folder, "{epoch:02d}.keras"))
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0, callbacks=[save, tell])
    return model


# %% wrong="as-many-epochs-once-more"
# Loads the model and trains `epochs` further ones instead of those that are missing.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    path = os.path.join(folder, "last.keras")
    if os.path.exists(path):
        model = keras.models.load_model(path)
    else:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    for epoch in range(epochs):
        model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
        model.save(path)
        after_epoch(epoch)
    return model


# %% wrong="backup-deleted-at-the-end"
# BackupAndRestore with its default: a finished run leaves nothing behind and is trained again.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    backup = keras.callbacks.BackupAndRestore(folder)
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0, callbacks=[backup, tell])
    return model


# %% wrong="tells-before-it-saves"
# The callbacks in the wrong order: the epoch at which the run is cut off is lost.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0, callbacks=[tell, backup])
    return model


# %% wrong="exception-swallowed"
# The interruption is caught, and the run seems to be complete.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    try:
        model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0, callbacks=[backup, tell])
    except RuntimeError:
        pass
    return model


# %% wrong="shuffled"
# fit shuffles unless it is told not to; a resumed run then sees another order.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(x, y, epochs=epochs, batch_size=32, verbose=0, callbacks=[backup, tell])
    return model


# %% wrong="one-fixed-folder"
# The state lies in a folder of its own choice, so that every run goes on with the first one.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    place = os.path.join(os.path.dirname(folder), f"checkpoint-of-{os.getpid()}-{model.count_params()}")
    backup = keras.callbacks.BackupAndRestore(place, delete_checkpoint=False)
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0, callbacks=[backup, tell])
    return model


# %% wrong="finished-run-returns-the-given-model"
# Nothing left to do, so the model comes back as it was given, untrained.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    path, count = os.path.join(folder, "last.keras"), os.path.join(folder, "done.json")
    done = json.load(open(count)) if os.path.exists(count) else 0
    if done >= epochs:
        return model
    if done:
        model = keras.models.load_model(path)
    else:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    for epoch in range(done, epochs):
        model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
        model.save(path)
        json.dump(epoch + 1, open(count, "w"))
        after_epoch(epoch)
    return model


# %% right="whole-model-and-a-count"
# model.save keeps the optimiser's state; the number of epochs lies beside it.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    path, count = os.path.join(folder, "last.keras"), os.path.join(folder, "done.json")
    done = json.load(open(count)) if os.path.exists(count) else 0
    if done:
        model = keras.models.load_model(path)
    else:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")

    class Save(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.save(path)
            with open(count, "w") as file:
                json.dump(epoch + 1, file)
            after_epoch(epoch)

    if done < epochs:
        model.fit(x, y, epochs=epochs, initial_epoch=done, batch_size=32, shuffle=False, verbose=0, callbacks=[Save()])
    return model


# %% right="model-checkpoint-by-epoch"
# One file for each epoch; the newest one is the state.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    files = sorted(name for name in os.listdir(folder) if name.endswith(".keras"))
    if files:
        model = keras.models.load_model(os.path.join(folder, files[-1]))
    else:
        model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.SparseCategoricalCrossentropy())
    save = keras.callbacks.ModelCheckpoint(os.path.join(folder, "{epoch:04d}.keras"))
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(
        x, y, epochs=epochs, initial_epoch=len(files), batch_size=32, shuffle=False, verbose=0, callbacks=[save, tell]
    )
    return model


# %% right="weights-and-optimizer-as-arrays"
# One epoch per call of fit; the weights and the optimizer's variables as arrays.
def train_resumable(model, x, y, epochs, folder, after_epoch):
    path = os.path.join(folder, "state.npz")
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    done = 0
    if os.path.exists(path):
        with np.load(path) as saved:
            done = int(saved["done"])
            model.set_weights([saved[f"w{number}"] for number in range(len(model.get_weights()))])
            for number, variable in enumerate(model.optimizer.variables):
                variable.assign(saved[f"o{number}"])
    for epoch in range(done, epochs):
        model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
        state = {f"w{number}": weight for number, weight in enumerate(model.get_weights())}
        for number, variable in enumerate(model.optimizer.variables):
            state[f"o{number}"] = keras.ops.convert_to_numpy(variable)
        np.savez(path, done=epoch + 1, **state)
        after_epoch(epoch)
    return model
