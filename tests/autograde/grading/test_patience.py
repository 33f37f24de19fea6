"""Is a gradebook that another program holds waited for, and is a long wait one line that loses nothing?"""

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mini_course import COMMAND, Course
from sqlalchemy.exc import OperationalError
from test_batch import hand_in
from test_timestamp import submit

from autograde.errors import CourseError
from autograde.patience import passes, patiently


def run_while_held(base: Path, *words: str) -> str:
    """Run a command on a gradebook that another program holds until the command says that it waits; what it said."""
    program = (
        "import sqlite3, sys\n"
        "base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "base.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(base)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with subprocess.Popen([*COMMAND, *words], cwd=base.parent, stderr=subprocess.PIPE, text=True) as run:
            assert run.stderr is not None
            said = run.stderr.readline()
            holder.kill()
            said += run.stderr.read()
    assert run.returncode == 0, said
    return said


@pytest.mark.slow
def test_a_gradebook_that_is_held_is_waited_for(built: Path) -> None:
    submit(built, "ada", b"2026-01-05 11:00:00 UTC")
    base = built / "gradebook" / "gradebook.db"
    for words in (("grade", "ch91"), ("feedback", "ch91"), ("certify",), ("report",)):
        said = run_while_held(base, *words)
        assert said.startswith("waiting for the gradebook "), (words, said)
        assert "locked" in said.splitlines()[0]
        assert "Traceback" not in said
    with sqlite3.connect(base) as connection:
        assert connection.execute("SELECT count(*) FROM submitted_assignment").fetchall() == [(1,)]
    assert (built / "gradebook" / "feedback" / "ada" / "ch91" / "ch91.html").is_file()


def test_who_waits_in_vain_gets_one_line_and_what_was_left_is_rolled_back() -> None:
    tries = []

    def locked() -> None:
        tries.append("try")
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    started = time.monotonic()
    with pytest.raises(CourseError, match=r"the gradebook here does not answer .*; nothing is lost") as caught:
        patiently(locked, "here", again=lambda: tries.append("again"), seconds=0.5)
    assert time.monotonic() - started < 5
    assert len(str(caught.value).splitlines()) == 1
    assert tries == ["try", "again"] * (len(tries) // 2)
    assert len(tries) > 2


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        ("database is locked", True),
        ('connection to server at "127.0.0.1", port 5432 failed: Connection refused', True),
        ("FATAL:  the database system is starting up", True),
        ("server closed the connection unexpectedly", True),
        ('FATAL:  password authentication failed for user "x"', False),
        ('could not translate host name "nowhere" to address', False),
        ("no such table: grade", False),
    ],
)
def test_only_what_passes_is_waited_for(said: str, helps: bool) -> None:
    assert passes(OperationalError("SELECT", {}, Exception(said))) is helps


def test_a_relative_address_is_the_courses_own_wherever_the_command_runs(built: Path, course: Course) -> None:
    hand_in(built, "ada")
    config = built / "nbgrader_config.py"
    more = 'c.CourseDirectory.db_url = "sqlite:///gradebook/gradebook.db"\n'
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    for words in (("grade", "ch91", "--json", str(built / "out.json")), ("feedback", "ch91")):
        run = course(*words, "--course-dir", str(built), cwd=built.parent)
        assert run.returncode == 0, run.stderr
    assert [row["score"] for row in json.loads((built / "out.json").read_text())] == [2.0]
    run = course("feedback", "ch91", cwd=built / "gradebook")  # from a folder below
    assert run.returncode == 0, run.stderr
