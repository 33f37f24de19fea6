"""Seeds and streams of chapter 1."""

import numpy as np
import pytest

from course.figures.streams import PRINTED, RUNS, fig_runs, fig_streams


def digits(figure):
    found = [text.get_text() for text in figure.axes[0].texts if text.get_text().isdigit()]
    return found[: len(found) // 2], found[len(found) // 2 :]


def test_equal_seeds_give_the_same_stream():
    first, second = digits(fig_streams(3, 3, 0))
    assert first == second
    assert "the same stream" in fig_streams(3, 3, 0).axes[0].get_title(loc="left")


@pytest.mark.parametrize("extra", [1, 5])
def test_extra_draws_shift_the_stream(extra):
    first, second = digits(fig_streams(1, 1, extra))
    assert second[: len(first) - extra] == first[extra:]
    assert first != second


def test_without_any_equal_number_the_title_does_not_speak_of_chance():
    title = {extra: fig_streams(1, 1, extra).axes[0].get_title(loc="left") for extra in range(1, 6)}
    for extra, said in title.items():
        first, second = digits(fig_streams(1, 1, extra))
        equal = sum(a == b for a, b in zip(first, second, strict=True))
        assert said.startswith(f"{equal} of 14 numbers agree" if equal else "None of the 14 numbers agrees")
    assert len(set(title.values())) > 1  # both happen


def test_other_seeds_give_other_streams():
    first, second = digits(fig_streams(0, 20))
    assert first != second


def test_the_figure_leaves_the_global_generator_alone():
    before = np.random.get_state()[1].copy()
    fig_streams()
    assert np.array_equal(before, np.random.get_state()[1])


def test_before_the_guess_run_2_is_hidden():
    figure = fig_streams(answered=False)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts.count("?") == 14
    assert figure.axes[0].get_title(loc="left") == ""
    assert not [line for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    assert len({line.get_color() for line in figure.axes[0].lines}) == 1


@pytest.mark.parametrize("shown", [1, 8])
def test_the_runs_stand_where_they_were_measured(shown):
    ax = fig_runs(shown).axes[0]
    points = [x for line in ax.lines if line.get_marker() == "o" for x in line.get_xdata()]
    assert sorted(points) == sorted(accuracy for _, _, accuracy in RUNS[:shown])
    low, high = ax.get_xlim()
    assert all(low < accuracy < high for accuracy in [*points, *PRINTED.values()])


def test_each_program_has_a_bar_over_its_range():
    ax = fig_runs(8).axes[0]
    assert [patch.get_width() for patch in ax.patches] == pytest.approx([0.0025, 0.0035])


def test_before_the_guess_only_the_printed_accuracies_are_shown():
    ax = fig_runs(8, answered=False).axes[0]
    assert not ax.patches
    assert not [x for line in ax.lines if line.get_marker() == "o" for x in line.get_xdata()]
    assert ax.get_title(loc="left") == ""


def test_the_prediction_of_the_chapter_holds_the_seed_does_more_than_the_printed_difference():
    for article, span in (("A", 0.0025), ("B", 0.0035)):
        values = [accuracy for name, _, accuracy in RUNS if name == article]
        assert np.ptp(values) == pytest.approx(span)
        assert span > PRINTED["A"] - PRINTED["B"]
