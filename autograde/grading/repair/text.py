"""Python and text for repair: the names a cell assigns, and how to take joined texts apart."""

import ast
import re
import warnings

from autograde.grading.plan.cell_names import UNREADABLE

LONGEST = 60_000
"""Longest cell that is parsed; longer ones are read line by line."""

_ASSIGNS = re.compile(r"^(?:(?:async[ \t]+def|def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]+)?=(?!=))", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\A\s*%%.*(?:\n|\Z)")


def squeeze(text: str) -> str:
    """Return `text` without what editors change: trailing blanks, blank lines at both ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").rstrip().split("\n"))


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell without magics; None if it is not Python or too long."""
    if len(source) > LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in (source, _MAGIC.sub(r"\1pass", _CELL_MAGIC.sub("pass\n", source))):
            try:
                return ast.parse(text)
            except UNREADABLE:
                continue
    return None


def is_imports(source: str) -> bool:
    """Whether a cell consists of imports only."""
    tree = parsed(source)
    return tree is not None and all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in tree.body)


def assigned(source: str) -> frozenset[str]:
    """Return the names that top-level definitions and assignments of `source` bind."""
    return frozenset(name or other for name, other in _ASSIGNS.findall(source))


def cut_block(text: str, block: str) -> tuple[str, str] | None:
    """Return the text before and after the lines `block`; None if `text` does not hold them whole."""
    block = block.strip("\n")
    start = text.find(block) if block.strip() else -1
    while start >= 0:
        end = start + len(block)
        if (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n"):
            return text[:start], text[end:].lstrip("\n")
        start = text.find(block, start + 1)
    return None


def cut_names(text: str, names: frozenset[str]) -> tuple[str, str] | None:
    """Return (the statements of `text` that bind `names`, the rest); None if there are none.

    Comments right above a statement go with it. What is not Python is cut from the line that
    defines one of the names up to the next top-level definition.
    """
    lines = text.split("\n")
    tree = parsed(text)
    taken: set[int] = set()
    if tree is not None:
        for position, statement in enumerate(tree.body):
            first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))])
            last = statement.end_lineno or statement.lineno
            if assigned("\n".join(lines[statement.lineno - 1 : last])) & names:
                floor = (tree.body[position - 1].end_lineno or 0) if position else 0
                while first - 1 > floor and lines[first - 2].startswith("#"):
                    first -= 1
                taken.update(range(first - 1, last))
    else:
        inside = False
        for number, line in enumerate(lines):
            if line[:1].strip() and (bound := assigned(line)):
                inside = bool(bound & names)
            if inside:
                taken.add(number)
    if not taken:
        return None
    own_text = "\n".join(line for number, line in enumerate(lines) if number in taken)
    rest = "\n".join(line for number, line in enumerate(lines) if number not in taken)
    return own_text.strip("\n"), rest.strip("\n")


def alike(first: str, second: str) -> float:
    """Return the share of lines that two texts have in common, 0 to 1 of the shorter one."""
    first_lines, second_lines = (
        {line.strip() for line in text.split("\n") if line.strip()} for text in (first, second)
    )
    return len(first_lines & second_lines) / max(1, min(len(first_lines), len(second_lines)))
