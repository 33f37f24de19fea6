"""What a test needs that the wire does not carry, read from its source before anything is graded.
Pure.

The learner's process and the examiner share no output, files, figures or module variables. A course
whose tests need one of these is told which test and which line, and is better graded with
``shared``.
"""

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from autograde.grading.plan.cell_names import UNREADABLE, magic_of, names_used, without_magics
from autograde.grading.plan.preload import installed
from autograde.grading.plan.roles import PlannedCell
from autograde.grading.wire.facts import UNTOLD

_SOURCES = {"getsource", "getsourcelines", "getsourcefile", "getfile", "dis", "getclosurevars", "get_instructions"}
_FIGURES = {"gca", "gcf", "get_fignums", "get_figlabels"}
_IPYTHON = {"In", "Out", "get_ipython"}
_STREAMS = {"redirect_stdout", "redirect_stderr", "capture_output"}
_PATCHES = {"patch", "monkeypatch", "MonkeyPatch", "mock_open"}
_SEEDS = {"seed", "set_seed", "manual_seed", "set_random_seed"}
_WRITES = {"write_text", "write_bytes", "savetxt", "save", "savez", "to_csv", "mkdir", "makedirs", "NamedTemporaryFile"}
_DRAWN_AFRESH = {"default_rng", "Generator", "SeedSequence", "PCG64", "RandomState", "Random", "SystemRandom"}


@dataclass(frozen=True)
class _Course:
    """The context in which a test is checked.

    Attributes:
        names: the learner's.
        defined: functions and classes among them; `classes`: classes.
        read: global name → functions of the course's own answer that read it.
        texts: text constants of its cells.
        draws: whether they use a module's random state.
        files: paths beside the notebook.
    """

    names: frozenset[str]
    defined: frozenset[str]
    classes: frozenset[str]
    read: Mapping[str, str]
    texts: frozenset[str]
    draws: bool
    files: frozenset[str]


Rule = Callable[[ast.AST, "_Test"], str | None]


@dataclass(frozen=True)
class _Test:
    tree: ast.Module
    course: _Course
    calls: bool  # whether it calls anything of the learner's


def with_beyond(plan: Mapping[str, PlannedCell], files: Collection[str]) -> dict[str, PlannedCell]:
    """Return a plan whose tests say what they need that cannot cross (:attr:`PlannedCell.beyond`).

    Args:
        files: paths of the course's own files, relative to the notebook's folder.
    """
    course = _course(plan, files)
    return {
        name: replace(cell, beyond=beyond(cell.source, course)) if cell.role == "test" else cell
        for name, cell in plan.items()
    }


def beyond(source: str, course: _Course) -> str:
    """Return what a test needs that cannot cross, as ``line 3 …``; empty if nothing."""
    magic = magic_of(source)
    if magic:
        return f"line {magic[0]} is IPython's: {magic[1]}"
    try:
        tree = ast.parse(without_magics(source))
    except UNREADABLE:
        return ""  # the examiner reports it
    nodes = list(ast.walk(tree))
    calls = any(isinstance(node, ast.Name) and node.id in course.names for node in nodes)
    test = _Test(tree, course, calls)
    for node in sorted((node for node in nodes if hasattr(node, "lineno")), key=lambda node: node.lineno):
        for rule in _RULES:
            if problem := rule(node, test):
                return f"line {node.lineno} {problem}"
    return ""


def _course(plan: Mapping[str, PlannedCell], files: Collection[str]) -> _Course:
    names = frozenset().union(*(cell.owed for cell in plan.values()))
    defined, classes, read, texts, draws = set[str](), set[str](), dict[str, str](), set[str](), False
    for cell in plan.values():
        if cell.role not in ("solution", "given"):
            continue
        try:
            tree = ast.parse(without_magics(cell.source))
        except UNREADABLE:
            continue
        for name, globals_read in names_used(cell.source).defined.items():
            defined.add(name)
            read |= dict.fromkeys(globals_read, name)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                classes.add(node.name)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.Attribute) and _ends(node.value, "random") and node.attr not in _DRAWN_AFRESH:
                draws = True
    return _Course(names, frozenset(defined & names), frozenset(classes & names), read, frozenset(texts), draws, frozenset(files))  # fmt: skip


def _ipython(node: ast.AST, test: _Test) -> str | None:
    if isinstance(node, ast.Name) and node.id in _IPYTHON and isinstance(node.ctx, ast.Load):
        return f"uses {node.id}, which belongs to the notebook's own process"
    if isinstance(node, ast.Await) and not any(
        isinstance(outer, ast.AsyncFunctionDef) and node in ast.walk(outer) for outer in ast.walk(test.tree)
    ):
        return "waits for something (await)"
    return None


def _own(node: ast.AST, test: _Test) -> str | None:
    """What only the learner's process knows of a function or class."""
    if isinstance(node, ast.Attribute) and node.attr in UNTOLD | {"__class__"} and _is(node.value, test.course.defined):
        return f"reads {ast.unparse(node)}"
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = _called(node)
    if name in _SOURCES and _is(node.args[0], test.course.defined):
        return f"reads the text or code of {ast.unparse(node.args[0])}"
    if name == "type" and _is(node.args[0], test.course.defined):
        return f"asks for type({ast.unparse(node.args[0])})"
    if name in ("isinstance", "issubclass") and len(node.args) == 2:
        kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        if any(_is(kind, test.course.classes) for kind in kinds):
            return f"asks {name}(…, {ast.unparse(node.args[1])}) of the learner's class"
    return None


def _shared_state(node: ast.AST, test: _Test) -> str | None:
    """What a test does to its own process that the learner's code should have seen."""
    if not test.calls:
        return None
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and ast.unparse(target) in ("sys.stdin", "sys.stdout", "sys.stderr", "builtins.input", "builtins.print"):  # fmt: skip
                return f"replaces {ast.unparse(target)} in its own process only"
            if not isinstance(target, ast.Name) or _gives_back(node, target.id, test):
                continue
            if target.id in test.course.read and target.id in test.course.names:
                return f"assigns {target.id}, which {test.course.read[target.id]} reads in the learner's process"
    if isinstance(node, ast.Call):
        name = _called(node)
        if name in _STREAMS:
            return f"catches what the learner's code prints ({name})"
        if name in _PATCHES or (isinstance(node.func, ast.Attribute) and _ends(node.func.value, "patch")):
            return "replaces something by a mock, in its own process only"
        if name in _SEEDS and test.course.draws:
            return f"sets the seed of its own random numbers ({ast.unparse(node.func)}), not of the learner's"
        if name in _FIGURES:
            return f"looks at the figure that the learner's code drew ({name})"
    return None


def _gives_back(node: ast.Assign | ast.AugAssign, name: str, test: _Test) -> bool:
    """Whether an assignment only restores a name's former value, which crosses (examiner/scope.py)."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name):
        return False
    assigned = [
        other.value
        for other in ast.walk(test.tree)
        if isinstance(other, ast.Assign) and any(_is(target, {node.value.id}) for target in other.targets)
    ]
    return [_is(value, {name}) for value in assigned] == [True]


def _files(node: ast.AST, test: _Test) -> str | None:
    """Files that one side writes and the other reads."""
    if isinstance(node, ast.Call) and test.calls:
        name = _called(node)
        mode = node.args[1] if name == "open" and len(node.args) > 1 else None
        mode = next((word.value for word in node.keywords if name == "open" and word.arg == "mode"), mode)
        if isinstance(mode, ast.Constant) and set(str(mode.value)) & set("wax+"):
            return "writes a file, which the learner's process does not see"
        if name in _WRITES and isinstance(node.func, ast.Attribute):
            return f"writes a file ({name}), which the learner's process does not see"
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in test.course.texts:
        stem, dot, ending = node.value.rpartition(".")
        looks = (
            dot
            and stem
            and ending.isalnum()
            and 0 < len(ending) <= 5
            and not ending.isdigit()
            and " " not in node.value
        )
        if looks and "\n" not in node.value and node.value.removeprefix("./") not in test.course.files:
            return f"names the file {node.value!r}, which is not among the course's"
    return None


def _modules(node: ast.AST, test: _Test) -> str | None:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module]
    else:
        return None
    if any(isinstance(outer, ast.Try) and node in ast.walk(outer) for outer in ast.walk(test.tree)):
        return None
    beside = {path.partition("/")[0].removesuffix(".py") for path in test.course.files}
    for name in names:
        top = name.partition(".")[0]
        if top not in beside and not installed(top):
            return f"imports {name}, which is not installed here"
    return None


_RULES: tuple[Rule, ...] = (_ipython, _own, _shared_state, _files, _modules)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""  # fmt: skip


def _is(node: ast.AST, names: Collection[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _ends(node: ast.AST, name: str) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == name) or (isinstance(node, ast.Name) and node.id == name)


def asking_beyond(plan: Mapping[str, PlannedCell]) -> Iterator[tuple[str, str]]:
    """(grade_id, what it needs) of each test that needs something that cannot cross."""
    for name, cell in plan.items():
        if cell.beyond:
            yield name, cell.beyond
