"""A course's cells prepared for the examiner: parsed and compiled once, not for each submission.

The grader sends the result to each examiner over a channel that no learner's process can reach.
"""

import ast
import base64
import io
import marshal
import tokenize
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from autograde.grading.plan.cell_names import Names, magic_of, names_used, without_magics


@dataclass(frozen=True)
class ReadyCell:
    """A setup or test cell.

    Attributes:
        name: its file name in tracebacks, ``<test cell 3>``.
        body: all of a setup cell; all but the last expression of a test cell.
        last: the last expression, whose value may be partial credit; None if there is none.
        uses: its names.
    """

    source: str
    name: str
    body: CodeType
    last: CodeType | None
    uses: Names

    def as_json(self) -> dict[str, Any]:
        """For :meth:`from_json` in another process of the same Python."""
        return {
            "name": self.name,
            "code": base64.b64encode(marshal.dumps((self.body, self.last))).decode(),
            "assigned": sorted(self.uses.assigned),
            "imported": sorted(self.uses.imported),
            "loaded": sorted(self.uses.loaded),
            "deleted": sorted(self.uses.deleted),
            "defined": {name: sorted(loaded) for name, loaded in self.uses.defined.items()},
        }

    @staticmethod
    def from_json(source: str, data: dict[str, Any]) -> "ReadyCell":
        """The cell that :meth:`as_json` encoded; for the grader's own data only."""
        body, last = marshal.loads(base64.b64decode(data["code"]))
        assigned, imported, loaded, deleted = (
            frozenset(data[kind]) for kind in ("assigned", "imported", "loaded", "deleted")
        )
        defined = {name: frozenset(names) for name, names in data["defined"].items()}
        return ReadyCell(source, data["name"], body, last, Names(assigned, imported, loaded, defined, deleted))


@lru_cache(maxsize=1024)
def ready_test(source: str, name: str) -> ReadyCell:
    """Prepare a test cell.

    Raises:
        SyntaxError, ValueError: it is not plain Python.
    """
    magic = magic_of(source)
    if magic:
        raise ValueError(f"line {magic[0]} is IPython's: {magic[1]}")
    return ReadyCell(source, name, *split_last(without_magics(source), name), names_used(source))


@lru_cache(maxsize=1024)
def ready_setup(source: str, name: str) -> ReadyCell:
    """Prepare a setup cell; its magics are ignored.

    Raises:
        SyntaxError, ValueError: the rest is not plain Python.
    """
    body = compile(without_magics(source), name, "exec", dont_inherit=True)
    return ReadyCell(source, name, body, None, names_used(source))


def split_last(source: str, filename: str) -> tuple[CodeType, CodeType | None]:
    """Return code for (all but the last expression, the last expression or None), to be run in this
    order.

    Raises:
        SyntaxError: the source is not Python.
    """
    tree = ast.parse(source, filename)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not ends_silently(source):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), filename, "eval", dont_inherit=True)
    return compile(tree, filename, "exec", dont_inherit=True), last


def ends_silently(source: str) -> bool:
    """Whether a cell's last statement ends in ``;``, which hides its value."""
    last = ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.DEDENT):
            last = token.string
    return last == ";"
