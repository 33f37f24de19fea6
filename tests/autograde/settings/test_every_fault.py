"""Whatever is wrong in course.toml, in any of its sections: one line that names the file and the line."""

from pathlib import Path

import pytest
from mini_course import write

from autograde.errors import CourseError, flatten
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url

WHOLE = """\
id = "mini"
title = { en = "Mini", zh = "小课" }
languages = ["en", "zh"]
publication = ""
house_style = false
db_url = ""

[policy]
id = "p"
version = "1"
assurance = "unproctored"
isolation = ["examiner"]

[policy.arithmetic]
type = "decimal"
round_up_to_pass = false

[policy.validity]
months = 36
renewal = "exam"

[policy.overall]
min = "0.70"
extra_credit = "cap_at_max"

[policy.exam]
assignment = "exam"
min = "0.70"
review_band_sem = "1.0"

[policy.attempts]
chapter = 3
exam = 2
wait_days = 14
counts = "best"

[policy.late]
accept = true
penalty_per_day = "0.05"
max_days = 7

[[chapter]]
assignment = "ch01"
weight = "1"
min = "0.60"
required = true
minutes = 120
due = 2030-01-31T23:59:59+08:00
skills = [{ en = "A", zh = "甲" }]

[[level]]
name = "pass"
overall = "0.70"
exam = "0.70"

[issuer]
name = "Academy"
url = "https://example.org/ai"
did = "did:web:example.org:ai"
key = "gradebook/issuer"
logo = "logo.png"

[issuer.signatory]
name = "Grace"

[issuer.signatory.role]
en = "Director"
zh = "主任"

[grading]
isolation = "shared"
require = []
allow_unconfined = true
memory_mb = 4096
notebook_seconds = 1800
start_seconds = 300
cpu_seconds = 600
processes = 256
open_files = 512
folder_mb = 512
folder_files = 20000
loopback = false
"""
LINES = WHOLE.splitlines()
SECTIONS = [number for number, line in enumerate(LINES) if line.startswith("[")]
VALUES = [number for number, line in enumerate(LINES) if " = " in line]
CAN_BE_LEFT_OUT = {"isolation", "minutes", "due", "needs", "skills", "exam", "role"}


def read(folder: Path, lines: list[str]) -> None:
    """Ask for everything that course.toml says."""
    write(folder / "course.toml", "\n".join(lines) + "\n")
    course = CourseFolder.open(folder)
    assert course.policy and course.grading and course.issuer and course.plans and course.title("en")
    assert course.exchange_id("zh") and course.publication == ""
    assert gradebook_url(course, {}).startswith("sqlite:///")


def fault(folder: Path, lines: list[str], *expected: int) -> str:
    """The fault in these lines; it names one of the `expected` lines, counted from 0."""
    with pytest.raises(CourseError) as caught:
        read(folder, lines)
    (error,) = flatten([caught.value])
    assert len(str(error).splitlines()) == 1
    assert any(str(error).startswith(f"course.toml:{line + 1}: ") for line in expected), error
    return str(error)


def changed(at: int, *new: str) -> list[str]:
    return [*LINES[:at], *new, *LINES[at + 1 :]]


def test_the_whole_file_is_in_order(tmp_path: Path) -> None:
    read(tmp_path, LINES)


@pytest.mark.parametrize("needs", ['["ch03"]', '["ch02"]', '["ch01", "exam"]', "[]", '["ch01", "ch01"]'])
def test_a_chapter_needs_only_chapters_above_it(tmp_path: Path, needs: str) -> None:
    chapter = ["[[chapter]]", 'assignment = "ch02"', 'weight = "1"', 'min = "0.60"', "required = true", "needs = "]
    at = LINES.index("[[level]]")
    read(tmp_path, [*LINES[:at], *chapter[:-1], 'needs = ["ch01"]', *LINES[at:]])
    fault(tmp_path, [*LINES[:at], *chapter[:-1], chapter[-1] + needs, *LINES[at:]], at + 5)


@pytest.mark.parametrize("at", VALUES, ids=lambda at: f"{at}-{LINES[at].split()[0]}")
@pytest.mark.parametrize("value", ["3.5", "[[1]]", "1979-05-27"])
def test_a_value_of_the_wrong_type(at: int, value: str, tmp_path: Path) -> None:
    key = LINES[at].split(" = ")[0]
    fault(tmp_path, changed(at, f"{key} = {value}"), at)


@pytest.mark.parametrize("at", VALUES, ids=lambda at: f"{at}-{LINES[at].split()[0]}")
def test_a_key_that_stands_twice(at: int, tmp_path: Path) -> None:
    assert "not valid TOML" in fault(tmp_path, changed(at, LINES[at], LINES[at]), at + 1)


@pytest.mark.parametrize("at", VALUES, ids=lambda at: f"{at}-{LINES[at].split()[0]}")
def test_a_value_that_is_cut_off(at: int, tmp_path: Path) -> None:
    assert "not valid TOML" in fault(tmp_path, changed(at, LINES[at].split(" = ")[0] + " ="), at)


@pytest.mark.parametrize("at", SECTIONS, ids=lambda at: LINES[at])
def test_an_unknown_key_in_a_section(at: int, tmp_path: Path) -> None:
    assert 'unknown key "colour"' in fault(tmp_path, changed(at, LINES[at], "colour = 1"), at + 1)


@pytest.mark.parametrize("at", [at for at in SECTIONS if not LINES[at].startswith("[[")], ids=lambda at: LINES[at])
def test_an_unknown_section_below_a_section(at: int, tmp_path: Path) -> None:
    section = LINES[at].strip("[]")
    assert 'unknown key "sandbox"' in fault(tmp_path, [*LINES, f"[{section}.sandbox]"], len(LINES))


@pytest.mark.parametrize("at", SECTIONS, ids=lambda at: LINES[at])
def test_a_section_whose_name_is_misspelt(at: int, tmp_path: Path) -> None:
    wrong = LINES[at].replace("]", "x]", 1)
    said = fault(tmp_path, changed(at, wrong), at)
    assert "unknown key" in said


@pytest.mark.parametrize("at", [at for at in SECTIONS if not LINES[at].startswith("[[")], ids=lambda at: LINES[at])
def test_a_section_that_stands_twice(at: int, tmp_path: Path) -> None:
    assert "not valid TOML" in fault(tmp_path, [*LINES, LINES[at]], len(LINES))


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("[policy.arithmetic]", "[policy] lacks arithmetic"),
        ("[policy.overall]", "[policy] lacks overall"),
        ("[[level]]", "there is no [[level]]"),
        ("[[chapter]]", "no [[chapter]]"),
    ],
)
def test_a_section_that_is_missing(section: str, words: str, tmp_path: Path) -> None:
    at = LINES.index(section)
    end = next((later for later in SECTIONS if later > at), len(LINES))
    where = 0 if section.startswith("[[") else LINES.index("[policy]")
    assert words in fault(tmp_path, [*LINES[:at], *LINES[end:]], where)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("months = 36", "months = 0"),
        ("months = 36", "months = 99999"),
        ('min = "0.70"', 'min = "1.01"'),
        ('review_band_sem = "1.0"', 'review_band_sem = "11"'),
        ("chapter = 3", "chapter = 0"),
        ("wait_days = 14", "wait_days = -1"),
        ("max_days = 7", "max_days = 9999"),
        ('assignment = "ch01"', 'assignment = "../ch01"'),
        ('assignment = "ch01"', 'assignment = "exam"'),
        ('weight = "1"', 'weight = "1000001"'),
        ("minutes = 120", "minutes = 0"),
        ('overall = "0.70"', 'overall = "0.60"'),
        ('url = "https://example.org/ai"', 'url = "ftp://example.org"'),
        ('did = "did:web:example.org:ai"', 'did = "did:key:x"'),
        ('name = "Grace"', f'name = "{"G" * 81}"'),
        ('isolation = "shared"', 'isolation = "open"'),
        ("require = []", 'require = ["firewall"]'),
        ("allow_unconfined = true", "allow_unconfined = 1"),
        ("memory_mb = 4096", "memory_mb = 63"),
        ("memory_mb = 4096", "memory_mb = 99999999999999999999"),
        ("notebook_seconds = 1800", "notebook_seconds = -1"),
        ("start_seconds = 300", "start_seconds = 0"),
        ("cpu_seconds = 600", "cpu_seconds = -1"),
        ("processes = 256", "processes = 15"),
        ("open_files = 512", "open_files = 63"),
        ("folder_mb = 512", "folder_mb = 0"),
        ("folder_files = 20000", "folder_files = 0"),
        ('db_url = ""', 'db_url = "gradebook.db"'),
        ('db_url = ""', 'db_url = "postgresql://a:secret@host/db"'),
        ('languages = ["en", "zh"]', 'languages = ["en", "en"]'),
        ('languages = ["en", "zh"]', 'languages = ["en", "fr"]'),
        ('title = { en = "Mini", zh = "小课" }', 'title = { en = "Mini" }'),
    ],
)
def test_a_value_out_of_range(old: str, new: str, tmp_path: Path) -> None:
    at = LINES.index(old)
    assert "secret" not in fault(tmp_path, changed(at, new), at)


@pytest.mark.parametrize("section", ["chapter", "level"])
def test_a_chapter_or_a_level_that_stands_twice(section: str, tmp_path: Path) -> None:
    at = LINES.index(f"[[{section}]]")
    end = next(later for later in SECTIONS if later > at)
    table = [line for line in LINES[at:end] if not line.startswith("skills")]
    said = fault(tmp_path, [*LINES, *table], len(LINES) + 1)
    assert "once" in said


@pytest.mark.parametrize("text", ["[grading", "=", "[[grading]]\n[[grading]]", "grading = 3\n", 'x = "\n', "\x00"])
def test_a_file_that_is_no_toml_or_no_table(text: str, tmp_path: Path) -> None:
    write(tmp_path / "course.toml", f"\n\n{text}")
    with pytest.raises(CourseError, match=r"^course\.toml:3: [^\n]*$"):
        assert CourseFolder.read(tmp_path).grading
