"""A guess that comes before a figure: the question, the options, the verdict, and the sheet that is shown until then."""

import html
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course.language import say


@dataclass(frozen=True)
class Prediction:
    """A guess that the learner commits to before the figure appears and the controls unlock.

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

    @property
    def asked(self) -> str:
        """The question as HTML."""
        return f"<b>{say(en='Predict first', zh='先猜一猜')} · {self.question}</b>"

    def explanation(self, guess: str) -> str:
        """Why ``guess``, one of the options, is right or wrong."""
        return self.because if isinstance(self.because, str) else self.because[list(self.options).index(guess)]

    def verdict(self, guess: str) -> str:
        """Whether ``guess`` is right, and why, as HTML."""
        said = (
            say(en="✓ Your guess was right.", zh="✓ 猜对了。")
            if guess == self.right
            else say(
                en="✗ Not quite: the answer is “{right}”.",
                zh="✗ 没猜对，正确答案是“{right}”。",
                right=html.escape(self.right),
            )
        )
        return f"{said}<br>{self.explanation(guess)}"


def draws_unanswered(figure: Callable[..., Figure]) -> bool:
    """Whether a figure function has the keyword ``answered``: it can draw what is known before the guess."""
    try:
        return "answered" in inspect.signature(figure).parameters
    except (TypeError, ValueError):  # built in, or without a signature
        return False


def answered(figure: Callable[..., Figure], **values: object) -> Figure:
    """Draw the whole figure."""
    return figure(**values, answered=True) if draws_unanswered(figure) else figure(**values)


def unanswered(figure: Callable[..., Figure], whole: Figure, **values: object) -> Figure:
    """Draw what is shown before the guess: the figure's own start, or else a blank sheet like ``whole``, the answered one."""
    return figure(**values, answered=False) if draws_unanswered(figure) else blank(whole)


def blank(figure: Figure) -> Figure:
    """Return a blank sheet of the size and the kind of ``figure``, which finds the same fonts; white in every theme."""
    width, height = figure.get_size_inches()
    sheet = type(figure)(figsize=(width, height), facecolor="white")
    frame = FancyBboxPatch(
        (0.15, 0.15),
        width - 0.3,
        height - 0.3,
        boxstyle="round,pad=0,rounding_size=0.12",
        facecolor="#F6F8FA",
        edgecolor="#7F8790",
        linewidth=1.2,
        linestyle=(0, (6, 4)),
        transform=sheet.dpi_scale_trans,
    )
    sheet.add_artist(frame)
    sheet.text(0.5, 0.56, "?", ha="center", va="center", fontsize=18 * min(height, 3.6), color="#7F8790")
    line = say(en="Choose an answer first", zh="先选一个答案")
    sheet.text(0.5, 0.22, line, ha="center", va="center", fontsize=11.5, color="#1F2933")
    return sheet
