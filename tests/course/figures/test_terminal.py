"""What pip says in chapter 1."""

import pytest

from course.figures.terminal import ANSWERS, fig_terminal


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("command", ANSWERS)
def test_the_answer_comes_after_the_guess(command):
    typed, said = ANSWERS[command]
    assert words(fig_terminal(command)) == [f"$ {typed}", said]
    assert words(fig_terminal(command, answered=False)) == [f"$ {typed}", "▮"]


def test_three_of_the_five_commands_fail_for_two_different_reasons():
    failed = {command: said for command, (_, said) in ANSWERS.items() if said.startswith("ERROR")}
    assert set(failed) == {"python", "tensorflow", "gpu"}
    assert [command for command, said in failed.items() if "from versions: none" in said] == ["python"]
