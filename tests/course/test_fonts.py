"""Does every figure have a font for its Chinese, on a machine without one?"""

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib import get_data_path
from matplotlib.font_manager import findfont
from matplotlib.image import imread
from matplotlib.text import Text

from course.figures.style import new_figure
from course.interact import png

REPOSITORY = Path(__file__).parents[2]
FONTS = REPOSITORY / "course" / "fonts"
WEIGHTS = ("Regular", "Bold")
PICTURES = re.compile(r"[\U0001f000-\U0001faff\ufe0f]")  # an emoji in prose; the browser draws it


def characters(font: Path) -> set[str]:
    with TTFont(font) as read:
        return set(map(chr, read.getBestCmap()))


def texts() -> Iterator[tuple[str, str]]:
    for folder, pattern in (("course", "**/*.py"), ("course/texts", "*.json"), ("notebooks", "*.py")):
        for path in sorted((REPOSITORY / folder).glob(pattern)):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".json":
                text = json.dumps(json.loads(text), ensure_ascii=False)
            yield path.relative_to(REPOSITORY).as_posix(), PICTURES.sub("", text)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_font_has_every_character_of_the_courses_texts(weight: str) -> None:
    latin = Path(get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if weight == 'Bold' else ''}.ttf"
    drawn = characters(FONTS / f"CourseSansSC-{weight}.otf") | characters(latin) | {"\n"}
    missing = {name: "".join(sorted(set(text) - drawn)) for name, text in texts() if set(text) - drawn}
    assert missing == {}, "make the fonts again: course/fonts/README.md"


def test_the_fonts_are_small() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.otf")) < 2_500_000


def test_every_kind_of_text_in_a_figure_is_drawn(caplog: pytest.LogCaptureFixture) -> None:
    """A missing character is a warning of matplotlib's, which fails here; in a formula's text it is a log entry."""
    figure, (left, right) = new_figure(cols=2, width=9)
    left.plot([-1, 1], [-2, 2], label="训练损失 training")
    left.set(title="损失 $L = x^2$，随轮次下降", xlabel="学习率 $\\eta$", ylabel="损失")
    left.legend()
    left.annotate("第 3 步：跳过了谷底", (0, 0), fontweight="bold")
    right.bar(["猫", "狗 dog"], [1, -2])  # tick labels that come to be when they are drawn
    right.text(0, 0, "−2.5 → 熵 ✓", family="monospace")
    figure.suptitle("总标题")
    with caplog.at_level(logging.WARNING):
        png(figure)
    assert caplog.messages == []


def test_latin_and_formulas_keep_their_font() -> None:
    figure, axes = new_figure()
    plain, mixed, formula = (axes.text(0, 0, text) for text in ("loss", "损失 loss", "损失 $L$"))
    png(figure)
    assert {"DejaVuSans"} == {Path(findfont(text.get_fontproperties())).stem for text in (plain, mixed)}
    assert Path(findfont(formula.get_fontproperties())).stem == "CourseSansSC-Regular"


def test_bold_chinese_is_bold() -> None:
    def ink(weight: str) -> float:
        figure, axes = new_figure(width=2, height=2)
        axes.set_axis_off()
        axes.text(0, 0.5, "损失函数", fontweight=weight)
        return float(np.sum(1 - imread(io.BytesIO(png(figure)))[..., :3]))

    assert ink("bold") > 1.2 * ink("normal") > 0


def test_a_figure_drawn_twice_is_the_same() -> None:
    figure, axes = new_figure()
    axes.set_title("损失 $x^2$")
    assert png(figure) == png(figure)
    assert all(text.get_fontfamily().count("Course Sans SC") == 1 for text in figure.findobj(Text))
