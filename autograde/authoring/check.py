"""The release gate: everything that must be true before learners see a chapter."""

import math
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from autograde.authoring.bank import bank_file
from autograde.authoring.chapter import Chapter
from autograde.authoring.figures import figure_faults
from autograde.authoring.hints import hint_faults
from autograde.authoring.leaks import leaks
from autograde.authoring.objects import object_faults
from autograde.authoring.parity import differences
from autograde.authoring.release import build, read_chapters
from autograde.authoring.sabotage import KINDS
from autograde.authoring.script import read_budgets, run_within
from autograde.authoring.trial import Trial, load_banks, reads_a_clock, run_sabotage, run_trials
from autograde.course_folder import CourseFolder
from autograde.errors import CourseError
from autograde.grading.stock import UNANSWERED, Graded, copy_course, grade_blank_and_solved


@dataclass(frozen=True)
class Finding:
    """Something to mend: ``place`` is a file, with line or cell where it has one."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass
class Report:
    """What the gate found.

    Attributes:
        findings: what must be mended; the gate is open when there are none.
        trials: what the tests said of every answer in the banks.
        seconds: chapter → time of its script run.
        slow: chapter → how many times as long as on the machine that budgets are meant for things took here then.
        budgets: chapter → seconds that it may take, from ``tests/chapters/budgets.toml``.
    """

    findings: list[Finding] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    budgets: dict[str, float] = field(default_factory=dict)


def check(
    course: CourseFolder, names: list[str] | None = None, progress: Callable[[str], None] = lambda step: None
) -> Report:
    """Run the release gate over the chapters ``names``, all by default. Changes nothing in the course directory.

    Raises:
        CourseError: a chapter cannot be read at all.
    """
    report = Report(budgets=read_budgets(course.root))
    chapters = read_chapters(course, names)
    for chapter in chapters:
        progress(f"{chapter.name}: twins")
        report.findings += _twins(chapter)
        report.findings += [Finding(f"{chapter.file}:{line}", fault) for line, fault in hint_faults(chapter)]
        report.findings += [Finding(f"{chapter.file}:{line}", fault) for line, fault in figure_faults(chapter)]
        report.findings += [Finding(f"{chapter.file}:{line}", fault) for line, fault in object_faults(chapter)]
        progress(f"{chapter.name}: runs as a script")
        report.findings += _script(course, chapter, report)
    with tempfile.TemporaryDirectory(prefix="course-check-") as folder:
        copy = Path(folder)
        copy_course(course.root, copy)
        fresh = CourseFolder.open(copy)
        progress("rebuild")
        build(fresh, [chapter.name for chapter in chapters])
        report.findings += _released(course, fresh, chapters, complete=names is None)
        with ThreadPoolExecutor(1) as beside:  # nbgrader waits for its kernels much of the time
            graded = [beside.submit(_graded, fresh, chapter) for chapter in chapters]
            try:
                for chapter, under_nbgrader in zip(chapters, graded, strict=True):
                    progress(f"{chapter.name}: strength of the tests")
                    report.findings += _strength(course, chapter, report)
                    progress(f"{chapter.name}: saboteurs")
                    report.findings += _sabotage(chapter)
                    progress(f"{chapter.name}: blank and solved under nbgrader")
                    report.findings += under_nbgrader.result()
            finally:
                for waiting in graded:
                    waiting.cancel()
    return report


def _twins(chapter: Chapter) -> Iterator[Finding]:
    for english, chinese in chapter.twins():
        for difference in differences(english, chinese):
            yield Finding(f"{chapter.file}:{chinese.line}", difference)


def _script(course: CourseFolder, chapter: Chapter, report: Report) -> Iterator[Finding]:
    run = run_within(course.root / chapter.file, report.budgets.get(chapter.name))
    report.seconds[chapter.name], report.slow[chapter.name] = run.seconds, run.slow
    if run.fault:
        yield Finding(chapter.file, run.fault)


def _released(course: CourseFolder, fresh: CourseFolder, chapters: list[Chapter], complete: bool) -> Iterator[Finding]:
    by_name = {chapter.name: chapter for chapter in chapters}
    wanted = {path.relative_to(fresh.root) for path in (fresh.root / "release").rglob("*") if path.is_file()}
    there = {path.relative_to(course.root) for path in (course.root / "release").rglob("*") if path.is_file()}
    for path in sorted(wanted | there):
        chapter = by_name.get(path.parts[2]) if len(path.parts) > 2 else None
        if chapter is None:
            if complete:
                yield Finding(path.as_posix(), "belongs to no chapter of course.toml; delete it")
            continue
        if path not in there:
            yield Finding(path.as_posix(), "is missing; run `course build` and commit it")
            continue
        data = (course.root / path).read_bytes()
        for leak in leaks(chapter, data.decode(errors="replace")):
            yield Finding(path.as_posix(), leak)
        if path not in wanted:
            yield Finding(path.as_posix(), "is no part of the release; delete it")
        elif data != (fresh.root / path).read_bytes():
            yield Finding(path.as_posix(), f"differs from what {chapter.file} gives; run `course build` and commit it")


def _strength(course: CourseFolder, chapter: Chapter, report: Report) -> Iterator[Finding]:
    folder = course.root / "tests" / "chapters" / chapter.name
    banks = load_banks(chapter, folder)
    for stray in sorted({path.name for path in folder.glob("*.py")} - {bank_file(e.id) for e in chapter.exercises}):
        yield Finding(f"tests/chapters/{chapter.name}/{stray}", f"is the bank of no exercise of {chapter.file}")
    for exercise in chapter.exercises:
        bank = banks.get(exercise.id)
        shortage = bank.shortage() if bank else "no bank of right and wrong solutions in tests/chapters"
        if shortage:
            yield Finding(f"{chapter.file}:{exercise.solution.line}", f"exercise {exercise.id!r}: {shortage}")
    lines = {cell.id: cell.line for cell in chapter.cells if cell.role == "test"}
    order = [exercise.id for exercise in chapter.exercises]
    trials = list(run_trials(chapter, banks))  # they come as they end; the report has the order of the files
    trials.sort(key=lambda trial: (order.index(trial.exercise), trial.variant.line if trial.variant else 0))
    for trial in trials:
        report.trials.append(trial)
        place = chapter.file
        if trial.variant:
            place = f"tests/chapters/{chapter.name}/{bank_file(trial.exercise)}:{trial.variant.line}"
        if not trial.as_expected and trial.verdict == "wrong":
            yield Finding(place, f"exercise {trial.exercise!r}: its tests accept the wrong solution {trial.name!r}")
        elif not trial.as_expected:
            test, error = next(iter(trial.errors.items()))
            yield Finding(
                place, f"exercise {trial.exercise!r}: test {test!r} rejects the right solution {trial.name!r}: {error}"
            )
        if trial.variant is None:
            for test, output in trial.outputs.items():
                first = output.strip().splitlines()[0][:80] if output.strip() else "blank lines"
                yield Finding(f"{chapter.file}:{lines[test]}", f"test {test!r} is not silent, it prints: {first}")
    for exercise in chapter.exercises:
        wrong = [trial for trial in trials if trial.exercise == exercise.id and trial.verdict == "wrong"]
        if wrong and all(trial.passes_public for trial in wrong):
            yield Finding(
                f"{chapter.file}:{exercise.solution.line}",
                f"exercise {exercise.id!r}: its public tests let all {len(wrong)} wrong solutions of the bank through",
            )


def _sabotage(chapter: Chapter) -> Iterator[Finding]:
    """Tests that accept a right answer that was spoiled."""
    tests = {cell.id: cell for cell in chapter.cells if cell.role == "test"}
    found = list(run_sabotage(chapter))
    found.sort(key=lambda one: (list(KINDS).index(one.kind), one.exercise))
    for one in found:
        kind = KINDS[one.kind]
        accepted = [test for test in tests if test in one.accepted]
        if one.kind == "remembered":
            accepted = [test for test in accepted if reads_a_clock(tests[test].source)]
        if not kind.each and one.accepted != one.met:
            continue
        for test in accepted if kind.each else accepted[:1]:
            yield Finding(
                f"{chapter.file}:{tests[test].line}",
                f"exercise {one.exercise!r}: test {test!r} accepts an answer that {kind.what}; {kind.mend}",
            )


def _graded(fresh: CourseFolder, chapter: Chapter) -> list[Finding]:
    try:
        graded = grade_blank_and_solved(fresh.root, chapter, fresh.languages)
    except CourseError as error:
        return [Finding(chapter.file, str(error))]
    return list(_faults(chapter, graded))


def _faults(chapter: Chapter, graded: dict[str, Graded]) -> Iterator[Finding]:
    tests = {cell.id for cell in chapter.cells if cell.role == "test"}
    for learner, result in graded.items():
        kind, lang = learner.split("-")
        place = f"release/{lang}/{chapter.name}/{chapter.name}.ipynb"
        wanted = chapter.points if kind == "solved" else 0
        if not (math.isclose(result.score, wanted) and math.isclose(result.max_score, chapter.points)):
            yield Finding(
                place,
                f"{kind}, nbgrader gives it {result.score:g} of {result.max_score:g} points, not {wanted:g} of {chapter.points:g}",
            )
        for cell, text in result.noise:
            last = (text.strip() or "blank lines").splitlines()[-1][:100]
            yield Finding(place, f"{kind}, cell {cell!r} writes to standard error: {last}")
        for cell, message in result.errors:
            if kind == "solved":
                yield Finding(place, f"solved, cell {cell!r} fails: {message[:100]}")
            elif cell not in tests:
                yield Finding(place, f"blank, cell {cell!r} fails although it is no test: {message[:100]}")
            elif not message.startswith(UNANSWERED):
                yield Finding(place, f"blank, test {cell!r} does not say that the answer is missing: {message[:100]}")
