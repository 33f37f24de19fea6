"""A bank of answers is read whole or refused with the file and the line of the fault."""

import pytest
from mini_course import SQUARE_BANK

from autograde.authoring.bank import bank_file, parse_bank
from autograde.authoring.percent import PercentError
from autograde.errors import SeveralErrors

RIGHT = '# %% right="a"\n# By hand.\n# Line two.\ndef f():\n    return 1\n'


def test_the_answers_of_a_bank_are_found() -> None:
    bank = parse_bank(SQUARE_BANK, "square", "square.py")
    assert bank.preamble == "import math"
    assert [(variant.verdict, variant.name) for variant in bank.variants] == [
        ("wrong", "double"),
        ("wrong", "signed"),
        ("wrong", "nothing"),
        ("right", "power"),
        ("right", "math-pow"),
    ]
    assert bank.variants[0].note == "Doubles instead of squaring; right at 2."
    assert SQUARE_BANK.split("\n")[bank.variants[0].line - 1] == '# %% wrong="double"'
    assert bank.shortage() is None


def test_a_note_may_take_several_lines() -> None:
    assert parse_bank(RIGHT, "f", "f.py").variants[0].note == "By hand. Line two."


def test_too_few_answers_are_a_shortage() -> None:
    assert parse_bank(RIGHT, "f", "f.py").shortage() == "0 wrong and 1 right solutions; at least 3 and 2 are needed"
    no_signed = SQUARE_BANK.replace('wrong="signed"', 'right="signed"')
    assert "2 wrong and 3 right" in parse_bank(no_signed, "square", "square.py").shortage()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (RIGHT.replace("right", "almost"), 1, "mark the cell wrong="),
        (RIGHT.replace('right="a"', 'right="a" wrong="b"'), 1, "mark the cell wrong="),
        (RIGHT.replace('="a"', ""), 1, "needs a unique name"),
        (RIGHT + RIGHT, 6, "needs a unique name"),
        (RIGHT + RIGHT.replace("right", "wrong"), 6, "needs a unique name"),
        (RIGHT.replace("# By hand.\n# Line two.\n", ""), 1, "start the answer 'a' with a comment"),
        (RIGHT.replace("():", "("), 4, "valid Python"),
        ("\n" + RIGHT.replace("# By", "\n\n# By").replace("():", "("), 7, "valid Python"),
        ('# %% [markdown] wrong="a"\n# By hand.\n', 1, "mark the cell wrong="),
        ("# %% [markdown]\n# By hand.\n", 1, "mark the cell wrong="),
    ],
)
def test_a_malformed_bank_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(PercentError) as caught:
        parse_bank(text, "f", "tests/chapters/ch91/f.py")
    assert (caught.value.file, caught.value.line) == ("tests/chapters/ch91/f.py", line)
    assert words in caught.value.message


def test_a_bank_lies_in_a_file_named_after_its_exercise() -> None:
    assert bank_file("cross-entropy-grad") == "cross_entropy_grad.py"


def test_every_fault_of_a_bank_is_named_once_in_one_run() -> None:
    text = (
        "# %% almost\nx = 1\n" + RIGHT.replace("():", "(") + RIGHT.replace('="a"', "") + '# %% wrong="b\n# Open.\n'
        "# %%\n%magic\n!shell\n" + RIGHT.replace('"a"', '"c"').replace("# By hand.\n# Line two.\n", "")
    )  # fmt: skip
    with pytest.raises(SeveralErrors) as caught:
        parse_bank(text, "f", "f.py")
    words = ["f.py:1: mark", "f.py:6: ", "f.py:8: the right answer", "f.py:13: cannot read", "f.py:16: ", "f.py:17: ",
             "f.py:18: start the answer 'c'"]  # fmt: skip
    assert all(str(error).startswith(start) for error, start in zip(caught.value.errors, words, strict=True))
