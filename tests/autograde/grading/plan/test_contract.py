"""Which objects a test may hold follows from the course's own answers."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograde.grading.plan.contract import PLAIN, Contract, contract_of
from autograde.grading.plan.roles import plan_cells

VECTOR = """
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    __radd__ = __add__
    def __getitem__(self, i):
        return (self.x, self.y)[i]
    def norm(self):
        return float((self.x ** 2 + self.y ** 2) ** 0.5)
    def scaled(self, factor):
        made = type(self)(self.x * factor, self.y * factor)
        return made
    def reset(self):
        self.x = self.y = 0
        return self
    def turned(self) -> "Vector":
        return turn(self)
def unit(k):
    units = []
    for n in range(k):
        units.append(Vector(n, 0))
    return units[-1]
def length(v): return v.norm()
def doubled(k): return unit(k) + unit(k)
def parts(v): return [v.x, v.y]
def check(v): return isinstance(v, Vector) and Vector(1, 2).norm() > 0
def total(values): return sum(value * value for value in values)
origin = Vector(0, 0)
size = origin.norm()
"""


def test_a_class_and_what_the_answer_makes_of_it_are_objects_and_nothing_else_is() -> None:
    contract = contract_of([VECTOR])
    assert contract.classes == {"Vector"}
    assert contract.operators == {"__init__", "__add__", "__radd__", "__getitem__"}
    assert contract.methods == {"__add__", "scaled", "reset", "turned"}
    assert contract.functions == {"unit", "doubled"}
    assert contract.variables == {"origin"}
    assert {"Vector", "length", "check"} <= contract.named


@pytest.mark.parametrize(
    "source",
    ["def f():\n    yield 1", "def f(xs):\n    return (x for x in xs)", "def f(xs):\n    return map(int, xs)"],
)
def test_an_iterator_is_one_where_the_answer_gives_one(source: str) -> None:
    contract = contract_of([source])
    assert contract.functions == {"f"} and contract.operators == {"__iter__", "__next__"}
    assert contract_of(["def f(xs):\n    return list(map(int, xs)), sum(x for x in xs)"]).functions == set()


def test_linked_nodes_are_found_through_attributes_and_containers() -> None:
    contract = contract_of(["""
class Node:
    pass
class Chain:
    def push(self, v):
        self.head = Node()
    def top(self):
        return self.head
    def value(self):
        return self.head.value
def forest(n):
    return {k: Node() for k in range(n)}
def first(n):
    trees = forest(n)
    for tree in trees:
        return tree
"""])  # fmt: skip
    assert contract.methods == {"top"} and contract.functions == {"forest", "first"}


def test_the_author_may_name_what_gives_objects() -> None:
    contract = contract_of(["def load(p): return pandas.read(p)"], ["### OBJECTS: load, table\nassert load('a').shape"])
    assert {"load", "table"} <= contract.functions and "table" in contract.variables
    assert contract.operators == {"__len__", "__getitem__", "__iter__", "__next__"}


def test_a_plain_course_has_no_objects_and_broken_cells_define_nothing() -> None:
    contract = contract_of(["def f(x):\n    return [x]", "def", "x = 3"])
    assert contract == Contract(named=frozenset({"f"})) and Contract.from_json(contract.as_json()) == contract


def test_the_plan_gives_tests_the_contract_of_solution_and_given_cells() -> None:
    def cell(role: str, source: str) -> object:
        return new_code_cell(source, metadata={"course": {"role": role}, "nbgrader": {"grade_id": role, "points": 1}})

    plan = plan_cells(new_notebook(cells=[
        cell("setup", "class Helper: pass"), cell("solution", "%matplotlib inline\nclass Mine: pass"), cell("test", "class Own: pass")
    ]))  # fmt: skip
    assert [planned.contract.classes for planned in plan] == [set(), set(), {"Mine"}]
    assert plan[0].contract is PLAIN
