"""The free cell of chapter 8 that examines the patients runs, with right answers, for every number that the prose offers."""

import re
from pathlib import Path
from typing import Any

import pytest

from autograde.authoring.chapter import Chapter, parse_chapter
from course.interact import show

FILE = Path(__file__).parents[2] / "notebooks" / "ch08_evaluation.py"
OFFERED = (0, 1, 2, 3, 4)


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    return parse_chapter(FILE.read_text(encoding="utf-8"), FILE.name)


@pytest.fixture(scope="module")
def solved(chapter: Chapter) -> dict[str, Any]:
    """The names after all given cells and reference answers, and after the cell that imports the clinic."""
    names: dict[str, Any] = {"show": show}
    for cell in chapter.cells:
        if cell.role in ("setup", "given", "solution") or (cell.demo and "from course.clinic import" in cell.source):
            exec(cell.source, names)
    return names


def examination(chapter: Chapter) -> str:
    return next(cell.source for cell in chapter.cells if cell.demo and cell.source.startswith("number = 1"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_prose_offers_these_numbers(chapter: Chapter, lang: str) -> None:
    offer = next(cell.source for cell in chapter.edition(lang) if cell.role == "prose" and "`number`" in cell.source)
    sentence = offer[offer.index("`number`") :].splitlines()[0]
    assert sorted({int(digit) for digit in re.findall(r"\d", sentence)}) == list(OFFERED)


@pytest.mark.parametrize("number", OFFERED)
def test_every_number_that_the_prose_offers_runs(
    chapter: Chapter, solved: dict[str, Any], number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(examination(chapter).replace("number = 1", f"number = {number}", 1), dict(solved))
    said = capsys.readouterr().out
    pixel, area = re.search(r"pixel: number (\d+).* is ([\d.]+)", said).groups()
    assert said.rstrip().endswith("]]"), "the confusion matrix is the last reading"
    assert (float(area) == 1.0, pixel == "32") == (number == 1, number == 1)
