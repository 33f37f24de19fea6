"""ipykernel's shell without what it does several times over for cells that are plain Python."""

import __future__

import ast
import re
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.inputtransformer2 import TransformerManager

from autograde.grading.kernels.forkserver.pipe_stream import named_as
from autograde.grading.kernels.prepared import Prepared, ReadyBody, ReadyLast, name_of

_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_FLUFL = __future__.barry_as_FLUFL.compiler_flag  # the one future that parses differently

# escapes that are none, octal ones above 255
ESCAPES = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[^\n\r\\'\"abfnrtv0-7xNuU]|[4-7][0-7]{2})")
# a number glued to a keyword, as in 1if x else 2; one in base 16 is not looked at more closely
GLUED = re.compile(r"\d[.jJ]?(?:and|else|for|if|in|is|not|or)|0[xX]")


class QuickTransformers(TransformerManager):
    """Skips the token transformations (magics, ``!``, ``?``) of cells that parse as they are.

    IPython looks for them in pure Python, token by token, twice for each cell. None of them can apply to a cell that is
    already Python: each escape that they look for is a syntax error there. Transformers that the learner's code has
    added run as ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self._own = list(self.token_transformers)
        self._lines = list(self.cleanup_transforms), list(self.line_transforms)

    def untouched(self) -> bool:
        """Whether no transformer was added or taken away: then a cell is always transformed alike."""
        lines = self.cleanup_transforms, self.line_transforms
        return type(self) is QuickTransformers and self.token_transformers == self._own and lines == self._lines

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """See IPython's ``TransformerManager``."""
        if self.token_transformers == self._own and tree_of("".join(lines)) is not None:
            return lines
        transformed: list[str] = super().do_token_transforms(lines)
        return transformed


@named_as(ZMQInteractiveShell)
class QuickShell(ZMQInteractiveShell):
    """Asks whether a cell is a coroutine only where it can be one, and transforms it once, not twice."""

    compile: "QuickCompiler"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.input_transformer_manager = QuickTransformers()
        self._transformed: tuple[str, str] | None = None

    def transform_cell(self, raw_cell: str) -> str:
        """As in IPython's ``InteractiveShell``; ipykernel asks for it, and ``run_cell`` at once again."""
        if not self._transforms_as_ever():
            return str(super().transform_cell(raw_cell))
        ready = self.compile.ready
        if ready is not None and ready.raw == raw_cell:
            return ready.cell
        last, self._transformed = self._transformed, None
        if last is not None and last[0] == raw_cell:
            return last[1]
        cell = str(super().transform_cell(raw_cell))
        self._transformed = raw_cell, cell
        return cell

    def prepare(self, raw_cell: str, told: dict[str, Any] | None) -> None:
        """Run this cell, the next one, from code that the grader compiled; not if cells no longer run as they used to."""
        as_ever = (
            self._transforms_as_ever()
            and not self.ast_transformers
            and self.ast_node_interactivity == "last_expr"
            and self.compile.flags == QuickCompiler().flags
        )
        self.compile.ready = Prepared.from_json(raw_cell, told) if told and as_ever else None

    def _transforms_as_ever(self) -> bool:
        manager = self.input_transformer_manager
        return isinstance(manager, QuickTransformers) and manager.untouched() and not self.input_transformers_post

    def should_run_async(
        self, raw_cell: str, *, transformed_cell: str | None = None, preprocessing_exc_tuple: Any = None
    ) -> bool:
        """See IPython's ``InteractiveShell``, which compiles every cell to know."""
        if "await" not in raw_cell and "async" not in raw_cell and transformed_cell == f"{raw_cell.rstrip(chr(10))}\n":
            return False
        return bool(
            super().should_run_async(
                raw_cell, transformed_cell=transformed_cell, preprocessing_exc_tuple=preprocessing_exc_tuple
            )
        )


class QuickCompiler(XCachingCompiler):
    """Parses no cell a second time, compiles none that is ready, and names its code by a checksum of zlib's.

    ipykernel computes one in Python, byte by byte, for a debugger's sake.

    Attributes:
        ready: the cell that runs next, where the grader has compiled it.
    """

    ready: Prepared | None = None

    def __call__(self, source: Any, filename: str, symbol: str, *more: Any) -> Any:
        """See ``codeop.Compile``."""
        node = source.body[0] if isinstance(source, (ast.Module, ast.Interactive)) and source.body else None
        return (
            node.code if isinstance(node, (ReadyBody, ReadyLast)) else super().__call__(source, filename, symbol, *more)
        )

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """See IPython's ``CachingCompiler``. A tree is given away once: transformers change it."""
        ready, self.ready = self.ready, None
        if ready is not None and ready.cell == source:
            return ready.tree()
        kept = _parsed.pop(source, None) if symbol == "exec" and not self.flags & _FLUFL else None
        return kept or super().ast_parse(source, filename, symbol)

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """See ipykernel's ``XCachingCompiler``."""
        return name_of(raw_code)


_parsed: dict[str, ast.Module] = {}


def tree_of(source: str) -> ast.Module | None:
    """The tree of a cell, a top-level ``await`` allowed, kept for whoever compiles it; None: IPython has to look.

    It has to where the cell is no Python, and where parsing may warn, which must happen once and under the cell's name.
    """
    if GLUED.search(source) or ("\\" in source and ESCAPES.search(source)):
        return None
    if source not in _parsed:
        _parsed.clear()
        try:
            _parsed[source] = compile(source, "<cell>", "exec", _FLAGS, dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
            return None
    return _parsed[source]
