"""Keras models and tensors on the wire.

A model crosses as configuration and weights, uncompiled, with built-in layers only. Keras is not
imported at the top: a process that holds a model has it, and one that receives a model imports it
then. The names in a configuration are looked up in Keras's public namespaces.
"""

import copy
import json
import math
import sys
from typing import Any

import numpy as np

from autograde.grading.wire.frames import Malformed, NotPlain

_REFUSED = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "StringLookup", "IntegerLookup",
            "TextVectorization", "Hashing", "HashedCrossing", "FeatureSpace"}  # fmt: skip
_PLACES = ("keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints",
           "keras.dtype_policies", "keras.src.models.functional", "keras.src.ops.numpy", "keras.src.ops.nn")  # fmt: skip
_MARKS = {"__keras_tensor__", "__tuple__"}
_LARGEST = 1 << 20
_STATE = 10_000
"""Numbers that a model may hold besides its weights: the states of its random layers."""
_LARGE = 10**9


def is_tensor(value: Any) -> bool:
    """Whether a value is an eager ``tf.Tensor``."""
    kind = type(value)
    return kind.__name__ == "EagerTensor" and kind.__module__.startswith("tensorflow.")


def is_model(value: Any) -> bool:
    """Whether a value is a Keras model, built in or subclassed."""
    keras = sys.modules.get("keras")
    return keras is not None and hasattr(keras, "Model") and issubclass(type(value), keras.Model)


def model_parts(model: Any) -> tuple[str, list[np.ndarray]]:
    """Return (JSON configuration, weights) of a model.

    Raises:
        NotPlain: it is subclassed or has a layer that is not built in.
    """
    import keras

    functional = sys.modules["keras.src.models.functional"].Functional
    if type(model) not in (keras.Sequential, functional):
        raise NotPlain(
            f"a subclass of keras.Model ({type(model).__name__}); write keras.Sequential or functional models"
        )
    config = _without_compilation(json.loads(model.to_json()))
    fault = _fault(config)
    if fault:
        raise NotPlain(f"a Keras model with {fault}; use built-in layers, no Lambda")
    return json.dumps(config), [np.asarray(weight) for weight in model.get_weights()]


def build_model(text: Any, weights: Any) -> Any:
    """Return the model of received parts.

    Raises:
        Malformed: an honest process would not send this.
        NotPlain: Keras cannot build it.
    """
    if type(text) is not str or type(weights) is not list:
        raise Malformed("an impossible model")
    try:
        config = _without_compilation(json.loads(text))
        fault = _fault(config)
    except (ValueError, RecursionError) as error:
        raise Malformed("a model whose configuration cannot be read") from error
    if fault or type(config) is not dict or config.get("class_name") not in ("Sequential", "Functional"):
        raise Malformed(f"a model with {fault or 'an impossible class'}")
    if not all(type(weight) is np.ndarray and weight.dtype.kind in "biuf" for weight in weights):
        raise Malformed("weights that are not numbers")
    import keras

    try:
        # Keras takes from a configuration what it reads
        if _may_be_large(config) and _size(copy.deepcopy(config)) > sum(weight.size for weight in weights) + _STATE:
            raise NotPlain("a Keras model whose configuration asks for more weights than it has")
        model = keras.saving.deserialize_keras_object(config, safe_mode=True)
        model.set_weights(weights)
    except NotPlain:
        raise
    except Exception as error:  # Keras raises many kinds; the configuration is the learner's
        raise NotPlain(f"a Keras model that cannot be rebuilt ({type(error).__name__})") from error
    return model


def _may_be_large(config: Any) -> bool:
    """Whether a configuration's numbers, multiplied, allow a model too large to build as a trial."""
    numbers, layers, waiting = [1, 1, 1, 1], 0, [config]
    while waiting:
        value = waiting.pop()
        if type(value) is dict:
            layers += "class_name" in value
            waiting += value.values()
        elif type(value) is list:
            waiting += value
        elif type(value) is int:
            numbers.append(value)
    return layers * math.prod(sorted(numbers)[-4:]) > _LARGE


def _size(config: Any) -> int:
    """Return how many numbers a model's variables would hold, without allocating them."""
    import keras

    with keras.StatelessScope():  # in it, variables have shapes only; they get values when it ends
        model = keras.saving.deserialize_keras_object(config, safe_mode=True)
        size: int = sum(math.prod(variable.shape) for variable in model.variables)
        sys.modules["keras.src.backend.common.global_state"].set_global_attribute("uninitialized_variables", [])
    return size


def _without_compilation(config: Any) -> Any:
    if type(config) is dict:
        config.pop("compile_config", None)
    return config


def _fault(config: Any) -> str | None:
    """What a configuration contains that is not allowed, or None."""
    if type(config) is dict:
        if "class_name" in config:
            name, place = config["class_name"], config.get("module")
            if type(name) is not str or name in _REFUSED or not (name in _MARKS or _is_built_in(place, name)):
                return f"the class {str(name)[:60]!r}"
            if config.get("registered_name") not in (None, name):
                return f"the class {str(config['registered_name'])[:60]!r}"
        return next((fault for value in config.values() if (fault := _fault(value))), None)
    if type(config) is list:
        return next((fault for value in config if (fault := _fault(value))), None)
    if type(config) is int and not -_LARGEST <= config <= _LARGEST:
        return "a number above the limit"
    return None


def _is_built_in(place: Any, name: str) -> bool:
    import keras

    if type(place) is not str or place not in _PLACES or not name.isidentifier() or name.startswith("_"):
        return False
    candidate = getattr(keras if place == "keras" else _at(place), name, None)
    return isinstance(candidate, type) and candidate.__module__.startswith("keras.") and candidate.__name__ == name


def _at(place: str) -> Any:
    """One of ``_PLACES``; Keras has imported them all itself."""
    return sys.modules.get(place) or sys.modules.get(place.replace("keras.", "keras.api.", 1))
