"""Tests that answer in one calm line, and a notebook that runs to its end.

A test cell of a released chapter begins with ``# Test ID (2 points)``. Once :func:`answer_in_one_line` has run, such a
cell says ``✓ passed``, ``○ not answered yet`` or ``✗`` with the hint that its author wrote, and raises nothing: *Run All*
goes on to the end, in JupyterLab, on Colab and under ``jupyter nbconvert --execute``. The traceback is one click away.

While nbgrader grades, all this is off: there a test that fails raises, as ever. While it validates, a test raises too, for
nbgrader counts errors, and its traceback is the one line.
"""

import ast
import html
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Literal

State = Literal["passed", "failed", "open"]
"""``open``: not attempted, or not run since the answer was last run."""

UNANSWERED = "NotImplementedError"
"""What an exercise raises that has no answer yet; a test that ends in it was not attempted, which is not wrong."""

MARKS: dict[State, tuple[str, str]] = {
    "passed": ("✓", "color-mix(in srgb, #1a7f37 65%, currentColor)"),
    "failed": ("✗", "color-mix(in srgb, #b35900 65%, currentColor)"),
    "open": ("○", "color-mix(in srgb, #6e7781 65%, currentColor)"),
}
"""State → its mark and the mark's colour in CSS: mixed with the text's own, it can be read on light and dark pages."""

VALIDATING = "validate"
"""What nbgrader's validation sets NBGRADER_EXECUTION to."""

states: dict[str, State] = {}
"""What each test of this kernel said last, by its grade id."""

_TEST = re.compile(r"\s*# Test (?P<id>[a-z0-9-]+) \(")
_METADATA = "course"
_shells: dict[int, "_OneLine"] = {}


def answer_in_one_line() -> None:
    """Let every test cell that runs from now on in this kernel answer in one line.

    Outside a notebook, and while nbgrader grades one, it does nothing.
    """
    if os.environ.get("NBGRADER_EXECUTION", VALIDATING) != VALIDATING:
        return
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel") or id(shell) in _shells:
        return
    _shells[id(shell)] = rewrite = _OneLine()
    shell.events.register("pre_run_cell", rewrite.before_cell)
    shell.ast_transformers.append(rewrite)


def active() -> bool:
    """Whether tests answer in one line in this kernel."""
    return bool(_shells)


class _OneLine(ast.NodeTransformer):
    """An AST transformer of IPython's: it puts the statements of a test cell into ``with answered(ID):``."""

    def __init__(self) -> None:
        self._test: str | None = None

    def before_cell(self, info: Any) -> None:
        """Look whether a test is about to run; IPython calls this before it compiles a cell."""
        test = _TEST.match(info.raw_cell or "")
        self._test = test["id"] if test else None

    def visit(self, tree: ast.AST) -> ast.AST:
        """Return a cell's module as it is or, of a test, its statements below the context manager."""
        test, self._test = self._test, None
        if test is None or not isinstance(tree, ast.Module) or not tree.body:
            return tree
        call = ast.parse(f"__import__('course.checks', fromlist=['answered']).answered({test!r})", mode="eval").body
        block = ast.With(items=[ast.withitem(context_expr=call)], body=tree.body)
        return ast.fix_missing_locations(ast.Module(body=[ast.copy_location(block, tree.body[0])], type_ignores=[]))


@contextmanager
def answered(test: str) -> Iterator[None]:
    """Run a test's statements and show in one line how they ended; note it in :data:`states`.

    Args:
        test: the grade id.

    Raises:
        Exception: while nbgrader validates, what the test raised; IPython shows the line in place of its traceback.
    """
    validating = os.environ.get("NBGRADER_EXECUTION") == VALIDATING
    try:
        yield
    except Exception as error:
        state: State = "open" if type(error).__name__ == UNANSWERED else "failed"
        states[test] = state
        line = "not answered yet 尚未作答" if state == "open" else message_of(error)
        hint = state == "open" or isinstance(error, AssertionError)
        if validating:
            shown = [f"{MARKS[state][0]} {line}", *([] if hint else ["".join(_lines(error)).rstrip()])]
            error._render_traceback_ = lambda: shown  # type: ignore[attr-defined]  # IPython asks for it
            raise
        _show(state, line, "" if state == "open" else "".join(_lines(error)), test)
    else:
        states[test] = "passed"
        if not validating:
            _show("passed", "passed 通过", test=test)


def show_failure(error: BaseException, said: str) -> None:
    """Show an error as one line that begins with ``said``, with its traceback folded away."""
    _show("failed", f"{said} {message_of(error)}", "".join(_lines(error)))


def message_of(error: BaseException) -> str:
    """What a failed assertion says, the hint of its author; of another error also its name."""
    message = str(error).strip()
    if isinstance(error, AssertionError):
        return message or "the test's condition does not hold 测试条件不成立"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def state_of(output: dict[str, Any]) -> State | None:
    """Return what a saved output says of its test; None where it is not a test's line."""
    metadata = output.get("metadata")
    known = metadata.get(_METADATA) if isinstance(metadata, dict) else None
    state = known.get("state") if isinstance(known, dict) else None
    return state if state in MARKS else None


def _show(state: State, text: str, details: str = "", test: str | None = None) -> None:
    from IPython.display import display

    mark, colour = MARKS[state]
    line = f'<span style="color:{colour};font-weight:600">{mark}</span> {html.escape(text)}'
    if details:
        line = (
            f'<details><summary style="cursor:pointer">{line}</summary>'
            f'<pre style="margin:.4em 0 0 1.4em;white-space:pre-wrap">{html.escape(details)}</pre></details>'
        )
    plain = f"{mark} {text}" + (f"\n{details}" if details else "")
    metadata = {_METADATA: {"state": state, "test": test}} if test else {}
    display({"text/html": line, "text/plain": plain}, metadata=metadata, raw=True)


def _lines(error: BaseException) -> list[str]:
    """The traceback of the notebook's own cells and what they called; this module's frames are left out."""
    found: TracebackType | None = error.__traceback__
    while found is not None and found.tb_frame.f_code.co_filename == __file__:
        found = found.tb_next
    return traceback.format_exception(type(error), error, found)
