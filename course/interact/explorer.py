"""The widgets around one figure: a prediction first, then controls that redraw it."""

from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from course.interact.controls import INSIDE, Control, align, fit, lock
from course.interact.picture import closed, png, still
from course.interact.prediction import Prediction, answered, unanswered
from course.language import say
from course.names import CLOSED, Alt, named


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
        self._rows = [control.make(widgets) for control in controls.values()]
        self.controls = {name: getattr(row, "bar", row) for name, row in zip(controls, self._rows, strict=True)}
        align(self._rows)
        fit(self._rows)
        first = {name: control.value for name, control in controls.items()}
        drawn = answered(figure, **first)
        width = drawn.get_figwidth() * 100
        self._first = png(drawn)
        self._before = self._first if predict is None else png(unanswered(figure, **first))
        self.image = widgets.Image(
            value=self._before, format="png", layout={"width": f"{width:.0f}px", "max_width": INSIDE}
        )
        self.guess: Any = None
        self.message: Any = None
        rows: list[Any] = [*self._rows, self.image]
        if predict is not None:
            self.guess = widgets.ToggleButtons(
                options=list(predict.options), value=None, style={"button_width": "auto"}
            )
            self._hint = widgets.HTML(
                say(en="Choose an answer; then the figure appears.", zh="先选一个答案，图随后出现。")
            )
            self.message = widgets.HTML()
            self.message.add_class("course-answer")
            self.guess.observe(self._judge, "value")
            rows = [widgets.HTML(predict.asked), self.guess, self._hint, *rows, self.message]
            lock(self._rows, True)
        for widget in self.controls.values():
            widget.observe(self._redraw, "value")
        self.box = named(rows, alt)
        if predict is not None:
            self.box.add_class(CLOSED)

    def static(self, name: str) -> dict[str, str]:
        """Return what stands in for the widgets in a saved notebook, by MIME type; ``name`` is its plain-text form."""
        if self._predict is None:
            return still(self._first, self._alt, name)
        return closed(self._before, self._first, self._predict, self._alt, name)

    def _judge(self, change: Any) -> None:
        if change["old"] is None:  # the first guess opens the figure; a later one is judged too
            lock(self._rows, False)
            self.box.remove_class(CLOSED)
            self._hint.value = (
                say(en="Now move the controls and see what changes.", zh="现在拖动控件，看看有什么变化。")
                if self.controls
                else say(en="Compare the figure with your guess.", zh="把图和你的猜测比一比。")
            )
            self._redraw(change)
        self.message.value = self._predict.verdict(change["new"])  # type: ignore[union-attr]

    def _redraw(self, change: Any) -> None:
        self.image.value = png(answered(self._figure, **{name: widget.value for name, widget in self.controls.items()}))
