"""``course certify``, ``course rederive`` and ``course erase``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import Language, command, err, out, progress

SUMMARY = {
    "en": (
        "{decided} decision{decisions}, with every rule and reason, in {folder}/decisions",
        "{issued} new credential{credentials}; all in {folder}/learners",
        "audit log: {lines} lines, the last is {last}",
    ),
    "zh": (
        "共 {decided} 份认证决定，含全部规则与理由，位于 {folder}/decisions",
        "新颁发 {issued} 份证书；全部证书位于 {folder}/learners",
        "审计日志共 {lines} 行，最后一行为 {last}",
    ),
}
SHOWN = 50
"""The largest number of paths that ``course erase`` lists."""


@command("course certify", "course certify --as-of 2026-06-30 --lang zh")
def certify(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of the decision; today by default."),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the records go; certificates/ by default.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the table.")] = Language.en,
) -> None:
    """Decide on each learner by the policy, and issue credentials to those who pass.

    An unchanged decision and its credential are kept, so you can run this as often as you like.
    """
    from autograde.certify.command import certify_course
    from autograde.certify.table import decision_table, reason_lines
    from autograde.settings.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    target = out_folder or folder.root / "certificates"
    day = (as_of or datetime.now()).date()
    with progress() as step:
        certified = certify_course(folder, target, day, progress=step)
    out.print(decision_table(certified.decisions, lang.value))
    for line in reason_lines(certified.decisions, lang.value):
        out.print(line, soft_wrap=True)
    lines, last = certified.head
    decided, issued = len(certified.decisions), len(certified.issued)
    plurals = {"decisions": "s" * (decided != 1), "credentials": "s" * (issued != 1)}
    for text in SUMMARY[lang.value]:
        summary = text.format(decided=decided, issued=issued, folder=target, lines=lines, last=last, **plurals)
        out.print(summary, soft_wrap=True, highlight=False, markup=False)
    for note in certified.notes:
        err.print(note, soft_wrap=True, highlight=False, markup=False)


@command("course rederive certificates/decisions/ada.json")
def rederive(
    decision: Annotated[Path, typer.Argument(metavar="DECISION.json", help="A decision record.")],
) -> None:
    """Derive a decision again from its evidence: exit 0 if every byte is the same, else 1 and the differences."""
    from autograde.certify.record.rederive import rederive as derive
    from autograde.settings.course_folder import CourseFolder
    from autograde.settings.gradebook_address import gradebook_url

    course = CourseFolder.find(Path.cwd())
    result = derive(decision, course.root, gradebook_url(course))
    for finding in result.findings:
        err.print(finding, soft_wrap=True, highlight=False, markup=False)
    for note in result.notes:
        out.print(f"note: {note}", soft_wrap=True, highlight=False, markup=False)
    if result.findings:
        raise typer.Exit(1)
    out.print(f"{decision}: the same, byte for byte", soft_wrap=True, highlight=False, markup=False)


@command("nbgrader db student remove ada --force", "course erase ada")
def erase(
    learner: Annotated[str, typer.Argument(metavar="LEARNER", help="Id of a learner who left the gradebook.")],
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the records are; certificates/ by default.")
    ] = None,
) -> None:
    """Delete a learner's records, evidence and documents for good; the audit log's chain stays valid."""
    from autograde.certify.erase import erase as forget
    from autograde.settings.course_folder import CourseFolder
    from autograde.settings.gradebook_address import gradebook_url

    course = CourseFolder.find(Path.cwd())
    erased = forget(
        course, out_folder or course.root / "certificates", learner, gradebook_url(course), datetime.now(UTC)
    )
    out.print(f"{learner} is forgotten", highlight=False, markup=False)
    notes = [
        f"{credential} still verifies; if it should not: course revoke {credential} --reason …"
        for credential in erased.held
    ]
    notes += [f"still names {learner}, delete it or the line: {path}" for path in erased.remains[:SHOWN]]
    if len(erased.remains) > SHOWN:
        notes.append(f"and {len(erased.remains) - SHOWN} more")
    notes.append("not searched: backups, an exchange elsewhere, what was published or sent")
    for text in notes:
        out.print(text, soft_wrap=True, highlight=False, markup=False)
