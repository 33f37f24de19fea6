"""Is the gradebook read as it is, always the same, and left as it was?"""

import hashlib
import json
import os
import shutil
import sqlite3

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograde.certify.decide.grades import Row, Snapshot, Submission
from autograde.certify.decide.snapshot import take_snapshot
from autograde.certify.decide.snapshot_records import GradebookError


def refused(gradebook) -> str:
    with pytest.raises(GradebookError) as caught:
        take_snapshot(gradebook)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_snapshot_holds_every_grade_as_nbgrader_keeps_it(book):
    book.assignment("ch01", {"b": 2, "a": 0.5})
    book.learner("zoe")
    book.submit("ann", "ch01", {"a": 0.30000000000000004}, penalty=0.25, extra=1e-7)
    snapshot, _ = take_snapshot(book.path)
    assert snapshot.learners == ("ann", "zoe")
    assert [(cell.cell, cell.maximum) for cell in snapshot.cells] == [("a", "0.5"), ("b", "2")]
    assert snapshot.submissions == (Submission("ann", "ch01", "2026-01-05T10:00:00Z"),)
    at = "2026-01-05T10:00:00Z"
    assert snapshot.rows == (
        Row("ann", "ch01", "ch01", "a", "0.30000000000000004", None, "0.0000001", "0.5", "0.25", at, False),
        Row("ann", "ch01", "ch01", "b", None, None, None, "2", "0.25", at, True),
    )


def test_task_cells_and_manual_scores_are_in_the_snapshot(book):
    with book.open() as gradebook:
        gradebook.add_assignment("ch01")
        gradebook.add_notebook("nb", "ch01")
        gradebook.add_task_cell("essay", "nb", "ch01", max_score=5, cell_type="markdown")
        gradebook.add_student("ann")
        gradebook.add_submission("ch01", "ann")
        gradebook.find_grade("essay", "nb", "ch01", "ann").manual_score = 4.5
        gradebook.db.commit()
    (row,) = take_snapshot(book.path)[0].rows
    assert (row.cell, row.manual, row.auto, row.maximum, row.timestamp) == ("essay", "4.5", None, "5", "")


def test_the_totals_are_those_of_nbgrader_itself(book):
    book.assignment("ch01", {"a": 2, "b": 3})
    book.submit("ann", "ch01", {"a": 1.5, "b": 2}, penalty=0.5)
    rows = take_snapshot(book.path)[0].rows
    with book.open() as gradebook:
        submission = gradebook.find_submission("ch01", "ann")
        assert sum(float(row.auto) for row in rows) == submission.score
        assert sum(float(row.maximum) for row in rows) == submission.max_score
        assert {float(row.late_penalty) for row in rows} == {submission.late_submission_penalty}


def test_the_hash_is_that_of_canonical_json_and_independent_of_order(book):
    book.assignment("ch01", {"a": 2, "b": 3})
    book.submit("ann", "ch01", {"a": 1, "b": 2})
    book.submit("bob", "ch01", {"a": 2})
    snapshot, _ = take_snapshot(book.path)
    again = Snapshot(
        *(
            tuple(reversed(getattr(snapshot, name)))
            for name in ("learners", "assignments", "cells", "submissions", "rows")
        )
    )
    assert again == snapshot
    assert snapshot.sha256 == again.sha256 == hashlib.sha256(snapshot.json).hexdigest()
    assert json.dumps(json.loads(snapshot.json), sort_keys=True, separators=(",", ":")).encode() == snapshot.json
    assert take_snapshot(f"sqlite:///{book.path}")[0].sha256 == snapshot.sha256


def test_names_and_addresses_are_kept_apart_from_the_grades(book):
    book.learner("ann", first_name="安娜", last_name="O'Neil", email="ann@example.org")
    snapshot, people = take_snapshot(book.path)
    assert (people["ann"].first_name, people["ann"].last_name) == ("安娜", "O'Neil")
    assert people["ann"].email == "ann@example.org"
    assert b"example.org" not in snapshot.json


def test_reading_changes_nothing(book):
    book.assignment("ch01", {"a": 2})
    book.submit("ann", "ch01", {"a": 1})
    before, listing = digest(book.path), sorted(book.path.parent.iterdir())
    take_snapshot(book.path)
    assert digest(book.path) == before
    assert sorted(book.path.parent.iterdir()) == listing


def test_a_path_may_hold_any_characters(book, tmp_path):
    odd = tmp_path / "a ?#%20&é 目录" / "grade?book.db"
    odd.parent.mkdir()
    shutil.copy(book.path, odd)
    assert take_snapshot(odd)[0] == take_snapshot(book.path)[0]


def test_a_missing_gradebook_is_told_and_not_created(tmp_path):
    assert "there is no gradebook at" in refused(tmp_path / "gradebook.db")
    assert "there is no gradebook at" in refused(f"sqlite:///{tmp_path}/gradebook.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_no_name_at_all_is_told(tmp_path):
    assert "is a folder" in refused(tmp_path)
    assert "names no file" in refused("sqlite://")


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path):
    path = tmp_path / "gradebook.db"
    path.write_text("learner,score\n" * 200)
    before = digest(path)
    assert "damaged or no database" in refused(path)
    assert digest(path) == before


def test_an_empty_file_and_a_foreign_database_are_no_gradebooks(tmp_path):
    empty, foreign = tmp_path / "empty.db", tmp_path / "foreign.db"
    empty.touch()
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE grade (x)")
    connection.close()
    for path in (empty, foreign):
        before = digest(path)
        assert "is not an nbgrader gradebook" in refused(path)
        assert digest(path) == before


def test_a_truncated_gradebook_is_damaged(book):
    data = book.path.read_bytes()
    book.path.write_bytes(data[: len(data) // 2])
    assert "damaged" in refused(book.path)


def test_a_gradebook_with_a_torn_page_is_damaged(book):
    book.assignment("ch01", {f"cell-{i}": 1 for i in range(40)})
    data = bytearray(book.path.read_bytes())
    data[8 * 4096 : 20 * 4096] = os.urandom(12 * 4096)
    book.path.write_bytes(data)
    assert "damaged" in refused(book.path)


def test_a_gradebook_of_an_older_nbgrader_is_told_to_upgrade(book):
    with sqlite3.connect(book.path) as connection:
        connection.execute("ALTER TABLE grade RENAME COLUMN extra_credit TO bonus")
    connection.close()
    assert "nbgrader db upgrade" in refused(book.path)


NO_POINTS = ["'a lot'", "9e999", "-9e999", "-1", "x'ff'", "''"]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        *[
            (f"grade SET {name}", value)
            for name in ("auto_score", "manual_score", "extra_credit")
            for value in NO_POINTS
        ],
        *[("submitted_notebook SET late_submission_penalty", value) for value in NO_POINTS],
        ("grade SET auto_score", "2.5"),
        ("grade SET manual_score", "1e308"),
        ("grade SET needs_manual_grade", "'perhaps'"),
        ("submitted_assignment SET timestamp", "'yesterday evening'"),
        ("submitted_assignment SET timestamp", "99999"),
    ],
)
def test_a_record_that_can_be_no_grade_sets_its_learner_aside_and_nobody_else(book, where, value):
    book.assignment("ch01", {"a": 2})
    book.submit("bob", "ch01", {"a": 2})
    alone = take_snapshot(book.path)[0]
    book.submit("ann", "ch01", {"a": 1})
    table, column = where.split(" SET ")
    ids = {
        "grade": "SELECT g.id FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id "
        "JOIN submitted_assignment s ON n.assignment_id = s.id WHERE s.student_id = 'ann'",
        "submitted_notebook": "SELECT n.id FROM submitted_notebook n "
        "JOIN submitted_assignment s ON n.assignment_id = s.id WHERE s.student_id = 'ann'",
        "submitted_assignment": "SELECT id FROM submitted_assignment WHERE student_id = 'ann'",
    }
    change(book.path, f"UPDATE {table} SET {column} = {value} WHERE id IN ({ids[table]})")
    snapshot, people = take_snapshot(book.path)
    assert snapshot == alone
    assert not people["bob"].fault
    fault = people["ann"].fault
    assert fault.startswith("ann is set aside: the gradebook has ")
    assert ("formgrader" in fault) == (column in ("manual_score", "extra_credit"))
    assert ("--student=ann --force" in fault) == (column not in ("manual_score", "extra_credit"))


@pytest.mark.parametrize("value", ["'much'", "9e999", "-1"])
def test_a_maximum_that_is_no_number_is_told_with_its_cell(book, value):
    book.assignment("ch01", {"a": 2})
    change(book.path, f"UPDATE grade_cells SET max_score = {value}")
    assert "as the maximum of the cell ch01/ch01 a" in refused(book.path)


def change(path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        assert connection.execute(statement).rowcount
    connection.close()


def test_a_gradebook_that_is_being_written_is_told(book, monkeypatch):
    monkeypatch.setattr("autograde.patience.SECONDS", 0)
    writer = sqlite3.connect(book.path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    try:
        assert "is being written" in refused(book.path)
    finally:
        writer.close()


def test_a_grading_run_in_between_cannot_tear_the_snapshot(book, monkeypatch):
    """All queries see one state, though a grade is committed between the first and the last of them."""
    book.assignment("ch01", {"a": 2})
    book.submit("ann", "ch01", {"a": 1})
    with sqlite3.connect(book.path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # lets the writer go on while the reader reads
    connection.close()
    real = Gradebook.close
    writer = sqlite3.connect(book.path)
    import autograde.certify.decide.snapshot as module

    people = module._people

    def write_then_read(gradebook):
        writer.execute("INSERT INTO student (id) VALUES ('late-comer')")
        writer.commit()
        return people(gradebook)

    monkeypatch.setattr(module, "_people", write_then_read)
    snapshot, who = take_snapshot(book.path)
    writer.close()
    assert Gradebook.close is real
    assert set(who) == set(snapshot.learners) == {"ann"}


@pytest.mark.parametrize("closed", ["gradebook.db", "."])
def test_an_unreadable_gradebook_is_told(book, closed):
    folder = book.path.parent
    (folder / closed).chmod(0)
    root = os.geteuid() == 0
    if root:  # who may read everything; try as nobody
        os.seteuid(65534)
    try:
        assert "check its permissions" in refused(book.path)
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)


def test_an_address_without_a_driver_or_a_server_is_told_without_its_password(monkeypatch):
    monkeypatch.setattr("autograde.patience.SECONDS", 0.5)
    message = refused("postgresql://teacher:secret@127.0.0.1:1/course")
    assert "secret" not in message
    assert "install" in message or "cannot read" in message
    assert "cannot read" in refused("nosuch://x")
    assert "not a database address" in refused("://x")


def test_postgresql_and_sqlite_give_the_same_hash(book, monkeypatch, postgres_url):
    address = postgres_url
    book.assignment("ch01", {"a": 0.1, "b": 1 / 3})
    book.submit("ann", "ch01", {"a": 0.1, "b": 1 / 3}, penalty=0.05 * 3, timestamp="2026-01-05 10:00:00.25 UTC")
    assert "is not an nbgrader gradebook" in refused(address)
    tables = ("course", "assignment", "notebook", "base_cell", "grade_cells", "student", "submitted_assignment")
    monkeypatch.setenv("PATH", f"{os.path.dirname(shutil.which('python') or '')}:{os.environ['PATH']}")
    Gradebook(address, course_id="").close()
    source, target = create_engine(f"sqlite:///{book.path}"), create_engine(address)
    with source.connect() as old, target.begin() as new:
        from nbgrader.api import Base

        for table in (*tables, "submitted_notebook", "grade"):
            for row in old.execute(Base.metadata.tables[table].select()).mappings():
                new.execute(Base.metadata.tables[table].insert(), [dict(row)])
        assert new.execute(text("SELECT count(*) FROM grade")).scalar() == 2
    source.dispose()
    target.dispose()
    assert take_snapshot(address)[0].json == take_snapshot(book.path)[0].json
