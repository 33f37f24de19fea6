"""Calls of ``say`` in the cells of a chapter. Pure."""

import ast
from collections.abc import Iterator
from typing import TypeGuard

from autograde.authoring.chapter import Chapter


def is_say(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether a node is a call of ``say``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"


def literal(node: ast.expr | None) -> str | None:
    """The text of a string; None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def bindings(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for each place where ``say`` gets another meaning than the course's."""
    for cell in chapter.cells:
        if cell.role == "prose":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and node.module == "course.language":
                continue
            names = [getattr(node, field, None) for field in ("name", "arg", "rest")]
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                names = [node.id]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.asname or alias.name for alias in node.names]
            elif isinstance(node, ast.keyword | ast.alias):
                continue
            if "say" in names:
                line = getattr(node, "lineno", 1)
                yield cell.line + line, f"cell {cell.id!r} gives the name `say` another meaning; call it otherwise"
