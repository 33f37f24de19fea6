"""The gate names every test that does more with a learner's object than call its methods (X6 and X7)."""

import pytest

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate.objects import object_faults

VALUE = """\
# %% solution="value"
class Value:
    ### BEGIN SOLUTION
    def __init__(self, x):
        self.x = x
    def __add__(self, other):
        return Value(self.x + other.x)
    def get(self):
        return self.x
    def scaled(self, k):
        return Value(k * self.x)
    ### END SOLUTION
def make(k):
    return Value(k)
# %% test="value-holds" points=1
"""


def faults(test: str) -> list[tuple[int, str]]:
    return list(object_faults(parse_chapter(VALUE + test + "\n", "ch91_mini.py")))


@pytest.mark.parametrize(
    ("test", "what"),
    [
        ("v = Value(1)\nassert v.x == 1, 'm'", "uses the attribute x of"), ("v = Value(1) + Value(2)", "computes with"),
        ("assert Value(1) == Value(1), 'm'", "compares"), ("assert Value(1) < Value(2), 'm'", "compares"),
        ("assert Value(1) in [3], 'm'", "compares"), ("assert isinstance(Value(1), Value), 'm'", "calls isinstance on"),
        ("assert repr(Value(1)) == 'Value(1)', 'm'", "calls repr on"), ("print(make(1))", "calls print on"),
        ("seen = {Value(1)}", "hashes"), ("seen = {make(2): 1}", "hashes"), ("for a in Value(1):\n    pass", "iterates over"),
        ("a = [b for b in make(1)]", "iterates over"), ("a = Value(1)[0]", "takes an item of"), ("if Value(1):\n    pass", "asks for the truth of"),
        ("assert not Value(1), 'm'", "asks for the truth of"), ("v = Value(1).scaled(2)\nassert v, 'm'", "asks for the truth of"),
        ("m = f'{Value(1)}'", "prints"), ("v = Value(1)\nv += Value(2)", "computes with"), ("a = -Value(1)", "computes with"),
        ("a = abs(Value(1))", "calls abs on"), ("v = make(1)\nv.x = 3", "uses the attribute x of"), ("a = Value(1) and 3", "asks for the truth of"),
    ],
)  # fmt: skip
def test_what_is_more_than_a_call_is_named_with_its_line(test: str, what: str) -> None:
    found = faults(test)
    line = (VALUE + test).split("\n").index(test.split("\n")[-1 if "\n" in test and "pass" not in test else 0]) + 1
    assert found and found[0][0] == line and what in found[0][1] and "'value-holds'" in found[0][1], found


@pytest.mark.parametrize(
    "test",
    [
        "assert Value(1).get() == 1 and make(2).scaled(3).get() == 6, 'm'",
        "v = Value(1)\ngot = v.get()\nassert isinstance(got, int) and got == 1, 'm'",
        "v = Value(1)\nassert v is not None, 'm'\nfor k in range(3):\n    assert v.scaled(k).get() == k, 'm'",
    ],
)
def test_methods_and_what_they_return_are_free(test: str) -> None:
    assert faults(test) == []


def test_without_a_class_there_is_nothing_to_find() -> None:
    text = '# %% solution="f"\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n# %% test="f-works" points=1\nassert -f(1) + f(2) == f(1), "m"\n'
    assert list(object_faults(parse_chapter(text, "ch91_mini.py"))) == []
