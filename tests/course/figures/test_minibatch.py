"""The figure of chapter 3 about batch sizes."""

import numpy as np
import pytest

from course.figures.minibatch import SIZES, START, N, batch_path, excess, fig_minibatch, noisy_line, seconds_per_update


@pytest.mark.parametrize(("size", "updates"), [(1, 128), (16, 8), (60, 3), (128, 1)])
def test_updates_per_epoch(size, updates):
    path = batch_path(size, 0.05, 2, 0)
    assert path.shape == (1 + 2 * updates, 2)
    assert np.allclose(path[0], START)


def test_the_full_batch_does_not_depend_on_the_seed():
    assert np.allclose(batch_path(N, 0.05, 3, 0), batch_path(N, 0.05, 3, 1))
    assert not np.allclose(batch_path(16, 0.05, 3, 0), batch_path(16, 0.05, 3, 1))


def test_the_excess_is_the_loss_above_its_minimum():
    x, y = noisy_line()
    best = np.linalg.lstsq(np.column_stack([x, np.ones(N)]), y, rcond=None)[0]
    path = batch_path(8, 0.05, 1, 0)
    losses = np.mean((y - path[:, :1] * x - path[:, 1:]) ** 2, axis=1)
    assert np.allclose(excess(path), losses - np.mean((y - best[0] * x - best[1]) ** 2))


@pytest.mark.parametrize("seed", range(10))
def test_the_prediction_of_the_chapter(seed):
    ends = [excess(batch_path(size, 0.05, 1, seed))[-1] for size in SIZES]
    assert ends == sorted(ends)  # after one epoch, the smaller the better
    tails = {size: excess(batch_path(size, 0.05, 10, seed))[-(N // size) :].mean() for size in SIZES}
    assert tails[8] < 0.25 * tails[1]  # after ten epochs batch size 1 stands on its noise floor
    assert tails[8] < min(tails[1], tails[32], tails[128])


def test_an_update_costs_nearly_the_same_for_one_row_as_for_all():
    assert 0.2 < seconds_per_update(1) / seconds_per_update(N) < 3


@pytest.mark.parametrize("clock", ["epochs", "updates", "seconds"])
@pytest.mark.parametrize(("lr", "epochs"), [(0.01, 1), (0.2, 10)])
def test_all_batch_sizes_are_overlaid_on_the_chosen_clock(clock, lr, epochs):
    plane, curve = fig_minibatch(clock, 32, lr, epochs).axes
    assert [line.get_label() for line in curve.lines] == [f"batch size {size}" for size in SIZES]
    assert any(np.array_equal(line.get_xydata(), batch_path(32, lr, epochs, 0)) for line in plane.lines)
    last = [line.get_xdata()[-1] for line in curve.lines]
    updates = [epochs * N // size for size in SIZES]
    cost = [1e3 * seconds_per_update(size) for size in SIZES]
    expected = {"epochs": [epochs] * 4, "updates": updates, "seconds": np.multiply(updates, cost)}[clock]
    assert np.allclose(last, expected)
    assert curve.get_xlim()[1] == pytest.approx(max(expected))


def test_the_title_names_the_lowest_end():
    for epochs, lowest in ((1, 1), (10, 8)):
        curve = fig_minibatch(epochs=epochs).axes[1]
        assert f"batch size {lowest} is lowest" in curve.get_title() + curve.get_title(loc="left")
