"""The figure of chapter 5 that multiplies shapes."""

import numpy as np
import pytest

from course.figures.matrix_shapes import PRODUCTS, fig_matrix_shapes


def squares(axes):
    return len(axes.patches)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_is_drawn_exactly_where_numpy_has_one(product):
    n, d, m = 5, 3, 2
    arrays = {"x": np.ones((n, d)), "W": np.ones((d, m)), "dout": np.ones((n, m))}
    first, second = (eval(name, {}, arrays) for name in product.split(" @ "))
    right = fig_matrix_shapes(product, n, d, m).axes[1]
    if first.shape[1] == second.shape[0]:
        assert squares(right) == first.size + second.size + (first @ second).size
    else:
        assert squares(right) == first.size + second.size
        assert "no product" in right.get_title(loc="left")


def test_unanswered_shows_the_three_arrays_and_no_product():
    left, right = fig_matrix_shapes(answered=False).axes
    assert squares(left) == 6 * 3 + 3 * 2 + 6 * 2
    assert squares(right) == 0
