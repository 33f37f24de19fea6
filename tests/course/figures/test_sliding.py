"""One window at a time."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from course.figures.convolution import KERNELS, parse_kernel
from course.figures.sliding import PICTURE, fig_sliding
from course.interact import png


@pytest.mark.parametrize("kernel", ["vertical edge", "blur"])
@pytest.mark.parametrize("step", [0, 13, 35])
def test_the_map_is_filled_up_to_the_window(kernel, step):
    figure = fig_sliding(step, kernel)
    expected = correlate2d(PICTURE, parse_kernel(KERNELS[kernel]), mode="valid")
    seen = np.ma.filled(figure.axes[2].images[0].get_array(), np.nan)
    filled = np.arange(36).reshape(6, 6) <= step
    np.testing.assert_allclose(seen[filled], expected[filled])
    assert not np.isfinite(seen[~filled]).any()
    assert figure.axes[1].texts[-1].get_text() == f"sum of the nine: {expected.ravel()[step]:g}"
    assert png(figure, dpi=40)[:4] == b"\x89PNG"
