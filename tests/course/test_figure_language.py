"""Figures and their widgets speak the language of the notebook, and no other."""

from collections.abc import Iterator
from typing import Any

import ipywidgets
import pytest
from explored import Explored, explored, speaking, texts
from languages import ONE_LANGUAGE, foreign
from matplotlib.figure import Figure

from course.figures.style import new_figure
from course.interact import Prediction, choice
from course.language import Language, say, spoken

SEVERAL = 5
"""Options of a choice whose figures are read; further ones are drawn by the same code."""


def said(call: Explored) -> Iterator[str]:
    """Everything that a learner reads in and around a figure: at first, and for each option and toggle."""
    yield call.alt if isinstance(call.alt, str) else spoken(call.alt)
    if call.predict is not None:
        because = call.predict.because
        yield from (call.predict.question, *call.predict.options, *([because] if isinstance(because, str) else because))
        yield from read(call.unanswered())
    yield from read(call.answered())
    for name, control in call.controls.items():
        row = control.make(ipywidgets)
        widget = getattr(row, "bar", row)
        yield row.name.value if hasattr(row, "name") else widget.description
        if hasattr(widget, "options"):
            values = [option if isinstance(option, tuple) else (str(option), option) for option in widget.options]
            yield from (label for label, _ in values)
            for _, value in values[:SEVERAL]:
                yield from read(call.answered(**{name: value}))
        elif isinstance(control.value, bool):
            yield from read(call.answered(**{name: not control.value}))


def read(figure: Figure) -> Iterator[str]:
    """The texts of a figure; what stands in a typewriter's letters is what a program printed."""
    shown = (text for text in texts(figure) if "monospace" not in text.get_fontfamily())
    return (" ".join(text.get_text().split()) for text in shown)


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("chapter", sorted(ONE_LANGUAGE))
def test_a_chapters_figures_speak_one_language(chapter: str, lang: Language) -> None:
    with speaking(lang):
        heard = {(call.name, text) for call in explored(chapter, lang) for text in said(call)}
    assert sorted(f"{name}: {words!r} in {text!r}" for name, text in heard if (words := foreign(text, lang))) == []


def fig_bars(shown: str = "a", answered: bool = True) -> Figure:
    figure, axes = new_figure(width=4, height=2)
    axes.set_title(say(en="the loss falls", zh="损失下降") if shown == "a" else "the loss still rises 仍在上升")
    axes.set_xlabel(say(en="step", zh="步") if answered else "still to be 猜 by you")
    return figure


def call(**other: Any) -> Explored:
    ask = Prediction(
        say(en="What falls?", zh="什么下降？"), [say(en="loss", zh="损失"), "x"], 0, say(en="It does.", zh="是它。")
    )
    parts = {
        "predict": ask,
        "alt": say(en="one bar", zh="一根条"),
        "controls": {"shown": choice("a", "a", label="")},
        **other,
    }
    return Explored("1-fig_bars", fig_bars, **parts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_word_of_the_other_language_is_found_wherever_it_stands(
    lang: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Explored, "unanswered", lambda self: fig_bars(answered=True))
    with speaking(lang):
        wrong = {"en": "中文", "zh": "all the other words"}[lang]
        assert not [text for text in said(call()) if foreign(text, lang)]
        for other in (
            {"alt": wrong},
            {"predict": Prediction(wrong, ["a", "b"], 0, "")},
            {"predict": Prediction("", ["a", wrong], 0, "")},
            {"predict": Prediction("", ["a", "b"], 0, ["", wrong])},
            {"controls": {"shown": choice("a", "a", label=wrong)}},
            {"controls": {"shown": choice([(wrong, "a")], "a")}},
            {"controls": {"shown": choice("ab", "a")}},  # the title for b
        ):
            assert [text for text in said(call(**other)) if foreign(text, lang)], other
        monkeypatch.undo()
        assert [text for text in said(call()) if foreign(text, lang)]  # before the guess


def test_names_code_and_mathematics_are_not_foreign() -> None:
    for text in (
        "见 Reading Digits in Natural Images（2011）", "`model.fit(x)` 与 $loss of all$", "ReLU、softmax 和 GPU", "SGD with Adam",
    ):  # fmt: skip
        assert foreign(text, "zh") is None
    assert foreign("the loss “falls” – 3 × 4", "en") is None
    assert foreign("先猜 then look at it", "zh") == "then look at it"
