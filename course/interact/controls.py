"""Controls of a figure: sliders, buttons, check boxes and a player, each for one parameter."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

ROW = 72
"""Characters of button labels that fit side by side."""

BAR = 300
"""Pixels of a slider beside its label."""

_WIDE = {"description_width": "initial"}

INSIDE = "calc(100% - 4px)"
"""At most the available width: every widget has a margin of 2 pixels on each side."""

WRAP = {"flex_flow": "row wrap"}
"""The layout of a row that wraps in a narrow window."""


@dataclass(frozen=True)
class Control:
    """One parameter of a figure: its initial value and how to make its widget.

    Attributes:
        value: the initial value.
        make: the ipywidgets module → a widget with a ``value``.
        frames: the values that a player shows one after another; empty for all other controls.
    """

    value: Any
    make: Callable[[Any], Any]
    frames: Sequence[Any] = ()


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

    return Control(value, make, range(low, high + 1, step))


def lock(rows: Iterable[Any], locked: bool) -> None:
    """Disable or enable every widget of ``rows``, also where several share a row."""
    for row in rows:
        if hasattr(row, "children"):
            lock(row.children, locked)
        elif hasattr(row, "disabled"):
            row.disabled = locked


def align(rows: Iterable[Any]) -> None:
    """Give all labels the same width, so that sliders and buttons are aligned."""
    lines = [row for row in rows if hasattr(row, "readout") or hasattr(row, "name")]
    width = max((_pixels(row.name.value if hasattr(row, "name") else row.description) for row in lines), default=0)
    for row in lines:
        if hasattr(row, "name"):
            row.name.layout.width = f"{width}px"
        else:
            row.style.description_width, row.layout.width = f"{width}px", f"{width + BAR}px"


def fit(rows: Iterable[Any]) -> None:
    """Limit every control to the available width."""
    for row in rows:
        if hasattr(row, "children"):
            fit(row.children)
        elif row.layout.max_width is None:
            row.layout.max_width = INSIDE


def _pixels(text: str) -> int:
    """The approximate width of a label in JupyterLab's and Colab's widgets; Chinese is twice as wide."""
    return 8 + sum(14 if unicodedata.east_asian_width(letter) in "WF" else 7 for letter in text)
