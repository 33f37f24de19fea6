"""Every check tells the learner what to look at, in both languages; an exercise is named after its function."""

import pytest

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate.hints import hint_faults, message_faults
from tests.mini_course import SQUARE


def faults(text: str) -> list[str]:
    return [f"{line}: {fault}" for line, fault in hint_faults(parse_chapter(text, "notebooks/ch91_mini.py"))]


def test_a_sound_chapter_has_no_fault() -> None:
    assert faults(SQUARE) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("assert f(1) == 1", "1: a check without a message"),
        ("x = 1\nraise AssertionError", "2: a check without a message"),
        (
            "assert f(1), 'look at f'",
            "1: the message 'look at f' lacks a code such as [ch02-MEAN] and the Chinese hint",
        ),
        ("assert f(1), '[ch02-MEAN] look at f'", "lacks the Chinese hint"),
        ("assert f(1), '[ch02-MEAN] 请看 f'", "lacks the English hint"),
        ("raise AssertionError(f'[ch02-MEAN] {name} is wrong')", "lacks the Chinese hint"),
        ("def _check():\n    assert f(1), 'a ' + 'b'\n_check()", "2: the message 'a b' lacks"),
    ],
)
def test_a_check_without_a_whole_hint_is_named_with_its_line(source: str, fault: str) -> None:
    (found,) = [f"{line}: {text}" for line, text in message_faults(source)]
    assert fault in found


@pytest.mark.parametrize(
    "source",
    [
        "assert f(1), '[ch02-MEAN] 先取平均 / take the mean'",
        "assert f(1), f'[ch02-MEAN] `{name}` 先取平均 / `{name}`: take the mean'",
        "assert f(1), '[ch02-MEAN] 先取平均 / ' + 'take the mean'",
        "assert f(1), hint('MEAN')",
        "raise ValueError('no hint')",
    ],
)
def test_a_hint_in_both_languages_or_one_made_elsewhere_is_no_fault(source: str) -> None:
    assert list(message_faults(source)) == []


def test_a_setup_cell_may_guard_its_own_code_without_a_message() -> None:
    assert list(message_faults("assert True", graded=False)) == []


def test_an_exercise_is_named_after_its_function() -> None:
    named = SQUARE.replace("def square(x)", "def squared(x)")
    assert faults(named) == ["12: exercise 'square' defines `squared`; its id is the function's name with hyphens"]
    assert faults(SQUARE.replace("def square(x):", "class Square:\n    x = 1\ndef helper(x):")) == []


def test_a_test_without_a_public_part_is_a_fault() -> None:
    public = next(line for line in SQUARE.split("\n") if line.startswith("assert square(2)"))
    (found,) = faults(SQUARE.replace(public + "\n", ""))
    assert "'square-of-two' has no public part" in found
