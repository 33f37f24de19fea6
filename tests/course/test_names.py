"""Alternative texts are in the notebook's language, and reach the page, nbconvert and the gate."""

import json
from pathlib import Path

import nbformat
import pytest
from matplotlib.figure import Figure
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import course.language as module
from course.interact import Explorer, slider
from course.language import language, spoken

ALT = {"en": "a line that </script> rises", "zh": "一条上升的线"}
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch):
    """``opened("# Prose")``: as if a notebook with this prose were open."""

    def notebook(*prose: str) -> None:
        cells = [
            {"cell_type": "code", "source": "'中文'"},
            *({"cell_type": "markdown", "source": text} for text in prose),
        ]
        monkeypatch.setattr(module, "open_notebook", lambda: {"cells": cells})

    monkeypatch.setattr(module, "_known", {})
    monkeypatch.setattr(module, "open_notebook", lambda: None)
    return notebook


def test_the_language_is_that_of_the_prose_and_not_of_the_shared_code(opened) -> None:
    assert language() is None  # no notebook yet: look again next time
    opened("# Chapter 2", "后来有人加了一句中文")
    assert language() == "en"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("chapter", ["ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09"])
def test_every_release_is_known_by_its_prose(opened, monkeypatch, chapter: str, lang: str) -> None:
    path = REPOSITORY / "release" / lang / chapter / f"{chapter}.ipynb"
    monkeypatch.setattr(module, "open_notebook", lambda: json.loads(path.read_text(encoding="utf-8")))
    assert language() == lang


def test_where_the_language_is_unknown_english_is_spoken(opened) -> None:
    assert spoken(ALT) == "a line that </script> rises"
    opened("# 第 2 章")
    assert spoken(ALT) == "一条上升的线"
    assert spoken({"en": "only this"}) == "only this"


def test_the_script_of_a_figure_holds_its_words_and_cannot_be_broken_by_them(opened) -> None:
    opened("# Chapter 2")
    explorer = Explorer(lambda x: Figure(figsize=(2, 1)), None, {"x": slider(0, 9, 3)}, ALT)
    (output,) = explorer.box.children[-1].outputs
    page = output["data"]["text/html"]
    assert page.count("</script>") == 1
    assert json.dumps(ALT["en"]).replace("<", "\\u003c") in page
    assert '"lang": "en"' in page


def test_a_page_made_by_nbconvert_has_the_alternative_text(tmp_path: Path) -> None:
    source = (
        "from matplotlib.figure import Figure\nfrom course.interact import explore, slider\n"
        "explore(lambda x: Figure(figsize=(2, 1)), alt={'en': 'a line', 'zh': '一条线'}, x=slider(0, 9, 3))"
    )
    path = tmp_path / "ch09.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# 第 9 章"), new_code_cell(source)]), path)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    notebook.metadata.pop("widgets", None)
    del notebook.cells[1].outputs[0]["data"]["application/vnd.jupyter.widget-view+json"]
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert 'alt="一条线"' in page
