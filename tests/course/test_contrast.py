"""Can what the course writes in colour be read in JupyterLab's own themes? WCAG 2.2, 1.4.3 and 1.4.11."""

import re
import sys
from pathlib import Path

import matplotlib.colors
import pytest

from course.checks import MARKS
from course.progress import Check, Exercise, Progress
from course.progress_panel import picture

THEMES = sorted((Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab").glob("*/index.css"))
Colour = tuple[float, float, float]


def over(top: str, behind: Colour) -> Colour:
    """Paint a CSS colour, which may be half transparent, over another one."""
    if function := re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)", top):
        *parts, alpha = map(float, function.groups())
        r, g, b = (part / 255 * alpha + under * (1 - alpha) for part, under in zip(parts, behind, strict=True))
        return r, g, b
    return matplotlib.colors.to_rgb(top)


def contrast(one: Colour, other: Colour) -> float:
    def luminance(colour: Colour) -> float:
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, text: Colour) -> Colour:
    """What ``color-mix(in srgb, HUE N%, currentColor)`` gives, or a colour as it is, where the text has that colour."""
    mix = re.fullmatch(r"color-mix\(in srgb, (?P<hue>#\w+) (?P<share>\d+)%, currentColor\)", colour)
    if mix is None:
        return matplotlib.colors.to_rgb(colour)
    share = int(mix["share"]) / 100
    r, g, b = (share * a + (1 - share) * b for a, b in zip(matplotlib.colors.to_rgb(mix["hue"]), text, strict=True))
    return r, g, b


@pytest.fixture(params=THEMES, ids=lambda path: path.parent.name)
def page(request: pytest.FixtureRequest) -> tuple[Colour, Colour]:
    """(background, text) of a notebook's outputs in a theme."""
    css = request.param.read_text(encoding="utf-8")
    values = dict(re.findall(r"--(jp-layout-color0|jp-content-font-color1): ?([^;}]+)", css))
    background = matplotlib.colors.to_rgb(values["jp-layout-color0"])
    return background, over(values["jp-content-font-color1"], background)


def test_jupyterlab_has_a_light_and_a_dark_theme() -> None:
    assert {"theme-light-extension", "theme-dark-extension"} <= {path.parent.name for path in THEMES}


@pytest.mark.parametrize("state", MARKS)
def test_the_marks_can_be_read_on_every_background(page: tuple[Colour, Colour], state: str) -> None:
    background, text = page
    assert contrast(mixed(MARKS[state][1], text), background) >= 4.5  # type: ignore[index]


def test_what_the_panel_draws_stands_out_from_every_background(page: tuple[Colour, Colour]) -> None:
    background, text = page
    shown = picture(Progress((Exercise("f", (Check("t", 1.0, "passed"),)), Exercise("g", (Check("u", 1.0, "open"),)))))
    drawn = re.findall(r"solid (#\w+)|background:(#1a7f37)", shown)  # the edge, and the bar on its grey track
    assert len(drawn) == 2
    for colour in map("".join, drawn):
        assert contrast(mixed(colour, text), background) >= 3
    for colour in re.findall(r"[;\"]color:([^;\"]+)", shown):
        assert contrast(mixed(colour, text), background) >= 4.5
