"""``course new``, ``course build`` and ``course check``."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import Chapters, command, out, progress


@command('course new ch05 "Back-propagation"', 'course new ch06 "Optimisers" --zh "优化器" --topic optimisers')
def new(
    chapter: Annotated[str, typer.Argument(metavar="CH", help="The assignment, such as ch05.")],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The chapter's title in English.")],
    zh: Annotated[str, typer.Option("--zh", metavar="TITLE", help="The title in Chinese.")] = "",
    topic: Annotated[
        str,
        typer.Option("--topic", metavar="WORD", help="For the file name, chNN_WORD.py; by default from the title."),
    ] = "",
) -> None:
    """Start a chapter: text, bank, budget, entry in course.toml, and one exercise that passes the gate."""
    from autograde.authoring.skeleton import new_chapter
    from autograde.settings.course_folder import CourseFolder
    from autograde.settings.places import course_root

    folder = CourseFolder.open(course_root(Path.cwd()), begun=False)
    for path in new_chapter(folder, chapter, title, zh, topic):
        print(path.relative_to(folder.root))
    print(f"Write it, then run `course build {chapter}` and `course check {chapter}`: docs/author.md shows each step.")
    print("A new chapter changes the policy: raise `version` in course.toml before the next `course certify`.")


@command("course build", "course build ch02 ch03")
def build(chapters: Chapters = None) -> None:
    """Build chapters into source/ and release/, in every language, and add them to the gradebook.

    The glossary, course/glossary.toml, becomes release/LANG/glossary.md.

    Builds are reproducible: the same text gives the same bytes.
    """
    from autograde.authoring.gate.check import stale_records
    from autograde.authoring.release import build as build_release
    from autograde.authoring.terms import write_glossary
    from autograde.settings.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    with progress() as step:
        released = build_release(folder, chapters, progress=step) + write_glossary(folder)
    for path in released:
        print(path.relative_to(folder.root))
    stale = stale_records(folder, chapters)
    if stale:
        print(f"Stale proofs: {', '.join(stale)}. Run `course check {' '.join(stale)}` and commit what it writes.")


@command("course check", "course check ch02", "course check --all", "course check --records")
def check(
    chapters: Chapters = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Prove every chapter, even if its record is current.")
    ] = False,
    records: Annotated[
        bool, typer.Option("--records", help="Prove nothing; list the records that are missing, stale or edited.")
    ] = False,
    sample: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT",
            help="For CI: write nothing, list stale records, and prove one more chapter, chosen by this hash.",
        ),
    ] = None,
) -> None:
    """The release gate: exit 0 if every chapter may go to learners, else 1 and a list of what to fix.

    A chapter is proved again if something has changed since its proof record,
    release/proofs/CH.json, was written.
    """
    from autograde.authoring.gate.check import Report, chosen, record_findings
    from autograde.authoring.gate.check import check as run_gate
    from autograde.authoring.gate.faults import well_formed
    from autograde.authoring.gate.table import show
    from autograde.authoring.proof.kept import keep
    from autograde.settings.places import course_root

    folder = well_formed(course_root(Path.cwd()), chapters)
    if records:
        report = Report(findings=record_findings(folder, chapters))
        for finding in report.findings:
            print(finding)
    else:
        names = chapters or list(folder.assignments)
        anew = names if everything else [chosen(names, sample)] if sample else []
        with progress() as step:
            report = run_gate(folder, chapters, step, anew, committed=sample is not None)
        show(report, out)
        for path in keep(folder, report.records) if sample is None else []:
            print(f"{path.relative_to(folder.root)} written; commit it")
    if report.findings:
        raise typer.Exit(1)
