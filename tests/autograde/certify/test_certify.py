"""Does a course folder with real grades become decision records, whole and in safe places?"""

import dataclasses
import hashlib
import json
import os
import re
import sqlite3
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograde.certify.command import certify, certify_course
from autograde.certify.decide.snapshot_records import GradebookError
from autograde.certify.record.file_names import file_stem
from autograde.certify.record.rederive import rederive
from autograde.certify.table import decision_table, reason_lines
from autograde.errors import CourseError
from autograde.files import replace_files
from autograde.report.command import write_report
from autograde.settings.course_folder import CourseFolder
from autograde.settings.toml_tables import SettingsError

DAY = date(2026, 1, 31)
CHAPTERS = ("ch01", "ch02", "ch03", "ch04")


@pytest.fixture
def course(tmp_path, book, course_toml):
    """A course folder whose four chapters have two cells each, 8 and 12 points."""
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
    return tmp_path


@pytest.fixture
def cohort(course, book):
    """Ann has everything, Bob half of ch02, Cy waits for a person, Di handed in nothing."""
    for chapter in CHAPTERS:
        book.submit("ann", chapter, {"easy": 8, "hard": 12})
        book.submit("bob", chapter, {"easy": 8, "hard": 12 if chapter != "ch02" else 2})
        book.submit("cy", chapter, {"easy": 8, "hard": 12} if chapter != "ch04" else {"easy": 8})
    book.learner("di")
    return course


def below(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_learner_gets_a_record_and_the_grades_are_kept_beside(cohort):
    out = cohort / "certificates"
    decisions = certify(CourseFolder.read(cohort), out, DAY)
    assert [(d.learner, d.level or d.status) for d in decisions] == [
        ("ann", "distinction"),
        ("bob", "none"),
        ("cy", "pending"),
        ("di", "none"),
    ]
    assert sorted(below(out)) == [*(f"decisions/{name}.json" for name in ("ann", "bob", "cy", "di")), "snapshot.json"]
    record = json.loads((out / "decisions" / "bob.json").read_bytes())
    for name in ("snapshot", "attempts", "policy"):
        kept = (cohort / "gradebook" / "evidence" / f"{record[name]['sha256']}.json").read_bytes()
        assert record[name]["sha256"] == hashlib.sha256(kept).hexdigest()
        assert b"ann" not in kept  # Bob's evidence is his alone
    assert record["reasons"][0]["en"] == "ch02: 10 of 20 points (50.00 %); 60 % needed."


def test_the_same_grades_give_the_same_bytes(cohort, tmp_path_factory):
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    certify(CourseFolder.read(cohort), one, DAY)
    certify(CourseFolder.read(cohort), two, DAY, f"sqlite:///{cohort}/gradebook/gradebook.db")
    certify(CourseFolder.read(cohort), two, DAY)
    assert below(one) == below(two)


def test_what_else_lies_in_the_folder_stays(cohort):
    out = cohort / "certificates"
    (out / "decisions").mkdir(parents=True)
    (out / "decisions" / "former.json").write_text("{}")
    (out / "trusted.txt").write_text("did:web:example.org")
    certify(CourseFolder.read(cohort), out, DAY)
    assert (out / "decisions" / "former.json").read_text() == "{}"
    assert (out / "trusted.txt").read_text() == "did:web:example.org"


def test_a_fault_in_course_toml_is_told_first_and_writes_nothing(course, tmp_path):
    path = course / "course.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('min = "0.60"', "min = 0.60", 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^course\.toml:\d+: "):
        certify(CourseFolder.read(course), course / "certificates", DAY, tmp_path / "nowhere.db")
    assert not (course / "certificates").exists()


def test_a_missing_gradebook_writes_nothing_and_creates_none(course):
    (course / "gradebook" / "gradebook.db").unlink()
    with pytest.raises(GradebookError, match=r"there is no gradebook"):
        certify(CourseFolder.read(course), course / "certificates", DAY)
    assert list((course / "gradebook").iterdir()) == []
    assert not (course / "certificates").exists()


def test_a_chapter_that_the_gradebook_does_not_know_is_told_with_its_line(course):
    path = course / "course.toml"
    text = path.read_text(encoding="utf-8").replace('"ch04"', '"ch40"')
    path.write_text(text, encoding="utf-8")
    line = text[: text.index('"ch40"')].count("\n") + 1
    with pytest.raises(SettingsError, match=rf'^course\.toml:{line}: assignment "ch40" is not among'):
        certify(CourseFolder.read(course), course / "certificates", DAY)


def test_a_folder_without_course_toml_is_told(tmp_path):
    with pytest.raises(CourseError, match=r"there is no .*course\.toml"):
        certify(CourseFolder.read(tmp_path), tmp_path, DAY)


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_half_written(cohort):
    out = cohort / "certificates"
    certify(CourseFolder.read(cohort), out, DAY)
    (out / "decisions" / "cy.json").unlink()
    (out / "decisions" / "cy.json").mkdir()
    (out / "decisions" / "cy.json" / "x").touch()
    with pytest.raises(CourseError, match=r"cannot write"):
        certify(CourseFolder.read(cohort), out, date(2026, 2, 1))
    assert not list(out.rglob("*.part"))
    assert json.loads((out / "decisions" / "ann.json").read_bytes())["as_of"] == "2026-01-31"
    (cohort / "file").touch()
    with pytest.raises(CourseError, match=r"cannot write"):
        certify(CourseFolder.read(cohort), cohort / "file", DAY)


HOSTILE = [
    "../../etc/passwd",
    "..",
    "a/b",
    "a\\b",
    "CON",
    "con",
    "nul.txt",
    "Ann",
    "ann ",
    ".ann",
    "-rf",
    "ann\n",
    "安娜",
    "é",
    "e\u0301",
    "x" * 128,
    "<script>",
    "",
    "[red]",
]


def test_hostile_learner_ids_stay_in_their_folder_and_apart(course, book):
    for learner in [*HOSTILE, "ann", "ann@example.org"]:
        book.learner(learner)
    out = course / "certificates"
    decisions = certify(CourseFolder.read(course), out, DAY)
    records = list((out / "decisions").iterdir())
    assert len(records) == len(decisions) == len(HOSTILE) + 2
    assert sorted(json.loads(record.read_bytes())["learner"] for record in records) == sorted(
        [*HOSTILE, "ann", "ann@example.org"]
    )
    assert {"ann.json", "ann@example.org.json"} <= {record.name for record in records}
    assert sorted(path.name for path in course.iterdir()) == ["certificates", "course.toml", "gradebook"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), unique=True))
def test_different_learners_have_different_file_names_in_any_file_system(learners):
    names = [file_stem(learner) + ".json" for learner in learners]
    assert len({name.lower() for name in names}) == len(learners)
    for name in names:
        assert os.path.basename(name) == name
        assert not name.startswith((".", "-"))
        assert len(name) < 110
        assert name.isascii()


def shown(table, width: int = 200) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_the_table_of_nine_chapters_fits_a_narrow_terminal(cohort):
    decisions = certify(CourseFolder.read(cohort), cohort / "certificates", DAY)
    points = dataclasses.replace(decisions[0].chapters[0], score=Fraction(33, 2))
    decisions = [dataclasses.replace(one, chapters=(points,) * 9) for one in decisions]
    table = shown(decision_table(decisions), width=80)
    assert "…" not in table
    assert table.count(" 16.5") == 9 * len(decisions)


def test_the_table_shows_points_level_and_every_reason(cohort):
    decisions = certify(CourseFolder.read(cohort), cohort / "certificates", DAY)
    names, maxima, _, ann, bob, cy, di = shown(decision_table(decisions)).rstrip().splitlines()[-7:]
    reasons = dict(zip(("ann", "bob", "cy", "di"), map(str, reason_lines(decisions)), strict=True))
    assert "ch01" in names
    assert "/20" in maxima
    assert ann.split()[1] == "20"
    assert "100.00 %" in ann
    assert "Distinction" in ann
    assert "10" in bob.split()
    assert reasons["bob"] == "bob: ch02: 10 of 20 points (50.00 %); 60 % needed."
    assert " 8 ?" in cy
    assert "Pending" in cy
    assert "–" in di
    assert reasons["di"].count("nothing submitted") > 1  # a sentence for each chapter, not for the first only
    assert "; Pass needs" in reasons["di"]


def test_the_table_speaks_chinese(cohort):
    decisions = certify(CourseFolder.read(cohort), cohort / "certificates", DAY)
    text = shown(decision_table(decisions, "zh"))
    assert "总成绩" in text
    said = "".join(map(str, reason_lines(decisions, "zh")))
    assert "等待人工评分" in said and "已满足优秀的全部要求" in said
    assert not re.search("distinction|merit|pass", said)
    assert "未通过" in text


def test_the_table_interprets_nothing_that_a_learner_wrote(course, book):
    book.learner("[bold red]\x1b[2Jann[/]")
    decisions = certify(CourseFolder.read(course), course / "certificates", DAY)
    text = shown(decision_table(decisions)) + "".join(map(str, reason_lines(decisions)))
    assert "[bold red]\N{REPLACEMENT CHARACTER}[2Jann[/]" in text
    assert "\x1b" not in text


def test_an_empty_gradebook_gives_an_empty_table(course):
    assert "learner" in shown(decision_table(certify(CourseFolder.read(course), course / "certificates", DAY)))


def test_a_replaced_file_keeps_its_link_and_a_failed_write_leaves_all_as_it_was(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    replace_files({link: b"new"})
    assert (real.read_text(), link.is_symlink()) == ("new", True)
    with pytest.raises(NotADirectoryError):
        replace_files({real: b"newer", real / "below" / "a file": b"x"})
    assert below(tmp_path) == {"real.txt": b"new", "link.txt": b"new"}


@pytest.mark.parametrize("value", ["9e999", "'a lot'", "-1", "21"])
def test_one_learners_broken_score_stops_nobody_and_decisions_derive_again(cohort, value):
    gradebook, out = cohort / "gradebook" / "gradebook.db", cohort / "certificates"
    certify(CourseFolder.read(cohort), out, DAY)
    before = below(out / "decisions")
    of_bob = (
        "SELECT g.id FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id "
        "JOIN submitted_assignment s ON n.assignment_id = s.id WHERE s.student_id = 'bob'"
    )
    with sqlite3.connect(gradebook) as connection:
        connection.execute(f"UPDATE grade SET auto_score = {value} WHERE id IN ({of_bob})")
    connection.close()
    done = certify_course(CourseFolder.read(cohort), out, DAY)
    assert {decision.learner for decision in done.decisions} == {"ann", "cy", "di"}
    assert [note for note in done.notes if note.startswith("bob is set aside: ")]
    assert below(out / "decisions") == before
    for learner in ("ann", "cy", "di"):
        assert rederive(out / "decisions" / f"{learner}.json", cohort, gradebook).findings == ()
    (finding,) = rederive(out / "decisions" / "bob.json", cohort, gradebook).findings
    assert finding.startswith("bob is set aside: ")
    told: list[str] = []
    page = write_report(CourseFolder.read(cohort), DAY, datetime(2026, 1, 31, tzinfo=UTC), "en", tell=told.append)
    assert page.is_file()
    assert [line for line in told if line.startswith("bob is set aside: ")]
