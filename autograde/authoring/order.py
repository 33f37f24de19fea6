"""Check how a chapter's cells relate: twins, unique ids, tests below their solutions, demos that nothing needs. Pure."""

from collections.abc import Sequence

from autograde.authoring.cell import Draft, Say
from autograde.grading.plan.cell_names import names_used


def order_faults(drafts: Sequence[Draft], say: Say) -> None:
    """Report what is wrong with the order of a chapter's cells.

    A cell whose header could not be read is assumed to be what its neighbours need.
    """
    _twins(drafts, say)
    _ids(drafts, say)
    _tests(drafts, say)
    _demos(drafts, say)


def _twins(drafts: Sequence[Draft], say: Say) -> None:
    def lang(at: int) -> str | None:
        """``en``, ``zh``, ``any`` if it might be either, None for a cell that is not prose."""
        if at >= len(drafts):
            return None
        draft = drafts[at]
        may_be_prose = draft.cell.role == "prose" or not draft.known
        return draft.cell.lang or ("any" if may_be_prose else None)

    at = 0
    while at < len(drafts):
        line, pair = drafts[at].cell.line, (lang(at), lang(at + 1))
        if pair in (("en", "zh"), ("en", "any"), ("any", "zh")):
            at += 2
        elif pair == ("zh", "en") and lang(at + 2) not in ("zh", "any"):
            say(line, "this Chinese cell is above its English twin; the English cell comes first")
            at += 2
        else:
            if pair[0] == "en":
                say(line, 'this English cell has no Chinese twin; a lang="zh" cell must follow it directly')
            elif pair[0] == "zh":
                say(line, 'this Chinese cell has no English twin; a lang="en" cell must be directly above it')
            at += 1


def _ids(drafts: Sequence[Draft], say: Say) -> None:
    seen: dict[str, int] = {}
    for cell in (draft.cell for draft in drafts if draft.cell.role != "prose"):
        if cell.id in seen:
            say(cell.line, f"the id {cell.id!r} is already used by the cell at line {seen[cell.id]}")
        elif cell.id:
            seen[cell.id] = cell.line


def _tests(drafts: Sequence[Draft], say: Say) -> None:
    untested: list[Draft] = []  # solutions that no test follows
    waiting: Draft | None = None  # the newest solution, until a test follows it
    any_solution, too_early = False, 0
    for draft in drafts:
        if not draft.known:
            waiting, any_solution = None, True
        elif draft.cell.role == "solution":
            untested += [waiting] if waiting else []
            waiting, any_solution = draft, True
        elif draft.cell.role == "test":
            if draft.clear and not any_solution:
                say(draft.cell.line, f"the test {draft.cell.id!r} has no solution cell above it")
                too_early = 1
            waiting = None
    untested += [waiting] if waiting else []
    for solution in untested[too_early:]:
        if solution.clear:
            cell = solution.cell
            say(cell.line, f"the exercise {cell.id!r} has no test cell, so nothing grades it")


def _demos(drafts: Sequence[Draft], say: Say) -> None:
    """Report a cell that needs a name which only demos assign: while grading it would not be there."""
    names = [(draft.cell, names_used(draft.cell.source)) for draft in drafts if draft.cell.role != "prose"]
    kept = {name for cell, found in names if not cell.demo for name in found.assigned}
    shown: dict[str, int] = {}  # name that only demos assign → line of the first that does
    for cell, found in names:
        if cell.demo:
            for name in found.assigned - kept:
                shown.setdefault(name, cell.line)
            continue
        for name in sorted(found.loaded & shown.keys()):
            say(cell.line, f"this cell needs {name!r}, which only the demo at line {shown[name]} assigns")
