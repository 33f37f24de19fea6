"""Tampering that can be seen: what a learner's code left changed in a kernel that it shares with the tests.

In ``shared`` mode the tests run where the learner's code has run, so a verdict can be forged. What forges it often stays
behind: a transformer that deletes asserts, a hook, a patched ``numpy.testing``. This finds such leftovers; code that
tidies up after itself it does not find, which is why certificates rest on the examiner. Source: grading.md, section 2.
"""

import ast
import functools
import operator
import sys
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from autograde.grading.plan.cell_names import UNREADABLE

MODULES = ("builtins", "math", "numpy", "numpy.testing", "numpy.testing._private.utils", "unittest.case")
# IPython puts these into builtins itself, before and after each cell
COMES_AND_GOES = {"_", "__IPYTHON__", "display", "exit", "get_ipython", "quit"}
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, type)
METHODS = frozenset(name for name, thing in vars(InteractiveShell).items() if isinstance(thing, types.FunctionType))
CODE = operator.attrgetter("__code__")
# as they are before any learner's code has run
_all, _len, _map, _sorted = all, len, map, sorted
EXTENSIBLE = ("hook", "transformer")  # what extensions add to, and rightly
LEARNERS = "course"  # the package whose hooks keep tests from raising; it installs none while nbgrader grades
MOST, LONGEST = 20, 80
COMPARE, SETTLE = "compare", "settle"  # what to do after a cell


class Watch:
    """Compares a kernel with what it was, after each cell: so it looks at everything once and at identities from then on.

    Args:
        shell: IPython's shell, before any learner's code has run.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self.settle()

    def settle(self) -> None:
        """Take the kernel as it is now for what it should be: a cell of the course's own has run."""
        modules = [(name, vars(sys.modules[name]), name) for name in MODULES if name in sys.modules]
        classes = [cls for cls in type(self._shell).__mro__ if "Shell" in cls.__name__]
        shells = [(f"IPython's {cls.__name__}", vars(cls), "") for cls in classes]
        self._names = [_Names(*one) for one in (*modules, *shells)]
        self._hooks = dict(self._look())

    def changes(self) -> list[str]:
        """Return what is changed, in words for an instructor (``builtins.len``, ``an AST transformer``); [] if nothing."""
        try:
            changed = [name for names in self._names for name in names.changed()]
            for name, things in self._look():
                before = self._hooks.get(name, ())
                if not _same(things, before):
                    known = {id(thing) for thing in before}
                    new = [thing for thing in things if id(thing) not in known]
                    if not name.endswith(EXTENSIBLE) or [thing for thing in new if not _installed(thing)]:
                        changed.append(name)
        except Exception as error:  # what the look itself needs is changed: that is tampering too
            return [f"what makes looking end in {type(error).__name__}"]
        return _sorted(changed)[:MOST]

    def _look(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """What stands between a cell and its result, besides functions: each kind with its objects."""
        shell, manager = self._shell, self._shell.input_transformer_manager
        own = vars(shell)
        yield "a method of IPython's shell", tuple([own[name] for name in own if name in METHODS])
        yield "an AST transformer", tuple(shell.ast_transformers)
        yield (
            "an input transformer",
            (*manager.cleanup_transforms, *manager.line_transforms, *manager.token_transformers),
        )
        for event, callbacks in shell.events.callbacks.items():
            yield f"a {event} hook", tuple(callbacks)
        yield "an exception handler of IPython's", tuple(shell.custom_exceptions)
        yield "the display", (shell.displayhook, type(shell.displayhook), shell.display_pub, sys.displayhook)
        yield "a trace function", (sys.gettrace(), sys.getprofile())


class _Names:
    """The callables of a module or class: the same objects, with the same code."""

    def __init__(self, title: str, namespace: Mapping[str, Any], module: str) -> None:
        self._title, self._namespace = title, namespace
        self._names = [
            name for name, thing in list(namespace.items())
            if (callable(thing) if module else isinstance(thing, types.FunctionType)) and name not in COMES_AND_GOES
        ]  # fmt: skip
        self._things = tuple([namespace[name] for name in self._names])
        # a tuple, however few there are
        self._take = operator.itemgetter(*self._names, *self._names[:1]) if self._names else lambda namespace: ()
        self._functions = [thing for thing in self._things if isinstance(thing, types.FunctionType)]
        self._codes = tuple(function.__code__ for function in self._functions)

    def changed(self) -> list[str]:
        try:
            now = self._take(self._namespace)
        except KeyError:
            now = ()
        if _same(now[: _len(self._things)], self._things) and _same(tuple(_map(CODE, self._functions)), self._codes):
            return []
        nothing = object()
        replaced = {
            name for name, thing in zip(self._names, self._things, strict=True)
            if self._namespace.get(name, nothing) is not thing
        }  # fmt: skip
        rewritten = {f.__name__ for f, code in zip(self._functions, self._codes, strict=True) if f.__code__ is not code}
        return [f"{self._title}.{name}" for name in replaced | rewritten]


def _same(now: tuple[Any, ...], before: tuple[Any, ...]) -> bool:
    """Whether they are the same objects, whatever those say of themselves."""
    return _len(now) == _len(before) and _all(_map(operator.is_, now, before))


def _installed(thing: Any) -> bool:
    while isinstance(thing, functools.partial):
        thing = thing.func
    function = getattr(thing, "__func__", thing)
    name = function.__module__ if isinstance(function, FUNCTIONS) else type(thing).__module__
    module = sys.modules.get(str(name))
    file = getattr(module, "__file__", None)
    if module is None or name == "__main__" or str(name).partition(".")[0] == LEARNERS:
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
        if results and results > _expressions(cell.source):
            seen.append("a result that is not the test's own")
    return seen


def _expressions(source: str) -> int:
    """How many results a cell can give: its expressions that stand alone, all of them with ``ast_node_interactivity``."""
    try:
        return sum(isinstance(node, ast.Expr) for node in ast.parse(source).body)
    except UNREADABLE:
        return source.count("\n") + 1  # magics
