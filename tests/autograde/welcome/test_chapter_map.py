"""Does the map show what builds on what, and where the learner is?"""

from decimal import Decimal

import pytest

from autograde.welcome.chapter_map import Place, chapter_map
from autograde.welcome.page import Plan, Row, page

FULL = {"done": 2, "exercises": 2, "passing": 3, "checks": 3, "possible": 20.0, "points": 20.0}
NONE = {**FULL, "done": 0, "passing": 0, "possible": 0.0}
SOME = {**FULL, "done": 1, "passing": 1, "possible": 5.0}


def test_each_chapter_has_its_state_and_its_ways() -> None:
    rows = [
        Row("ch01/ch01.ipynb", "One", FULL),
        Row("ch02/ch02.ipynb", "Two", NONE, Plan(needs=("ch01",))),
        Row("ch03/ch03.ipynb", "Three", SOME, Plan(60, "", Decimal("0.6"), ("ch01", "ch99"))),
        Row("ch04/ch04.ipynb", "Four", None, Plan(needs=("ch03",))),
    ]
    shown = page("Course", rows, "en", exchange=False)
    for line in (
        'ch01["One ✓"]:::done', 'ch02["Two ▶"]:::next', 'ch03["Three …"]:::begun', 'ch04["Four"]:::open',
        "ch01 --> ch02", "ch01 --> ch03", "ch03 --> ch04",
    ):  # fmt: skip
        assert f"    {line}\n" in shown
    assert "ch99" not in shown
    assert shown.index("```mermaid") < shown.index("| chapter |")


def test_where_nothing_builds_on_anything_there_is_no_map() -> None:
    assert chapter_map([Place("ch01", "One", "next"), Place("ch02", "Two", "open")]) == ""
    assert "mermaid" not in page("Course", [Row("ch01/ch01.ipynb", "One", FULL)], "en", exchange=False)


@pytest.mark.parametrize("title", ['"a"] --> b', "```", "x<script>y", "#35; ; |", "P(a|b) {c}", "\n\tline"])
def test_a_title_cannot_leave_its_box(title: str) -> None:
    shown = chapter_map([Place("ch01", title, "done"), Place("ch02", title, "open", ("ch01",))])
    assert shown.count('"') == 4
    assert len(shown.splitlines()) == 8  # fences, direction, two places, a way, two styles
    assert shown.count("```") == 2
