"""Several questions about one figure, asked one after the other in one place."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, update_wrapper
from typing import Any

from matplotlib.figure import Figure

from course.interact import Control, Explorer, Prediction, explore
from course.language import say
from course.names import Alt


@dataclass(frozen=True)
class Round:
    """One question of several about a figure, and the figure's parameters while it is asked."""

    predict: Prediction
    shows: dict[str, Any] = field(default_factory=dict)


class Rounds:
    """Numbered buttons above the explorer of one question; each question keeps its answer.

    Attributes:
        number: the buttons that choose a question, counted from 0.
        explorers: the explorers that were opened, by question.
        box: buttons and explorer, ready to be displayed.
    """

    def __init__(
        self, figure: Callable[..., Figure], rounds: Sequence[Round], controls: dict[str, Control], alt: Alt
    ) -> None:
        import ipywidgets as widgets

        self._make = [partial(Explorer, asked(figure, one), one.predict, controls, alt) for one in rounds]
        self.explorers: dict[int, Explorer] = {}
        # ipywidgets 8 does not redraw a button whose label equals its position
        names = [(say(en="question {n}", zh="第 {n} 问", n=place + 1), place) for place in range(len(rounds))]
        self.number = widgets.ToggleButtons(options=names, value=0, style={"button_width": "auto"})
        self.number.observe(self._turn, "value")
        self.box = widgets.VBox([self.number, self._open(0).box])

    def _open(self, place: int) -> Explorer:
        if place not in self.explorers:
            self.explorers[place] = self._make[place]()
        return self.explorers[place]

    def _turn(self, change: Any) -> None:
        self.box.children = [self.number, self._open(change["new"]).box]


def explore_in_turn(figure: Callable[..., Figure], *rounds: Round, alt: Alt | str, **controls: Control) -> None:
    """Show ``figure`` with one question after the other; the other keywords are as in :func:`course.interact.explore`.

    Where widgets cannot run, the first question's figure is shown.
    """
    described = alt if isinstance(alt, Mapping) else {"en": alt}
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    try:
        import ipywidgets  # noqa: F401
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        widgets_run = get_ipython() is not None
    except ImportError:
        widgets_run = False
    if not widgets_run:
        explore(asked(figure, rounds[0]), rounds[0].predict, alt, **controls)
        return
    shown = Rounds(figure, rounds, controls, described)
    name = f"interactive figure {getattr(figure, '__name__', 'figure')}"
    view = {"version_major": 2, "version_minor": 0, "model_id": shown.box.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, **shown.explorers[0].static(name)}, raw=True)


def asked(figure: Callable[..., Figure], one: Round) -> Callable[..., Figure]:
    """Return the figure with the parameters of one question, still known by its name."""
    fixed = partial(figure, **one.shows)
    update_wrapper(fixed, figure)
    return fixed
