"""Which cells of a notebook run where, and which names stay with the learner; read from the course's source. Pure.

A course of ours says what a cell is for in ``metadata.course.role``. In a foreign course a locked or unmarked cell that
holds only imports counts as setup; other cells run in the learner's process.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograde.grading.contract import PLAIN, Contract, contract_of

Role = Literal["setup", "given", "solution", "test", "free", "prose"]


@dataclass(frozen=True)
class Names:
    """Names in a cell.

    Attributes:
        assigned: names that its top level assigns: definitions, imports, targets, loop variables, walrus, ``global``.
        imported: those of them that imports assign.
        loaded: names that it reads anywhere.
        defined: function or class of its top level → names that it reads.
    """

    assigned: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()
    defined: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedCell:
    """One code cell of the course's source.

    Attributes:
        grade_id: nbgrader's, or the cell id where it has none.
        role, source, points: as in the source notebook; points of a test only.
        remote: of a test, the names that stand for the learner's objects in it.
        imports: of a solution or given cell, the imports of its top level. Modules do not cross, so the examiner
            runs these itself, as a setup cell.
        contract: of a test, which objects it may hold.
    """

    grade_id: str
    role: Role
    source: str
    points: float = 0.0
    remote: frozenset[str] = frozenset()
    imports: str = ""
    contract: Contract = PLAIN


def plan_cells(notebook: Mapping[str, Any]) -> tuple[PlannedCell, ...]:
    """Return the code cells of an nbgrader *source* notebook (answers and hidden tests included), in order.

    A test's remote names are those that solution and given cells assign anywhere in the notebook, imports aside; a name
    that a test cell assigns is the examiner's own from there on, until one of these cells assigns it again.
    """
    cells = [(cell, role_of(cell)) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names = [names_used(_text(cell)) for cell, _ in cells]
    learners: set[str] = set()
    for (_, role), used in zip(cells, names, strict=True):
        if role in ("solution", "given"):
            learners |= used.assigned - used.imported
    texts = [(role, without_magics(_text(cell))) for cell, role in cells]
    contract = contract_of(
        [text for role, text in texts if role in ("solution", "given")],
        [text for role, text in texts if role == "test"],
    )
    planned, own = [], set[str]()
    for (cell, role), used in zip(cells, names, strict=True):
        settings = cell["metadata"].get("nbgrader", {})
        remote = frozenset(learners - own) if role == "test" else frozenset()
        name = str(settings.get("grade_id", cell.get("id", "")))
        imports = _imports(_text(cell)) if role in ("solution", "given") else ""
        held = contract if role == "test" else PLAIN
        planned.append(PlannedCell(name, role, _text(cell), _points(settings, role), remote, imports, held))
        if role == "test":
            own |= used.assigned
        elif role in ("solution", "given"):
            own -= used.assigned - used.imported
    return tuple(planned)


def role_of(cell: Mapping[str, Any]) -> Role:
    """Return what a code cell of a source notebook is for."""
    metadata = cell["metadata"]
    settings = metadata.get("nbgrader", {})
    role = metadata.get("course", {}).get("role")
    if role in ("setup", "given", "solution", "test", "free", "prose"):
        return role
    if settings.get("grade") and not settings.get("solution"):
        return "test"
    if settings.get("solution"):
        return "solution"
    if holds_only_imports(_text(cell)):
        return "setup"
    return "given"


def holds_only_imports(source: str) -> bool:
    """Whether a cell does nothing but import, docstrings, magics and ``pass`` aside; an empty one does not."""
    try:
        body = ast.parse(without_magics(source)).body
    except (SyntaxError, ValueError):
        return False
    passive = (ast.Import, ast.ImportFrom, ast.Pass)
    rest = [n for n in body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    return any(isinstance(n, (ast.Import, ast.ImportFrom)) for n in rest) and all(isinstance(n, passive) for n in rest)


def without_magics(source: str) -> str:
    """Return a cell without its ``%`` and ``!`` lines, which mean nothing outside of IPython; lines keep their numbers."""
    lines = source.split("\n")
    return "\n".join("" if line.startswith(("%", "!")) else line for line in lines)


def names_used(source: str) -> Names:
    """Return the names of a cell; a cell that is no Python has none."""
    try:
        tree = ast.parse(without_magics(source))
    except (SyntaxError, ValueError):
        return Names()
    collector = _TopLevel()
    collector.visit(tree)
    defined = {
        node.name: _loaded(node)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name in collector.assigned
    }
    return Names(frozenset(collector.assigned), frozenset(collector.imported), _loaded(tree), defined)


def _imports(source: str) -> str:
    try:
        body = ast.parse(without_magics(source)).body
    except (SyntaxError, ValueError):
        return ""
    return "\n".join(ast.unparse(node) for node in body if isinstance(node, (ast.Import, ast.ImportFrom)))


def _loaded(tree: ast.AST) -> frozenset[str]:
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)
    )


class _TopLevel(ast.NodeVisitor):
    """Collects what a cell's top level assigns: it does not look into functions, but for their ``global`` names."""

    def __init__(self) -> None:
        self.assigned: set[str] = set()
        self.imported: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.assigned.add(node.name)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                self.assigned |= set(inner.names)

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Its names are its own."""

    def visit_ListComp(self, node: ast.AST) -> None:
        """Only a walrus leaves a comprehension."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr) and isinstance(inner.target, ast.Name):
                self.assigned.add(inner.target.id)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.assigned.add(node.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.generic_visit(node)  # the name is gone after the handler

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            self.assigned.add(name)
            self.imported.add(name)

    visit_ImportFrom = visit_Import

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.assigned.add(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.assigned.add(node.rest)
        self.generic_visit(node)


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _points(settings: Mapping[str, Any], role: Role) -> float:
    return float(settings.get("points") or 0) if role == "test" else 0.0
