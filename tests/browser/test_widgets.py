"""Does every figure answer every control? All chapters, driven in a browser as a learner does."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from explorer import explorers
from lab_page import Lab, Notebook

REPOSITORY = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("chapter", "lang"),
    [
        ("ch01", "en"),
        ("ch02", "zh"),
        ("ch03", "en"),
        ("ch04", "en"),
        *(
            pytest.param(chapter, lang, marks=pytest.mark.thorough)
            for chapter, lang in (("ch01", "zh"), ("ch02", "en"), ("ch03", "zh"), ("ch04", "zh"))
        ),
    ],
)
def test_every_widget_changes_its_figure(
    page: Any, keep: Callable[..., None], work: Callable[[str], Lab], chapter: str, lang: str
) -> None:
    text = (REPOSITORY / "release" / lang / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8")
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    written = sum(len(re.findall(r"^ *explore\(", source, re.MULTILINE)) for source in sources)
    page.goto(work(lang).address(f"solved/{chapter}.ipynb"))
    notebook = Notebook(page)
    notebook.run_all()
    assert notebook.errors() == 0
    assert notebook.ran_through()
    figures = explorers(notebook)
    assert len(figures) == written > 0
    idle = []
    for number, explorer in enumerate(figures, 1):
        explorer.guess()
        assert explorer.controls()
        idle += [f"figure {number}: {control}" for control in explorer.idle()]
        explorer.settled()
        keep(f"{chapter}-{lang}-figure-{number}", explorer.box)
    assert idle == []
