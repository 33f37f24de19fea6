"""Twins differ in words only; formulas, links, code and outline agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograde.authoring.cell import Cell
from autograde.authoring.gate.parity import differences


def prose(source: str, lang: str) -> Cell:
    return Cell("ch91-prose-1", "prose", source, 1, lang=lang)


def kinds(english: str, chinese: str) -> list[str]:
    return sorted(found.split(" differs")[0] for found in differences(prose(english, "en"), prose(chinese, "zh")))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("The loss is $x^2$ and $$\\sum_i x_i$$.", "损失是 $x^2$，即 $$\\sum_i x_i$$。"),
        ("First $a$, then $b$.", "先 $b$，后 $a$。"),
        ("See [the paper](https://x.org/a).", "见[论文](https://x.org/a)。"),
        ("See https://x.org/a.", "见 https://x.org/a。"),
        ("See <https://x.org/a>, or `numpy.sum`.", "见 <https://x.org/a>，或 `numpy.sum`。"),
        ("It costs \\$5, or \\$6.", "价格是 \\$7。"),
        ("$$\na =\n  b$$", "公式 $$a = b$$"),
        ("## Title\n\ntext", "## 标题\n\n文字"),
        ("```python\nx = '$1'\n```\nDone it is, at last.", "```python\nx = '$1'\n```\n完成。"),
        ("`$HOME` and `a`", "`a` 与 `$HOME`"),
        ("MNIST", "MNIST"),
    ],
)
def test_faithful_twins_agree(english: str, chinese: str) -> None:
    assert kinds(english, chinese) == []


@pytest.mark.parametrize(
    ("english", "chinese", "kind"),
    [
        ("The loss is $x^2$.", "损失是 $x^3$。", "formula"),
        ("The loss is $x^2$.", "损失是 x²。", "formula"),
        ("$a$ and $a$ again", "只有一次 $a$", "formula"),
        ("$$a = b$$", "公式 $$a = -b$$", "formula"),
        ("$$a$$", "公式 $a$", "formula"),
        ("\\begin{align}a &= b\\end{align}", "公式 \\begin{align}a &= c\\end{align}", "formula"),
        ("See [a](https://x.org/a).", "见[此](https://x.org/b)。", "link"),
        ("See https://x.org/a.", "见 https://x.org/b。", "link"),
        ("[a]: https://x.org/a", "链接 [a]: https://x.org/b", "link"),
        ('<img src="a.png">', '图 <img src="b.png">', "link"),
        ("![a](a.png)", "图", "link"),
        ("Call `f(x)`.", "调用 `f(y)`。", "code"),
        ("```\nx\n```", "代码\n```\ny\n```", "code"),
        ("## A", "### 甲", "heading level"),
        ("## A", "甲", "heading level"),
    ],
)
def test_what_differs_is_named(english: str, chinese: str, kind: str) -> None:
    assert kinds(english, chinese) == [kind]


def test_the_message_says_what_stands_on_which_side() -> None:
    (message,) = differences(prose("$x$", "en"), prose("$y$ 中", "zh"))
    assert message == "formula differs from its twin; only in English: $x$; only in Chinese: $y$"


def test_a_twin_left_in_english_is_found() -> None:
    (message,) = differences(prose("Here are some more words.", "en"), prose("Here are some more words.", "zh"))
    assert message == "the Chinese twin contains no Chinese"


FRAGMENTS = st.sampled_from(
    ["$x$", "$$x^2$$", "`f`", "[a](b)", "## 甲\n", "中", "`", "$", "\n", "```\ny\n```\n", "https://x.org", "\\$", "a "]
)
TEXTS = st.lists(FRAGMENTS, max_size=8).map(lambda parts: "中 " + "".join(parts))


@given(TEXTS, TEXTS)
def test_parity_does_not_depend_on_the_side(one: str, other: str) -> None:
    assert kinds(one, other) == kinds(other, one)


@given(TEXTS)
def test_a_text_agrees_with_itself(text: str) -> None:
    assert kinds(text, text) == []


@given(st.text(), st.text())
def test_any_text_can_be_compared(one: str, other: str) -> None:
    differences(prose(one, "en"), prose(other, "zh"))
