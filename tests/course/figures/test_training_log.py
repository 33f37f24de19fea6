"""Article B's log beside a measured one."""

import pytest

from course.figures.training_log import MEASURED, PRINTED, fig_logs
from course.interact import png


@pytest.mark.parametrize("metric", PRINTED)
def test_both_series_are_drawn_and_named(metric):
    figure = fig_logs(metric)
    (axes,) = figure.axes
    assert [tuple(line.get_ydata()) for line in axes.get_lines()] == [PRINTED[metric], MEASURED[metric]]
    assert {"printed in article B", "measured"} <= {text.get_text() for text in axes.texts}
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_only_the_printed_validation_accuracy_stands_still():
    frozen = [name for name, values in PRINTED.items() if len(set(values)) == 1]
    assert frozen == ["val_accuracy"]
    assert all(len(set(values)) > 1 for values in MEASURED.values())
