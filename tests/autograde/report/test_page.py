"""Does a gradebook become a page that an instructor can trust, whatever learners write?"""

import json
import re
import shutil
import string
from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pytest

from autograde.certify.decide.grades import Cell
from autograde.certify.decide.snapshot_records import GradebookError
from autograde.errors import CourseError
from autograde.report import words
from autograde.report.cohort import histogram
from autograde.report.command import write_report
from autograde.report.html import clean
from autograde.report.order import sorting_key
from autograde.report.words import Words
from autograde.settings.course_folder import CourseFolder

CHAPTERS = ("ch01", "ch02", "ch03", "ch04")
EVIL = "<script>document.title='owned'</script><img src=x onerror=alert(1)>\"'&\u202e\x07"
DAY, NOW = date(2026, 3, 10), datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


class Page(HTMLParser):
    """Tags, ids, references and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("src", "href", "action", "srcset"):
                self.references.append(value)
            elif name.startswith("on") or name == "style":
                self.handlers.append(name)

    def handle_data(self, data) -> None:
        self.words += data


def entry(student: str, assignment: str, status: str, text: str) -> str:
    hashes = dict.fromkeys(("submission", "release", "tests"), "0" * 64)
    reasons = [{"code": "cell-deleted", "en": text, "zh": text}] if status != "graded" else []
    record = {"assignment": assignment, "student": student, "status": status, "score": 20.0, "maximum": 20.0}
    record |= {"late_penalty": 0.0, "reasons": reasons, "submitted_at": "2026-01-05T10:00:00Z", "seconds": 0.25}
    record |= {"graded_at": "2026-01-06T10:00:00Z", "cpu_seconds": 0.2, "isolation": "examiner", "engine": "x 1"}
    return json.dumps(record | {"hashes": hashes, "notebooks": []}) + "\n"


@pytest.fixture
def course(tmp_path, book, course_toml):
    """Five learners, one of them called like an attack; repairs and a review in the log."""
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
    book.learner("evil", first_name=EVIL, last_name="陈晓明")
    for chapter in CHAPTERS:
        book.submit("ann", chapter, {"easy": 8, "hard": 12})
        book.submit("bob", chapter, {"easy": 8, "hard": 6}, penalty=1)
        book.submit("evil", chapter, {"easy": 8, "hard": 12} if chapter != "ch04" else {"easy": 8})
    book.learner("di")
    log = entry("ann", "ch01", "repaired", EVIL) + entry("evil", "ch02", "review", EVIL)
    with (tmp_path / "gradebook" / "grading-log.jsonl").open("a", encoding="utf-8") as file:
        file.write(log)
    return tmp_path


def page_of(root, language="en") -> str:
    return write_report(CourseFolder.read(root), DAY, NOW, language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_learners_write_is_text_and_nothing_else(course, language):
    text = page_of(course, language)
    page = Page(text)
    assert page.tags["script"] == 1  # the page's own
    assert page.tags["img"] == page.tags["link"] == page.tags["iframe"] == 0
    assert page.handlers == []
    assert "owned" in page.words
    assert "\u202e" not in text
    assert "\x07" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_needs_nothing_from_elsewhere_and_its_ids_are_unique(course, language):
    text = page_of(course, language)
    page = Page(text)
    assert all(reference.startswith("#") and reference[1:] in page.ids for reference in page.references)
    assert len(page.ids) == len(set(page.ids))
    assert "default-src &#39;none&#39;" in text
    assert not re.search(r"https?://|url\(|@import", text)
    svg = re.findall(r'<svg class="plot" role="img".*?</svg>', text, re.S)
    assert len(svg) >= 8
    assert all("<title id=" in found and "<desc id=" in found for found in svg)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_that_promise_too_much_appear_nowhere(course, language):
    text = page_of(course, language).lower()
    for word in ("conformity", "accredited", "符合性", "认可机构"):
        assert word not in text


def test_with_few_learners_statistics_are_withheld_and_the_page_says_why(course):
    words_en, words_zh = Page(page_of(course)).words, Page(page_of(course, "zh")).words
    assert (
        "ch01 (3 learners), ch02 (3 learners), ch03 (3 learners), ch04 (2 learners): with so few learners" in words_en
    )
    assert "How well an item tells learners apart needs 30 learners." in words_en
    assert "至少 30 人才能判断" in words_zh
    assert re.search(r"easy\s*8\s*3 of 3\s*1.00", words_en)
    assert re.search(r"hard\s*12\s*2 of 3\s*0.83", words_en)
    shown = words_en.split("How the numbers are made")[1]  # the navigation comes first, then all but the last section
    for statistic in ("Cronbach", "Item–total", "SEM, points", " sd "):
        assert statistic not in shown


def test_twelve_learners_have_an_item_analysis_that_says_what_twelve_allow(tmp_path, book, course_toml):
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
    for i in range(12):
        book.submit(f"l{i}", "ch01", {"easy": 8, "hard": 12 if i < 5 else 0})
    text = Page(page_of(tmp_path)).words
    assert "ch01 (12 learners): with so few learners the table says how many solved each item" in text
    assert "with 12, chance alone gives correlations up to ±0.6" in text
    assert re.search(r"12 learners · hardest: hard, 41 %", text)
    assert re.search(r"hard\s*12\s*5 of 12\s*0.42\s*0.19 to 0.68", text)
    assert "Item–total" not in text.split("How the numbers are made")[1]


def test_what_waits_for_a_person_comes_first_with_what_to_do(course):
    text, zh = page_of(course), page_of(course, "zh")
    needs = re.findall(r"<li><b>(.*?)</li>", text.split('id="needs"')[1].split("</div>")[0], re.S)
    said = [" ".join(Page(need).words.split()) for need in needs]
    assert said == [
        "1submission with cells that a person grades: ch04 (1). grade them in the formgrader course lab --instructor",
        "1close call on pass or fail. look at the work again before you decide",
        "1learner who passed has no name, and gets no certificate without. give them names "
        "course roster import roster.csv",
    ]
    assert "份提交有单元格待人工评分：ch04（1）。" in zh


def test_a_learner_who_is_left_out_is_told_on_the_page(course, book):
    with book.open() as gradebook:
        gradebook.find_grade("easy", "ch01", "ch01", "ann").auto_score = 1000.0
        gradebook.db.commit()
    text = page_of(course)
    assert "learner left out: a score in the gradebook can be none." in text
    assert "ann" in text.split('id="left-out"')[1].split("</section>")[0]


def test_every_reason_stands_in_the_table(course):
    row = page_of(course).split("<bdi>di</bdi></th>")[1].split("</tr>")[0]
    for chapter in CHAPTERS:
        assert f"{chapter}: nothing submitted; 60 % needed." in row
    assert "Overall 0.00 % of the chapter points" in row


def test_items_stand_in_the_order_of_the_notebook_and_else_of_their_numbers(course, book):
    def items(text: str) -> list[str]:
        return re.findall(r'<th scope="row" class="item">(.*?)</th>', text)[:2]

    assert items(page_of(course)) == ["easy", "hard"]
    folder = course / "release" / "en" / "ch01"
    folder.mkdir(parents=True)
    cells = [{"metadata": {"nbgrader": {"grade_id": name}}} for name in ("hard", "easy")]
    (folder / "ch01.ipynb").write_text(json.dumps({"cells": [{"metadata": {}}, *cells]}))
    assert items(page_of(course)) == ["hard", "easy"]
    (folder / "ch01.ipynb").write_text("no notebook")
    assert items(page_of(course)) == ["easy", "hard"]
    names = sorted(
        (Cell("ch01", "ch01", name, "1") for name in ("c-10", "c-9", "c-1")), key=lambda c: sorting_key(c, {})
    )
    assert [cell.cell for cell in names] == ["c-1", "c-9", "c-10"]


def test_decisions_reviews_and_repairs_are_told(course):
    text = page_of(course)
    assert 'class="chip level">Distinction' in text
    assert 'class="chip level">优秀' in page_of(course, "zh")  # as on the certificate
    assert "ch04: 1 cell waits for manual grading." in text
    assert 'title="13 of 20 points; 1 off for lateness"' in text
    assert text.count("cell-deleted") >= 1
    assert "not handed in" in text


def test_statistics_and_flags_stand_in_the_page_of_a_large_cohort(tmp_path, book, course_toml):
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in CHAPTERS:
        book.assignment(chapter, {f"cell-{j}": 5 for j in range(4)})
    rng = np.random.default_rng(1)
    with book.open() as gradebook:
        for i in range(104):
            gradebook.add_student(f"l{i:03}")
            gradebook.add_submission("ch01", f"l{i:03}", timestamp=f"2026-01-{1 + i % 28:02} 10:00:00 UTC")
            ability = rng.normal()
            right = [ability + rng.normal() > 0 for _ in range(3)]
            right.append(sum(right) < 2)
            for grade in gradebook.find_submission("ch01", f"l{i:03}").notebooks[0].grades:
                grade.auto_score, grade.needs_manual_grade = 5.0 * right[int(grade.name[-1])], False
        gradebook.db.commit()
    text = page_of(tmp_path)
    assert "Reliability" in text
    assert '<span class="chip flag">negative</span>' in text
    assert "ch02, ch03, ch04: nobody’s work is finally graded yet." in text
    assert "Hand-ins over time" in text


def test_an_empty_gradebook_gives_a_page_that_says_so(tmp_path, book, course_toml):
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8})
    assert "no learners yet" in page_of(tmp_path)


def test_only_the_report_is_written_and_each_run_writes_its_own(course):
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    first = write_report(CourseFolder.read(course), DAY, NOW, "en")
    second = write_report(CourseFolder.read(course), DAY, NOW.replace(minute=31), "zh")
    assert first == course / "gradebook" / "report" / "report-20260310-093000-en.html"
    after = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    assert set(after) - set(before) == {first, second}
    assert {path: after[path] for path in before} == before


def test_the_same_grades_at_the_same_moment_give_the_same_page(course):
    assert page_of(course) == page_of(course)


def test_a_missing_gradebook_is_one_clear_line(course):
    shutil.rmtree(course / "gradebook")
    with pytest.raises(GradebookError, match=r"there is no gradebook at .*; build and grade first"):
        write_report(CourseFolder.read(course), DAY, NOW, "en")
    assert not (course / "gradebook").exists()


def test_a_place_that_cannot_be_written_is_one_clear_line(course, tmp_path):
    with pytest.raises(CourseError, match=r"cannot write .*choose another --out"):
        write_report(CourseFolder.read(course), DAY, NOW, "en", tmp_path)


def test_every_word_stands_in_both_languages_with_the_same_blanks():
    for key, (en, zh) in words._WORDS.items():
        assert en and zh, key
        blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (*en.split("|"), zh)]
        assert all(found - {"n"} == blanks[0] - {"n"} for found in blanks), key
    assert Words("en")("learners", n=1) == "learner"
    assert Words("en")("learners", n=0) == "learners"
    assert Words("zh")("learners", n=1) == "名学员"


def test_a_share_on_an_edge_is_in_the_upper_bin_exactly():
    assert histogram([Fraction(7, 10), Fraction(1), Fraction(0), Fraction(699, 1000)]) == (1, 0, 0, 0, 0, 0, 1, 1, 0, 1)


def test_invisible_characters_are_replaced():
    assert clean("a\nb\tc\u202e\ud800\x00") == "a b c���"
