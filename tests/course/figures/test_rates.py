"""The figures of chapter 6 that train the network on digits: schedules, a bad row, the range test, batches, six curves."""

import numpy as np
import pytest

from course.digit_net import accuracy, digits, loss_and_grads, loss_of, start_weights
from course.figures import bad_row, batch_law, schedule
from course.figures.race_on_digits import fig_race_on_digits
from course.figures.range_test import fig_range_test, range_test, training
from course.figures.six_rates import NAMES, curves, fig_six_rates
from course.figures.updates import rate_at, update_rule


def test_the_gradients_of_the_network_are_those_of_its_loss():
    X, y = digits()[0][:20], digits()[1][:20]
    params, h = start_weights(1, hidden=5), 1e-6
    loss, grads = loss_and_grads(params, X, y)
    assert loss == pytest.approx(loss_of(params, X, y))
    rng = np.random.default_rng(0)
    for name, g in grads.items():
        place = tuple(int(rng.integers(n)) for n in g.shape)
        moved = {key: value.copy() for key, value in params.items()}
        moved[name][place] += h
        up = loss_of(moved, X, y)
        moved[name][place] -= 2 * h
        assert g[place] == pytest.approx((up - loss_of(moved, X, y)) / (2 * h), abs=1e-6)
    assert sum(g.size for g in loss_and_grads(start_weights(), X, y)[1].values()) == 2410


def test_the_shares_of_the_opening_cell():
    """Sixty steps of plain descent: 47, 78, 89, 85 and 7 % of the unseen digits."""
    from course.digit_net import train

    shares = [accuracy(train(update_rule("sgd", rate), 60)[0], *digits()[2:]) for rate in (0.03, 0.1, 0.3, 1, 2)]
    assert [round(100 * share) for share in shares] == [47, 78, 89, 85, 7]


def test_warm_up_helps_and_an_early_decay_does_not():
    plans = ((0, "constant"), (10, "constant"), (0, "cosine"), (10, "cosine"))
    first = [round(100 * schedule.run("adam", 0.2, warmup, kind)[1]) for warmup, kind in plans]
    assert first == [84, 93, 77, 97]
    five = [np.mean([schedule.run("adam", 0.2, warmup, kind, s)[1] for s in range(5)]) for warmup, kind in plans]
    assert [round(100 * share) for share in five] == [66, 92, 62, 96]
    assert "0.276 against 0.400" in schedule.fig_schedule().axes[1].get_title(loc="left")
    assert len(schedule.fig_schedule(answered=False).axes[0].lines) == 1


def test_one_bad_row_costs_what_the_chapter_says():
    def after(clip: float | None, seed: int = 0) -> float:
        return float(np.mean(bad_row.run(clip, seed=seed)[0][82:92]))

    losses, norms = bad_row.run(None)
    assert np.mean(losses[70:80]) == pytest.approx(0.13, abs=0.005)
    assert [float(f"{after(None, seed):.2g}") for seed in range(5)] == [8.5, 2.9, 0.14, 10, 24]
    assert max(after(2.0, seed) for seed in range(5)) < 0.155
    assert norms[80] / np.median(norms[:80]) == pytest.approx(360, abs=10)
    assert max(norms[:80]) == pytest.approx(1.2, abs=0.01)
    assert np.mean(losses[125:135]) < 0.5  # some forty steps later
    assert len(bad_row.fig_bad_row(answered=False).axes[0].lines[0].get_xdata()) == 80


def test_the_range_test_and_what_its_rates_are_worth():
    rates, losses = range_test()
    assert rates[losses.argmin()] == pytest.approx(1.23, abs=0.01)
    assert [round(100 * training("sgd", rate)[1]) for rate in (0.003, 0.3, 3.0)] == [23, 92, 10]
    assert training("sgd", 1.5)[1] < 0.8


def test_the_range_test_shows_the_rate_that_a_function_picks():
    figure = fig_range_test(pick=lambda rates, losses: rates[70])
    assert "your pick: 0.34" in figure.axes[0].get_legend().texts[0].get_text()
    assert len(fig_range_test(answered=False).axes[1].lines) == 0


@pytest.mark.parametrize(("size", "rate"), [(64, 0.08), (64, 0.16), (64, 0.32), (256, 1.28)])
def test_the_table_of_losses_is_measured(size: int, rate: float):
    measured = np.median([batch_law.loss_after(size, rate, seed) for seed in range(batch_law.SEEDS)])
    assert batch_law.LOSSES[size][batch_law.RATES.index(rate)] == pytest.approx(measured, abs=6e-4)


@pytest.mark.parametrize("size", [64, 256])
def test_the_table_of_steps_is_measured(size: int):
    steps = [batch_law.steps_to_goal(size, batch_law.STEP_RATES[size], seed) for seed in range(batch_law.SEEDS)]
    assert batch_law.STEPS[size] == np.median(steps)


def test_the_law_marks_the_scaled_rate():
    assert batch_law.fig_batch_law(64, 4).axes[0].get_title(loc="left") == "16 at 0.08: loss 0.20; 64 at 0.32: 0.19"
    assert "1.54" in batch_law.fig_batch_law(256, 4).axes[0].get_title(loc="left")
    assert "Not measured" in batch_law.fig_batch_law(4, 2).axes[0].get_title(loc="left")
    assert len(batch_law.fig_batch_law(answered=False).axes[0].lines) == 2


def test_six_curves_are_what_their_diagnoses_say():
    ends = {name: np.mean(curves()[name][-10:]) for name in NAMES}
    assert ends["A"] < 0.12
    assert [round(ends[name], 2) for name in "BCDF"] == [2.05, 0.88, 2.32, 1.54]
    assert ends["E"] < 0.7 < 90 < max(curves()["E"])
    from course.digit_net import train

    decayed = train(update_rule("momentum", lambda step: rate_at(step, 0.75, 0, 120, "cosine")), 120)[1]
    assert np.mean(decayed[-10:]) == pytest.approx(0.1, abs=0.005)
    X = digits()[0]
    ruined = train(update_rule("sgd", 2.5), 20)[0]
    assert np.mean(np.maximum(X @ ruined["W1"] + ruined["b1"], 0).max(axis=0) == 0) > 0.9  # nearly all units are dead
    assert [axes.get_title(loc="left") for axes in fig_six_rates(answered=False).axes] == list(NAMES)


def test_the_learners_race_names_everyone():
    figure = fig_race_on_digits({"a": [3.0] * 30, "b": [1.0] * 30}, {"a": 0.5, "b": 0.9}, 5)
    assert [text.get_text() for text in figure.axes[0].get_legend().texts] == ["a", "b"]
    assert {"50.0%", "90.0%"} <= {text.get_text() for text in figure.axes[1].texts}
    assert len(figure.axes[0].lines[0].get_xdata()) == 26
