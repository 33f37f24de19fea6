"""Cells mean the same with and without the short cut."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from autograde.grading.quick_input import QuickTransformers

CELLS = [
    "x = 1", "", "\n\n", "    x = 1\n    y = 2", "%matplotlib inline", "%%time\nx = 1", "!ls -l", "a = !ls", "a = %pwd", "x?",
    "print('what?')  # really?", "?x", "await f()", "async def f():\n    await g()", "(a\n% b)", "s = '''\n%time\n!ls\n'''",
    ">>> x = 1", "In [1]: x", "def f(:", "x = 1; %time y", "f'{x!r}?'", "a = b if c else d?", ", f a b", "/f 1", "; f a",
    "for i in x:\n    %time i", "if 1:\n\t!ls", "x = [\n  1,\n]", "\ufeffx = 1", "x = '\x00'", "lambda: (yield)",
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_transformed_as_ipython_does(cell: str) -> None:
    assert QuickTransformers().transform_cell(cell) == TransformerManager().transform_cell(cell)


WORDS = st.sampled_from(["x", " ", "\n", "    ", "%time", "!", "?", "=", "'", '"""', "(", ")", ":", "if 1", ";", "#", "%%x", "1", "await ", ",", "\\"])  # fmt: skip


@given(st.lists(WORDS, max_size=12).map("".join))
def test_any_cell_is_transformed_as_ipython_does(cell: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert QuickTransformers().transform_cell(cell) == _of_ipython(cell)


def test_a_transformer_that_a_learner_added_still_runs() -> None:
    manager = QuickTransformers()
    manager.token_transformers.append(TransformerManager().token_transformers[0])
    assert manager.transform_cell("x = 1") == "x = 1\n"
    assert manager.token_transformers != manager._own


def _of_ipython(cell: str) -> str:
    return TransformerManager().transform_cell(cell)
