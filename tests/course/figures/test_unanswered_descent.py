"""Before the guess, a figure of chapter 3 shows where the question starts and nothing that answers it."""

import pytest

from course.figures.descent import fig_descent, fig_rates, fig_steepest
from course.figures.differences import fig_difference_error
from course.figures.line_fit import fig_line_fit
from course.figures.minibatch import fig_minibatch
from course.figures.parabola import fig_parabola
from course.figures.playground import fig_playground
from course.figures.scaling import fig_scaling
from course.figures.wrong_gradient import fig_wrong_gradient
from course.interact import png

FIGURES = [
    fig_parabola,
    fig_steepest,
    fig_difference_error,
    fig_wrong_gradient,
    fig_line_fit,
    fig_playground,
    fig_descent,
    fig_rates,
    fig_minibatch,
    fig_scaling,
]


@pytest.mark.parametrize("figure", FIGURES)
def test_there_is_no_title_no_legend_and_no_curve(figure):
    before, after = figure(answered=False), figure()
    assert len(before.axes) == len(after.axes)
    for axis in before.axes:
        assert not axis.get_title() and not axis.get_title(loc="left")
        assert axis.get_legend() is None
    drawn, left = (sum(len(axis.lines) + len(axis.texts) for axis in f.axes) for f in (after, before))
    assert left < drawn
    assert png(before) != png(after)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_axes_do_not_jump_with_the_answer(figure):
    before, after = figure(answered=False), figure()
    for old, new in zip(before.axes, after.axes, strict=True):
        if figure is fig_scaling and old is before.axes[0]:
            continue  # its scale is part of the answer
        assert old.get_xlim() == pytest.approx(new.get_xlim())
        assert old.get_ylim() == pytest.approx(new.get_ylim())
        assert (old.get_xscale(), old.get_yscale()) == (new.get_xscale(), new.get_yscale())
