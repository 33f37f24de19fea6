"""Figure of chapter 2: six training curves to read."""

import math

import numpy as np
import pytest

from course.figures.readings import RUNS, fig_readings, run


def test_each_run_shows_what_was_changed():
    k = math.log(10)
    healthy, unstable, stuck, bad, known, overflow = (
        np.array(run(cause)) for cause in ("healthy", "unstable", "stuck", "bad start", "known", "overflow")
    )
    assert all(len(losses) == 61 for losses in (healthy, unstable, stuck, bad, known, overflow))
    for losses in (healthy, unstable, stuck, overflow):
        assert losses[0] == pytest.approx(k)
    assert np.all(np.diff(healthy) < 0)
    assert healthy[-1] < 0.5 * k
    assert unstable.max() > 2 * k
    assert stuck.min() > 0.99 * k
    assert bad[0] > 3 * k
    assert known[0] < 0.2 * k
    assert np.isnan(overflow[-1])
    assert np.any(np.isinf(overflow)), "first inf, then nan"


@pytest.mark.parametrize("letter", RUNS)
def test_only_the_chosen_run_is_told(letter):
    figure = fig_readings(letter)
    figure.canvas.draw()
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert [text[0] for text in titles] == list(RUNS)
    assert [text for text in titles if "·" in text] == [titles[list(RUNS).index(letter)]]


def test_before_the_guess_nothing_is_told():
    assert [axis.get_title(loc="left") for axis in fig_readings("E", answered=False).axes] == list(RUNS)
