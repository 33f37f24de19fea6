"""A small thing that a learner gives must not become a large one where the tests run."""

import json
import resource
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from wire_peers import cross, decode

from autograde.grading.examined import ExaminedExecute
from autograde.grading.kernels.templates import Template
from autograde.grading.plan.roles import PlannedCell
from autograde.grading.wire import models
from autograde.grading.wire.encode import Encoder
from autograde.grading.wire.frames import Limits, Malformed, NotPlain

MIB = 2**20
MEMORY = 128 * MIB
EXPANDING = {
    "an axis of length 0, summed": ("np.zeros((1 << 27, 0))", "f().sum(axis=1)"),
    "an axis of length 0, of bytes": ("np.zeros((1 << 27, 0), 'i1')", "f().sum(axis=1)"),
    "many axes of length 0": ("np.zeros((0, 1 << 20, 1 << 20))", "f().sum(axis=0)"),
    "a column beside a row": ("np.zeros((1 << 16, 1))", "f() - np.zeros(1 << 16)"),
    "broadcast": ("np.broadcast_to(1.0, (1 << 24,))", "f() + 1j"),
    "a range": ("range(10 ** 12)", "list(f())"),
    "a number of copies": ("10 ** 10", "[0] * f()"),
    "a text so often": ("10 ** 10", "'a' * f()"),
    "a size": ("1 << 29", "np.ones(f())"),
    "a power": ("1 << 499_000", "f() ** 60_000"),
    "a shape": ("(1 << 20, 1 << 20)", "np.ones(f())"),
    "a generator that draws": ("np.random.default_rng(1)", "f().random(1 << 28)"),
    "text of wide letters": ("'a' * 30_000_000 + '\\U0001F600'", "f().upper() + f() + f() + f()"),
    "an outer product": ("np.zeros(1 << 15)", "np.outer(f(), f())"),
    "Fortran order": ("np.zeros((1 << 12, 1 << 12), order='F')", "np.ascontiguousarray(f()).astype('c16')"),
    "nested lists": ("[[0] * 900] * 1000", "np.array(f()).repeat(1000, 0)"),
}  # fmt: skip


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with Template(("numpy",)) as one:
        yield one


def run(template: Template, folder: Path, answer: str, test: str) -> ExaminedExecute:
    mark = {"schema_version": 3, "locked": True, "solution": False, "grade": True, "points": 1}
    tests = {"test": test, "next": "assert g() == 3"}
    cells = [
        new_code_cell(answer, metadata={"nbgrader": {"grade_id": "answer", "solution": True}}),
        *(new_code_cell(text, metadata={"nbgrader": {**mark, "grade_id": name}}) for name, text in tests.items()),
    ]
    plan = {"answer": PlannedCell("answer", "solution", answer)}
    plan |= {name: PlannedCell(name, "test", text, 1.0, frozenset({"f", "g"})) for name, text in tests.items()}
    confine = {"limits": {"memory_bytes": MEMORY}, "readable": [], "require": []}
    step = ExaminedExecute(template=template.address, allow_errors=True, plan=plan, confine=confine)
    nb: nbformat.NotebookNode = new_notebook(cells=cells)
    step.preprocess(nb, {"metadata": {"path": str(folder)}})
    return step


@pytest.mark.parametrize("way", EXPANDING)
def test_what_expands_stays_within_the_bound(template: Template, tmp_path: Path, way: str) -> None:
    gives, test = EXPANDING[way]
    answer = f"import numpy as np\ndef f(): return {gives}\ndef g(): return 3"
    step = run(template, tmp_path, answer, f"import numpy as np\nassert len(str({test})) == 0")
    assert step.verdicts["test"]["score"] == 0.0
    assert step.verdicts["next"]["score"] == 1.0, step.verdicts["next"]
    assert step._examiner is not None and step._examiner.ended is not None
    assert step._examiner.ended.max_rss * 1024 < 2 * MEMORY + 150 * MIB
    assert step.faults == []
    if step.verdicts["test"]["wire_code"]:
        assert step.verdicts["test"]["wire_code"] in ("memory", "result")
        assert [reason.code for reason in step.reasons] == ["not-examined"]


@pytest.mark.parametrize("shape", [(1 << 27, 0), (0, 1 << 30), (1 << 20, 0, 1 << 20)])
def test_an_array_without_bytes_has_a_size_all_the_same(shape: tuple[int, ...]) -> None:
    with pytest.raises(NotPlain):
        cross(np.zeros(shape))
    message = Encoder(Limits(frame_bytes=1 << 62), lambda thing: ("mine", 1, "x", False))
    message.put(np.zeros(shape))
    with pytest.raises(Malformed, match="too many bytes"):
        decode(bytes(message.body))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (5, 0), (1000, 0, 1000)])
def test_small_empty_arrays_cross(shape: tuple[int, ...]) -> None:
    assert cross(np.zeros(shape, "f4")).shape == shape


def test_a_model_that_asks_for_more_weights_than_arrived_is_not_built() -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5)])
    text, weights = models.model_parts(model)
    assert models.build_model(text, weights).count_params() == 15
    config = json.loads(text)
    for layer in config["config"]["layers"]:
        layer.pop("build_config", None)
        if layer["class_name"] == "InputLayer":
            layer["config"]["batch_shape"] = [None, 1 << 20]
        if layer["class_name"] == "Dense":
            layer["config"]["units"] = 1 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotPlain, match="more weights than it has"):
        models.build_model(json.dumps(config), weights)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    wide = keras.Sequential([keras.Input((1000,)), keras.layers.Dense(1000), keras.layers.Dense(1000)])
    again = models.build_model(*models.model_parts(wide))  # large, and all of it arrived
    assert all(np.array_equal(*pair) for pair in zip(again.get_weights(), wide.get_weights(), strict=True))


def large_models() -> dict[str, object]:
    """Models above the size at which their parts are counted before they are built; of Keras's own kinds of wiring."""
    keras = pytest.importorskip("keras")
    layers, inputs = keras.layers, keras.Input((1000,))
    shared = layers.Dense(1000)
    block = keras.Sequential([keras.Input((1000,)), layers.Dense(1000), layers.BatchNormalization()])
    first, second = keras.Input((1000,), name="first"), keras.Input((1000,), name="second")
    words = keras.Input((1000,), dtype="int32")
    known = layers.Embedding(1000, 64, mask_zero=True)(words)
    seen = layers.MultiHeadAttention(4, 16)(known, known)
    return {
        "sequential": keras.Sequential([inputs, layers.Dense(1000), layers.Dense(1000)]),
        "functional": keras.Model(inputs, layers.Dense(10)(layers.Dense(1000)(inputs))),
        "a layer used twice": keras.Model(inputs, shared(layers.ReLU()(shared(inputs)))),
        "nested": keras.Model(inputs, layers.Dense(3)(block(inputs))),
        "functional in sequential": keras.Sequential([keras.Model(inputs, layers.Dense(1000)(inputs)), layers.Dense(4)]),
        "a sum": keras.Model(inputs, layers.Add()([inputs, layers.Dense(1000)(inputs)])),
        "operators": keras.Model(inputs, inputs + 2 * layers.Dense(1000)(inputs)),
        "two inputs, two outputs": keras.Model(
            [first, second], {"a": layers.Dense(1000)(first), "b": layers.Concatenate()([first, second])}
        ),
        "random layers": keras.Model(inputs, layers.Dense(1000)(layers.GaussianNoise(0.1)(layers.Dropout(0.5)(inputs)))),
        "recurrent": keras.Model(words, layers.Dense(2)(layers.Bidirectional(layers.LSTM(64))(known))),
        "attention": keras.Model(words, layers.LayerNormalization()(layers.Add()([known, seen]))),
    }  # fmt: skip


def test_a_large_model_crosses_with_all_that_it_has() -> None:
    for name, model in large_models().items():
        text, weights = models.model_parts(model)
        assert models._may_be_large(json.loads(text)), name
        again = models.build_model(text, weights)
        assert type(again) is type(model), name
        assert all(np.array_equal(*pair) for pair in zip(again.get_weights(), weights, strict=True)), name
        assert again.to_json() == models.build_model(text, weights).to_json(), name
        shapes = [(2, *one.shape[1:]) for one in again.inputs]
        given = [np.ones(shape, "int32" if "int" in one.dtype else "float32") for shape, one in zip(shapes, again.inputs, strict=True)]  # fmt: skip
        said, kept = ([np.asarray(one) for one in _outputs(net(given if len(given) > 1 else given[0]))] for net in (model, again))  # fmt: skip
        assert all(np.allclose(*pair, atol=1e-5) for pair in zip(said, kept, strict=True)), name


def _outputs(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]
