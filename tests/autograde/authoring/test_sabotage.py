"""The gate names every test that accepts an answer without looking, and no test that looks."""

from pathlib import Path

import pytest

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.proof.finding import Finding
from autograde.authoring.proof.strength import strength
from autograde.authoring.sabotage import KINDS

DOUBLE = "def double(x):\n    return 2.0 * x"
BOTH = "def both(x):\n    return 2.0 * x, float(x.sum())"
LOOKS = """\
x = np.array([[1.0, 2.0], [3.0, 5.0]])
before, expected = x.copy(), 2 * x
y = double(x)
assert isinstance(y, np.ndarray), "t"
assert y.shape == (2, 2), "s"
assert np.allclose(y, expected), "v"
assert np.array_equal(x, before), "i"
z = np.arange(3.0)
assert np.allclose(double(z), [0, 2, 4]), "w\""""

PLANTED = {
    "object": ("def square(x):\n    return x * x", "assert abs(square(2) - 4) < 1e-9, 'v'\nassert abs(square(3) - 9) < 1e-9, 'v'"),
    "objects-for-numbers": (
        BOTH,
        "r = both(np.arange(3.0))\nassert isinstance(r, tuple), 't'\nassert abs(r[1] - 3) < 1e-9, 'v'\nx = np.ones(2)\n"
        "r = both(x)\nassert isinstance(r[0], np.ndarray) and r[0].shape == (2,), 's'\nassert np.allclose(r[0], 2), 'v'\n"
        "assert np.array_equal(x, np.ones(2)), 'i'",
    ),
    "objects-for-arrays": (
        BOTH,
        "r = both(np.arange(3.0))\nassert isinstance(r[1], float) and r[1] == 3, 'v'\nassert abs(r[0] - 4) < 1e-9 or r[0].sum() == 6, 'v'",
    ),
    "empty": (DOUBLE, LOOKS.replace('assert y.shape == (2, 2), "s"\n', "").replace("np.allclose(double(z), [0, 2, 4])", "len(double(z)) < 4")),
    "empty-numbers": (
        "def norm(x):\n    return float(np.sqrt(x @ x))",
        "x = np.array([3.0, 4.0])\nassert np.all(np.abs(norm(x) - 5) < 1e-9), 'v'\nassert np.array_equal(x, [3, 4]), 'i'\n"
        "assert np.all(norm(np.ones(4)) == 2), 'w'",
    ),
    "nan": ("def half(x):\n    return x / 2", "y = half(3.0)\nassert isinstance(y, float), 't'\nassert not abs(y - 1.5) > 1e-9, 'v'"),
    "zeroed": (DOUBLE, LOOKS.replace("np.allclose(y, expected)", "np.allclose(y, 2 * x)").replace('assert np.array_equal(x, before), "i"\n', "")
               .replace("np.allclose(double(z), [0, 2, 4])", "len(double(z)) < 4")),
    "zeroed-first": (
        "def both(x, y):\n    return 2.0 * x, float(y.sum())",
        "x, y = np.ones(3), np.arange(3.0)\nr = both(x, y)\nassert isinstance(r, tuple) and isinstance(r[1], float) and r[1] == 3, 'n'\n"
        "assert isinstance(r[0], np.ndarray) and r[0].shape == (3,), 's'\nassert np.allclose(r[0], 2 * x), 'v'",
    ),
    "remembered": (
        DOUBLE,
        LOOKS + "\nimport time\nbest = 9.0\nfor _ in range(3):\n    start = time.perf_counter()\n    double(x)\n"
        "    best = min(best, time.perf_counter() - start)\nassert best < 5, 'slow'",
    ),
    "axis": (DOUBLE, LOOKS.replace("y.shape == (2, 2)", "y.size == 4")),
    "scalar": (DOUBLE, "x = np.ones(3)\ny = double(x)\nassert isinstance(y, np.ndarray) and y.ndim < 2, 't'\nassert np.allclose(y, 2), 'v'\n"
               "assert np.array_equal(x, np.ones(3)), 'i'\nassert np.allclose(double(5 * np.ones(2)), 10), 'w'"),
    "stale": ("def square(x):\n    return x * x", "for x in (2, 2):\n    y = square(x)\n    assert isinstance(y, int) and y == 4, 'v'"),
    "emptied": ("def total(xs):\n    return sum(xs)", "xs = [1, 2]\ny = total(xs)\nassert isinstance(y, int) and y < 4, 'v'\nassert len(xs) in (0, 2), 'i'\n"
                "assert total([3]) in (0, 3), 'w'"),
    "spent": (DOUBLE, LOOKS.replace('assert np.array_equal(x, before), "i"\n', "")),
}  # fmt: skip


def chapter_of(exercises: dict[str, tuple[str, str]]) -> str:
    text = "# %% setup\nimport numpy as np\n"
    for name, (solution, test) in exercises.items():
        head, body = solution.split("\n", 1)
        text += f'# %% solution="{name}"\n{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION\n'
        text += f'# %% test="{name}-works" points=1\n{test}\n'
    return text


def findings(exercises: dict[str, tuple[str, str]]) -> tuple[str, list[Finding]]:
    text = chapter_of(exercises)
    found, _ = strength(parse_chapter(text, "ch91_mini.py"), Path("no banks here"))
    return text, [one for one in found if "accepts an answer that" in one.message]


def test_a_test_that_looks_refuses_every_saboteur() -> None:
    assert findings({"double": (DOUBLE, LOOKS)})[1] == []


def test_every_kind_of_careless_test_is_named_with_its_line() -> None:
    text, found = findings(PLANTED)
    lines = text.split("\n")
    for kind in KINDS:
        header = f'# %% test="{kind}-works" points=1'
        place = f"ch91_mini.py:{1 + lines.index(header)}"
        messages = [one.message for one in found if one.place == place]
        assert any(KINDS[kind].what in message and repr(f"{kind}-works") in message for message in messages), (
            kind,
            messages,
        )


def test_a_test_of_errors_only_meets_no_saboteur() -> None:
    refuses = "def refuse(x):\n    raise ValueError(x)"
    test = "try:\n    refuse(np.ones(2))\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('e')"
    assert findings({"refuse": (refuses, test)})[1] == []


def test_methods_of_a_class_are_spoiled_too() -> None:
    counter = "class Counter:\n    def count(self):\n        return 3"
    assert any(
        "object" in one.message for one in findings({"counter": (counter, "assert Counter().count() == 3, 'v'")})[1]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_what_to_do(kind: str) -> None:
    assert KINDS[kind].what and KINDS[kind].remedy
