"""Cells that build on an unsolved exercise say so, and hide no other error."""

import pytest

from course.unfinished import when_solved


def test_a_solved_exercise_lets_the_block_run(capsys: pytest.CaptureFixture[str]) -> None:
    ran = []
    with when_solved("mse"):
        ran.append(True)
    assert ran
    assert capsys.readouterr() == ("", "")


def test_an_unsolved_exercise_is_named_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with when_solved("mse", "softmax"):
        raise NotImplementedError("Not answered yet")
    printed = capsys.readouterr()
    assert (
        printed.out
        == "Solve `mse`, `softmax` above, then run this cell again. 请先完成 `mse`, `softmax`，再运行本单元格。\n"
    )
    assert printed.err == ""


@pytest.mark.parametrize("error", [ValueError, NameError, AssertionError, KeyboardInterrupt])
def test_every_other_error_is_the_learners_to_see(error: type[BaseException]) -> None:
    with pytest.raises(error), when_solved("mse"):
        raise error
