"""The editions of a chapter have the same code, but for the cell that names the language; no other has Chinese in it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
CHAPTERS = ("ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09")
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def code(chapter: str, lang: str) -> list[dict[str, Any]]:
    text = (REPOSITORY / "release" / lang / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8")
    return [
        {key: cell[key] for key in ("id", "metadata", "source")}
        for cell in json.loads(text)["cells"]
        if cell["cell_type"] == "code"
    ]


def chinese(chapter: str) -> dict[str, str]:
    """Cell id → its lines with Chinese."""
    lines = {cell["id"]: [line for line in cell["source"] if CHINESE.search(line)] for cell in code(chapter, "zh")}
    return {cell: "".join(found) for cell, found in lines.items() if found}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_only_the_first_code_cell_differs_between_the_editions(chapter: str) -> None:
    english, other = code(chapter, "en"), code(chapter, "zh")
    assert "".join(english[0]["source"]).endswith('speak("en")')
    assert "".join(other[0]["source"]).endswith('speak("zh")')
    assert english[0]["id"] == other[0]["id"] == f"{chapter}-language"
    assert english[1:] == other[1:]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_code_of_a_chapter_has_no_chinese(chapter: str) -> None:
    assert chinese(chapter) == {}
