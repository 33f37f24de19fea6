"""Show the result of a test in one line, so that a notebook runs to its end.

A test cell of a released chapter begins with ``# Test ID (2 points)``. Once
:func:`answer_in_one_line` has run, such a cell prints ``✓ passed``, ``○ not answered yet`` or ``✗``
with its author's hint, and raises nothing: *Run All* reaches the end, in JupyterLab, on Colab and
under ``jupyter nbconvert --execute``. The traceback is one click away.

While nbgrader grades, this is off, and a failing test raises as usual. While nbgrader validates, a
failing test raises too, since nbgrader counts errors, but its traceback is that one line.
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

from course.language import one_language, say

State = Literal["passed", "failed", "open"]
"""``open``: not attempted, or not run since the answer was last run."""

UNANSWERED = "NotImplementedError"
"""The exception of an unanswered exercise; a test that ends in it was not attempted."""

MARKS: dict[State, tuple[str, str]] = {
    "passed": ("✓", "color-mix(in srgb, #1a7f37 65%, currentColor)"),
    "failed": ("✗", "color-mix(in srgb, #b35900 65%, currentColor)"),
    "open": ("○", "color-mix(in srgb, #6e7781 65%, currentColor)"),
}
"""State → its mark, and a CSS colour for it that is readable on light and dark pages."""

VALIDATING = "validate"
"""The value of NBGRADER_EXECUTION during nbgrader's validation."""

states: dict[str, State] = {}
"""The latest state of each test in this kernel, by grade id."""

_TEST = re.compile(r"\s*# Test (?P<id>[a-z0-9-]+) \(")
_METADATA = "course"
_shells: dict[int, "_OneLine"] = {}


def answer_in_one_line() -> None:
    """Make every later test cell in this kernel show its result in one line.

    Does nothing outside a notebook, or while nbgrader grades one.
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
    """An AST transformer for IPython that wraps the statements of a test cell in ``with answered(ID):``."""

    def __init__(self) -> None:
        self._test: str | None = None

    def before_cell(self, info: Any) -> None:
        """Note whether a test is about to run; IPython calls this before it compiles a cell."""
        test = _TEST.match(info.raw_cell or "")
        self._test = test["id"] if test else None

    def visit(self, tree: ast.AST) -> ast.AST:
        """Return the module of a cell, its statements wrapped if the cell is a test."""
        test, self._test = self._test, None
        if test is None or not isinstance(tree, ast.Module) or not tree.body:
            return tree
        call = ast.parse(f"__import__('course.checks', fromlist=['answered']).answered({test!r})", mode="eval").body
        block = ast.With(items=[ast.withitem(context_expr=call)], body=tree.body)
        return ast.fix_missing_locations(ast.Module(body=[ast.copy_location(block, tree.body[0])], type_ignores=[]))


@contextmanager
def answered(test: str) -> Iterator[None]:
    """Run a test's statements, show the result in one line and record it in :data:`states`.

    Args:
        test: the grade id.

    Raises:
        Exception: what the test raised, while nbgrader validates; IPython shows the line instead of
            the traceback.
    """
    validating = os.environ.get("NBGRADER_EXECUTION") == VALIDATING
    try:
        yield
    except Exception as error:
        state: State = "open" if type(error).__name__ == UNANSWERED else "failed"
        states[test] = state
        line = say(en="not answered yet", zh="尚未作答") if state == "open" else message_of(error)
        hint = state == "open" or isinstance(error, AssertionError)
        if validating:
            rendered = [f"{MARKS[state][0]} {line}", *([] if hint else ["".join(_lines(error)).rstrip()])]
            error._render_traceback_ = lambda: rendered  # type: ignore[attr-defined]  # used by IPython
            raise
        _show(state, line, "" if state == "open" else "".join(_lines(error)), test)
    else:
        states[test] = "passed"
        if not validating:
            _show("passed", say(en="passed", zh="通过"), test=test)


def show_failure(error: BaseException, prefix: str) -> None:
    """Show an error as one line that begins with ``prefix``, with its traceback collapsed."""
    _show("failed", f"{prefix} {message_of(error)}", "".join(_lines(error)))


def message_of(error: BaseException) -> str:
    """The message of a failed assertion, its author's hint, in the notebook's language; other errors with their class."""
    message = str(error).strip()
    if isinstance(error, AssertionError):
        return one_language(message) or say(en="the test's condition does not hold", zh="测试条件不成立")
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def state_of(output: dict[str, Any]) -> State | None:
    """Return the state recorded in a saved output; None if it is not the line of a test."""
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
    """The traceback from the notebook's cell on, without the frames of this module, in the notebook's language."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    message = str(error)
    lines = traceback.format_exception(type(error), error, trace)
    return [line.replace(message, one_language(message)) for line in lines] if message else lines
