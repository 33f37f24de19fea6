"""course.toml is found, read and doubted; nbgrader's folders are made."""

import stat
from pathlib import Path

import pytest
from mini_course import SQUARE, write, write_course

from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url
from autograde.settings.places import make_folders


def test_the_course_is_found_from_any_folder_in_it(mini: Path) -> None:
    assert CourseFolder.find(mini / "notebooks") == CourseFolder.find(mini) == CourseFolder.open(mini)
    assert CourseFolder.find(mini).root == mini.resolve()
    assert CourseFolder.find(mini).assignments == ("ch91",)
    assert CourseFolder.find(mini).languages == ("en", "zh")


def test_outside_of_a_course_the_error_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no course\.toml in .* or above it; run the command in the course's folder"):
        CourseFolder.find(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("languages = [", "not valid TOML"),
        ('languages = "en"', "languages must be a list"),
        ("languages = []", "languages must be a list"),
        ('languages = ["fr"]', "languages must be a list"),
        ('languages = ["en", "en"]', "languages must be a list"),
        ('languages = [["en"]]', "languages must be a list"),
        ("", "no chapter"),
        ("chapter = []", "no chapter"),
        ("chapter = 3", "needs assignment"),
        ('chapter = "ch01"', "needs assignment"),
        ('[[chapter]]\nname = "ch01"', "needs assignment"),
        ('[[chapter]]\nassignment = "/etc"', "'/etc' is not a name"),
        ('[[chapter]]\nassignment = "../ch01"', "is not a name"),
        ('[[chapter]]\nassignment = "ch01"\n[[chapter]]\nassignment = "ch01"', "'ch01' stands twice"),
    ],
)
def test_a_malformed_course_toml_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path / "course.toml", text)
    with pytest.raises(CourseError, match=r"^course\.toml:\d+: ") as caught:
        CourseFolder.open(tmp_path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_course_toml_in_another_encoding_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_bytes('id = "中"'.encode("gb18030"))
    with pytest.raises(CourseError, match=r"^course\.toml:1: "):
        CourseFolder.open(tmp_path)


def test_nbgraders_folders_are_made_once_and_the_exchange_is_open_to_all(tmp_path: Path) -> None:
    root = write_course(tmp_path / "mini", ch91=SQUARE)
    make_folders(root)
    assert stat.S_IMODE((root / "exchange").stat().st_mode) == 0o1777
    assert (root / "gradebook").is_dir()
    (root / "exchange").chmod(0o700)
    make_folders(root)
    assert stat.S_IMODE((root / "exchange").stat().st_mode) == 0o700


def test_the_gradebook_is_a_file_of_the_course_unless_told_otherwise(tmp_path: Path) -> None:
    default = f"sqlite:///{tmp_path.resolve().as_posix()}/gradebook/gradebook.db"
    assert gradebook_url(CourseFolder.of(tmp_path), {}) == default  # a foreign course has no course.toml
    write(tmp_path / "course.toml", 'db_url = ""')
    assert gradebook_url(CourseFolder.of(tmp_path), {"COURSE_DB_URL": " "}) == default


def test_the_environment_comes_before_course_toml(tmp_path: Path) -> None:
    write(tmp_path / "course.toml", 'db_url = "postgresql+psycopg://teacher@db/course"')
    assert gradebook_url(CourseFolder.of(tmp_path), {}) == "postgresql+psycopg://teacher@db/course"
    secret = "postgresql+psycopg://teacher:secret@db/course"
    assert gradebook_url(CourseFolder.of(tmp_path), {"COURSE_DB_URL": secret}) == secret


def test_a_relative_database_file_lies_below_the_course_wherever_the_command_runs(tmp_path: Path) -> None:
    root = tmp_path.resolve().as_posix()
    assert gradebook_url(CourseFolder.of(tmp_path), {"COURSE_DB_URL": "sqlite:///x/y.db"}) == f"sqlite:///{root}/x/y.db"
    assert gradebook_url(CourseFolder.of(tmp_path), {"COURSE_DB_URL": "sqlite:////x/y.db"}) == "sqlite:////x/y.db"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://teacher:secret@db/course",
        "postgresql://teacher:@db/course",
        "postgresql://db/course?user=teacher&password=secret",
        "postgresql://teacher:sec[ret@db/course",
    ],
)
def test_a_password_in_course_toml_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    write(tmp_path / "course.toml", f'db_url = "{url}"')
    with pytest.raises(CourseError, match="set the environment variable COURSE_DB_URL instead") as caught:
        gradebook_url(CourseFolder.of(tmp_path), {})
    assert "sec" not in str(caught.value)


@pytest.mark.parametrize("text", ["db_url = 3", 'db_url = "gradebook.db"', "db_url ="])
def test_an_address_that_is_none_is_one_line(tmp_path: Path, text: str) -> None:
    write(tmp_path / "course.toml", text)
    with pytest.raises(CourseError, match=r"^course\.toml:1: ") as caught:
        gradebook_url(CourseFolder.of(tmp_path), {})
    assert "\n" not in str(caught.value)
