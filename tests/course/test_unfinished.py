"""Cells that build on an unsolved exercise say so, and hide no other error."""

import pytest

import course.language as module
from course import checks
from course.language import Language
from course.unfinished import when_solved


def test_a_solved_exercise_lets_the_block_run(capsys: pytest.CaptureFixture[str]) -> None:
    ran = []
    with when_solved("mse"):
        ran.append(True)
    assert ran
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Solve `mse`, `softmax` above, then run this cell again.\n"),
        ("zh", "请先完成上面的 `mse`、`softmax`，再运行本单元格。\n"),
    ],
)
def test_an_unsolved_exercise_is_named_in_the_notebooks_language(
    language: Language, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_known", {})
    module.speak(language)
    with when_solved("mse", "softmax"):
        raise NotImplementedError("Not answered yet")
    assert capsys.readouterr() == (line, "")


@pytest.mark.parametrize("error", [ValueError, NameError, AssertionError, KeyboardInterrupt])
def test_every_other_error_is_the_learners_to_see(error: type[BaseException]) -> None:
    with pytest.raises(error), when_solved("mse"):
        raise error


def test_a_name_from_a_skipped_cell_above_is_no_fault_of_the_learners_function(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_known", {})
    module.speak("en")
    monkeypatch.setattr(checks, "active", lambda: True)
    cell = "with when_solved('mse'):\n    print(made_above)"
    exec(compile(cell, "<cell>", "exec"), {"when_solved": when_solved})
    printed = capsys.readouterr().out
    assert printed.startswith("`made_above` is made by a cell above")
    own = "def mse():\n    return typo\n\nwith when_solved('mse'):\n    mse()"
    exec(compile(own, "<cell>", "exec"), {"when_solved": when_solved})
    printed = capsys.readouterr()
    assert "Look at `mse` again" in printed.out + printed.err
