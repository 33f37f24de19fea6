"""The figures of chapter 9, its network, and each number that the chapter quotes from them."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from autograde.authoring.chapter import parse_chapter
from course.few_pictures import Network, given_labels, pictures, plain_history, softmax
from course.figures.capacity import LOGS, NOISE, errors, fig_capacity, fig_ridge
from course.figures.contradictions import fig_contradictions
from course.figures.double_descent import SIZES, fig_double_descent
from course.figures.double_descent import errors as wrong_shares
from course.figures.masks import activations, dead, fig_masks, sums
from course.figures.mixer import changed, fig_mixer, total
from course.figures.smoothing import best_lead, fig_smoothing, loss
from course.figures.stopping import fig_stopping, stop_at

CHAPTER = Path(__file__).parents[3] / "notebooks" / "ch09_regularization.py"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Small matrices are multiplied faster by one thread, and always in the same order."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def solved() -> SimpleNamespace:
    """The chapter's own answers, and the `learn` of its last experiment."""
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NBGRADER_EXECUTION", "autograde")  # heavy free cells rest
        for cell in parse_chapter(CHAPTER.read_text(encoding="utf-8"), CHAPTER.name).cells:
            if cell.role in ("setup", "given", "solution") or "def learn(" in cell.source:
                exec(cell.source, names)
    return SimpleNamespace(**names)


def test_the_pictures_are_few_balanced_and_apart():
    x, y, x_val, _, x_test, _ = pictures()
    assert [len(part) for part in (x, x_val, x_test)] == [150, 257, 257]
    assert np.bincount(y).tolist() == [15] * 10
    rows = {picture.tobytes() for picture in x}
    assert not rows & {picture.tobytes() for part in (x_val, x_test) for picture in part}
    given, wrong = given_labels()
    assert wrong.sum() == 30
    assert np.array_equal(given != y, wrong)


def test_the_network_s_step_follows_the_gradient():
    """A step without momentum changes each weight by the rate times the slope of the loss, in float64."""
    x, y = pictures()[:2]

    def fresh() -> Network:
        network = Network(hidden=6, rate=1e-3, penalty=lambda p: (0.0, {k: 0.1 * v for k, v in p.items()}))
        network.params = {name: array.astype(float) for name, array in network.params.items()}
        network.velocity = {name: np.zeros_like(array) for name, array in network.params.items()}
        return network

    before, network = fresh(), fresh()
    network.step(x[:20], y[:20])
    for name, place in (("W1", (300, 2)), ("b1", (1,)), ("W2", (3, 4)), ("b2", (7,))):
        ends = []
        for side in (1e-5, -1e-5):
            moved = fresh()
            moved.params[name][place] += side
            ends.append(moved.loss(x[:20], y[:20]))
        slope = (ends[0] - ends[1]) / 2e-5 + 0.1 * before.params[name][place]
        assert network.params[name][place] == pytest.approx(before.params[name][place] - 1e-3 * slope, abs=1e-8)
    assert np.allclose(softmax(np.array([[1e4, 0.0]])), [[1.0, 0.0]])


def test_lots_are_learned_by_heart():
    x, y, _, _, x_test, y_test = pictures()
    lots = np.random.default_rng(0).integers(0, 10, len(y))
    for labels, expected in ((lots, 0.1), (y, 0.88)):
        network, rng = Network(), np.random.default_rng(1)
        for _ in range(60):
            for rows in np.split(rng.permutation(len(x)), 6):
                network.step(x[rows], labels[rows])
        assert network.accuracy(x, labels) == 1
        assert network.accuracy(x_test, y_test) == pytest.approx(expected, abs=0.08 if expected < 0.5 else 0.02)


def test_the_errors_of_the_polynomials_quoted_in_the_chapter():
    on_points, fresh = errors(14, 15)
    assert on_points < 1e-6
    assert round(fresh) == 62
    assert round(errors(14, 300)[1], 2) == 0.26
    assert errors(18, 15)[1] < 0.5
    assert errors(3, 15)[1] < 1.2 * NOISE
    assert "62.06" in fig_capacity().axes[1].get_title("left")
    assert not fig_capacity(answered=False).axes[1].lines


def test_a_price_first_pays_then_costs():
    table = np.array([errors(14, 15, 10.0**log) for log in LOGS])
    assert np.all(np.diff(table[:, 0]) > -1e-9)
    best = int(table[:, 1].argmin())
    assert LOGS[best] == -1
    assert [round(float(value), 2) for value in (table[0, 1], table[best, 1], table[-1, 1])] == [4.74, 0.32, 0.7]
    assert len(fig_ridge(answered=False).axes[1].lines) == 2


def test_scaled_sums_agree_with_evaluation_on_average():
    assert activations().min() > 0
    assert dead(0.5, 1).sum() == 48
    assert not np.array_equal(dead(0.5, 1), dead(0.5, 2))
    for p in (0.2, 0.5, 0.8):
        assert sums(p, False).mean() == pytest.approx(100 * (1 - p), abs=2)
        assert sums(p, True).mean() == pytest.approx(100, abs=4)
    assert "50 %" in fig_masks().axes[1].get_title("left")
    assert not fig_masks(answered=False).axes[1].patches


def test_pictures_move_turn_and_mirror():
    x = pictures()[0][:3]
    assert np.allclose(changed(x), x, atol=1e-6)
    assert np.allclose(changed(x, right=3)[:, :, 3:], x[:, :, :-3], atol=1e-6)
    assert np.allclose(changed(x, mirror="sideways"), x[:, :, ::-1], atol=1e-6)
    assert np.allclose(changed(x, mirror="upside down"), x[:, ::-1], atol=1e-6)
    assert np.allclose(changed(x, turn=90.0), np.rot90(x, axes=(1, 2)), atol=1e-5)
    assert np.allclose(changed(x, turn=180.0), x[:, ::-1, ::-1], atol=1e-5)


def test_the_shares_of_moved_pictures_quoted_in_the_chapter():
    assert [round(100 * total(right)) for right in (0, 2, 3)] == pytest.approx([88, 58, 34], abs=2)
    assert len(fig_mixer().axes[1].patches) == 10
    assert not fig_mixer(answered=False).axes[1].patches


def test_the_epochs_quoted_in_the_chapter():
    history = plain_history()
    best = int(history.val.argmin())
    assert 4 <= best <= 11
    assert history.accuracy[best] == pytest.approx(0.85, abs=0.02)
    assert history.accuracy[-1] == pytest.approx(0.75, abs=0.02)
    assert history.learned[best] < 0.2
    assert history.learned[-1] == 1
    assert stop_at(10) == (best + 10, best)
    assert len(fig_stopping(answered=False).axes[0].lines) == 1


def test_a_softened_label_has_a_best_lead():
    leads = np.linspace(-5, 20, 5001)
    for eps in (0.05, 0.1, 0.5):
        assert leads[loss(leads, eps).argmin()] == pytest.approx(best_lead(eps), abs=0.01)
    assert round(best_lead(0.1), 2) == 4.51
    assert best_lead(1.0) == pytest.approx(0)
    assert np.all(np.diff(loss(leads, 0.0)) < 0)
    assert "0.910" in fig_smoothing().axes[0].get_title("left")
    assert len(fig_smoothing(answered=False).axes[0].lines) == 1


def test_the_second_descent_quoted_in_the_chapter():
    table = {size: wrong_shares(size) for size in SIZES}
    assert round(table[150][1], 2) == pytest.approx(0.90, abs=0.02)
    assert round(table[2000][1], 2) == pytest.approx(0.24, abs=0.02)
    assert table[150][1] > 2.7 * table[70][1] > 2.7 * table[40][1]
    assert all(share[0] == 0 for size, share in table.items() if size >= 150)
    assert all(wrong_shares(size, 1.0)[1] <= table[size][1] for size in SIZES)
    assert wrong_shares(2000, 1.0)[1] == pytest.approx(0.10, abs=0.02)
    assert "0.90" in fig_double_descent(True).axes[0].get_title("left")
    assert len(fig_double_descent(answered=False).axes[0].lines[1].get_xdata()) == 4


def test_contradictions_say_who_is_right():
    x, y = pictures()[:2]
    given, wrong = given_labels()
    read = np.where(wrong, y, given)
    read[np.flatnonzero(~wrong)[:2]] = (given[np.flatnonzero(~wrong)[:2]] + 1) % 10
    (axes,) = fig_contradictions(x, given, read, y).axes
    assert "right in 30, the label in 2" in axes.get_title("left")
    assert len(axes.patches) == 32
    (before,) = fig_contradictions(x, given, read, y, answered=False).axes
    assert not before.patches
    assert [text.get_text() for text in before.texts] == [str(label) for label in given[read != given]]


@pytest.mark.parametrize(
    ("tools", "in_test", "in_moved", "repeated"),
    [
        ((), 0.760, 0.542, 1.0),
        (("move", "drop", "targets", 0.01, "stop"), 0.877, 0.789, 0.05),
        (("stop",), 0.852, None, None),
        *(
            pytest.param(*case, marks=pytest.mark.thorough)
            for case in (
                ((0.04,), 0.842, None, None),
                (("drop",), 0.835, None, None),
                (("move",), 0.796, 0.741, None),
                (("targets",), 0.764, None, None),
            )
        ),
    ],
    ids=str,
)
def test_the_accuracies_of_the_last_experiment(solved, tools, in_test, in_moved, repeated):
    """Means of five seeds; the tools are the chapter's own answers."""
    given, wrong = given_labels()
    settings: dict[str, Any] = {} if "stop" in tools else {"patience": 80}
    if "move" in tools:
        settings["move"] = 2
    if "drop" in tools:
        settings["drop"] = lambda h, rng, train: solved.dropout(h, 0.5, rng, train)
    if "targets" in tools:
        settings["targets"] = lambda labels: solved.smooth_labels(labels, 10, 0.1)
    for lam in (tool for tool in tools if isinstance(tool, float)):
        settings["penalty"] = lambda params, lam=lam: solved.l2_penalty(params, lam)
    solved.learn.__globals__["given"] = given
    networks = [solved.learn(seed=seed, **settings) for seed in range(5)]
    assert np.mean([n.accuracy(solved.x_test, solved.y_test) for n in networks]) == pytest.approx(in_test, abs=0.02)
    if in_moved is not None:
        moved = solved.augment(solved.x_test, np.random.default_rng(9), 2)
        assert np.mean([n.accuracy(moved, solved.y_test) for n in networks]) == pytest.approx(in_moved, abs=0.02)
    if repeated is not None:
        shares = [np.mean(n.read(solved.x[wrong]).argmax(axis=1) == given[wrong]) for n in networks]
        assert np.mean(shares) == pytest.approx(repeated, abs=0.05)
