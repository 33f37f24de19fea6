"""Which file of a submission is which notebook of the assignment, by its name or else its cells.

A learner may have worked in a copy: ``p1-Copy1.ipynb`` beside an unchanged ``p1.ipynb``. The one
with answers is graded; if two differ and neither has the right name, a person has to decide which
counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograde.grading.reasons.reason import Reason
from autograde.grading.reasons.submitted import copy_left_aside, copy_taken, file_renamed, several_copies
from autograde.grading.repair.release import Release
from autograde.grading.repair.repair import recognise, repair, unanswered
from autograde.grading.repair.text import squeeze


@dataclass
class HandedIn:
    """The notebooks of a submission.

    Attributes:
        notebooks: the assignment's, by name.
        notes: which file was taken for which notebook.
        review: what a person has to decide.
    """

    notebooks: dict[str, bytes]
    notes: list[Reason] = field(default_factory=list)
    review: list[Reason] = field(default_factory=list)


def handed_in(files: Mapping[str, bytes], releases: Mapping[str, Sequence[bytes]]) -> HandedIn:
    """Return the assignment's notebooks among those of a submission.

    Args:
        files: name → bytes of each notebook at the top of the submission.
        releases: name → released editions of each notebook of the assignment; empty if not kept.
    """
    result = HandedIn({name: files[name] for name in releases if name in files})
    releases_by_name = {name: editions for name, editions in releases.items() if editions}
    copies: dict[str, list[str]] = {}
    for name in sorted(files.keys() - result.notebooks.keys()):
        meant = recognise(files[name], releases_by_name) if releases_by_name else None
        if meant:
            copies.setdefault(meant, []).append(name)
    for name, others in copies.items():
        _choose(result, name, others, files, releases_by_name[name])
    return result


def _choose(
    result: HandedIn, name: str, others: list[str], files: Mapping[str, bytes], releases: Sequence[bytes]
) -> None:
    """Decide which of the copies `others` counts, if the notebook of the right name does not."""
    own = _answers(files[name], releases) if name in files else ()
    answered = {other: given for other in others if (given := _answers(files[other], releases))}
    different = list(dict.fromkeys(answered.values()))
    if own:
        result.notes += [copy_left_aside(name, other) for other, given in answered.items() if given != own]
    elif len(different) > 1:
        result.notebooks.setdefault(name, files[next(iter(answered))])
        result.review.append(several_copies(name, list(answered)))
    elif answered or name not in files:
        chosen = next(iter(answered), others[0])
        result.notebooks[name] = files[chosen]
        result.notes.append(copy_taken(name, chosen) if name in files else file_renamed(name, chosen))


def _answers(raw: bytes, releases: Sequence[bytes]) -> tuple[tuple[str, str], ...]:
    """What a learner wrote into the answer cells, by grade_id; empty if unchanged or unreadable."""
    repaired = repair(raw, releases)
    if not repaired.readable:
        return ()
    blank = set(unanswered(repaired, releases))
    kinds = {cell.grade_id: cell.kind for cell in Release.read(releases[repaired.release]).special}
    return tuple(
        (name, squeeze(cell.source))
        for cell in repaired.notebook.cells
        if kinds.get(name := cell.metadata.get("nbgrader", {}).get("grade_id")) == "answer" and name not in blank
    )
