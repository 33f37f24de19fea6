"""Several questions about one figure: each keeps its own guess, and none gives another away."""

import io
from typing import Any

import pytest
from matplotlib.figure import Figure

from course.interact import Prediction, explore, slider
from course.interact.rounds import Round, Rounds, explore_in_turn

ALT = {"en": "a line", "zh": "一条线"}


def fig_line(kind: str = "up", x: float = 1.0, answered: bool = True) -> Figure:
    """A line that is drawn once the question is answered."""
    figure = Figure(figsize=(2, 1))
    ax = figure.subplots()
    if answered:
        ax.plot([0, x], [0, 1 if kind == "up" else -1])
    return figure


def ask(kind: str) -> Round:
    return Round(Prediction(f"Which way, {kind}?", ("up", "down"), ("up", "down").index(kind), "So."), {"kind": kind})


@pytest.fixture
def rounds() -> Rounds:
    return Rounds(fig_line, (ask("up"), ask("down")), {"x": slider(0.0, 2.0, 1.0)}, ALT)


def shown(rounds: Rounds) -> Any:
    return rounds.box.children[1]


def test_the_first_question_is_open_and_its_picture_closed(rounds: Rounds) -> None:
    assert shown(rounds) is rounds.explorers[0].box
    assert list(rounds.explorers) == [0]
    assert rounds.explorers[0].controls["x"].disabled


def test_another_question_has_a_picture_and_a_verdict_of_its_own(rounds: Rounds) -> None:
    rounds.explorers[0].guess.value = "up"
    rounds.number.value = 1
    second = rounds.explorers[1]
    assert shown(rounds) is second.box
    assert second.guess.value is None
    assert second.controls["x"].disabled
    second.guess.value = "up"
    assert "down" in second.message.value
    assert second.image.value != rounds.explorers[0].image.value


def test_a_question_that_was_answered_is_still_answered_when_one_comes_back(rounds: Rounds) -> None:
    rounds.explorers[0].guess.value = "down"
    said = rounds.explorers[0].message.value
    rounds.number.value = 1
    rounds.number.value = 0
    assert shown(rounds) is rounds.explorers[0].box
    assert rounds.explorers[0].message.value == said


def test_every_question_has_a_button(rounds: Rounds) -> None:
    assert [label for label, _ in rounds.number.options] == ["question 1", "question 2"]


def test_in_a_script_the_first_figure_is_drawn_as_explore_draws_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    drawn: list[str] = []

    def fig_spy(kind: str, answered: bool = True) -> Figure:
        drawn.append(kind)
        return fig_line(kind)

    explore_in_turn(fig_spy, ask("down"), ask("up"), alt=ALT)
    explore(fig_spy, ask("up").predict, ALT, kind=slider(0, 1, 0))
    assert drawn == ["down", 0]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    explore_in_turn(fig_spy, ask("down"), alt=ALT)
    assert len(drawn) == 2
    assert capfd.readouterr() == ("", "")


def test_a_figure_with_fixed_parameters_is_known_by_its_name(rounds: Rounds) -> None:
    figure = io.BytesIO()
    fig_line("down", answered=False).savefig(figure)
    assert rounds.explorers[0].static("interactive figure fig_line")["text/plain"] == "<interactive figure fig_line>"
