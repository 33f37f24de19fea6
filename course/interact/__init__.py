"""A thin widget layer: a prediction first, then controls that redraw a pure figure.

It uses only core ipywidgets, so that it works in JupyterLab and on Colab. The figure is a PNG in an
``Image`` widget: nothing depends on a plotting backend, and the output contains a PNG too for
places where widgets cannot run. With a prediction, none of them shows the answer before the guess.
"""

import os
from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from course.interact.controls import INSIDE, WRAP, Control, choice, play, slider, toggle
from course.interact.explorer import Explorer
from course.interact.picture import closed, png, still
from course.interact.prediction import Prediction, answered, unanswered
from course.names import Alt

__all__ = [
    "INSIDE",
    "WRAP",
    "Control",
    "Explorer",
    "Prediction",
    "choice",
    "explore",
    "play",
    "png",
    "show",
    "slider",
    "still",
    "toggle",
]


def explore(
    figure: Callable[..., Figure], predict: Prediction | None = None, alt: Alt | str | None = None, **controls: Control
) -> None:
    """Show ``figure`` with one control per parameter; the other keywords are the figure function's parameters.

    With a prediction the picture is blank and the controls are locked until the learner has chosen
    an option; a figure function with the keyword ``answered`` draws the unanswered picture itself,
    called with ``answered=False``.

    ``alt`` describes the figure for those who cannot see it, as a text in the notebook's language
    or as ``{"en": "…", "zh": "…"}``. Where widgets cannot run (a plain script, a static viewer, no
    ipywidgets), the figure for the initial values is shown. While nbgrader grades or validates a
    notebook, nothing is drawn.
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
    described = {"en": alt or name} if not isinstance(alt, Mapping) else alt
    if get_ipython() is None:
        answered(figure, **first)
        return
    if executing:
        return
    try:
        explorer = Explorer(figure, predict, controls, described)
    except ImportError:
        whole = answered(figure, **first)
        if predict is None:
            display(still(png(whole), described, name), raw=True)
        else:
            before = png(unanswered(figure, whole, **first))
            display(closed(before, png(whole), predict, described, name), raw=True)
        return
    # ipywidgets 8 makes this bundle itself; 7, which Colab has, does not
    view = {"version_major": 2, "version_minor": 0, "model_id": explorer.box.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, **explorer.static(name)}, raw=True)


def show(figure: Figure, alt: Alt | str) -> None:
    """Show a figure that has nothing to move; ``alt`` is as for :func:`explore`.

    In a plain script, and while nbgrader grades or validates a notebook, nothing is shown.
    """
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        return
    if get_ipython() is not None and not os.environ.get("NBGRADER_EXECUTION"):
        described = alt if isinstance(alt, Mapping) else {"en": alt}
        display(still(png(figure), described, "figure"), raw=True)
