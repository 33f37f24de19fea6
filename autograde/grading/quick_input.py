"""ipykernel's shell without what it does several times over for cells that are plain Python."""

import ast
import zlib
from functools import lru_cache
from typing import Any

from ipykernel.compiler import XCachingCompiler, get_tmp_directory
from ipykernel.eventloops import enable_gui
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.inputtransformer2 import TransformerManager

# the AST is thrown away: only whether there is one counts
_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class QuickTransformers(TransformerManager):
    """Skips the token transformations (magics, ``!``, ``?``) of cells that parse as they are.

    IPython looks for them in pure Python, token by token, twice for each cell. None of them can apply to a cell that is
    already Python: each escape that they look for is a syntax error there. Transformers that the learner's code has
    added run as ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self._own = list(self.token_transformers)

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """See IPython's ``TransformerManager``."""
        if self.token_transformers == self._own and parses("".join(lines)):
            return lines
        return super().do_token_transforms(lines)


class QuickShell(ZMQInteractiveShell):
    """Asks whether a cell is a coroutine only where it can be one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.input_transformer_manager = QuickTransformers()

    def enable_gui(self, gui: Any = None) -> None:
        """As in ``ZMQInteractiveShell``, which looks for its kernel in an application; here there is none.

        ``%matplotlib inline`` comes through here.
        """
        try:
            enable_gui(gui, kernel=self.kernel)
        except ValueError as error:
            raise UsageError(str(error)) from error
        self.active_eventloop = gui

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
    """Names cells' code by a checksum of zlib's; ipykernel computes one in Python, byte by byte, for a debugger's sake."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """See ipykernel's ``XCachingCompiler``."""
        return f"{get_tmp_directory()}/{zlib.crc32(raw_code.encode('utf-8', 'surrogatepass'))}.py"


@lru_cache(maxsize=4)
def parses(source: str) -> bool:
    """Whether a cell is Python, a top-level ``await`` allowed."""
    try:
        compile(source, "<cell>", "exec", _FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
        return False
    return True
