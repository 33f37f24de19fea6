"""Tampering that can be seen: what a learner's code left changed in a kernel that it shares with the tests.

In ``shared`` mode the tests run where the learner's code has run, so a verdict can be forged. What forges it often stays
behind: a transformer that deletes asserts, a hook, a patched ``numpy.testing``. This finds such leftovers; code that
tidies up after itself it does not find, which is why certificates rest on the examiner. Source: grading.md, section 2.
"""

import ast
import functools
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

MODULES = ("builtins", "math", "numpy", "numpy.testing", "numpy.testing._private.utils", "unittest.case")
# IPython puts these into builtins itself, before and after each cell
COMES_AND_GOES = {"_", "__IPYTHON__", "display", "exit", "get_ipython", "quit"}
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, type)
MOST, LONGEST = 20, 80
COMPARE, SETTLE = "compare", "settle"  # what to do after a cell


class Watch:
    """Compares a kernel with what it was.

    Args:
        shell: IPython's shell, before any learner's code has run.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self.settle()

    def settle(self) -> None:
        """Take the kernel as it is now for what it should be: a cell of the course's own has run."""
        self._known = dict(self._look())

    def changes(self) -> list[str]:
        """Return what is changed, in words for an instructor (``builtins.len``, ``an AST transformer``); [] if nothing."""
        try:
            now = dict(self._look())
        except Exception as error:  # what the look itself needs is changed: that is tampering too
            return [f"what makes looking end in {type(error).__name__}"]
        return sorted(name for name, things in self._known.items() if _differ(things, now.get(name, (None,))))[:MOST]

    def _look(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Names of what tests rely on, each with the objects that must stay the same."""
        for module in filter(sys.modules.get, MODULES):
            for name, thing in list(vars(sys.modules[module]).items()):
                if name not in COMES_AND_GOES and callable(thing):
                    yield f"{module}.{name}", (thing, getattr(thing, "__code__", None))
        shell = self._shell
        for cls in type(shell).__mro__:
            for name, thing in list(vars(cls).items()) if "Shell" in cls.__name__ else ():
                if isinstance(thing, types.FunctionType):
                    yield f"IPython's {cls.__name__}.{name}", (thing, thing.__code__)
        yield (
            "a method of IPython's shell",
            tuple(
                thing
                for name, thing in sorted(vars(shell).items())
                if isinstance(getattr(type(shell), name, None), FUNCTIONS)
            ),
        )
        transformers = shell.input_transformer_manager
        yield "an AST transformer", tuple(_foreign(shell.ast_transformers))
        kinds = transformers.cleanup_transforms, transformers.line_transforms, transformers.token_transformers
        yield "an input transformer", tuple(thing for kind in kinds for thing in _foreign(kind))
        for event, callbacks in shell.events.callbacks.items():
            yield f"a {event} hook", tuple(_foreign(callbacks))
        yield "an exception handler of IPython's", tuple(shell.custom_exceptions)
        yield "the display hook", (shell.displayhook, type(shell.displayhook), shell.display_pub, sys.displayhook)
        yield "a trace function", (sys.gettrace(), sys.getprofile())


def _differ(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    """Whether they are not the same objects, whatever those say of themselves; fewer hooks than before are no harm."""
    return len(before) < len(after) or any(one is not other for one, other in zip(before, after, strict=False))


def _foreign(things: Iterable[Any]) -> list[Any]:
    """Those that no installed package has registered: extensions add hooks too, and rightly."""
    return [thing for thing in things if not _installed(thing)]


def _installed(thing: Any) -> bool:
    while isinstance(thing, functools.partial):
        thing = thing.func
    function = getattr(thing, "__func__", thing)
    name = function.__module__ if isinstance(function, FUNCTIONS) else type(thing).__module__
    module = sys.modules.get(str(name))
    file = getattr(module, "__file__", None)
    if module is None or name == "__main__":
        return False
    return not (isinstance(file, str) and Path(file).resolve().is_relative_to(Path.cwd()))


def changed_in(reply: dict[str, Any], cell: Any) -> list[str]:
    """Return what a kernel's reply and a test's outputs show; the reply is the learner's process's, so it is no proof."""
    metadata = reply.get("metadata")
    told = metadata.get("tampering") if isinstance(metadata, dict) else None
    seen = [str(one)[:LONGEST] for one in told[:MOST] if isinstance(one, str)] if isinstance(told, list) else []
    mark = cell.metadata.get("nbgrader", {})
    if mark.get("grade") and mark.get("locked"):
        results = sum(output.output_type == "execute_result" for output in cell.outputs)
        if results > _expressions(cell.source):
            seen.append("a result that is not the test's own")
    return seen


def _expressions(source: str) -> int:
    """How many results a cell can give: its expressions that stand alone, all of them with ``ast_node_interactivity``."""
    try:
        return sum(isinstance(node, ast.Expr) for node in ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError):
        return source.count("\n") + 1  # magics
