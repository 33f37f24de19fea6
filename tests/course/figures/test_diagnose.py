"""The six loss curves of chapter 3's quiz: each shows the ailment that the quiz says."""

import numpy as np

from course.figures.diagnose import STEPS, curves, fig_diagnose


def test_every_curve_has_its_ailment():
    runs = curves()
    assert list(runs) == list("ABCDEF")
    assert all(losses.shape == (STEPS + 1,) and np.isfinite(losses).all() for losses in runs.values())
    A, B, C, D, E, F = runs.values()
    assert A[20] < 0.6 * A[0] and A[-1] > 0.8 * A[20]  # a ravine: fast, then a crawl
    growth = B[201:] / B[200:-1]
    assert B.min() < 0.2 * B[0] and B[-1] > 10 * B[0] and np.ptp(growth) < 0.01  # a straight line on a logarithmic axis
    assert np.std(C[128:]) > 0.03 and C[128:].max() < 3 * C[128:].min()  # a noise floor
    assert np.all(np.diff(D) < 0) and D[-1] > 0.5 * D[0]  # far too slow
    assert (
        np.allclose(E[224:256], E[192:224], rtol=0.02) and E[192:224].max() > 1.8 * E[192:224].min()
    )  # one epoch repeats
    turn = F.argmin()
    assert 40 < turn < 220 and np.all(np.diff(F[:turn]) < 0) and np.all(np.diff(F[turn + 1 :]) > 0)
    assert np.all(np.diff(F, 2) > 0)  # a parabola, not a power


def test_the_letters_are_the_only_titles():
    assert [axis.get_title(loc="left") for axis in fig_diagnose().axes] == list("ABCDEF")
