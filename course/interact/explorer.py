"""The widgets around one figure: a prediction first, then controls that redraw it."""

from collections.abc import Callable, Iterator
from typing import Any

from matplotlib.figure import Figure

from course.interact.controls import INSIDE, Control, align, fit, lock
from course.interact.frames import FRAMES, idle, key
from course.interact.paint import Painter
from course.interact.picture import closed, png, still
from course.interact.prediction import Prediction, answered, unanswered
from course.language import say
from course.names import CLOSED, Alt, named

AHEAD = 150
"""Pictures of one player that are drawn ahead, from its place on."""


class Explorer:
    """The widgets around one figure; :func:`~course.interact.explore` makes and shows it.

    Before the guess the picture is the unanswered one and the controls are locked.

    Attributes:
        controls: parameter name -> widget with a ``value``.
        guess: the buttons of the prediction, or None.
        message: whether the guess was right, and why; below the figure, so that the figure does not
            move.
        image: the ``Image`` widget with the figure.
        box: all of them, ready to be displayed.
    """

    def __init__(
        self, figure: Callable[..., Figure], predict: Prediction | None, controls: dict[str, Control], alt: Alt
    ) -> None:
        import ipywidgets as widgets

        self._figure, self._predict, self._alt = figure, predict, alt
        self._painter, self._idle = Painter(), idle()
        self._players = {name: control.frames for name, control in controls.items() if control.frames}
        self._rows = [control.make(widgets) for control in controls.values()]
        self.controls = {name: getattr(row, "bar", row) for name, row in zip(controls, self._rows, strict=True)}
        align(self._rows)
        fit(self._rows)
        first = {name: control.value for name, control in controls.items()}
        whole = answered(figure, **first)
        self._first = FRAMES.get(key(self, first), lambda: self._painter.png(whole))
        self._before = self._first if predict is None else png(unanswered(figure, whole, **first))
        self.image = widgets.Image(
            value=self._before,
            format="png",
            layout={"width": f"{self._painter.width * 100:.0f}px", "max_width": INSIDE},
        )
        self.guess: Any = None
        self.message: Any = None
        rows: list[Any] = [*self._rows, self.image]
        if predict is not None:
            self.guess = widgets.ToggleButtons(
                options=list(predict.options), value=None, style={"button_width": "auto"}
            )
            self._hint = widgets.HTML(say(en="Choose an answer; it opens the figure.", zh="先选一个答案，图随后打开。"))
            self.message = widgets.HTML()
            self.message.add_class("course-answer")
            self.guess.observe(self._judge, "value")
            rows = [widgets.HTML(predict.asked), self.guess, self._hint, *rows, self.message]
            lock(self._rows, True)
        for name, widget in self.controls.items():
            widget.observe(self._move_player if name in self._players else self._move, "value")
        self.box = named(rows, alt)
        if predict is not None:
            self.box.add_class(CLOSED)
        else:
            self._ask_ahead()

    def static(self, name: str) -> dict[str, str]:
        """Return what stands in for the widgets in a saved notebook, by MIME type; ``name`` is its plain-text form."""
        if self._predict is None:
            return still(self._first, self._alt, name)
        return closed(self._before, self._first, self._predict, self._alt, name)

    def draw_ahead(self) -> bool:
        """Draw the next picture that a player will show and that is not there yet; return whether there was one."""
        values = next((values for values in self._coming() if key(self, values) not in FRAMES), None)
        if values is None:
            return False
        try:
            self._picture(values)
        except Exception:  # the learner sees the error when the player gets there
            return False
        return True

    def _judge(self, change: Any) -> None:
        if change["old"] is None:  # the first guess opens the figure; a later one is judged too
            self._move(change)
            lock(self._rows, False)
            self.box.remove_class(CLOSED)
            self._hint.value = (
                say(en="Now move the controls and see what changes.", zh="现在拖动控件，看看有什么变化。")
                if self.controls
                else say(en="Compare the figure with your guess.", zh="把图和你的猜测比一比。")
            )
        self.message.value = self._predict.verdict(change["new"])  # type: ignore[union-attr]

    def _move(self, change: Any, moved: bool = True) -> None:
        if self.guess is None or self.guess.value is not None:  # a page may round the value of a locked slider
            self.image.value = self._picture(self._values())
            self._ask_ahead(moved)

    def _move_player(self, change: Any) -> None:
        self._move(change, moved=False)

    def _values(self) -> dict[str, Any]:
        return {name: widget.value for name, widget in self.controls.items()}

    def _picture(self, values: dict[str, Any]) -> bytes:
        return FRAMES.get(key(self, values), lambda: self._painter.png(answered(self._figure, **values)))

    def _ask_ahead(self, moved: bool = True) -> None:
        if self._idle is not None and self._players:
            self._idle.ask(self.draw_ahead, moved)

    def _coming(self) -> Iterator[dict[str, Any]]:
        """The parameters of the pictures that each player will show, from its place on and around again."""
        now = self._values()
        for name, frames in self._players.items():
            place = next((place for place, value in enumerate(frames) if value >= now[name]), 0)
            for value in [*frames[place:], *frames[:place]][:AHEAD]:
                yield {**now, name: value}
