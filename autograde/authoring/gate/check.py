"""The release gate: run the checks that a chapter must pass before learners see it."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from autograde.authoring.chapter import Chapter
from autograde.authoring.gate.decisive import indecisive
from autograde.authoring.gate.figures import figure_faults
from autograde.authoring.gate.hints import hint_faults
from autograde.authoring.gate.leaks import leaks
from autograde.authoring.gate.objects import object_faults
from autograde.authoring.gate.parity import differences
from autograde.authoring.proof.dependencies import RELEASE, SCRIPT, STEPS, TESTS
from autograde.authoring.proof.editions import editions
from autograde.authoring.proof.finding import Finding
from autograde.authoring.proof.kept import Standing, record_file
from autograde.authoring.proof.record import Record, Tried, difference
from autograde.authoring.proof.script import read_budgets, run_within
from autograde.authoring.proof.strength import bank_folder, strength
from autograde.authoring.release import TEXTS, build, read_chapters
from autograde.authoring.stock import copy_course
from autograde.authoring.style.glossary import FILE as GLOSSARY
from autograde.authoring.style.house import style_faults
from autograde.authoring.terms import glossary_pages, read_terms
from autograde.authoring.texts.faults import text_faults
from autograde.exact import sha256
from autograde.settings.course_folder import CourseFolder


@dataclass
class Report:
    """The result of the gate.

    Attributes:
        findings: what must be fixed; the gate passes if there are none.
        chapters: the assignments, in order.
        trials: the tests' verdict on every answer in the banks, from this run or from the records.
        proved: chapter → the steps proved in this run; steps without changes are left out.
        records: chapter → the record to write, where a new proof found nothing.
        seconds: chapter → duration of its script run.
        slow: chapter → slowdown of this machine during that run, relative to the budgets' reference
            machine.
        budgets: chapter → seconds that it may take, from ``tests/chapters/budgets.toml``.
    """

    findings: list[Finding] = field(default_factory=list)
    chapters: list[str] = field(default_factory=list)
    trials: list[Tried] = field(default_factory=list)
    proved: dict[str, tuple[str, ...]] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    budgets: dict[str, float] = field(default_factory=dict)


def check(
    course: CourseFolder,
    names: list[str] | None = None,
    progress: Callable[[str], None] = lambda step: None,
    anew: Iterable[str] = (),
    committed: bool = False,
) -> Report:
    """Run the release gate on the chapters ``names``, all by default. Changes nothing in the course directory.

    Steps whose record is current are not proved again.

    Args:
        anew: chapters to prove even if their records are current; a record that disagrees is a
            finding.
        committed: also report missing and stale records.

    Raises:
        CourseError: a chapter cannot be read at all.
    """
    report = Report(budgets=read_budgets(course.root))
    chapters = read_chapters(course, names)
    terms = read_terms(course.root)
    standing = Standing(course, chapters, report.budgets)
    report.chapters = [chapter.name for chapter in chapters]
    report.findings += standing.findings(committed)
    due = {chapter.name: STEPS if chapter.name in anew else standing.due(chapter.name) for chapter in chapters}
    for chapter in chapters:
        progress(f"{chapter.name}: twins")
        report.findings += _twins(chapter)
        for faults in (hint_faults, figure_faults, object_faults, text_faults):
            report.findings += _places(chapter, faults(chapter))
        if course.house_style:
            report.findings += _places(chapter, style_faults(chapter, terms))
    report.findings += _strays(course, chapters, complete=names is None)
    report.findings += _glossary(course)
    proofs = _prove(course, [chapter for chapter in chapters if due[chapter.name]], due, report, progress)
    for chapter in chapters:
        record, steps = standing.record(chapter.name), due[chapter.name]
        findings, tried = proofs.get(chapter.name, ([], None))
        report.findings += findings
        answers = tried if tried is not None else record.tried if record else ()
        report.trials += answers
        report.findings += _places(chapter, indecisive(chapter, answers))
        if steps:
            report.proved[chapter.name] = steps
        if tried is not None and record and TESTS not in standing.due(chapter.name):
            wrong = difference(record.tried, tried)
            if wrong:
                place = record_file(chapter.name)
                report.findings.append(Finding(place, f"{chapter.name}: its proof disagrees about {wrong}"))
        if steps and not findings:
            report.records[chapter.name] = Record(chapter.name, standing.depends(chapter.name), tuple(answers))
    return report


def record_findings(course: CourseFolder, names: list[str] | None = None) -> list[Finding]:
    """Return findings for the records that are missing, stale, edited or of indecisive tests; prove nothing."""
    chapters = read_chapters(course, names)
    standing = Standing(course, chapters, read_budgets(course.root))
    findings = standing.findings(committed=True)
    for chapter in chapters:
        record = standing.record(chapter.name)
        if record and TESTS not in standing.due(chapter.name):
            findings += _places(chapter, indecisive(chapter, record.tried))
    return findings


def stale_records(course: CourseFolder, names: list[str] | None = None) -> list[str]:
    """Return the chapters whose record is stale."""
    chapters = read_chapters(course, names)
    standing = Standing(course, chapters, read_budgets(course.root))
    return [chapter.name for chapter in chapters if standing.record(chapter.name) and standing.due(chapter.name)]


def chosen(names: Sequence[str], word: str) -> str:
    """Return the chapter chosen by the hash of a word, such as a commit id."""
    return names[int(sha256(word.encode()), 16) % len(names)]


Proof = tuple[list[Finding], list[Tried] | None]
"""The findings, and the table of answers if the tests were run."""


def _prove(
    course: CourseFolder,
    chapters: list[Chapter],
    due: dict[str, tuple[str, ...]],
    report: Report,
    progress: Callable[[str], None],
) -> dict[str, Proof]:
    """Prove the due steps of each chapter."""
    proofs: dict[str, Proof] = {}
    released = [chapter for chapter in chapters if RELEASE in due[chapter.name]]
    with tempfile.TemporaryDirectory(prefix="course-check-") as folder, ThreadPoolExecutor(1) as beside:
        if released:
            progress("rebuild")
            copy_course(course.root, Path(folder))
            fresh = CourseFolder.open(Path(folder))
            build(fresh, [chapter.name for chapter in released])
        # in a thread beside the other steps, since nbgrader mostly waits for its kernels
        graded = {chapter.name: beside.submit(editions, fresh, chapter) for chapter in released}
        try:
            for chapter in chapters:
                findings: list[Finding] = []
                tried = None
                if SCRIPT in due[chapter.name]:
                    progress(f"{chapter.name}: runs as a script")
                    findings += _script(course, chapter, report)
                if TESTS in due[chapter.name]:
                    progress(f"{chapter.name}: strength of the tests")
                    faults, tried = strength(chapter, bank_folder(course.root, chapter.name))
                    findings += faults
                if RELEASE in due[chapter.name]:
                    progress(f"{chapter.name}: blank and solved under nbgrader")
                    findings += _released(course, fresh, chapter)
                    findings += graded[chapter.name].result()
                proofs[chapter.name] = findings, tried
        finally:
            for future in graded.values():
                future.cancel()
    return proofs


def _places(chapter: Chapter, faults: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    for line, fault in faults:
        yield Finding(f"{chapter.file}:{line}", fault)


def _twins(chapter: Chapter) -> Iterator[Finding]:
    for english, chinese in chapter.twins():
        for text in differences(english, chinese):
            yield Finding(f"{chapter.file}:{chinese.line}", text)


def _script(course: CourseFolder, chapter: Chapter, report: Report) -> Iterator[Finding]:
    run = run_within(course.root / chapter.file, report.budgets.get(chapter.name))
    report.seconds[chapter.name], report.slow[chapter.name] = run.seconds, run.slow
    if run.fault:
        yield Finding(chapter.file, run.fault)


def _strays(course: CourseFolder, chapters: list[Chapter], complete: bool) -> Iterator[Finding]:
    """Leaks in the releases and in their texts, and files there that belong to no chapter."""
    by_name = {chapter.name: chapter for chapter in chapters}
    known = {*map(record_file, course.assignments), *glossary_pages(course)}
    paths = [*(course.root / "release").rglob("*"), *(course.root / TEXTS).glob("*.json")]
    for path in sorted(path for path in paths if path.is_file()):
        place = path.relative_to(course.root)
        chapter = by_name.get(place.stem if place.parent == TEXTS else place.parts[2]) if len(place.parts) > 2 else None
        if chapter:
            for leak in leaks(chapter, path.read_text(encoding="utf-8", errors="replace")):
                yield Finding(place.as_posix(), leak)
        elif complete and place.as_posix() not in known:
            yield Finding(place.as_posix(), "belongs to no chapter of course.toml; delete it")


def _glossary(course: CourseFolder) -> Iterator[Finding]:
    """Pages of the glossary that `course build` would write otherwise."""
    for path, page in glossary_pages(course).items():
        written = course.root / path
        if not written.is_file() or written.read_bytes() != page:
            yield Finding(path, f"differs from what {GLOSSARY} gives; run `course build` and commit it")


def _released(course: CourseFolder, fresh: CourseFolder, chapter: Chapter) -> Iterator[Finding]:
    """Differences between a chapter's committed release, with its texts, and a fresh build."""

    def files(root: Path) -> dict[str, bytes]:
        found = [*root.glob(f"release/*/{chapter.name}/**/*"), root / TEXTS / f"{chapter.name}.json"]
        paths = (path for path in found if path.is_file())
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}

    built, committed = files(fresh.root), files(course.root)
    for path in sorted({*built, *committed}):
        if path not in committed:
            yield Finding(path, "is missing; run `course build` and commit it")
        elif path not in built:
            yield Finding(path, "is not part of the release; delete it")
        elif committed[path] != built[path]:
            yield Finding(path, f"differs from a fresh build of {chapter.file}; run `course build` and commit it")
