"""Pictures are drawn once, ahead where a player will need them, and look as if they were drawn anew."""

import io
import time
from pathlib import Path
from typing import Any

import matplotlib.image
import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course.figures.style import new_figure
from course.interact import Explorer, choice, play, png
from course.interact import explorer as module
from course.interact.frames import Frames, key
from course.interact.paint import Painter

ALT = {"en": "a line"}


def fig_line(step: int, title: str = "", label: str = "y") -> Figure:
    figure, (left, right) = new_figure(cols=2)
    left.plot([0, step], [0, 10.0**step])
    left.set_title(title)
    left.set_ylabel(label)
    right.imshow(np.eye(3))
    figure.suptitle("two axes")
    return figure


def pixels(picture: bytes) -> np.ndarray:
    return matplotlib.image.imread(io.BytesIO(picture))


def test_a_picture_drawn_in_place_is_the_picture_drawn_anew() -> None:
    painter = Painter()
    first = painter.png(fig_line(1))
    again = fig_line(1)
    assert painter.png(again) == first == png(fig_line(1))
    assert not isinstance(again.get_layout_engine(), ConstrainedLayoutEngine)  # the places were those of the first


@pytest.mark.parametrize(
    "wider",
    [
        {"label": "a label\nof two lines"},
        {"title": "a title\nof three\nlines"},
        {"step": 9, "label": r"$\frac{\frac{1}{2}}{x}$"},
    ],
)
def test_a_text_that_needs_more_room_gets_it(wider: dict[str, Any]) -> None:
    painter = Painter()
    painter.png(fig_line(1))
    figure = fig_line(**{"step": 1, **wider})
    assert painter.png(figure) == png(fig_line(**{"step": 1, **wider}))


def test_the_axes_stand_still_while_the_values_change() -> None:
    painter = Painter()
    painter.png(wide := fig_line(5))
    painter.png(narrow := fig_line(1))
    places = [[axes.get_position().bounds for axes in figure.axes] for figure in (wide, narrow)]
    assert places[0] == places[1]


def test_pictures_are_kept_by_their_values_and_types_until_there_are_too_many() -> None:
    drawn: list[Any] = []
    frames = Frames(limit=25)

    def get(value: Any) -> bytes:
        return frames.get(key("figure", {"x": value}), lambda: drawn.append(value) or b"0123456789")

    for value in (1, 1.0, 1, True, 1, 1.0):
        get(value)
    assert [type(value) for value in drawn] == [int, float, bool, float]  # two pictures have room, the latest used stay
    get([1])
    get([1])
    assert drawn[4:] == [[1], [1]]


class Slow:
    """A figure that remembers what it drew."""

    def __init__(self) -> None:
        self.drawn: list[tuple[int, str]] = []

    def __call__(self, step: int, kind: str) -> Figure:
        self.drawn.append((step, kind))
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([0, step])
        return figure


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(Slow(), None, {"step": play(0, 4, 3), "kind": choice("ab", "a")}, ALT)


def test_frames_ahead_come_in_the_order_in_which_they_are_shown(explorer: Explorer) -> None:
    while explorer.draw_ahead():
        pass
    assert explorer._figure.drawn == [(step, "a") for step in (3, 4, 0, 1, 2)]
    for step in (4, 0, 1, 2, 3):
        explorer.controls["step"].value = step
    assert len(explorer._figure.drawn) == 5


def test_no_frame_of_former_values_is_shown(explorer: Explorer) -> None:
    while explorer.draw_ahead():
        pass
    explorer.controls["kind"].value = "b"
    assert explorer._figure.drawn[-1] == (3, "b")
    explorer.draw_ahead()
    assert explorer._figure.drawn[-1] == (4, "b")
    explorer.controls["kind"].value = "a"
    assert explorer._figure.drawn[-1] == (4, "b")  # that picture is still there


def test_a_long_player_is_drawn_ahead_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AHEAD", 3)
    explorer = Explorer(Slow(), None, {"step": play(0, 1000, 10), "kind": choice("ab", "a")}, ALT)
    while explorer.draw_ahead():
        pass
    assert [step for step, _ in explorer._figure.drawn] == [10, 11, 12]


def test_a_figure_that_fails_ahead_fails_only_where_it_is_shown() -> None:
    def figure(step: int) -> Figure:
        if step == 1:
            raise ZeroDivisionError
        return Figure(figsize=(2, 1))

    explorer = Explorer(figure, None, {"step": play(0, 4, 0)}, ALT)
    assert explorer.draw_ahead() is False
    with pytest.raises(ZeroDivisionError):
        explorer.controls["step"].value = 1


NOTEBOOK = """
from matplotlib.figure import Figure
from course.interact import Prediction, explore, play
drawn = []
def fig_step(step):
    drawn.append(step)
    return Figure(figsize=(2, 1))
explore(fig_step, alt={"en": "a line"}, step=play(0, 5, 0))
explore(lambda step: (drawn.append("closed"), Figure(figsize=(2, 1)))[1],
        Prediction("?", ["a", "b"], 0, ""), alt={"en": "a line"}, step=play(0, 5, 0))
"""


def test_an_idle_kernel_draws_ahead_but_not_behind_a_closed_prediction(tmp_path: Path) -> None:
    notebook = new_notebook(
        cells=[new_code_cell(NOTEBOOK), new_code_cell("print(drawn)"), new_code_cell("print(drawn)")]
    )
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    with client.setup_kernel():
        client.execute_cell(notebook.cells[0], 0)
        client.execute_cell(notebook.cells[1], 1)
        for _ in range(100):
            client.execute_cell(notebook.cells[2], 2)
            if "5]" in (said := notebook.cells[2].outputs[0].text):
                break
            time.sleep(1.5)  # the kernel rests
    assert notebook.cells[1].outputs[0].text == "[0, 'closed']\n"  # the cells come first
    assert said == "[0, 'closed', 1, 2, 3, 4, 5]\n"
    nbformat.validate(notebook)
