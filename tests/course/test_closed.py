"""What is on show before the guess: no drawn data, word or number of the answer, and no empty page either."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import pytest
from explored import Explored, explored, speaking, texts
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.spines import Spine
from matplotlib.text import Annotation
from matplotlib.ticker import AutoLocator, FixedLocator, LogLocator, MaxNLocator, NullLocator, SymmetricalLogLocator

from course.interact import Prediction, slider
from course.language import Language

CHAPTERS = ("ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09")
COMPUTED = (AutoLocator, LogLocator, MaxNLocator, SymmetricalLogLocator, NullLocator)
"""Ticks at round numbers, wherever the answer is."""


def leaks(call: Explored) -> list[str]:
    """What the unanswered picture of a figure shows of the answer."""
    assert call.predict is not None
    before, after = call.unanswered(), call.answered()
    found = [] if says_something(before) else ["an empty page; leave ``answered`` out, and a card asks for the answer"]
    few, many = Counter(drawn(before)), Counter(drawn(after))
    if few.total() >= many.total():
        found.append(f"{few.total()} things are drawn before the guess, {many.total()} after it")
    if not many - few:
        found.append("all that is drawn after the guess is there before it")
    shown = list(written(before))
    whole = " ".join(shown)
    right, others = call.predict.right, [option for option in call.predict.options if option != call.predict.right]
    if not all(says(whole, option) for option in others):  # where all are named, none stands out; a lone digit is data
        found += [
            f"{text!r} has the right option" for text in shown if says(text, right) and (text != right or len(text) > 1)
        ]
    asked = numbers(call.predict.question, *call.predict.options)
    explained = numbers(*([call.predict.because] if isinstance(call.predict.because, str) else call.predict.because))
    for text in shown:
        if told := {number for number in numbers(text) & explained - asked if len(number.strip("-0.")) > 1}:
            found.append(f"{text!r} has numbers of the explanation: {', '.join(sorted(told))}")
    return found


def drawn(figure: Figure) -> Iterator[Hashable]:
    """The data of a figure: each line, bar, area, cloud of points, picture and arrow, by its kind and its numbers."""
    for artist in [
        *figure.lines,
        *figure.patches,
        *figure.images,
        *(part for axes in figure.axes for part in inside(axes)),
    ]:
        if artist.get_visible():
            yield type(artist).__name__, data(artist)


def says_something(figure: Figure) -> bool:
    """Whether a picture shows axes, data or words, rather than an empty page."""
    return any(axes.axison for axes in figure.axes) or any(drawn(figure)) or any(written(figure))


def inside(axes: Any) -> Iterator[Artist]:
    for part in axes.get_children():
        if part is axes.patch:
            continue
        if isinstance(part, Line2D | Patch | Collection | AxesImage | Annotation) and not isinstance(part, Spine):
            yield part
        elif hasattr(part, "get_children") and type(part).__name__.endswith("Axes"):
            yield from inside(part)


def data(artist: Any) -> bytes:
    """What makes two artists of a kind the same."""
    if isinstance(artist, Line2D):
        return np.asarray(artist.get_xydata(), float).tobytes()
    if isinstance(artist, Collection):
        parts = [np.asarray(artist.get_offsets(), float), *(path.vertices for path in artist.get_paths())]
        values = artist.get_array()
        return b"".join(part.tobytes() for part in [*parts, np.zeros(0) if values is None else np.asarray(values)])
    if isinstance(artist, AxesImage):
        return np.asarray(artist.get_array()).tobytes()
    if isinstance(artist, Annotation):
        return repr((artist.xy, artist.get_position(), artist.get_text())).encode()
    return artist.get_transform().transform_path(artist.get_path()).vertices.tobytes()


def written(figure: Figure) -> Iterator[str]:
    """The texts of a figure, without ticks at round numbers: ticks that somebody chose may be an answer."""
    computed = {
        id(label)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        if round_numbers(axis)
        for label in axis.get_ticklabels(which="both")
    }
    for text in texts(figure):
        if id(text) not in computed:
            yield " ".join(text.get_text().split())


def round_numbers(axis: Axis) -> bool:
    locator = axis.get_major_locator()
    return isinstance(locator, COMPUTED) and not isinstance(locator, FixedLocator)


def says(text: str, option: str) -> bool:
    """Whether a text has an option as words of its own; the “9” of 0.98 is none."""
    bare = re.escape(" ".join(option.split()))
    return (
        re.search(rf"(?<![\w.,]){bare}(?![\w]|[.,]\d)", text, re.IGNORECASE) is not None
        if option.isascii()
        else (option in text)
    )


def numbers(*texts: str) -> set[str]:
    return {
        number.replace(",", "").replace("−", "-")
        for text in texts
        for number in re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?", text)
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_figure_of_a_chapter_gives_its_answer_away(chapter: str, lang: Language) -> None:
    calls = [call for call in explored(chapter, lang) if call.predict is not None]
    assert calls
    with speaking(lang):
        assert {call.name: found for call in calls if (found := leaks(call))} == {}


ASKED = Prediction(
    "Which curve is higher at 5?",
    ["the square", "the cube", "3600"],
    1,
    "At 5 the cube is 125, the square 25; 5 is far.",
)


def planted(spoil: str) -> Explored:
    def fig_powers(at: int, answered: bool = True) -> Figure:
        figure = Figure(figsize=(4, 2))
        axes = figure.subplots()
        axes.set_xlim(0, 10)
        axes.scatter([at], [0])
        axes.set_title("Powers")
        if spoil == "nothing" and not answered:
            figure.clear()
            figure.subplots().set_axis_off()
            return figure
        x = np.linspace(0, 10)
        if answered or spoil == "curves":
            axes.plot(x, x**2)
            axes.plot(x, x**3)
        if answered:
            axes.set_title("The cube wins: 125")
        elif spoil == "title":
            axes.set_title("How high the cube gets")
        elif spoil == "note":
            axes.text(1, 0.5, "25")
        elif spoil == "tick":
            axes.set_yticks([125])
        elif spoil == "legend":
            axes.legend([axes.scatter([1], [1])], ["125 at the end"])
        elif spoil == "over":
            figure.suptitle("THE CUBE")
        elif spoil == "bars":
            axes.bar([1, 2], [125, 25])
        return figure

    return Explored("1-fig_powers", fig_powers, ASKED, None, {"at": slider(0, 10, 5)})


def test_a_figure_that_shows_its_start_only_gives_nothing_away() -> None:
    assert leaks(planted("")) == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("nothing", "an empty page"),
        ("curves", "all that is drawn"),
        ("bars", "3 things are drawn before the guess, 3 after it"),
        ("title", "has the right option"),
        ("over", "has the right option"),
        ("note", "'25' has numbers of the explanation: 25"),
        ("tick", "'125' has numbers"),
        ("legend", "has numbers of the explanation: 125"),
    ],
)
def test_a_spoiled_start_is_found(spoil: str, says: str) -> None:
    assert [found for found in leaks(planted(spoil)) if says in found]
