"""A thin widget layer: a prediction first, then controls that redraw a pure figure.

It uses only core ipywidgets, so that it works in JupyterLab and on Colab. The figure is a PNG in an
``Image`` widget: nothing depends on a plotting backend, and the output contains the same PNG for
places where widgets cannot run.
"""

import base64
import html
import io
import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course.language import spoken
from course.names import Alt, named


@dataclass(frozen=True)
class Control:
    """One parameter of a figure: its initial value and how to make its widget."""

    value: Any
    make: Callable[[Any], Any]  # the ipywidgets module -> a widget with a ``value``


@dataclass(frozen=True)
class Prediction:
    """A guess that the learner commits to before the controls unlock.

    Args:
        question: what to predict.
        options: the possible answers, as button labels.
        answer: the right one of ``options``: its position from 0, or the option itself.
        because: the explanation, shown with the verdict; one for all options, or one for each.

    Raises:
        ValueError: ``answer`` is not among ``options``, or the explanations are not as many.
    """

    question: str
    options: Sequence[str]
    answer: int | str
    because: str | Sequence[str]

    def __post_init__(self) -> None:
        if self.answer not in self.options and self.answer not in range(len(self.options)):
            raise ValueError(f"the answer {self.answer!r} is not one of the options {tuple(self.options)!r}")
        if not isinstance(self.because, str) and len(self.because) != len(self.options):
            raise ValueError(f"{len(self.because)} explanations for {len(self.options)} options; give one, or one each")

    @property
    def right(self) -> str:
        """The right option."""
        return self.options[self.answer] if isinstance(self.answer, int) else self.answer

    def explanation(self, guess: str) -> str:
        """Why ``guess``, one of the options, is right or wrong."""
        return self.because if isinstance(self.because, str) else self.because[list(self.options).index(guess)]


ROW = 72
"""Characters of button labels that fit side by side."""

BAR = 300
"""Pixels of a slider beside its label."""

_WIDE = {"description_width": "initial"}

INSIDE = "calc(100% - 4px)"
"""At most the available width: every widget has a margin of 2 pixels on each side."""

WRAP = {"flex_flow": "row wrap"}
"""The layout of a row that wraps in a narrow window."""


def slider(low: float, high: float, value: float, step: float | None = None, label: str = "") -> Control:
    """A number between ``low`` and ``high``; an integer slider if all arguments are integers."""
    whole = all(isinstance(number, int) for number in (low, high, value, step if step is not None else 1))

    def make(widgets: Any) -> Any:
        kind = widgets.IntSlider if whole else widgets.FloatSlider
        size = step if step is not None else (1 if whole else (high - low) / 100)
        return kind(
            value=value,
            min=low,
            max=high,
            step=size,
            description=label,
            style=_WIDE,
            readout_format="d" if whole else ".3g",
            layout={"width": "420px"},
        )

    return Control(value, make)


def choice(options: Sequence[Any], value: Any, label: str = "") -> Control:
    """One of ``options``, with buttons if they fit in a row, else with a drop-down list.

    Pairs ``(label, value)`` show the label and pass the value.
    """
    names = [str(option[0] if isinstance(option, tuple) else option) for option in options]

    def make(widgets: Any) -> Any:
        if sum(map(len, names)) <= ROW:
            style = {"button_width": "auto"}
            # ipywidgets 8 does not redraw a button whose label equals its position ("0" at 0): it would stay locked
            shown = [f"{name}\u200a" if name == str(place) else name for place, name in enumerate(names)]
            values = [option[1] if isinstance(option, tuple) else option for option in options]
            buttons = widgets.ToggleButtons(
                options=list(zip(shown, values, strict=True)), value=value, style=style, layout={"width": "auto"}
            )
            # the buttons' own label would be above them, cut off on the left
            place = {
                "display": "flex",
                "justify_content": "flex-end",
                "margin": "2px 8px 2px 2px",
            }  # as beside a slider
            name = widgets.Label(label, layout=place)
            box = widgets.HBox([name, buttons])
            box.bar, box.name = buttons, name
            return box
        return widgets.Dropdown(options=list(options), value=value, description=label, style=_WIDE)

    return Control(value, make)


def toggle(value: bool, label: str = "") -> Control:
    """A checkbox."""

    def make(widgets: Any) -> Any:
        return widgets.Checkbox(value=value, description=label, indent=False)

    return Control(value, make)


def play(low: int, high: int, value: int, step: int = 1, label: str = "", interval: int = 250) -> Control:
    """An integer slider with a play button; ``interval`` is the time per step in milliseconds."""

    def make(widgets: Any) -> Any:
        button = widgets.Play(value=value, min=low, max=high, step=step, interval=interval)
        bar = widgets.IntSlider(
            value=value, min=low, max=high, step=step, description=label, style=_WIDE, layout={"width": "340px"}
        )
        widgets.link((button, "value"), (bar, "value"))
        box = widgets.HBox([button, bar], layout=WRAP)
        box.bar = bar
        return box

    return Control(value, make)


def png(figure: Figure, dpi: int = 120) -> bytes:
    """Return the figure as the bytes of a PNG file.

    It draws once, with little compression, since a picture is redrawn at every change of a control.
    ``savefig`` would draw a figure with constrained layout twice.
    """
    buffer = io.BytesIO()
    figure.set_dpi(dpi)
    FigureCanvasAgg(figure).print_png(buffer, pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


class Explorer:
    """The widgets around one figure; :func:`explore` makes and shows it.

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

        self._figure, self._predict = figure, predict
        made = {name: control.make(widgets) for name, control in controls.items()}
        self.controls = {name: getattr(widget, "bar", widget) for name, widget in made.items()}
        _align(made.values())
        _fit(made.values())
        drawn = figure(**{name: control.value for name, control in controls.items()})
        width = drawn.get_figwidth() * 100
        self.image = widgets.Image(
            value=png(drawn), format="png", layout={"width": f"{width:.0f}px", "max_width": INSIDE}
        )
        self.guess: Any = None
        self.message: Any = None
        rows: list[Any] = [*made.values(), self.image]
        if predict is not None:
            question = widgets.HTML(f"<b>Predict first 先猜一猜 · {predict.question}</b>")
            self.guess = widgets.ToggleButtons(
                options=list(predict.options), value=None, style={"button_width": "auto"}
            )
            self._hint = widgets.HTML("Choose first, then try. 先猜一猜，再动手。")
            self.message = widgets.HTML()
            self.message.add_class("course-answer")
            self.guess.observe(self._unlock, "value")
            rows = [question, self.guess, self._hint, *rows, self.message]
            self._lock(made.values(), True)
        self._widgets = list(made.values())
        for widget in self.controls.values():
            widget.observe(self._redraw, "value")
        self.box = named(rows, alt)

    def _lock(self, made: Any, locked: bool) -> None:
        for widget in made:
            if hasattr(widget, "children"):
                self._lock(widget.children, locked)
            elif hasattr(widget, "disabled"):
                widget.disabled = locked

    def _unlock(self, change: Any) -> None:
        self._lock(self._widgets, False)
        self._hint.value = "Now move the controls and see. 现在拖动控件，看看结果。"

    def _redraw(self, change: Any) -> None:
        self.image.value = png(self._figure(**{name: widget.value for name, widget in self.controls.items()}))
        if self._predict is not None and self.guess.value is not None:
            right = self.guess.value == self._predict.right
            verdict = "✓ Your guess was right. 猜对了。" if right else f"✗ The answer 正确答案：{self._predict.right}"
            self.message.value = f"{verdict}<br>{self._predict.explanation(self.guess.value)}"


def _align(rows: Iterable[Any]) -> None:
    """Give all labels the same width, so that sliders and buttons are aligned."""
    lines = [row for row in rows if hasattr(row, "readout") or hasattr(row, "name")]
    width = max((_pixels(row.name.value if hasattr(row, "name") else row.description) for row in lines), default=0)
    for row in lines:
        if hasattr(row, "name"):
            row.name.layout.width = f"{width}px"
        else:
            row.style.description_width, row.layout.width = f"{width}px", f"{width + BAR}px"


def _fit(rows: Iterable[Any]) -> None:
    """Limit every control to the available width."""
    for row in rows:
        if hasattr(row, "children"):
            _fit(row.children)
        elif row.layout.max_width is None:
            row.layout.max_width = INSIDE


def _pixels(text: str) -> int:
    """The approximate width of a label in JupyterLab's and Colab's widgets; Chinese is twice as wide."""
    return 8 + sum(14 if unicodedata.east_asian_width(letter) in "WF" else 7 for letter in text)


def explore(
    figure: Callable[..., Figure], predict: Prediction | None = None, alt: Alt | None = None, **controls: Control
) -> None:
    """Show ``figure`` with one control per parameter; the other keywords are the figure function's parameters.

    ``alt`` describes the figure in each language for those who cannot see it: ``{"en": "…", "zh":
    "…"}``. Where widgets cannot run (a plain script, a static viewer, no ipywidgets), the figure
    for the initial values is shown. While nbgrader grades or validates a notebook, nothing is
    drawn.
    """
    executing = os.environ.get("NBGRADER_EXECUTION")
    if executing == "autograde":
        return
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        get_ipython = lambda: None  # noqa: E731
    first = {name: control.value for name, control in controls.items()}
    name = f"interactive figure {getattr(figure, '__name__', 'figure')}"
    alt = alt or {"en": name}
    if get_ipython() is None:
        figure(**first)
        return
    if executing:
        return
    try:
        explorer = Explorer(figure, predict, controls, alt)
    except ImportError:
        display(still(png(figure(**first)), alt, name), raw=True)
        return
    # ipywidgets 8 makes this bundle itself; 7, which Colab has, does not
    view = {"version_major": 2, "version_minor": 0, "model_id": explorer.box.model_id}
    picture = still(explorer.image.value, alt, name)
    display({"application/vnd.jupyter.widget-view+json": view, **picture}, raw=True)


def still(picture: bytes, alt: Alt, name: str) -> dict[str, str]:
    """Return the static replacement for a widget in a saved notebook, by MIME type.

    Args:
        picture: a PNG.
        alt: alternative text, shown only for HTML: JupyterLab and nbconvert show a bare PNG without
            one.
        name: the plain-text form.
    """
    encoded = base64.b64encode(picture).decode("ascii")  # not every kernel encodes the bytes of a raw bundle
    description = html.escape(spoken(alt))
    page = f'<img alt="{description}" src="data:image/png;base64,{encoded}" style="max-width: 100%">'
    return {"text/html": page, "image/png": encoded, "text/plain": f"<{name}>"}
