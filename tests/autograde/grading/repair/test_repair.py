"""Does repair hold its bounds: any bytes, no answer dropped or invented, hostile sizes, one rule for copies?"""

import ast
import json
import random
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from damage.small import ANSWERS, FULL, RELEASES, answered, points, released
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.grading.repair import repair as module
from autograde.grading.repair.json import conflict_sides, salvage
from autograde.grading.repair.order import heaviest
from autograde.grading.repair.reasons import REPAIR_CODES, REVIEW_CODES, Findings
from autograde.grading.repair.repair import recognise, repair, unanswered
from autograde.grading.repair.text import assigned, cut_block, cut_names, parsed

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "source", "metadata", "nbgrader", "grade_id", "outputs", "cell_type", "cells", "text", "data"]), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


def sound(raw: bytes) -> None:
    made = repair(raw, RELEASES)
    nbformat.validate(made.notebook)
    names = [cell.metadata.nbgrader.grade_id for cell in made.notebook.cells if "nbgrader" in cell.metadata]
    assert names == [cell["id"] for cell in released()["cells"] if "nbgrader" in cell["metadata"]]
    nbformat.writes(made.notebook).encode()


@given(st.binary(max_size=400))
@settings(max_examples=30)
def test_no_bytes_raise(raw: bytes) -> None:
    sound(raw)


@given(PLAIN)
@settings(max_examples=30)
def test_no_json_raises(value: object) -> None:
    sound(json.dumps(value).encode("utf-8", "replace"))
    sound(json.dumps({"cells": [value, value], "metadata": value, "nbformat": 4}).encode("utf-8", "replace"))


@given(st.integers(0, 10**6))
@settings(max_examples=25)
def test_no_bytes_changed_at_random_raise(seed: int) -> None:
    rng = random.Random(seed)
    raw = bytearray(answered())
    for _ in range(rng.randint(1, 20)):
        place = rng.randrange(len(raw))
        raw[place : place + rng.randint(0, 3)] = rng.choice(
            [b'"', b"\\", b"{", b"]", b"\x00", b",", b"\xff", b"\\ud800"]
        )
    sound(bytes(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 200_000,
        b'{"cells":' + b"[" * 100_000,
        b'{"cells": [' + b'{"cell_type": "code", "metadata": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}]}",
        b'{"cells": [{"source": "' + b"(" * 50_000 + b'", "cell_type": "code"}]}',
        b'{"cells": [{"source": "' + b"-" * 50_000 + b'1", "cell_type": "code"}]}',
        b'{"nbformat": ' + b"9" * 10_000 + b', "cells": []}',
        b"<<<<<<< a\n" * 20_000 + b'"cells"',
        b"# a\r# b\rx = 1\r\n# %% [markdown]\n# text\r\n",  # found by fuzzing: a script's head kept its line ends
        b'{"cells": [{"cell_type": {}, "source": {"a": []}, "metadata": {"nbgrader": {"grade_id": []}}}]}',
    ],
    ids=range(9),
)
def test_hostile_files_end_with_a_verdict(raw: bytes) -> None:
    sound(raw)


def test_ten_thousand_cells_are_matched() -> None:
    notebook = json.loads(answered())
    extra = [{"cell_type": "code", "id": f"x{n}", "metadata": {}, "source": f"x{n} = {n}\n" * 10, "outputs": [], "execution_count": None} for n in range(10_000)]  # fmt: skip
    notebook["cells"] = (
        extra[:5000] + [cell for cell in notebook["cells"] if cell["id"] != "square-of-two"] + extra[5000:]
    )
    made = repair(json.dumps(notebook).encode(), RELEASES)
    assert [reason.code for reason in made.repairs] == ["cell-deleted"]
    assert len(made.notebook.cells) == 10_000 + len(json.loads(answered())["cells"])


def test_of_two_different_answers_the_last_counts_and_the_other_stays() -> None:
    notebook = json.loads(answered())
    place = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == "square")
    older = {**notebook["cells"][place], "source": "def square(x):\n    return abs(x) * abs(x) + 0"}
    notebook["cells"].insert(place, older)
    made = repair(json.dumps(notebook).encode(), RELEASES)
    texts = [cell.source for cell in made.notebook.cells]
    assert texts.index(older["source"]) == texts.index(ANSWERS["square"]) - 1
    assert [reason.code for reason in made.repairs] == ["cell-duplicated", "ids-restored"] and not made.review
    assert points(made.notebook) == FULL


def test_a_deleted_answer_comes_back_as_the_stub() -> None:
    notebook = json.loads(answered())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "mean"]
    made = repair(json.dumps(notebook).encode(), RELEASES)
    assert unanswered(made, RELEASES) == ("mean",)
    assert points(made.notebook) == {**FULL, "mean-of-three": 0.0}
    assert made.repairs[0].en == "These cells were missing and are back as released: `mean`."
    assert made.repairs[0].zh == "以下单元格缺失，已按发布版恢复：`mean`。"


def test_a_function_written_twice_in_an_own_cell_is_no_damage() -> None:
    notebook = json.loads(answered())
    notebook["cells"].insert(4, {"cell_type": "code", "id": "try", "metadata": {}, "source": "def square(x):\n    return x ** 2",
                                 "outputs": [], "execution_count": 3})  # fmt: skip
    assert repair(json.dumps(notebook).encode(), RELEASES).whole


def test_repair_is_pure() -> None:
    raw = answered()
    assert repair(raw, RELEASES) == repair(raw, [json.loads(release) for release in RELEASES])


def test_a_renamed_file_is_recognised() -> None:
    other = json.loads(RELEASES[0])
    for cell in other["cells"]:
        cell["id"] = "other-" + cell["id"]
        cell["source"] = ["other = 1"]
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = cell["id"]
    assert recognise(answered("zh"), {"a": [json.dumps(other).encode()], "b": RELEASES}) == "b"


def test_without_a_release_it_says_so() -> None:
    with pytest.raises(ValueError, match="at least one"):
        repair(answered(), [])
    with pytest.raises(ValueError, match="incomplete"):
        repair(answered(), [{"cells": [{"cell_type": "code"}]}])


def test_repair_knows_no_nbgrader() -> None:
    for path in Path(module.__file__).parent.glob("*.py"):
        imports = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom | ast.Import)
        ]
        assert "nbgrader" not in " ".join(ast.unparse(node) for node in imports)


def test_every_code_has_both_languages_and_names_its_cells() -> None:
    found = Findings()
    for code in REPAIR_CODES | REVIEW_CODES:
        found.add(code, *[f"cell-{n}" for n in range(10)])
    reasons = found.repairs() + found.review()
    assert {reason.code for reason in reasons} == REPAIR_CODES | REVIEW_CODES
    for reason in reasons:
        assert reason.en.endswith(".") and reason.zh.endswith("。") and "{" not in reason.en + reason.zh
        assert ("`cell-0`" in reason.en) == ("`cell-0`" in reason.zh)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 3)), max_size=9))
def test_heaviest_is_the_heaviest_ascending_part(items: list[tuple[int, int]]) -> None:
    def total(chosen: list[int]) -> int:
        return sum(items[place][1] for place in chosen)

    every = [[place for place in range(len(items)) if bits >> place & 1] for bits in range(1 << len(items))]
    ascending = [part for part in every if all(items[a][0] < items[b][0] for a, b in pairwise(part))]
    chosen = heaviest(items)
    assert chosen in ascending and total(chosen) == max(map(total, ascending))


@given(PLAIN.map(json.dumps).filter(lambda text: "NaN" not in text and "Infinity" not in text))
def test_salvage_reads_valid_json_as_json_does(text: str) -> None:
    value, cut = salvage(text.replace("e+", "e"))
    assert cut == ""
    assert json.dumps(value) == json.dumps(_as_salvaged(json.loads(text)))


def _as_salvaged(value: object) -> object:
    """Long integers become floating point."""
    if isinstance(value, dict):
        return {key: _as_salvaged(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_salvaged(part) for part in value]
    return float(value) if isinstance(value, int) and len(str(value)) >= 20 else value


def test_conflict_sides() -> None:
    text = "a\n<<<<<<< ours\nb\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd\n"
    assert conflict_sides(text) == ("a\nb\nd\n", "a\nc\nd\n")
    assert conflict_sides("a = '<<<<<<<'\n") is None


def test_texts_are_taken_apart() -> None:
    text = "import os\n\n# why\n@os.fspath\ndef f():\n    return 1\n\n\ny = 2\n"
    assert cut_names(text, frozenset({"f"})) == ("# why\n@os.fspath\ndef f():\n    return 1", "import os\n\n\n\ny = 2")
    assert cut_names(text, frozenset({"g"})) is None
    assert cut_block("a\nbb\nc", "bb") == ("a\n", "c") and cut_block("a\nbbb\nc", "bb") is None
    assert assigned("x: int = 1\ny == 2\nclass C:\n    z = 3\nasync def g(): ...") == {"x", "C", "g"}
    assert parsed("%matplotlib inline\n!ls\nx = 1") is not None and parsed("x = (") is None
