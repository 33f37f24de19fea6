"""A gradebook in PostgreSQL: the engine leaves the rows there that stock nbgrader leaves in SQLite."""

import shutil
from pathlib import Path

import foreign_course
import pytest
from mini_course import Course
from postgres import postgres_server, postgres_url, why_not  # noqa: F401 - fixtures

pytestmark = [pytest.mark.thorough, pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not())]


def test_grading_into_postgresql_gives_the_rows_of_stock_in_sqlite(
    tmp_path: Path,
    postgres_url: str,  # noqa: F811
    course: Course,
) -> None:
    stock = foreign_course.build(tmp_path / "stock")
    engine = foreign_course.build(tmp_path / "engine", f"c.CourseDirectory.db_url = {postgres_url!r}")
    for root in (stock, engine):
        for kind in ("honest", "partial", "empty", "one"):
            foreign_course.submit(root, kind, kind)
        foreign_course.submit(root, "late", "honest", foreign_course.STAMPS["late"])
    foreign_course.nbgrader(stock, "autograde", "ps1")
    run = course("grade", "ps1", "--course-dir", str(engine), "--jobs", "8", timeout=600)
    assert run.returncode == 0, run.stderr
    expected, found = foreign_course.rows(stock / "gradebook.db"), foreign_course.rows(postgres_url)
    for kind in expected:
        assert _plain(found[kind]) == _plain(expected[kind]), kind
    assert not (engine / "gradebook.db").exists()


def test_this_course_uses_the_address_in_the_environment(
    built: Path,
    postgres_url: str,  # noqa: F811
    course: Course,
) -> None:
    from test_batch import hand_in

    hand_in(built, "ada")
    shutil.move(built / "gradebook" / "gradebook.db", built / "gradebook" / "aside.db")
    assert course("build", cwd=built, COURSE_DB_URL=postgres_url).returncode == 0
    run = course("grade", "ch91", cwd=built, COURSE_DB_URL=postgres_url)
    assert run.returncode == 0, run.stderr
    assert any('"ada"' in row and "2.0" in row for row in foreign_course.rows(postgres_url)["grade"])
    assert not (built / "gradebook" / "gradebook.db").exists()


def _plain(rows: list[str]) -> list[str]:
    """SQLite keeps booleans as numbers and times with microseconds."""
    return sorted(row.replace("true", "1").replace("false", "0").replace(".000000", "") for row in rows)
