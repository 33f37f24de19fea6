"""What one run can tell."""

from course.figures.printed_runs import RUNS, fig_printed_runs
from course.interact import png
from course.statistics import wilson_interval


def test_bars_are_wilsons_intervals_and_dots_the_runs():
    figure = fig_printed_runs()
    lines = figure.axes[0].get_lines()
    assert tuple(lines[0].get_xdata()) == wilson_interval(9900, 10_000)
    assert tuple(lines[1].get_xdata()) == RUNS["A"]
    assert tuple(lines[3].get_xdata()) == wilson_interval(9880, 10_000)
    assert tuple(lines[4].get_xdata()) == RUNS["B"]
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_fewer_pictures_give_wider_bars_inside_the_axes():
    figure = fig_printed_runs(500, runs=False)
    low, high = figure.axes[0].get_xlim()
    assert low < min(figure.axes[0].get_lines()[0].get_xdata())
    assert high > max(figure.axes[0].get_lines()[0].get_xdata())


def test_before_the_answer_two_numbers_are_drawn():
    figure = fig_printed_runs(answered=False)
    assert [list(line.get_xdata()) for line in figure.axes[0].get_lines()] == [[0.99], [0.988]]
    assert not figure.axes[0].texts
