"""The figures of chapter 6 in which weights move: momentum, the race, Adam's first steps, the two decays."""

import numpy as np
import pytest

from course.figures.first_steps import fig_first_steps, losses, step_sizes
from course.figures.heavy_ball import RATE, START, H, arrival, fig_heavy_ball, path
from course.figures.race import SURFACES, fig_race
from course.figures.race import arrival as arrives
from course.figures.race import path as race_path
from course.figures.two_decays import fig_two_decays, weights
from course.figures.updates import RULES, rate_at, update_rule


def test_momentum_arrives_when_the_chapter_says():
    assert [arrival(beta) for beta in (0.0, 0.8, 0.99)] == [325, 52, 659]


def test_plain_descent_has_its_closed_form():
    k = np.arange(201)[:, None]
    assert np.allclose(path(0.0), np.array(START) * (1 - RATE * np.diag(H)) ** k)


def test_before_the_guess_only_plain_descent_moves():
    assert len(fig_heavy_ball(answered=False).axes[1].lines) == 2  # with the line at 0.1
    assert len(fig_heavy_ball().axes[1].lines) == 3


@pytest.mark.parametrize(
    ("surface", "factor", "steps"),
    [
        ("ravine", 1.0, (180, 55, 97, 60)),
        ("turned", 1.0, (180, 55, 188, 304)),
        ("saddle", 1.0, (173, 74, 59, 39)),
        ("rosenbrock", 1.0, (289, 74, 203, 54)),
    ],
)
def test_the_race_ends_as_the_chapter_says(surface: str, factor: float, steps: tuple[int, ...]):
    assert tuple(arrives(surface, rule, factor) for rule in RULES) == steps


def test_twice_the_rate_throws_plain_descent_alone_out_of_the_bent_valley():
    assert np.abs(race_path("rosenbrock", "sgd", 2.0)[-1]).max() > 50
    assert (arrives("rosenbrock", "momentum", 2.0), arrives("rosenbrock", "adam", 2.0)) == (78, 86)
    assert "diverges" in fig_race("rosenbrock", 2.0).axes[1].get_legend().texts[0].get_text()


@pytest.mark.parametrize("name", SURFACES)
def test_slopes_are_those_of_the_surface_and_goals_are_flat(name: str):
    ground, h = SURFACES[name], 1e-6
    for x, y in (ground.start, (0.3, -0.7)):
        numeric = (
            (ground.loss(x + h, y) - ground.loss(x - h, y)) / (2 * h),
            (ground.loss(x, y + h) - ground.loss(x, y - h)) / (2 * h),
        )
        assert np.allclose(ground.slope(x, y), numeric, atol=1e-6)
    assert all(np.allclose(ground.slope(*goal), 0) for goal in ground.goals)


def test_the_turned_ravine_is_the_ravine():
    c = np.sqrt(0.5)
    turn = np.array([[c, -c], [c, c]])
    x, y = turn @ (1.3, -0.4)
    assert SURFACES["turned"].loss(x, y) == pytest.approx(SURFACES["ravine"].loss(1.3, -0.4))
    assert np.allclose(turn @ SURFACES["ravine"].start, SURFACES["turned"].start)
    for rule in ("sgd", "momentum"):
        assert np.allclose(race_path("ravine", rule) @ turn.T, race_path("turned", rule))


def test_the_race_begins_with_nothing_but_the_start():
    plane, curve = fig_race("saddle", answered=False).axes
    assert len(curve.lines) == 1
    assert len(plane.lines) == 3  # two minima and the start


def test_adam_without_correction_takes_steps_of_the_quoted_sizes():
    sizes = step_sizes(0.9, 0.999)
    assert (round(sizes[0], 2), round(sizes[99], 2)) == (3.16, 3.24)
    assert int(sizes.argmax()) + 1 == 12
    assert round(sizes.max(), 2) == 6.57


def test_the_sizes_are_those_of_the_rule():
    for correct, sizes in ((False, step_sizes(0.9, 0.999, 20)), (True, np.ones(20))):
        update, p = update_rule("adam", 1.0, correct=correct), {"p": np.zeros(1)}
        for t in range(20):
            new = update(t, p, {"p": np.full(1, 5.0)})
            assert p["p"][0] - new["p"][0] == pytest.approx(sizes[t], rel=1e-6)
            p = new


def test_without_correction_the_training_on_digits_lags():
    assert np.mean(losses(0.03, False)[-10:]) > 5 * np.mean(losses(0.03, True)[-10:])
    assert len(fig_first_steps(answered=False).axes[1].lines) == 1


def test_large_gradients_protect_a_weight_from_a_decay_in_the_gradient():
    loud, quiet = weights(0.2, False)[-1]
    assert round(loud, 2) == 0.92
    assert abs(quiet) < 0.01
    assert weights(0.2, True)[-1] == pytest.approx([0.449, 0.449], abs=0.015)  # 0.998 ** 400


def test_the_decays_begin_with_the_start_alone():
    assert all(len(line.get_xdata()) == 1 for axes in fig_two_decays(answered=False).axes for line in axes.lines)


@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
def test_a_rule_keeps_its_state_to_itself(rule: str):
    """Two updates in turn, each as if it were alone; inputs stay as they are."""
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(4, 2, 3))

    def alone(k: int) -> np.ndarray:
        update, p = update_rule(rule, 0.1), {"p": np.ones(3)}
        for step in range(4):
            p = update(step, p, {"p": gradients[step, k]})
        return p["p"]

    updates, both = [update_rule(rule, 0.1) for _ in range(2)], [{"p": np.ones(3)} for _ in range(2)]
    for step in range(4):
        for k in range(2):
            both[k] = updates[k](step, both[k], {"p": gradients[step, k]})
    assert all(np.array_equal(both[k]["p"], alone(k)) for k in range(2))


def test_clipping_shortens_all_arrays_by_one_factor():
    update = update_rule("sgd", 1.0, clip=1.0)
    new = update(0, {"a": np.zeros(1), "b": np.zeros(1)}, {"a": np.array([3.0]), "b": np.array([4.0])})
    assert (new["a"][0], new["b"][0]) == pytest.approx((-0.6, -0.8))


def test_rates_of_the_schedules():
    assert [rate_at(5, 0.8, 10, 110, kind) for kind in ("constant", "exp")] == [0.4, 0.4]
    assert [round(rate_at(60, 0.8, 10, 110, kind), 6) for kind in ("constant", "cosine", "exp", "step")] == [
        0.8,
        0.4,
        0.08,
        0.08,
    ]
    assert rate_at(500, 0.8, 10, 110, "step") == pytest.approx(0.008)
