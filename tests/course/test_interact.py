"""The widget layer: a guess first, then controls that redraw a pure figure; a picture where widgets cannot run."""

import base64
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.image
import nbformat
import pytest
from languages import is_chinese, is_english
from matplotlib.figure import Figure
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course.figures.style import new_figure
from course.interact import Explorer, Prediction, choice, explore, play, png, slider, toggle
from course.interact.prediction import blank
from course.language import Language, speak
from course.names import CLOSED

GUESS = Prediction("Which way? 向哪边？", ["up 上", "down 下"], "up 上", "Because. 因为。")
ALT = {"en": "a line that rises", "zh": "一条上升的线"}
CONTROLS = {"x": slider(0, 10, 3), "kind": choice([("a 甲", "a"), ("b 乙", "b")], "a"), "log": toggle(False)}


class Spy:
    """A figure function that remembers its parameters."""

    def __init__(self) -> None:
        self.calls: list[dict[str, object]] = []

    def __call__(self, **parameters: object) -> Figure:
        self.calls.append(parameters)
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([0, float(str(parameters.get("x", 1)))])
        return figure


@pytest.fixture
def spy() -> Spy:
    return Spy()


def test_the_controls_are_locked_until_a_guess(spy: Spy) -> None:
    explorer = Explorer(spy, GUESS, {**CONTROLS, "step": play(0, 5, 0)}, ALT)
    parts = [part for widget in explorer.box.children for part in getattr(widget, "children", (widget,))]
    lockable = [part for part in parts if hasattr(part, "disabled") and part is not explorer.guess]
    assert len(lockable) == 5  # three controls, a play button and its slider
    assert all(part.disabled for part in lockable)
    assert explorer.guess.value is None
    assert not explorer.guess.disabled
    explorer.guess.value = "down 下"
    assert not any(part.disabled for part in lockable)


def test_without_a_prediction_the_controls_are_free(spy: Spy) -> None:
    explorer = Explorer(spy, None, CONTROLS, ALT)
    assert explorer.guess is None
    assert not any(widget.disabled for widget in explorer.controls.values())


def test_the_figure_stays_blank_until_a_guess_and_keeps_its_size(spy: Spy) -> None:
    explorer = Explorer(spy, GUESS, CONTROLS, ALT)
    before = explorer.image.value
    whole = png(spy(x=3, kind="a", log=False))
    assert before == png(blank(Figure(figsize=(2, 1)))) != whole
    explorer.guess.value = "down 下"
    assert explorer.image.value == whole
    assert matplotlib.image.imread(io.BytesIO(before)).shape == matplotlib.image.imread(io.BytesIO(whole)).shape


def test_a_figure_that_knows_its_start_shows_it_until_the_guess() -> None:
    asked: list[bool] = []

    def figure(x: int, answered: bool = True) -> Figure:
        asked.append(answered)
        drawn = Figure(figsize=(2, 1))
        axes = drawn.subplots()
        if answered:
            axes.plot([0, x])
        return drawn

    explorer = Explorer(figure, GUESS, {"x": slider(0, 10, 3)}, ALT)
    assert explorer.image.value == png(figure(3, answered=False))
    explorer.guess.value = "up 上"
    assert explorer.image.value == png(figure(3))
    explorer.controls["x"].value = 4
    assert asked[-1] is True


def test_a_value_that_the_page_sends_by_itself_does_not_open_the_figure(spy: Spy) -> None:
    """A browser sends a slider's value back where it rounds it in another way, locked or not."""
    explorer = Explorer(spy, GUESS, {**CONTROLS, "step": play(0, 5, 0)}, ALT)
    before = explorer.image.value
    explorer.controls["x"].value = 4
    explorer.controls["step"].value = 1
    assert explorer.image.value == before
    explorer.guess.value = "up 上"
    assert explorer.image.value == png(spy(x=4, kind="a", log=False, step=1))


@pytest.mark.parametrize(("guess", "sign"), [("up 上", "✓"), ("down 下", "✗")])
def test_the_guess_is_judged_and_explained_at_once(spy: Spy, guess: str, sign: str) -> None:
    explorer = Explorer(spy, GUESS, CONTROLS, ALT)
    assert explorer.message.value == ""
    explorer.guess.value = guess
    assert explorer.message.value.startswith(sign)
    assert str(GUESS.because) in explorer.message.value
    assert (GUESS.right in explorer.message.value) == (sign == "✗")
    said = explorer.message.value
    explorer.controls["x"].value = 4
    assert explorer.message.value == said


def test_each_option_has_its_explanation(spy: Spy) -> None:
    each = Prediction("?", ["a", "b", "c"], 2, ["not a", "not b", "it is c"])
    explorer = Explorer(spy, each, CONTROLS, ALT)
    for option, why in zip(each.options, each.because, strict=True):
        explorer.guess.value = option
        assert [words in explorer.message.value for words in each.because] == [words == why for words in each.because]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", ("Predict first", "Choose an answer", "Now move")), ("zh", ("先猜一猜", "先选一个", "现在拖动"))],
)
def test_a_prediction_speaks_the_notebooks_language(
    monkeypatch: pytest.MonkeyPatch, lang: Language, said: tuple[str, ...]
) -> None:
    monkeypatch.setattr("course.language._known", {})
    speak(lang)
    asked = Prediction("2 + 2 = ?", ["4", "5"], 0, "2 + 2 = 4")
    explorer = Explorer(lambda x: new_figure()[0], asked, {"x": slider(0, 10, 3)}, ALT)
    question, _, hint, *_ = explorer.box.children
    shown = question.value + hint.value
    explorer.guess.value = "5"
    shown += hint.value + explorer.message.value
    assert all(words in shown for words in said)
    assert (is_chinese if lang == "zh" else is_english)(re.sub("<.*?>", "", shown))


def test_a_screen_reader_hears_no_description_of_the_figure_before_the_guess(spy: Spy) -> None:
    explorer = Explorer(spy, GUESS, CONTROLS, ALT)
    assert CLOSED in explorer.box._dom_classes
    explorer.guess.value = "up 上"
    assert CLOSED not in explorer.box._dom_classes
    assert CLOSED not in Explorer(spy, None, CONTROLS, ALT).box._dom_classes


def test_a_saved_notebook_does_not_give_the_answer_away(spy: Spy) -> None:
    explained = Prediction("Which way?", ["up <", "down"], 0, "Because.")
    explorer = Explorer(spy, explained, CONTROLS, ALT)
    saved = explorer.static("name")
    before, whole = (
        base64.b64encode(picture).decode() for picture in (png(blank(Figure(figsize=(2, 1)))), png(spy(x=3)))
    )
    assert (saved["image/png"], saved["text/plain"]) == (before, "<name>")
    shown, folded = saved["text/html"].split("<details>")
    assert before in shown and whole not in shown and whole in folded
    assert all(words in shown for words in ("Which way?", "<li>up &lt;</li>", "<li>down</li>"))
    assert "Because." not in shown and ALT["en"] not in shown
    assert re.match("<summary>.*answer.*</summary>", folded)
    assert all(words in folded for words in ("up &lt;", "Because.", ALT["en"]))


def test_the_figure_changes_on_every_move(spy: Spy) -> None:
    explorer = Explorer(spy, None, CONTROLS, ALT)
    before = explorer.image.value
    assert spy.calls == [{"x": 3, "kind": "a", "log": False}]
    explorer.controls["x"].value = 7
    explorer.controls["kind"].value = "b"
    explorer.controls["log"].value = True
    assert spy.calls[1:] == [
        {"x": 7, "kind": "a", "log": False},
        {"x": 7, "kind": "b", "log": False},
        {"x": 7, "kind": "b", "log": True},
    ]
    assert explorer.image.value != before
    assert matplotlib.image.imread(io.BytesIO(explorer.image.value)).shape[:2] == (120, 240)


def test_a_step_of_the_play_button_is_one_move(spy: Spy) -> None:
    explorer = Explorer(spy, None, {"step": play(0, 5, 0, label="step 步")}, ALT)
    button, bar = explorer.box.children[0].children
    button.value = 3
    assert (bar.value, spy.calls) == (3, [{"step": 0}, {"step": 3}])
    bar.value = 1
    assert (button.value, spy.calls[-1]) == (1, {"step": 1})


@pytest.mark.parametrize(
    ("control", "kind", "step"),
    [
        (slider(0, 10, 3), "IntSlider", 1),
        (slider(0, 10, 2, 2), "IntSlider", 2),
        (slider(0, 1.0, 0), "FloatSlider", 0.01),
        (slider(0, 10, 3, 0.5), "FloatSlider", 0.5),
    ],
)
def test_a_slider_is_whole_where_all_its_numbers_are(control, kind: str, step: float) -> None:
    import ipywidgets

    widget = control.make(ipywidgets)
    assert type(widget).__name__ == kind
    assert (widget.step, widget.value) == (step, control.value)


def test_a_prediction_has_its_answer_among_the_options() -> None:
    with pytest.raises(ValueError, match=r"is not one of the options"):
        Prediction("?", ["a", "b"], "c", "")


def test_a_png_is_a_picture_of_the_figure() -> None:
    assert png(Figure(figsize=(2, 1)), dpi=50).startswith(b"\x89PNG")
    assert matplotlib.image.imread(io.BytesIO(png(Figure(figsize=(2, 1)), dpi=50))).shape[:2] == (50, 100)


def test_out_of_a_notebook_the_figure_is_drawn_and_nothing_shown(spy: Spy, capsys: pytest.CaptureFixture[str]) -> None:
    explore(spy, GUESS, **CONTROLS)
    assert spy.calls == [{"x": 3, "kind": "a", "log": False}]
    assert capsys.readouterr() == ("", "")


SCRIPT = """
from matplotlib.figure import Figure
from course.interact import Prediction, explore, play, slider
def fig_line(x, step):
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, x + step])
    return figure
explore(fig_line, Prediction("?", ["a", "b"], "a", "because"), x=slider(0, 10, 3), step=play(0, 5, 0))
"""


def test_a_plain_script_prints_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_in_a_notebook_the_output_holds_the_widget_and_a_picture_to_stand_in() -> None:
    cells = [new_code_cell(SCRIPT), new_code_cell(BROKEN)]
    notebook = NotebookClient(new_notebook(cells=cells), timeout=60, kernel_name="python3").execute()
    live, static = (cell.outputs for cell in notebook.cells)
    for outputs in (live, static):
        (output,) = outputs
        assert output.output_type == "display_data"
        assert output.data["image/png"].startswith("iVBOR")
        assert output.data["text/plain"] == "<interactive figure fig_line>"
    assert "application/vnd.jupyter.widget-view+json" in live[0].data
    assert "application/vnd.jupyter.widget-view+json" not in static[0].data
    assert "<details>" in live[0].data["text/html"] and "<details>" not in static[0].data["text/html"]
    nbformat.validate(notebook)
    json.dumps(notebook)


BROKEN = """
import sys
sys.modules["ipywidgets"] = None  # as if it were not installed
explore(fig_line, x=slider(0, 10, 3), step=play(0, 5, 0))
"""


def test_nothing_is_drawn_while_nbgrader_grades(spy: Spy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    explore(spy, None, **CONTROLS)
    assert spy.calls == []


def test_nothing_is_drawn_in_a_notebook_that_nbgrader_validates(spy: Spy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: object())
    explore(spy, None, **CONTROLS)
    assert spy.calls == []


def test_a_figure_shows_with_ipywidgets_7_too_which_colab_has(monkeypatch: pytest.MonkeyPatch) -> None:
    ipywidgets = pytest.importorskip("ipywidgets")
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_")
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    explore(lambda size: Figure(), size=slider(1, 5, 2))
    view = shown[0]["application/vnd.jupyter.widget-view+json"]
    assert view["version_major"] == 2
    assert view["model_id"]


def test_buttons_named_like_their_positions_pass_their_values_and_can_be_unlocked() -> None:
    """ipywidgets 8 draws a button anew, enabled, only where its label is not its position."""
    widget = choice((0, 1, 2), 0).make(pytest.importorskip("ipywidgets")).bar
    assert [label == str(place) for place, (label, _) in enumerate(widget.options)] == [False] * 3
    widget.index = 2
    assert widget.value == 2
