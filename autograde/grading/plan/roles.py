"""Which cells run where and which names stay with the learner, read from the course's source. Pure.

A course of ours says what a cell is for in ``metadata.course.role``. In a foreign course a locked
or unmarked cell that holds only imports counts as setup; other cells run in the learner's process.
"""

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from autograde.grading.plan.cell_names import holds_only_imports, imports_of, names_used, scripts_of, without_magics
from autograde.grading.plan.contract import PLAIN, Contract, contract_of

_PYTHONS = re.compile(
    "|".join([*map(re.escape, vars(builtins)), r"_+|_i+|_\d+|_i\d+|_[oid]h|In|Out|get_ipython|display"])
)
"""Names predefined by Python and the kernel, whose value in a learner's process is not an answer."""
Role = Literal["setup", "given", "solution", "test", "free", "prose"]


@dataclass(frozen=True)
class PlannedCell:
    """One code cell of the course's source.

    Attributes:
        grade_id: nbgrader's, or the cell's position if it has none: ``cell 3``.
        role, source, points: as in the source notebook; points of a test only.
        remote: of a test, the names in it that refer to the learner's objects.
        imports: of a solution or given cell, the imports of its top level, and the scripts that a
            given one runs by ``%run``. Modules do not cross, so the examiner runs these itself, as
            a setup cell.
        owed: the remote names that the learner has to define. Only the learner may know the others;
            if no learner's cell defines one, the test is at fault.
        contract: of a test, which objects it may hold.
        beyond: of a test, what it needs that cannot cross (:mod:`autograde.grading.plan.beyond`),
            or "".
    """

    grade_id: str
    role: Role
    source: str
    points: float = 0.0
    remote: frozenset[str] = frozenset()
    imports: str = ""
    owed: frozenset[str] = frozenset()
    contract: Contract = PLAIN
    beyond: str = ""


def plan_cells(notebook: Mapping[str, Any]) -> tuple[PlannedCell, ...]:
    """Return the code cells of an nbgrader *source* notebook (answers and hidden tests included),
    in order.

    A test's remote names are those that solution and given cells assign anywhere in the notebook,
    imports aside; a name that a test cell assigns is the examiner's own from there on, until one of
    these cells assigns it again. Names that tests read and no cell of the course assigns are
    remote, too. A learner owes them after a solution cell without a reference answer, which may be
    the place to define them.
    """
    cells = [(n, cell, role_of(cell)) for n, cell in enumerate(notebook["cells"], 1) if cell["cell_type"] == "code"]
    names = [names_used(_text(cell)) for _, cell, _ in cells]
    learners, courses, read = set[str](), set[str](), set[str]()
    for (_, _, role), used in zip(cells, names, strict=True):
        courses |= used.assigned
        if role in ("solution", "given"):
            learners |= used.assigned - used.imported
        elif role in ("setup", "test"):
            read |= used.loaded
    unassigned = {name for name in read - courses if not _PYTHONS.fullmatch(name)}
    if any("*" in used.imported for (_, _, role), used in zip(cells, names, strict=True) if role == "test"):
        unassigned = set()  # it may be the test's own, depending on how far the test came
    texts = [(role, without_magics(_text(cell))) for _, cell, role in cells]
    contract = contract_of(
        [text for role, text in texts if role in ("solution", "given")],
        [text for role, text in texts if role == "test"],
    )
    planned, own, owed = [], set[str](), set(learners)
    for (number, cell, role), used in zip(cells, names, strict=True):
        settings = cell["metadata"].get("nbgrader", {})
        name, text = str(settings.get("grade_id") or f"cell {number}"), _text(cell)
        if role == "test":
            remote = frozenset((learners | unassigned) - own)
            planned.append(PlannedCell(name, role, text, _points(settings), remote, "", remote & owed, contract))
            own |= used.assigned
            continue
        imports = imports_of(text) if role in ("solution", "given") else ""
        if role == "given":  # where the tests run, the course's scripts count as its own
            imports = "\n".join(filter(None, (imports, scripts_of(text))))
        planned.append(PlannedCell(name, role, text, imports=imports))
        if role in ("solution", "given"):
            own -= used.assigned - used.imported
        if role == "solution" and cell["metadata"].get("no_reference"):
            owed |= unassigned
    return tuple(planned)


def role_of(cell: Mapping[str, Any]) -> Role:
    """Return the role of a code cell of a source notebook."""
    metadata = cell["metadata"]
    settings = metadata.get("nbgrader", {})
    role = metadata.get("course", {}).get("role")
    if role in ("setup", "given", "solution", "test", "free", "prose"):
        return cast("Role", role)
    if settings.get("grade") and not settings.get("solution"):
        return "test"
    if settings.get("solution"):
        return "solution"
    if holds_only_imports(_text(cell)):
        return "setup"
    return "given"


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _points(settings: Mapping[str, Any]) -> float:
    return float(settings.get("points") or 0)
