"""One look for every figure of the course, and a font for its Chinese texts."""

import re
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

# Okabe and Ito's palette: told apart by colour-blind readers too (Okabe & Ito 2008, "Color Universal Design").
COLORS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "red": "#D55E00",
    "purple": "#CC79A7",
    "grey": "#7F8790",
    "ink": "#1F2933",
    "light": "#E4E8EC",
}

RC: dict[Any, Any] = {
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": COLORS["grey"],
    "axes.labelcolor": COLORS["ink"],
    "text.color": COLORS["ink"],
    "xtick.color": COLORS["ink"],
    "ytick.color": COLORS["ink"],
    "axes.prop_cycle": cycler(color=[COLORS[name] for name in ("blue", "orange", "green", "red", "purple", "grey")]),
    "axes.grid": True,
    "grid.color": COLORS["light"],
    "axes.axisbelow": True,
    "lines.linewidth": 2.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


class CourseAxes(Axes):
    """Axes whose titles state the message: bold, on the left; legends without a frame.

    matplotlib looks these settings up when a title is set, long after the style of the figure was
    chosen.
    """

    name = "course"

    def set_title(  # type: ignore[override]
        self, label: str, fontdict: dict[str, Any] | None = None, loc: Any = "left", **settings: Any
    ) -> Any:
        """Set the title; see ``matplotlib.axes.Axes.set_title``."""
        bold = {} if {"weight", "fontweight"} & settings.keys() else {"fontweight": "bold"}
        size = {} if {"size", "fontsize"} & settings.keys() else {"fontsize": 11.5}
        settings.setdefault("y", 1.0)  # no figure has ticks above; looking for them takes a sixth of the drawing time
        return super().set_title(label, fontdict, loc, **{"color": COLORS["ink"], **bold, **size, **settings})

    def legend(self, *handles: Any, **settings: Any) -> Any:
        """Place a legend; see ``matplotlib.axes.Axes.legend``."""
        return super().legend(*handles, **{"frameon": False, **settings})


CHINESE = "Course Sans SC"
"""The font family in ``course/fonts``, for the characters that a text's own font lacks."""

_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


class CourseFigure(Figure):
    """A figure whose texts may be Chinese, on machines without a Chinese font, too."""

    def draw(self, renderer: Any) -> None:
        """Draw the figure; see ``matplotlib.figure.Figure.draw``."""
        _register_fonts()
        for text in self.findobj(Text):
            own = [family for family in text.get_fontfamily() if family != CHINESE]
            # mathtext looks only into the first font for what stands between formulas
            first = "$" in text.get_text() and _CHINESE.search(text.get_text())
            text.set_fontfamily([CHINESE, *own] if first else [*own, CHINESE])
        super().draw(renderer)


@cache
def _register_fonts() -> None:
    for weight in ("Regular", "Bold"):
        with as_file(files("course") / "fonts" / f"CourseSansSC-{weight}.otf") as path:
            fontManager.addfont(path)


def new_figure(
    rows: int = 1, cols: int = 1, width: float = 7.2, height: float = 3.6, **subplots: Any
) -> tuple[Figure, Any]:
    """Return an empty figure in the course's style and its axes.

    The figure is made without pyplot: it needs no display and leaves no global state behind.

    Args:
        rows, cols: grid of axes.
        width, height: size in inches.
        subplots: further arguments of ``Figure.subplots`` (``gridspec_kw``, ``sharex``,
            ``subplot_kw`` …).

    Returns:
        ``(figure, axes)``; ``axes`` is one Axes for a 1×1 grid, else an ndarray of Axes, squeezed
        as matplotlib does.
    """
    with matplotlib.rc_context(RC):
        figure = CourseFigure(figsize=(width, height), layout="constrained")
        kind = {"axes_class": CourseAxes, **subplots.pop("subplot_kw", {})}
        axes = figure.subplots(rows, cols, subplot_kw=kind, **subplots)
    return figure, axes
