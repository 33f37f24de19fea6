"""Check that every assertion of a chapter gives the learner a hint in both languages. Pure.

Covers rules R7 and R8 of ``docs/author.md``, as far as the text shows them, and the names of
exercises.
"""

import ast
import re
from collections.abc import Iterator

from autograde.authoring.chapter import Chapter, Exercise, exercise_id

_CODE = re.compile(r"\[[a-z]+[0-9]*-[A-Z0-9-]+\]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{2,}.*[A-Za-z]{2,}")


def hint_faults(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for the tests and exercises of a chapter."""
    for exercise in chapter.exercises:
        yield from _name_faults(exercise)
        for test in exercise.tests:
            if not _checks_something(test.public):
                yield test.line, f"test {test.id!r} has no public part; show the learner one example and one property"
    for cell in chapter.cells:
        if cell.role in ("setup", "given", "test"):
            for line, fault in message_faults(cell.source, graded=cell.role == "test"):
                yield cell.line + line, f"cell {cell.id!r}: {fault}"


def message_faults(source: str, graded: bool = True) -> Iterator[tuple[int, str]]:
    """Yield (line in `source`, fault) for each check whose message is not a hint in both languages.

    Args:
        graded: whether the cell is a test; in other cells an ``assert`` may have no message.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            message: ast.expr | None = node.msg
        elif isinstance(node, ast.Raise) and _raises_assertion(node):
            call = node.exc
            message = call.args[0] if isinstance(call, ast.Call) and call.args else None
        else:
            continue
        if message is None:
            if graded:
                yield node.lineno, "a check without a message; say what to look at, in both languages"
            continue
        text = _constant_text(message)
        if text is None:
            continue  # not a literal, so it cannot be checked here
        lacks = [
            part
            for part, present in (
                ("a code such as [ch02-MEAN]", _CODE.search(text)),
                ("the Chinese hint", _CHINESE.search(text)),
                ("the English hint", _ENGLISH.search(_CODE.sub("", text))),
            )
            if not present
        ]
        if lacks:
            yield node.lineno, f"the message {text[:60]!r} lacks {' and '.join(lacks)}"


def _name_faults(exercise: Exercise) -> Iterator[tuple[int, str]]:
    if exercise.id not in map(exercise_id, exercise.defines):
        names = ", ".join(f"`{name}`" for name in exercise.defines) or "no function"
        yield (
            exercise.solution.line,
            f"exercise {exercise.id!r} defines {names}; its id is the function's name with hyphens",
        )


def _raises_assertion(node: ast.Raise) -> bool:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "AssertionError"


def _constant_text(node: ast.expr) -> str | None:
    """The text of a string or f-string, without interpolated values; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_constant_text(node.left), _constant_text(node.right)]
        return None if None in parts else "".join(filter(None, parts))
    return None


def _checks_something(public: str) -> bool:
    return any(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Raise) and _raises_assertion(node))
        for node in ast.walk(ast.parse(public))
    ) or _ends_in_a_value(public)


def _ends_in_a_value(public: str) -> bool:
    body = ast.parse(public).body
    return bool(body) and isinstance(body[-1], ast.Expr) and not isinstance(body[-1].value, ast.Constant)
