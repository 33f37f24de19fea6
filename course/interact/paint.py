"""Paint the pictures of one figure, quickly: what is the same in all of them is worked out once.

Half of a picture's time is constrained layout, which measures every text several times to find
places for the axes. A :class:`Painter` keeps these places while the controls move, so that the axes
also stand still, and looks for new ones only if a text needs more room.
"""

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.text import Text

DPI = 120

TOLERANCE = 2.0
"""Pixels by which a text may stick out further than it did when the places were found."""


_Where = list[np.ndarray]


class Painter:
    """Turns the figures of one function, which differ in its parameters only, into PNGs."""

    def __init__(self, dpi: int = DPI) -> None:
        self._dpi = dpi
        self._renderer: _Renderer | None = None
        self._places: _Places | None = None

    @property
    def width(self) -> float:
        """The width of the last picture in inches; 0 before the first one."""
        return self._renderer.size[0] / self._dpi if self._renderer else 0.0

    def png(self, figure: Figure) -> bytes:
        """Return the figure as the bytes of a PNG file."""
        figure.set_dpi(self._dpi)
        size = figure.canvas.get_width_height()
        if self._renderer is None or self._renderer.size != size:
            self._renderer, self._places = _Renderer(*size, self._dpi), None
        canvas = _Canvas(figure, self._renderer)
        if self._places is None or not self._draw_in_place(figure, canvas, self._places):
            began = _where(figure)
            canvas.draw()
            self._places = _Places(figure, began, self._renderer.texts)
        buffer = io.BytesIO()
        # little compression: a picture is sent once, and another one follows
        imsave(buffer, canvas.buffer_rgba(), format="png", origin="upper", pil_kwargs={"compress_level": 1})
        return buffer.getvalue()

    def _draw_in_place(self, figure: Figure, canvas: "_Canvas", places: "_Places") -> bool:
        """Draw with the places of a former picture; return whether all texts have room there."""
        engine, began = figure.get_layout_engine(), _where(figure)
        if engine is None or not places.suit(began):
            return False
        figure.set_layout_engine("none")
        _put(figure, places.found)
        canvas.draw()
        if places.room_for(figure, canvas.get_renderer().texts):
            return True
        _put(figure, began)
        figure.set_layout_engine(engine)
        return False


class _Renderer(RendererAgg):
    """Draws every picture of a figure, so that it measures a text once, and notes the texts that it draws."""

    def __init__(self, width: int, height: int, dpi: float) -> None:
        super().__init__(width, height, dpi)
        self.size = width, height
        self.texts: list[Text | None] = []  # None for a line of a text with several

    def clear(self) -> None:
        super().clear()
        self.texts = []

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        self.texts.append(mtext)
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


class _Canvas(FigureCanvasAgg):
    def __init__(self, figure: Figure, renderer: _Renderer) -> None:
        super().__init__(figure)
        self._shared = renderer

    def get_renderer(self) -> _Renderer:
        return self._shared


class _Places:
    """Where constrained layout has put the axes and titles of a figure, and what sticks out of each axes there."""

    def __init__(self, figure: Figure, began: _Where, texts: Sequence[Text | None]) -> None:
        self._began, self.found = began, _where(figure)
        self._sides, self._lines = _overhang(figure, texts)

    def suit(self, began: _Where) -> bool:
        """Whether a figure that is not laid out yet is built like this one."""
        return len(began) == len(self._began) and all(map(np.array_equal, began, self._began))

    def room_for(self, figure: Figure, texts: Sequence[Text | None]) -> bool:
        """Whether no text sticks out further, and none has more lines than before."""
        sides, lines = _overhang(figure, texts)
        return lines == self._lines and bool((sides <= self._sides + TOLERANCE).all())


def _where(figure: Figure) -> _Where:
    """The boxes of the axes and the positions of the figure's own texts, in shares of the figure."""
    return [
        *(np.array(axes.get_position(original=True).bounds) for axes in figure.axes),
        *(np.array(text.get_position()) for text in figure.texts),
    ]


def _put(figure: Figure, places: _Where) -> None:
    for axes, bounds in zip(figure.axes, places, strict=False):
        axes.set_position(tuple(bounds))
        axes.set_in_layout(True)
    for text, position in zip(figure.texts, places[len(figure.axes) :], strict=True):
        text.set_position(tuple(position))


def _overhang(figure: Figure, texts: Sequence[Text | None]) -> tuple[np.ndarray, int]:
    """Return how far, in pixels on the left, below, right and above, texts stick out of their axes, in the last row of the figure: (axes + 1, 4); and the lines of longer texts."""
    boxes: dict[Any, Any] = {axes: np.array(axes.bbox.extents) for axes in figure.axes}
    sides: dict[Any, np.ndarray] = defaultdict(lambda: np.zeros(4))
    for text in texts:
        if text is not None:
            box = np.array(boxes.get(text.axes, figure.bbox.extents))
            said = np.array(text.get_window_extent().extents)
            out = np.concatenate([box[:2] - said[:2], said[2:] - box[2:]])
            place = text.axes if text.axes in boxes else None
            sides[place] = np.maximum(sides[place], out)
    return np.stack([sides[place] for place in (*figure.axes, None)]), sum(text is None for text in texts)
