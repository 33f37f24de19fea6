"""One language in a notebook: which one, and how a text is said in it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import course.language as module
from course.language import Language, language, one_language, say, speak

REPOSITORY = Path(__file__).parents[2]
TEXTS = {
    "ch09-points": {"en": "{n:,} points", "zh": "{n:,} 个点"},
    "ch09-MEAN": {"en": "take the mean", "zh": "取平均", "tag": "[ch09-MEAN]"},
    "ch09-SHAPE": {"en": "not {0}", "zh": "不是 {0!r:>4}", "tag": "[ch09-SHAPE]"},
}
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
Spoken = Callable[[Language | None], None]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """``spoken("zh")``: as in a Chinese notebook; ``spoken(None)``: as in a script."""
    monkeypatch.setattr(module, "_known", {})
    monkeypatch.setattr(module, "open_notebook", lambda: None)
    monkeypatch.setattr(module, "_texts", lambda chapter: TEXTS if chapter == "ch09" else {})
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return lambda name: speak(name) if name else None


def test_a_language_is_named_once_and_there_are_two(spoken: Spoken) -> None:
    assert language() is None
    speak("zh")
    assert language() == "zh"
    with pytest.raises(ValueError, match="'en' and 'zh', not 'fr'"):
        speak("fr")  # type: ignore[arg-type]
    assert language() == "zh"


@pytest.mark.parametrize(
    ("prose", "known"), [("# Losses", "en"), ("# 损失函数", "zh"), (["# ", "损失"], "zh"), ("", "en")]
)
def test_where_no_cell_named_it_the_prose_does(
    spoken: Spoken, monkeypatch: pytest.MonkeyPatch, prose: str, known: str
) -> None:
    cells = [{"cell_type": "code", "source": "损失"}, {"cell_type": "markdown", "source": prose}]
    monkeypatch.setattr(module, "open_notebook", lambda: {"cells": cells})
    assert language() == known
    speak("zh" if known == "en" else "en")
    assert language() != known


@pytest.mark.parametrize(
    ("name", "plain", "with_fields"),
    [
        ("en", "loss {0}", "+2.50 of 60,000"),
        ("zh", "损失 {0}", "60,000 中的 +2.50"),
        (None, "loss {0}", "+2.50 of 60,000"),
    ],
)
def test_a_text_is_said_in_one_language(spoken: Spoken, name: Language | None, plain: str, with_fields: str) -> None:
    spoken(name)
    assert say(en="loss {0}", zh="损失 {0}") == plain
    assert say(en="{d:+.2f} of {n:,}", zh="{n:,} 中的 {d:+.2f}", d=2.5, n=60000) == with_fields


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("en", ["7,000 points", "[ch09-MEAN] take the mean", "[ch09-SHAPE] not x"]),
        ("zh", ["7,000 个点", "[ch09-MEAN] 取平均", "[ch09-SHAPE] 不是  'x'"]),
        (None, ["7,000 points", "[ch09-MEAN] 取平均 / take the mean", "[ch09-SHAPE] 不是  'x' / not x"]),
    ],
)
def test_a_key_says_its_text(spoken: Spoken, name: Language | None, said: list[str]) -> None:
    spoken(name)
    assert [say("ch09-points", n=7000), say("ch09-MEAN"), say("ch09-SHAPE", "x")] == said


def test_while_nbgrader_grades_a_message_is_in_both_languages(spoken: Spoken, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken("zh")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert say("ch09-MEAN") == "[ch09-MEAN] 取平均 / take the mean"
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert say("ch09-MEAN") == "[ch09-MEAN] 取平均"


@pytest.mark.parametrize("key", ["ch09-unknown", "ch77-loss", "nothing"])
def test_an_unknown_key_says_itself(spoken: Spoken, key: str) -> None:
    assert say(key, 3, n=3) == key


@pytest.mark.parametrize("message", ["[ch02-MEAN] 取平均 / take the mean", "取平均 / take the mean"])
def test_a_message_is_cut_to_the_half_of_the_notebooks_language(spoken: Spoken, message: str) -> None:
    assert one_language(message) == message
    tag = message.removesuffix("取平均 / take the mean")
    speak("en")
    assert one_language(message) == f"{tag}take the mean"
    speak("zh")
    assert one_language(message) == f"{tag}取平均"


@pytest.mark.parametrize("message", ["", "a / b", "取平均", "甲 / 乙", "a / 乙", "[ch02-MEAN] only English"])
def test_a_message_without_two_halves_stays_as_it_is(spoken: Spoken, message: str) -> None:
    speak("zh")
    assert one_language(message) == message


CELLS = (
    "from course.checks import answer_in_one_line\nfrom course.language import say\nanswer_in_one_line()",
    "def square(x):\n    return x\n\ndef cube(x):\n    raise NotImplementedError('write your code here')",
    "# Test a-b (1 point)\nassert square(3) == 9, '[ch09-SQUARE] 自乘 / multiply it by itself'",
    "# Test c-d (1 point)\nassert cube(3) == 27",
    "# Test e-f (1 point)\nassert square(1) == 1",
    "# Test g-h (1 point)\nassert square(2) == 4",
    "from course.unfinished import when_solved\nwith when_solved('cube'):\n    cube(1)",
    "with when_solved('square'):\n    square(1) + None",
    "from course.progress_panel import show_progress\nshow_progress()",
)


@pytest.mark.parametrize(("name", "first"), [("en", "speak"), ("zh", "speak"), ("en", ""), ("zh", "")])
def test_what_a_notebook_shows_is_in_its_language(tmp_path: Path, name: str, first: str) -> None:
    """With the cell that names the language and, for who begins further down, without it."""
    named = [new_code_cell(f"from course.language import speak\nspeak({name!r})")] if first else []
    cells = [new_markdown_cell("# 平方" if name == "zh" else "# Squares"), *named, *map(new_code_cell, CELLS)]
    path = tmp_path / "ch09.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            shown += [output["text"]] if "text" in output else list(output["data"].values())
    assert len(shown) >= 12
    said = re.sub(
        r"(?m)^ *assert square.*$|自乘 / multiply it by itself'", "", "\n".join(shown)
    )  # the code in a traceback
    if name == "en":
        assert not CHINESE.search(said)
    else:
        assert not re.search("take|multiply|done|Solve|Look|condition|answered|passed", said.replace("answered(", ""))
        assert all(
            word in said
            for word in ("自乘", "尚未作答", "通过", "测试条件不成立", "请先完成上面的", "请再检查", "你的进度")
        )


def test_a_script_speaks_english(tmp_path: Path) -> None:
    program = "from course.language import say, language\nprint(language(), say(en='loss', zh='损失'))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == "None loss\n"


@pytest.mark.parametrize("chapter", ["ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09"])
def test_every_key_of_a_release_has_its_text(chapter: str) -> None:
    texts = json.loads((REPOSITORY / "course" / "texts" / f"{chapter}.json").read_text(encoding="utf-8"))
    notebook = nbformat.read(REPOSITORY / "release" / "en" / chapter / f"{chapter}.ipynb", as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert set(re.findall(r'\bsay\("([^"]+)"', code)) == set(texts)
