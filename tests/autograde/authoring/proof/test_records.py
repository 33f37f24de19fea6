"""A chapter is proved where something has changed; a record that is stale or not the gate's is a finding."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mini_course import Course, files, write

from autograde.authoring.gate import check as gate
from autograde.authoring.gate.check import Report, check, chosen, record_findings
from autograde.authoring.proof.kept import PAGE, keep, record_file
from autograde.authoring.proof.record import Forged, Record, Tried, read_record
from autograde.settings.course_folder import CourseFolder

RECORD = record_file("ch91")
BANK = "tests/chapters/ch91/square.py"
RIGHT = Tried("ch91", "square", "power", "right", None, True)
WRONG = Tried("ch91", "square", "double", "wrong", "square-of-two", True)
DEPENDS = {"tests": {"chapter": "a" * 64, "bank": "b" * 64}}

Gate = Callable[..., Report]


def test_a_record_says_the_same_after_it_was_written_and_read() -> None:
    record = Record("ch91", DEPENDS, (RIGHT, WRONG))
    assert read_record(record.text()) == record
    assert read_record(record.text()).text() == record.text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("square-of-two", "square-of-ten"),
        ('"right", null', '"wrong", null'),
        ("a" * 64, "c" * 64),
        ('"ch91"', '"ch92"'),
        ('\n  ["square", "power", "right", null, true],', ""),
        ("\n", "\r\n"),
        ("{", "<<<<<<< HEAD\n{"),
        ("true", "1"),
    ],
)
def test_an_edited_record_is_none(old: str, new: str) -> None:
    text = Record("ch91", DEPENDS, (RIGHT, WRONG)).text()
    assert old in text
    with pytest.raises(Forged):
        read_record(text.replace(old, new, 1))


def test_a_record_of_tests_that_are_wrong_is_none() -> None:
    accepted = Tried("ch91", "square", "double", "wrong", None, True)
    with pytest.raises(Forged, match="double"):
        read_record(Record("ch91", DEPENDS, (accepted,)).text())


def without_minutes(patch: pytest.MonkeyPatch, built: Path) -> None:
    """Leave out what takes long in the gate: nbgrader's runs and a script's."""
    patch.setattr(gate, "build", lambda fresh, names: shutil.copytree(built / "release", fresh.root / "release"))
    patch.setattr(gate, "editions", lambda fresh, chapter: [])
    patch.setattr(gate, "_script", lambda course, chapter, report: iter(()))


@pytest.fixture(scope="module")
def kept(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built course with the record of its proof; only to be copied."""
    root = shutil.copytree(built_once, tmp_path_factory.mktemp("kept") / "mini")
    with pytest.MonkeyPatch.context() as patch:
        without_minutes(patch, built_once)
        course = CourseFolder.open(root)
        keep(course, check(course).records)
    return root


@pytest.fixture
def built(kept: Path, tmp_path: Path) -> Path:
    """A copy of it, to do anything with."""
    return shutil.copytree(kept, tmp_path / "built")


@pytest.fixture
def proved(built: Path, built_once: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The gate on it, without the minutes."""
    without_minutes(monkeypatch, built_once)

    def run(**options: object) -> Report:
        return check(CourseFolder.open(built), **options)  # type: ignore[arg-type]

    return run


def said(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    write(path, text.replace(old, new, 1))


def test_what_has_not_changed_is_not_proved_again(built: Path, proved: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "strength", lambda *given: pytest.fail("the tests were tried again"))
    report = proved(committed=True)
    assert (said(report), report.proved) == ([], {})
    assert [(one.name, one.refused_by) for one in report.trials] == [
        ("reference", None),
        ("double", "square-of-two"),
        ("signed", "square-of-two"),
        ("nothing", "square-of-two"),
        ("power", None),
        ("math-pow", None),
    ]


def test_a_changed_answer_is_proved_again_and_the_record_follows(built: Path, proved: Gate) -> None:
    before = (built / RECORD).read_bytes()
    change(built / BANK, "return 2 * x", "return x + 2")
    stale = proved(committed=True)
    assert said(stale) == [f"{RECORD}: ch91: is stale, changed since: bank; run `course check ch91` and commit it"]
    assert stale.proved == {"ch91": ("tests",)}
    keep(CourseFolder.open(built), stale.records)
    assert (built / RECORD).read_bytes() != before
    assert (said(proved(committed=True)), proved().proved) == ([], {})


def test_a_changed_answer_that_passes_leaves_the_record_as_it_was(built: Path, proved: Gate) -> None:
    change(built / BANK, "return 2 * x", "return x * x")
    report = proved()
    assert report.records == {}
    accepted, weak = said(report)
    assert "its tests accept the wrong solution 'double'" in accepted
    assert "its public part lets 2 of 3 wrong answers through (double, signed)" in weak


def test_a_weak_public_part_is_found_also_where_a_record_holds_the_numbers(
    built: Path, proved: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(built / "notebooks/ch91_mini.py", " and square(3) == 9", "")
    first = proved()
    (weak,) = said(first)
    assert "lets 2 of 3 wrong answers through (double, signed)" in weak
    keep(CourseFolder.open(built), first.records)
    monkeypatch.setattr(gate, "strength", lambda *given: pytest.fail("the tests were tried again"))
    again = proved(committed=True)
    assert (again.proved, said(again)) == ({}, [weak])
    assert list(map(str, record_findings(CourseFolder.open(built)))) == [weak]


def test_a_changed_chapter_is_proved_again(built: Path, proved: Gate) -> None:
    change(built / "notebooks/ch91_mini.py", "answer = x * x", "answer = x * x * 1")
    assert proved().proved == {"ch91": ("script", "tests", "release")}


def test_an_edited_release_is_proved_again_and_found(built: Path, proved: Gate) -> None:
    change(built / "release/en/ch91/ch91.ipynb", "free play", "freer play")
    report = proved()
    assert report.proved == {"ch91": ("release",)}
    assert said(report) == [
        "release/en/ch91/ch91.ipynb: differs from a fresh build of notebooks/ch91_mini.py; run `course build` and commit it"
    ]


def test_an_edited_record_is_a_finding_that_names_the_chapter_and_everything_is_proved(
    built: Path, proved: Gate
) -> None:
    change(built / RECORD, '"signed", "wrong", "square-of-two", true', '"signed", "wrong", "square-of-two", false')
    report = proved()
    assert said(report) == [f"{RECORD}: ch91: was edited by hand; it is proved again"]
    assert report.proved == {"ch91": ("script", "tests", "release")}
    keep(CourseFolder.open(built), report.records)
    assert said(proved()) == []


def test_an_invented_record_with_a_seal_is_found_when_its_chapter_is_proved(built: Path, proved: Gate) -> None:
    record = read_record((built / RECORD).read_text(encoding="utf-8"))
    invented = tuple(one for one in record.tried if one.name != "signed")
    write(built / RECORD, Record("ch91", record.depends, invented).text())
    assert said(proved()) == []
    assert said(proved(anew=["ch91"])) == [f"{RECORD}: ch91: its proof disagrees about square/signed"]


def test_a_record_that_is_missing_or_of_another_chapter_is_a_finding(built: Path, proved: Gate) -> None:
    text = (built / RECORD).read_text(encoding="utf-8")
    (built / RECORD).unlink()
    assert said(proved(committed=True))[0] == f"{RECORD}: ch91: is missing; run `course check ch91` and commit it"
    assert said(proved()) == []
    record = read_record(text)
    write(built / RECORD, Record("ch90", record.depends, record.tried).text())
    assert said(proved())[0] == f"{RECORD}: ch91: is the record of ch90; it is proved again"


def test_the_page_shows_the_strength_and_must_be_what_the_records_give(built: Path, proved: Gate) -> None:
    page = (built / PAGE).read_text(encoding="utf-8")
    assert "| `square` | 3 of 3 | 3 of 3 | 1 of 3 |" in page
    assert "| signed | wrong | `square-of-two` |" in page
    change(built / PAGE, "3 of 3", "4 of 4")
    assert said(proved(committed=True)) == [f"{PAGE}: does not match the records; run `course check` and commit it"]


def test_records_hold_no_time_and_no_machine(built: Path, proved: Gate) -> None:
    before = files(built)
    keep(CourseFolder.open(built), proved(anew=["ch91"]).records)
    assert files(built) == before
    assert str(built) not in (built / RECORD).read_text(encoding="utf-8")


def test_every_commit_chooses_a_chapter_and_each_has_its_turn() -> None:
    names = [f"ch{number:02}" for number in range(1, 23)]
    turns = [chosen(names, f"{commit:040x}") for commit in range(400)]
    assert set(turns) == set(names)
    assert chosen(names, "f" * 40) == chosen(names, "f" * 40)


def test_the_command_keeps_records_names_stale_ones_and_as_ci_writes_nothing(built: Path, course: Course) -> None:
    (built / RECORD).unlink()
    first = course("check", cwd=built)
    assert first.returncode == 0 and f"{RECORD} written; commit it" in first.stdout
    assert json.loads((built / RECORD).read_text(encoding="utf-8"))["chapter"] == "ch91"
    assert course("check", "--records", cwd=built).stdout == ""
    change(built / BANK, "return 2 * x", "return x + 2")
    before = files(built)
    run = course("check", "--records", cwd=built)
    assert (run.returncode, run.stdout) == (
        1, f"{RECORD}: ch91: is stale, changed since: bank; run `course check ch91` and commit it\n"
    )  # fmt: skip
    sampled = course("check", "--sample", "0123abc", cwd=built)
    assert sampled.returncode == 1
    assert "ch91 was proved: script, tests, release" in sampled.stdout
    assert files(built) == before
    assert "Stale proofs: ch91. Run `course check ch91`" in course("build", cwd=built).stdout
