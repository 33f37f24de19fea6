"""The networks of chapter 8: one sound, four with a fault each, and the readings that the chapter quotes."""

import numpy as np
import pytest

from course.clinic import case, cross_entropy, fresh, gradients, layers, learn_by_heart


def test_gradients_agree_with_differences():
    rng = np.random.default_rng(0)
    params, X, y = fresh(rng, 5), rng.random((7, 64)), rng.integers(0, 10, 7)
    grads = gradients(params, X, y)
    for part, place in ((0, (3, 2)), (1, (1,)), (2, (0, 4)), (3, (2,)), (4, (1, 7)), (5, (9,))):
        losses = []
        for step in (1e-6, -1e-6):
            moved = [p.copy() for p in params]
            moved[part][place] += step
            losses.append(cross_entropy(moved, X, y))
        assert grads[part][place] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-6)


def readings(number):
    seen = case(number)
    rows = seen.train[::140]
    silent = [float(np.mean(out.max(axis=0) == 0)) for out in layers(seen.params, seen.X[seen.train])[:2]]
    return seen, learn_by_heart(seen.start, seen.X[rows], seen.y[rows]), silent


def test_the_sound_network_is_sound():
    seen, heart, silent = readings(0)
    assert seen.log[-1, 3] > 0.95
    assert heart < 0.01
    assert max(silent) < 0.1


def test_1_knows_the_answer_from_one_pixel():
    seen, _, _ = readings(1)
    assert round(seen.log[-1, 3], 3) == 0.987
    blank = seen.X.copy()
    blank[:, 32] = 0
    read = layers(seen.params, blank[seen.test])[-1].argmax(axis=1)
    assert round(float(np.mean(read == seen.y[seen.test])), 2) == 0.82


def test_2_has_a_dead_layer():
    seen, heart, silent = readings(2)
    assert seen.log[0, 0] == pytest.approx(np.log(10))
    assert heart > 1.5
    assert silent == [0.0, 1.0]
    assert not gradients(seen.start, seen.X[seen.train], seen.y[seen.train])[0].any()


def test_3_answers_beside_the_diagonal():
    seen, _, _ = readings(3)
    assert round(seen.log[-1, 2], 2) == 0.97
    assert seen.log[-1, 3] < 0.01
    read = layers(seen.params, seen.X[seen.test])[-1].argmax(axis=1)
    assert np.mean((read + 1) % 10 == seen.y[seen.test]) > 0.95


def test_4_never_trained_two_classes():
    seen, heart, _ = readings(4)
    assert round(seen.log[-1, 2], 2) == 0.99
    assert round(seen.log[-1, 3], 1) == 0.2
    assert heart < 0.01
    assert not np.isin(seen.y[seen.train], (8, 9)).any()
