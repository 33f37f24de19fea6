"""Cells mean the same with and without the short cut."""

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager

from autograde.grading.kernels.forkserver.shell import QuickCompiler, QuickTransformers, tree_of

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


def test_a_kept_tree_is_ipythons_and_given_away_once() -> None:
    source = "from __future__ import annotations\nx: int = 1\nawait f()\n"
    kept = tree_of(source)
    compiler = QuickCompiler()
    first, second = compiler.ast_parse(source), compiler.ast_parse(source)
    assert first is kept
    assert second is not kept
    assert ast.dump(first, include_attributes=True) == ast.dump(second, include_attributes=True)
    assert ast.dump(first, include_attributes=True) == ast.dump(
        CachingCompiler().ast_parse(source), include_attributes=True
    )


@given(st.lists(WORDS, max_size=12).map("".join))
def test_any_kept_tree_is_ipythons(cell: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = QuickTransformers().transform_cell(cell)
        try:
            expected = ast.dump(CachingCompiler().ast_parse(source), include_attributes=True)
        except (SyntaxError, ValueError) as error:
            with pytest.raises(type(error)):
                QuickCompiler().ast_parse(source)
            return
        assert ast.dump(QuickCompiler().ast_parse(source), include_attributes=True) == expected


def test_a_changed_list_of_transformers_is_noticed() -> None:
    for name in ("cleanup_transforms", "line_transforms", "token_transformers"):
        manager = QuickTransformers()
        assert manager.untouched()
        getattr(manager, name).append(lambda lines: lines)
        assert not manager.untouched()


@pytest.mark.parametrize(
    "cell", [r"x = '\d'", r"x = '\8'", r"x = b'\400'", "x = 1if 1else 2", "[0x1for x in y]", "1.5or 2"]
)
def test_a_cell_whose_parsing_warns_is_left_to_ipython(cell: str) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        compile(cell, "<here>", "exec", ast.PyCF_ONLY_AST)
        assert len(told) > 0
        assert tree_of(cell) is None
        assert [str(one.filename) for one in told if one.filename == "<cell>"] == []


@pytest.mark.parametrize("cell", [r"x = '\n\t\\d'", "x = 1e5", "x1f = 2", "y = 10 if x else 3"])
def test_a_cell_whose_parsing_does_not_warn_is_parsed_at_once(cell: str) -> None:
    assert tree_of(cell) is not None
