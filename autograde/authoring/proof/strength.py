"""Run a chapter's tests on every answer of its banks, and on sabotaged references."""

from collections.abc import Iterator
from pathlib import Path

from autograde.authoring.bank import Bank, bank_file
from autograde.authoring.chapter import Chapter
from autograde.authoring.proof.finding import Finding
from autograde.authoring.proof.record import Tried
from autograde.authoring.sabotage import KINDS
from autograde.authoring.trial import Sabotaged, Trial, load_banks, reads_a_clock, run_all


def bank_folder(root: Path, chapter: str) -> Path:
    """Return the folder that holds a chapter's banks."""
    return root / "tests" / "chapters" / chapter


def strength(chapter: Chapter, folder: Path) -> tuple[list[Finding], list[Tried]]:
    """Run every answer; return the findings, and the table in file order.

    Args:
        folder: the folder of the banks.

    Raises:
        CourseError: a bank cannot be read, or the worker process died.
    """
    banks = load_banks(chapter, folder)
    findings = list(_shortages(chapter, banks, folder))
    order = [exercise.id for exercise in chapter.exercises]
    results = list(run_all(chapter, banks))  # in order of completion
    trials = [result for result in results if isinstance(result, Trial)]
    sabotaged = [result for result in results if isinstance(result, Sabotaged)]
    trials.sort(key=lambda trial: (order.index(trial.exercise), trial.variant.line if trial.variant else 0))
    sabotaged.sort(key=lambda result: (list(KINDS).index(result.kind), result.exercise))
    for trial in trials:
        findings += _judge(chapter, trial)
    for result in sabotaged:
        findings += _judge_sabotage(chapter, result)
    return findings, [tried(trial) for trial in trials]


def tried(trial: Trial) -> Tried:
    """Return the record entry of a trial."""
    refused_by = next(iter(trial.errors), None)
    return Tried(trial.chapter, trial.exercise, trial.name, trial.verdict, refused_by, trial.passes_public)


def _shortages(chapter: Chapter, banks: dict[str, Bank], folder: Path) -> Iterator[Finding]:
    for stray in sorted({path.name for path in folder.glob("*.py")} - {bank_file(e.id) for e in chapter.exercises}):
        yield Finding(f"tests/chapters/{chapter.name}/{stray}", f"is not the bank of any exercise in {chapter.file}")
    for exercise in chapter.exercises:
        bank = banks.get(exercise.id)
        shortage = bank.shortage() if bank else "no bank of right and wrong solutions in tests/chapters"
        if shortage:
            yield Finding(f"{chapter.file}:{exercise.solution.line}", f"exercise {exercise.id!r}: {shortage}")


def _judge(chapter: Chapter, trial: Trial) -> Iterator[Finding]:
    lines = {cell.id: cell.line for cell in chapter.cells if cell.role == "test"}
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


def _judge_sabotage(chapter: Chapter, result: Sabotaged) -> Iterator[Finding]:
    """Tests that accept a sabotaged reference."""
    tests = {cell.id: cell for cell in chapter.cells if cell.role == "test"}
    kind = KINDS[result.kind]
    accepted = [test for test in tests if test in result.accepted]
    if result.kind == "remembered":
        accepted = [test for test in accepted if reads_a_clock(tests[test].source)]
    if not kind.each and result.accepted != result.met:
        return
    for test in accepted if kind.each else accepted[:1]:
        yield Finding(
            f"{chapter.file}:{tests[test].line}",
            f"exercise {result.exercise!r}: test {test!r} accepts an answer that {kind.what}; {kind.remedy}",
        )
