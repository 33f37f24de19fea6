"""A test cell made ready by the grader, and what the value in which it ends is worth."""

import json
import math

import numpy as np
import pytest

from autograde.grading.examiner.ready_cells import ReadyCell, ready_setup, ready_test
from autograde.grading.examiner.verdict import partial_credit


def outcome(cell: ReadyCell) -> tuple[dict[str, object], object]:
    """What a cell defines, and its value."""
    names: dict[str, object] = {}
    exec(cell.body, names)
    value = eval(cell.last, names) if cell.last else None
    return {name: found for name, found in names.items() if name != "__builtins__"}, value


@pytest.mark.parametrize(
    ("source", "value"),
    [("x = 1\nx / 2", 0.5), ("x = 1\nx / 2;", None), ("x = 1\nx / 2;  # hidden", None), ("x = 1", None), ("x = 1\nassert x", None)],
)  # fmt: skip
def test_only_a_last_expression_has_a_value(source: str, value: object) -> None:
    assert outcome(ready_test(source, "<test cell 1>")) == ({"x": 1}, value)


def test_a_cell_is_the_same_after_the_way_to_the_examiner() -> None:
    source = "import math\n\ndef check(f):\n    return f(helper)\n\ncheck(softmax)"
    cell = ready_test(source, "<test cell 3>")
    again = ReadyCell.from_json(source, json.loads(json.dumps(cell.as_json())))
    assert again == cell
    assert {"softmax"} <= again.uses.loaded
    assert again.body.co_filename == "<test cell 3>"


def test_a_magic_ends_a_test_and_means_nothing_in_a_setup_cell() -> None:
    with pytest.raises(ValueError, match="line 2 is IPython's: !ls"):
        ready_test("x = 1\n!ls", "<test cell 1>")
    assert outcome(ready_setup("!ls\nx = 1", "<setup cell 1>")) == ({"x": 1}, None)


@pytest.mark.parametrize(
    ("value", "score"),
    [(None, 2.0), (0, 0.0), (1, 1.0), (2.0, 2.0), (0.5, 0.5), (np.float32(0.5), 0.5), (np.int8(1), 1.0), (np.array(1.5), 1.5)],
)  # fmt: skip
def test_a_number_between_nothing_and_the_points_is_partial_credit(value: object, score: float) -> None:
    assert partial_credit(value, 2) == (score, None)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (True, "a value of type bool"), (np.bool_(True), "a value of type bool"), ("1", "a value of type str"),
        (np.array([1.0]), "a value of type ndarray"), (np.timedelta64(1, "s"), "a time span"), (-0.5, "-0.5, which is no"),
        (math.nan, "nan, which is no"), (math.inf, "a huge number"), (10**400, "a huge number"), (10, "10, which is no"),
    ],
)  # fmt: skip
def test_any_other_value_is_a_fault_of_the_test_and_gives_nothing(value: object, fault: str) -> None:
    score, said = partial_credit(value, 1)
    assert (score, fault in str(said)) == (0.0, True), said
