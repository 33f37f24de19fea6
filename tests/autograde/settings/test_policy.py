"""Does course.toml say what it means, and does every fault name its line?"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_text import CHAPTER, POLICY

from autograde.errors import CourseError, SeveralErrors
from autograde.settings.course_folder import CourseFolder
from autograde.settings.policy import Late, Level, policy_from_json
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import SettingsError, read_tables

MINIMAL = f"""\
{POLICY}exam = {{ assignment = "exam", min = "0.70", review_band_sem = "1.0" }}
{CHAPTER}[[level]]
name = "pass"
overall = "0.70"
exam = "0.70"
[[level]]
name = "merit"
overall = "0.80"
exam = "0.75"
"""


def many_skills() -> str:
    return ", ".join(f'{{ en = "s{number}", zh = "s{number}" }}' for number in range(25))


def fault(text: str, *arguments) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        parse_policy(read_tables(text), *arguments)
    message = str(caught.value)
    assert message == f"course.toml:{caught.value.line}: {caught.value.message}"
    assert len(message.splitlines()) == 1
    return caught.value


def test_a_course_of_four_chapters_has_a_valid_policy(course_toml):
    policy = parse_policy(read_tables(course_toml), ["ch01", "ch02", "ch03", "ch04"])
    assert policy.id == "ai-practitioner-foundations"
    assert policy.assignments == ("ch01", "ch02", "ch03", "ch04")
    assert [(level.name, level.overall) for level in policy.levels] == [
        ("pass", Decimal("0.70")),
        ("merit", Decimal("0.80")),
        ("distinction", Decimal("0.90")),
    ]
    assert policy.exam is None
    assert policy.late == Late(accept=True, penalty_per_day=Decimal("0.05"), max_days=7)
    assert all(chapter.required and chapter.min == Decimal("0.60") for chapter in policy.chapters)


def test_the_course_of_this_repository_has_a_valid_policy():
    text = (Path(__file__).parents[3] / "course.toml").read_text(encoding="utf-8")
    policy = parse_policy(read_tables(text))
    assert policy.id == "ai-practitioner-foundations"
    assert [chapter.assignment for chapter in policy.chapters if chapter.required] == ["ch01", "ch02", "ch03", "ch04"]
    assert policy.assignments[:4] == ("ch01", "ch02", "ch03", "ch04")
    assert all(chapter.min == Decimal("0.60") for chapter in policy.chapters)


def test_the_exam_in_the_comment_of_course_toml_can_be_uncommented(course_toml):
    policy = parse_policy(read_tables(course_toml.replace("# exam = {", "exam = {")))
    assert policy.exam is not None
    assert policy.assignments[-1] == "exam"


def test_what_is_optional_may_be_left_out():
    policy = parse_policy(read_tables(MINIMAL))
    assert (policy.late, policy.attempts, policy.validity) == (None, None, None)
    assert policy.levels[1] == Level("merit", Decimal("0.80"), Decimal("0.75"))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('version = "1"', 'version = "1"\nfoo = 1', 4, 'unknown key "foo" in [policy]; known keys are id, version'),
        ("[policy]", "colour = 1\n[policy]", 1, 'unknown key "colour" in the top level; known keys are title'),
        ("round_up_to_pass", "round_up", 5, 'unknown key "round_up" in [policy] arithmetic'),
        ("round_up_to_pass = false", "round_up_to_pass = true", 5, "nothing is rounded up"),
        ('"decimal"', '"float"', 5, 'is "float"; write "decimal"'),
        ('min = "0.60"', "min = 0.60", 11, 'put it in quotes, min = "0.60"'),
        ('weight = "1"', "weight = 1", 10, 'put it in quotes, weight = "1"'),
        ('min = "0.60"', "min = nan", 11, "put it in quotes"),
        ('min = "0.60"', 'min = "0,60"', 11, "is not a decimal"),
        ('min = "0.60"', 'min = "٠.٦"', 11, "is not a decimal"),
        ('min = "0.60"', 'min = "NaN"', 11, "is not a decimal"),
        ('min = "0.60"', 'min = "6e-1"', 11, "is not a decimal"),
        ('min = "0.60"', 'min = "-0.1"', 11, "is not a decimal"),
        ('min = "0.60"', 'min = "1.01"', 11, "between 0 and 1"),
        ('min = "0.60"', 'min = ["0.6"]', 11, "wrong type"),
        ('min = "0.60"\n', "", 8, "[[chapter]] lacks min"),
        ('min = "0.70", extra', 'min = "1.5", extra', 6, "between 0 and 1"),
        ("cap_at_max", "count", 6, 'write "cap_at_max"'),
        ("required = true", 'required = "yes"', 12, "write required = true or required = false"),
        ("required = true", "required = 1", 12, "write required = true or required = false"),
        ('weight = "1"', 'weight = "0"', 10, "every weight is 0"),
        ('assignment = "ch01"', 'assignment = ""', 9, "not empty"),
        ('assignment = "ch01"', 'assignment = "exam"', 9, '"exam" is the exam already'),
        ("[[level]]\nname = \"pass\"", '[[chapter]]\nassignment = "ch01"\n[[level]]\nname = "pass"', 14, "once"),
        ("[[level]]", "[[levels]]", 13, 'unknown key "levels"'),
        ('name = "merit"', 'name = "pass"', 18, "stands twice"),
        ('name = "merit"', 'name = "pending"', 18, "that is an outcome"),
        ('overall = "0.80"', 'overall = "0.70"', 19, "levels ascend"),
        ('overall = "0.80"', 'overall = "1.80"', 19, "between 0 and 1"),
        ('overall = "0.70"\n', 'overall = "0.65"\n', 15, "overall is below 0.70"),
        ('exam = "0.75"', 'exam = "0.65"', 20, "exam is below 0.70"),
        ('exam = "0.70"\n[[', 'exam = "0.90"\n[[', 20, "levels ascend"),
        ('exam = { assignment = "exam", min = "0.70", review_band_sem = "1.0" }', "", 16, "there is no exam"),
        ('[policy]\nid = "p"', 'title = { en = "A" }\n[policy]\nid = "p"', 1, "title lacks zh"),
        ("[policy]", 'languages = ["en", "fr"]\n[policy]', 1, 'a list out of "en" and "zh"'),
        ("[policy]", "languages = []\n[policy]", 1, 'a list out of "en" and "zh"'),
        ("[policy]", "publication = 3\n[policy]", 1, "publication has the wrong type"),
        ('id = "p"', 'id = "p', 2, "not valid TOML"),
        ('id = "p"', 'id = "p"\nid = "q"', 3, "not valid TOML"),
        ('version = "1"', "version = [", 4, "not valid TOML"),
        ("[[chapter]]", "[chapter]", 8, "begin each with [[chapter]]"),
        ("required = true", 'required = true\nskills = "x"', 13, "write skills = [{ en ="),
        ("required = true", "required = true\nskills = []", 13, "write skills = [{ en ="),
        ("required = true", 'required = true\nskills = [{ en = "A" }]', 13, "[[chapter]] skills lacks zh"),
        ("required = true", 'required = true\nskills = [{ en = "A", zh = "A·B" }]', 13, '"A·B" is not a skill'),
        ("required = true", 'required = true\nskills = [{ en = "A  B", zh = "A" }]', 13, "single spaces"),
        ("required = true", f'required = true\nskills = [{{ en = "{"A" * 49}", zh = "A" }}]', 13, "at most 48"),
        ("required = true", 'required = true\nskills = [{ en = "A", zh = "A", fr = "A" }]', 13, 'unknown key "fr"'),
        (
            "required = true",
            'required = true\nskills = [{ en = "A", zh = "B" },\n{ en = "C", zh = "B" }]', 14, '"C" stands twice'
        ),
        ("required = true", f"required = true\nskills = [{many_skills()}]", 13, "more than 24 skills"),
        pytest.param("[[chapter]]", "x = " + "[" * 5000 + "\n[[chapter]]", 8, "nested too deeply", id="deep"),
        pytest.param("[[chapter]]", "x = " + "9" * 5000 + "\n[[chapter]]", 8, "not valid TOML", id="long"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_what_to_write(old, new, line, words):
    assert MINIMAL.count(old) >= 1
    error = fault(MINIMAL.replace(old, new, 1))
    assert words in error.message
    assert error.line == line


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_windows_line_ends_do_not_shift_the_lines(line_end):
    assert fault(MINIMAL.replace('min = "0.60"', "min = 0.60").replace("\n", line_end)).line == 11


def test_faults_in_late_and_attempts_are_found_on_their_lines(course_toml):
    numbered = course_toml.splitlines()
    for old, new in [
        ("max_days = 7", "max_days = -1"),
        ("max_days = 7", 'max_days = "7"'),
        ("accept = true", "accept = 1"),
        ('penalty_per_day = "0.05"', "penalty_per_day = 0.05"),
        ('counts = "best"', 'counts = "worst"'),
        ("wait_days = 14", "wait_days = true"),
        ("months = 36", "months = 0"),
        ('renewal = "exam"', 'renewal = "never"'),
    ]:
        line = next(i for i, text in enumerate(numbered, 1) if old in text and not text.startswith("#"))
        assert fault(course_toml.replace(old, new)).line == line


def test_a_chapter_that_does_not_exist_is_an_error_but_the_exam_may_be_to_come():
    parse_policy(read_tables(MINIMAL), {"ch01"})
    error = fault(MINIMAL, {"ch02", "exam"})
    assert (error.line, '"ch01"' in error.message, '"ch02"' in error.message) == (9, True, True)


def test_an_empty_file_says_what_is_missing():
    assert fault("").message == "the top level lacks policy; add a table, [policy]"


def test_the_hash_follows_the_rules_and_nothing_else(course_toml):
    original = parse_policy(read_tables(course_toml)).sha256
    same = course_toml.replace("AI Practitioner", "Other").replace('"0.70"', '"0.7"').replace("# ", "#   ")
    assert parse_policy(read_tables(same)).sha256 == original
    for old, new in [('"0.60"', '"0.61"'), ("required = true", "required = false"), ("max_days = 7", "max_days = 8")]:
        assert parse_policy(read_tables(course_toml.replace(old, new, 1))).sha256 != original


def test_a_policy_without_skills_keeps_the_hash_that_it_had_before_there_were_any(course_toml):
    bare = parse_policy(read_tables(re.sub(r"skills = \[.*?\n\]\n", "", course_toml, flags=re.DOTALL)))
    assert bare.skills == ()
    assert b"skills" not in bare.json
    for policy in (bare, parse_policy(read_tables(course_toml))):
        assert policy_from_json(policy.json) == policy


@given(st.data())
def test_whatever_is_done_to_the_file_the_answer_is_a_policy_or_one_line(data):
    at = data.draw(st.integers(0, len(MINIMAL)))
    cut = data.draw(st.integers(0, 30))
    text = MINIMAL[:at] + data.draw(st.text(max_size=8)) + MINIMAL[at + cut :]
    try:
        assert len(parse_policy(read_tables(text)).sha256) == 64
    except SettingsError as error:
        message, line = str(error), error.line
    else:
        return
    assert re.match(r"course\.toml:\d+: ", message)
    assert len(message.splitlines()) == 1
    assert 1 <= line <= text.count("\n") + 1


def test_the_file_may_begin_with_a_byte_order_mark_and_must_be_utf8(tmp_path):
    path = tmp_path / "course.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.encode())
    assert CourseFolder.read(tmp_path).policy.id == "p"
    path.write_bytes(MINIMAL.encode().replace(b'"merit"', b'"m\xe9rite"'))
    with pytest.raises(SettingsError, match=r"^course\.toml:18: this is not UTF-8"):
        CourseFolder.read(tmp_path)


def test_a_missing_or_unreadable_file_is_one_line(tmp_path):
    with pytest.raises(CourseError, match=r"there is no .*course\.toml"):
        CourseFolder.read(tmp_path)
    (tmp_path / "course.toml").mkdir()
    with pytest.raises(CourseError, match=r"cannot read"):
        CourseFolder.read(tmp_path)


def test_each_chapter_that_is_malformed_is_named_in_one_run():
    text = MINIMAL.replace(
        "[[level]]",
        '[[chapter]]\nassignment = "ch02"\nweight = 1\nmin = "0.60"\nrequired = true\n[[chapter]]\nassignment = "exam"\n[[level]]',
        1,
    )
    with pytest.raises(SeveralErrors) as caught:
        parse_policy(read_tables(text))
    assert [error.line for error in caught.value.errors] == [15, 19]


PLAN = "minutes = 90\ndue = 2030-01-31T23:59:59+08:00\n"


def test_what_learners_are_told_of_a_chapter_is_no_part_of_the_policy() -> None:
    told = MINIMAL.replace("required = true\n", f"required = true\n{PLAN}")
    assert parse_policy(read_tables(told)).sha256 == parse_policy(read_tables(MINIMAL)).sha256


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('minutes = "90"', "write minutes = 1, a whole number"),
        ("minutes = 0", "between 1 and"),
        ('due = "31 January"', "write due = 2030-01-31T23:59:59+08:00, without quotes"),
        ("due = 2030-01-31", "write due = 2030-01-31T23:59:59+08:00"),
        ("due = 2030-01-31T23:59:59", "lacks its offset from UTC"),
        ('needs = "ch01"', 'write needs = ["…"]'),
    ],
)
def test_a_fault_in_it_names_its_line(line: str, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)) as fault:
        parse_policy(read_tables(MINIMAL.replace("required = true\n", f"required = true\n{line}\n")))
    assert fault.value.line == 13
