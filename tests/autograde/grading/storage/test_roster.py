"""A roster gives learners their names: whatever a spreadsheet made of the file, all lines or none, nobody mixed up."""

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograde.errors import CourseError
from autograde.grading.storage.roster import Learner, import_roster, read_roster
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url
from tests.mini_course import Course, files

ADA = Learner("ada", "Ada", "Byron", "ada@example.org")
WEI = Learner("007", "伟", "张", "")


@pytest.mark.parametrize(
    "data",
    [
        "id,first_name,last_name,email\nada,Ada,Byron,ada@example.org\n007,伟,张,\n".encode(),
        "\ufeffID;First Name;Last Name;E-mail\r\nada;Ada;Byron;ada@example.org\r\n\r\n007;伟;张;\r\n".encode(),
        "email\tsurname\tfirst\tstudent-id\nada@example.org\tByron\tAda\tada\n\t张\t伟\t007\n".encode("utf-16"),
        'section,id,"first_name",last_name,email\n"1, B","ada", Ada ,"Byron","ada@example.org"\n2,007,伟,张\n'.encode(),
    ],
)
def test_what_spreadsheets_make_of_a_roster_reads_the_same(data: bytes) -> None:
    assert read_roster(data, "roster.csv") == [ADA, WEI]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "roster.csv is empty"),
        (b"name,mail\nada,x\n", "the first line must name the columns"),
        (b"id\nada\n", "the first line must name the columns"),
        (b"id,first_name\n", "headings and no learner"),
        (b"id,student_id,email\nada,b,c@d\n", "two columns mean id: 'id' and 'student_id'"),
        (b"id,last_name\n,Byron\nada,Byron\n", "line 2: no id; nothing was imported"),
        (b"id,last_name\nada,Byron\nAda,Byron\n", "line 3: the id Ada stands on line 2 too"),
        ("id,last_name\njos\u00e9,B\njose\u0301,B\n".encode(), "line 3: the id jos\u00e9 stands on line 2 too"),
        (
            b"id,last_name\n../ada,Byron\na/b,C\n",
            "line 2: the id ../ada cannot name a folder; line 3: the id a/b cannot",
        ),
        (b'id,last_name\nada,"By\nron"\n', "line 3: last_name holds line feeds"),
        (b"id,email\nada,nowhere\n", "line 2: nowhere is not an e-mail address"),
        (b'id,last_name\nada,"Byron\n', "save it as CSV again"),
        ("id,last_name\nada,Müller\n".encode("latin-1"), 'roster.csv is not UTF-8 (byte 18); save it as "CSV UTF-8"'),
    ],
)
def test_a_roster_that_is_off_is_refused_with_its_lines(data: bytes, message: str) -> None:
    with pytest.raises(CourseError) as caught:
        read_roster(data, "roster.csv")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def root(built: Path) -> Path:
    with Gradebook(gradebook_url(CourseFolder.of(built), {})) as gradebook:
        gradebook.add_student("ada", last_name="King", email="ada@example.org")
        gradebook.add_student("zoe", first_name="Zoe")
    return built


def people(root: Path) -> dict[str, tuple[str | None, str | None, str | None]]:
    with Gradebook(gradebook_url(CourseFolder.of(root), {})) as gradebook:
        return {student.id: (student.first_name, student.last_name, student.email) for student in gradebook.students}


def test_names_reach_the_gradebook_and_an_empty_field_keeps_what_is_there(root: Path) -> None:
    changes = import_roster(CourseFolder.of(root), [Learner("ada", "Ada", "Byron"), WEI])
    assert (changes.added, changes.changed, changes.unchanged, changes.absent) == (("007",), ("ada",), (), ("zoe",))
    assert people(root) == {
        "007": ("伟", "张", None),
        "ada": ("Ada", "Byron", "ada@example.org"),
        "zoe": ("Zoe", None, None),
    }
    assert import_roster(CourseFolder.of(root), [ADA, WEI]).unchanged == ("ada", "007")


def test_a_dry_run_and_a_refused_roster_change_nothing(root: Path, course: Course) -> None:
    roster = root / "roster.csv"
    roster.write_text("id,first_name,last_name\nada,Ada,Byron\nben,Ben,Wu\n", encoding="utf-8")
    before = people(root), files(root)
    said = course("roster", "import", "roster.csv", "--dry-run", cwd=root)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == (
        "1 would be added, 1 would be changed, 0 as they were\nin the gradebook and not in the file, left alone: zoe\n"
    )
    roster.write_text("id,first_name,last_name\nada,Ada,Byron\n,Ben,Wu\n", encoding="utf-8")
    said = course("roster", "import", "roster.csv", cwd=root)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "course: roster.csv: line 3: no id; nothing was imported\n"
    assert people(root) == before[0]
    assert course("roster", "import", "nowhere.csv", cwd=root).returncode == 2


def test_the_command_says_what_it_did(root: Path, course: Course) -> None:
    (root / "roster.csv").write_text("id;first_name;last_name\nada;Ada;Byron\n", encoding="utf-8")
    said = course("roster", "import", "roster.csv", cwd=root)
    assert said.stdout.startswith("0 added, 1 changed, 0 as they were\n")
    assert people(root)["ada"] == ("Ada", "Byron", "ada@example.org")
