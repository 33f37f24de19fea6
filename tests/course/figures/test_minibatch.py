"""The figure of chapter 3 about batch sizes."""

import numpy as np
import pytest

from course.figures.minibatch import START, N, batch_path, fig_minibatch, noisy_line


def excess(path):
    x, y = noisy_line()
    best = np.linalg.lstsq(np.column_stack([x, np.ones(N)]), y, rcond=None)[0]
    losses = np.mean((y - path[:, :1] * x - path[:, 1:]) ** 2, axis=1)
    return losses - np.mean((y - best[0] * x - best[1]) ** 2)


@pytest.mark.parametrize(("size", "updates"), [(1, 128), (16, 8), (60, 3), (128, 1)])
def test_updates_per_epoch(size, updates):
    path = batch_path(size, 0.05, 2, 0)
    assert path.shape == (1 + 2 * updates, 2)
    assert np.allclose(path[0], START)


def test_the_full_batch_does_not_depend_on_the_seed():
    assert np.allclose(batch_path(N, 0.05, 3, 0), batch_path(N, 0.05, 3, 1))
    assert not np.allclose(batch_path(16, 0.05, 3, 0), batch_path(16, 0.05, 3, 1))


@pytest.mark.parametrize("seed", range(10))
def test_the_prediction_of_the_chapter(seed):
    after_one = {size: excess(batch_path(size, 0.05, 1, seed))[-1] for size in (1, 16, 128)}
    assert after_one[1] < after_one[16] < after_one[128]
    tails = {size: excess(batch_path(size, 0.05, 10, seed))[-(N // size) :].mean() for size in (1, 16)}
    assert tails[16] < 0.1 * tails[1]
    assert 0.025 < tails[1] < 0.075  # "0.03 to 0.07" in the chapter


@pytest.mark.parametrize("size", [1, 4, 16, 64, 128])
@pytest.mark.parametrize(("lr", "epochs"), [(0.01, 1), (0.2, 10)])
def test_the_figure_shows_the_run(size, lr, epochs):
    plane, curve = fig_minibatch(size, lr, epochs).axes
    assert np.allclose(plane.lines[0].get_xydata(), batch_path(size, lr, epochs, 0))
    assert curve.lines[0].get_xdata()[-1] == epochs
    assert f"Batch size {size}" in plane.get_title() + plane.get_title(loc="left")
