"""The figure of chapter 5 that walks through a graph, forward and back."""

import pytest

from course.figures.graph_steps import LAST, fig_graph_steps, gradients, values


@pytest.mark.parametrize("inputs", [(2.0, 3.0, -4.0), (-1.0, 0.5, 2.0), (0.0, 1.0, 1.0)])
def test_the_gradients_agree_with_differences(inputs):
    found = gradients(*inputs, LAST)
    for place, name in enumerate("xwb"):
        up, down = list(inputs), list(inputs)
        up[place] += 1e-6
        down[place] -= 1e-6
        assert found[name] == pytest.approx((values(*up)["L"] - values(*down)["L"]) / 2e-6, abs=1e-6)


def test_a_node_that_is_used_twice_waits_for_its_second_part():
    assert gradients(2.0, 3.0, -4.0, 5)["u"] == 2.0
    assert gradients(2.0, 3.0, -4.0, 6)["u"] == 8.0


@pytest.mark.parametrize("step", range(LAST + 1))
def test_every_step_says_what_it_does(step):
    titles = [fig_graph_steps(s).axes[0].get_title(loc="left") for s in (step, (step + 1) % (LAST + 1))]
    assert all(titles)
    assert titles[0] != titles[1]


def test_unanswered_shows_no_gradient():
    shown = {text.get_text() for text in fig_graph_steps(8, answered=False).axes[0].texts}
    assert "12" in shown  # the value of L
    assert not shown & {"1", "8", "24", "16"}  # gradients of L, u, x and w
