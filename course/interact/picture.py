"""A figure as a picture: the bytes of a PNG, and what stands in for a widget where widgets cannot run."""

import base64
import html

from matplotlib.figure import Figure

from course.interact.paint import DPI, Painter
from course.interact.prediction import Prediction
from course.language import say, spoken
from course.names import UNANSWERED, Alt


def png(figure: Figure, dpi: int = DPI) -> bytes:
    """Return the figure as the bytes of a PNG file."""
    return Painter(dpi).png(figure)


def still(picture: bytes, alt: Alt, name: str) -> dict[str, str]:
    """Return the static replacement for a widget in a saved notebook, by MIME type.

    Args:
        picture: a PNG.
        alt: alternative text, shown only for HTML: JupyterLab and nbconvert show a bare PNG without
            one.
        name: the plain-text form.
    """
    # not every kernel encodes the bytes of a raw bundle
    return {"text/html": _tag(picture, alt), "image/png": _encoded(picture), "text/plain": f"<{name}>"}


def closed(before: bytes, after: bytes, predict: Prediction, alt: Alt, name: str) -> dict[str, str]:
    """Return the static replacement for a widget with a prediction: the answer is folded away.

    Args:
        before, after: the PNG without the answer and the whole one.
        predict: the prediction.
        alt, name: as for :func:`still`.
    """
    options = "".join(f"<li>{html.escape(option)}</li>" for option in predict.options)
    opens = say(en="Open the figure and the answer", zh="展开图和答案")
    right = say(en="Answer", zh="答案")
    page = (
        f"<p>{predict.asked}</p><ul>{options}</ul>{_tag(before, UNANSWERED)}"
        f"<details><summary>{opens}</summary>{_tag(after, alt)}"
        f"<p><b>{right} · {html.escape(predict.right)}</b><br>{predict.explanation(predict.right)}</p></details>"
    )
    return {**still(before, UNANSWERED, name), "text/html": page}


def _encoded(picture: bytes) -> str:
    return base64.b64encode(picture).decode("ascii")


def _tag(picture: bytes, alt: Alt) -> str:
    description = html.escape(spoken(alt))
    return f'<img alt="{description}" src="data:image/png;base64,{_encoded(picture)}" style="max-width: 100%">'
