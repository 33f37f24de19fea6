"""The interactive figures of a chapter, as its calls of ``explore`` describe them, and what can be read in a figure."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import course.interact
import course.language
from autograde.authoring.release import read_chapter
from autograde.bench.figures import figure_program
from course.interact import Prediction, rounds
from course.interact.prediction import answered, unanswered

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class Explored:
    """One call of ``explore``.

    Attributes:
        name: the figure function's name and the place of the call in the chapter, from 1.
        controls: parameter → control.
    """

    name: str
    figure: Callable[..., Figure]
    predict: Prediction | None
    alt: Any
    controls: dict[str, Any]

    def answered(self, **values: object) -> Figure:
        """The whole figure, drawn, for the initial values or others."""
        return _drawn(answered(self.figure, **{**self._first, **values}))

    def unanswered(self) -> Figure:
        """What is shown before the guess, drawn."""
        return _drawn(unanswered(self.figure, answered(self.figure, **self._first), **self._first))

    @property
    def _first(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}


@cache
def explored(chapter: str, lang: course.language.Language) -> tuple[Explored, ...]:
    """Every call of ``explore``, and every question of ``explore_in_turn``, in a chapter, as its notebook in ``lang`` makes it, with the answers filled in."""
    calls: list[Explored] = []

    def explore(figure: Any, predict: Any = None, alt: Any = None, **controls: Any) -> None:
        name = f"{len(calls) + 1}-{getattr(figure, '__name__', 'figure')}"
        calls.append(Explored(name, figure, predict, alt, controls))

    def explore_in_turn(figure: Any, *questions: rounds.Round, alt: Any = None, **controls: Any) -> None:
        for one in questions:
            explore(rounds.asked(figure, one), one.predict, alt, **controls)

    program = figure_program(read_chapter(REPOSITORY, chapter))
    real, course.interact.explore = course.interact.explore, explore
    in_turn, rounds.explore_in_turn = rounds.explore_in_turn, explore_in_turn
    try:
        with speaking(lang), warnings.catch_warnings(action="ignore"):
            exec(compile(program, f"{chapter}.py", "exec"), {"__name__": "__main__"})
    finally:
        course.interact.explore, rounds.explore_in_turn = real, in_turn
    return tuple(calls)


@contextmanager
def speaking(lang: course.language.Language) -> Iterator[None]:
    """The language of the open notebook, for a while."""
    known = dict(course.language._known)
    course.language.speak(lang)
    try:
        yield
    finally:
        course.language._known.clear()
        course.language._known.update(known)


def texts(figure: Figure) -> list[Text]:
    """The texts that a reader sees in a drawn figure."""
    return [text for text in figure.findobj(Text) if _seen(text) and text.get_text().strip()]


def _drawn(figure: Figure) -> Figure:
    figure.set_layout_engine("none")  # the places of things do not matter here
    FigureCanvasAgg(figure).draw()
    return figure


def _seen(artist: Any) -> bool:
    """Whether an artist and the axes that it belongs to are visible."""
    return artist.get_visible() and (artist.axes is None or artist.axes.get_visible())
