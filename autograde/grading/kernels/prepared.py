"""A course's own cells made ready for its kernels: transformed and compiled once by the grader, not again in each fork.

Most cells are the same in every submission, and compiling them costs as much as running them. The grader sends the
code along with the cell, over the line that no learner's process can write to another's kernel.
"""

import ast
import base64
import marshal
import warnings
import zlib
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograde.grading.plan.cell_names import UNREADABLE

FOLDER = "/tmp/ipykernel"  # of no file: only tracebacks and warnings show it


@dataclass(frozen=True)
class Prepared:
    """A cell as IPython would run it.

    Attributes:
        raw: what the cell says.
        cell: that without magics, as IPython's transformers leave it.
        body: all but the last expression; None where there is nothing else.
        last: the last expression, compiled to be displayed; None where the cell ends in something else.
    """

    raw: str
    cell: str
    body: CodeType | None
    last: CodeType | None

    @staticmethod
    def from_json(raw: str, told: dict[str, Any]) -> "Prepared":
        """The cell that :func:`prepared` made ready, in a process of the same Python."""
        return Prepared(raw, told["cell"], *marshal.loads(base64.b64decode(told["code"])))

    def tree(self) -> ast.Module:
        """Stands for the cell's tree: a node for each piece of code."""
        nodes: list[ast.stmt] = [ReadyBody(self.body)] if self.body else []
        return ast.Module(body=nodes + ([ReadyLast(self.last)] if self.last else []), type_ignores=[])


class ReadyBody(ast.Pass):
    """Statements that are compiled already."""

    def __init__(self, code: CodeType) -> None:
        super().__init__(lineno=1, col_offset=0)
        self.code = code


class ReadyLast(ast.Expr):
    """An expression that is compiled already."""

    def __init__(self, code: CodeType) -> None:
        super().__init__(value=ast.Constant(None), lineno=1, col_offset=0)
        self.code = code


@lru_cache(maxsize=1024)
def prepared(raw: str) -> dict[str, Any] | None:
    """Make a cell ready; None where it has to be compiled in the kernel.

    It has to where the kernel must say what compiling says (errors and warnings), where the cell is to change how later
    ones are compiled, and where it may wait for something.
    """
    if "__future__" in raw or "await" in raw or "async" in raw:
        return None
    name = name_of(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            cell = TransformerManager().transform_cell(raw)
            tree = ast.parse(cell, name)
            last = None
            if tree.body and isinstance(tree.body[-1], ast.Expr):
                last = compile(ast.Interactive([tree.body.pop()]), name, "single", dont_inherit=True)
            body = compile(tree, name, "exec", dont_inherit=True) if tree.body else None
    except (*UNREADABLE, Warning):
        return None
    return {"cell": cell, "code": base64.b64encode(marshal.dumps((body, last))).decode()}


def name_of(raw: str) -> str:
    """The file name that a cell's code goes by, the same in every process; ipykernel's holds a process id."""
    return f"{FOLDER}/{zlib.crc32(raw.encode('utf-8', 'surrogatepass'))}.py"
