"""build_cnn: what learners write, right and wrong."""

# %%
import keras
from keras import layers


# %% wrong="same-padding"
# Convolutions keep the size: article A then has 421,642 parameters.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, padding="same", activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="second-pooling-missing"
# One pooling layer too few.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="sigmoid-output"
# Ten independent sigmoids do not sum to one.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="sigmoid"))
    return model


# %% wrong="softmax-twice"
# Dense with softmax, followed by a Softmax layer: no probability ever exceeds 0.232.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.add(layers.Softmax())
    return model


# %% wrong="relu-missing"
# The hidden dense layer is linear.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="relu-missing-in-the-first-convolution"
# Only the later layers have an activation.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="dense-128-in-b"
# Article A's dense layer in both networks.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="average-pooling"
# Same shapes and parameters, but the pooling layers average.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.AveragePooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.AveragePooling2D(2),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="any-spec-but-a-is-b"
# An unknown spec silently gives network B.
def build_cnn(spec="A"):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec != "A":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="no-input"
# Without an Input the network is not built: it has no weights yet.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %% wrong="logits-instead-of-probabilities"
# The softmax is left to the loss.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
        ]
    )
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10))
    return model


# %% right="functional"
# Functional interface, layers by name in a dict.
def build_cnn(spec="A"):
    dense = {"A": 128, "B": 64}
    if spec not in dense:
        raise ValueError("spec must be 'A' or 'B'")
    inputs = keras.Input(shape=(28, 28, 1))
    z = layers.Conv2D(32, (3, 3), activation="relu")(inputs)
    z = layers.MaxPooling2D((2, 2))(z)
    z = layers.Conv2D(64, (3, 3), activation="relu")(z)
    z = layers.MaxPooling2D((2, 2))(z)
    if spec == "B":
        z = layers.Conv2D(64, (3, 3), activation="relu")(z)
    z = layers.Flatten()(z)
    z = layers.Dense(dense[spec], activation="relu")(z)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(z))


# %% right="activations-as-layers"
# Every activation is a layer of its own, the softmax included; compiled on top.
def build_cnn(spec="A"):
    if spec == "A":
        tail = [layers.Flatten(), layers.Dense(128), layers.ReLU()]
    elif spec == "B":
        tail = [layers.Conv2D(64, 3), layers.Activation("relu"), layers.Flatten(), layers.Dense(64), layers.ReLU()]
    else:
        raise ValueError(f"unknown spec {spec}")
    model = keras.Sequential(
        [
            keras.layers.InputLayer(shape=(28, 28, 1)),
            layers.Conv2D(32, 3),
            layers.ReLU(),
            layers.MaxPool2D(),
            layers.Conv2D(64, 3),
            layers.ReLU(),
            layers.MaxPool2D(),
            *tail,
            layers.Dense(10),
            layers.Softmax(),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% right="relu-after-pooling"
# ReLU and max-pooling commute, so their order is free; Reshape instead of Flatten.
def build_cnn(spec="A"):
    if spec not in {"A", "B"}:
        raise ValueError(spec)
    inputs = keras.Input((28, 28, 1))
    z = inputs
    for filters in (32, 64):
        z = layers.ReLU()(layers.MaxPooling2D()(layers.Conv2D(filters, 3)(z)))
    if spec == "B":
        z = layers.Conv2D(64, 3, activation=keras.activations.relu)(z)
    z = layers.Reshape((-1,))(z)
    z = layers.Dense(64 if spec == "B" else 128, activation="relu")(z)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(z), name="article_" + spec)


# %% right="built-by-shape"
# An unbuilt Sequential that is built explicitly.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    model = keras.Sequential()
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.MaxPooling2D())
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.build((None, 28, 28, 1))
    return model


# %% wrong="relu-with-a-cap"
# ReLU6 of mobile networks: activations above 6 are cut.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    stack = [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu6"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu6"),
        layers.MaxPooling2D(2),
    ]
    if spec == "B":
        stack.append(layers.Conv2D(64, 3, activation="relu6"))
    stack += [
        layers.Flatten(),
        layers.Dense(128 if spec == "A" else 64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
    return keras.Sequential(stack)


# %% wrong="dropout-added"
# A layer that the table does not have; it shows in training only.
def build_cnn(spec="A"):
    if spec not in ("A", "B"):
        raise ValueError(spec)
    stack = [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
    ]
    if spec == "B":
        stack.append(layers.Conv2D(64, 3, activation="relu"))
    stack += [
        layers.Flatten(),
        layers.Dense(128 if spec == "A" else 64, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
    return keras.Sequential(stack)


# %% right="relu-as-a-layer-with-names"
# Names for all layers, ReLU layers, the pooling strides written out.
def build_cnn(spec="A"):
    if spec not in {"A", "B"}:
        raise ValueError(f"no network {spec!r}")
    widths = (32, 64) if spec == "A" else (32, 64, 64)
    model = keras.Sequential([keras.Input(shape=(28, 28, 1), name="picture")], name=f"article_{spec}")
    for number, width in enumerate(widths):
        model.add(layers.Conv2D(width, (3, 3), name=f"conv{number}"))
        model.add(layers.ReLU(name=f"relu{number}"))
        if number < 2:
            model.add(layers.MaxPool2D(pool_size=(2, 2), strides=(2, 2), name=f"pool{number}"))
    model.add(layers.Flatten(name="flat"))
    model.add(layers.Dense({"A": 128, "B": 64}[spec], "relu", name="hidden"))
    model.add(layers.Dense(10, "softmax", name="chances"))
    return model
