"""The glossary: read with clear errors, held against the chapters, and shown to learners as a page per language."""

import subprocess
import sys
from pathlib import Path

import pytest
from mini_course import Course, write
from styled import CHAPTER

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate.check import check
from autograde.authoring.style.glossary import read_glossary
from autograde.authoring.style.glossary_page import glossary_page
from autograde.authoring.style.house import style_faults
from autograde.errors import CourseError
from autograde.lab import copy_chapters
from autograde.publish.readme import Listed, readme
from autograde.settings.course_folder import CourseFolder
from autograde.welcome.page import write_page

GLOSSARY = """\
[[term]]
en = "square"
zh = "平方"
chapter = "ch91"
means = { en = "A number times itself.", zh = "一个数乘以自己。" }
also = { en = ["second power"] }
not = { en = ["quadrat"], zh = ["二次幂", "平"] }

[[term]]
en = "learning rate"
zh = "学习率"
chapter = "ch92"
means = { en = "The factor of a step.", zh = "一步的系数。" }
not = { en = ["step width"], zh = ["学习速率"] }
"""
TERMS = read_glossary(GLOSSARY)


def faults(text: str) -> list[str]:
    return [f"{line}: {fault}" for line, fault in style_faults(parse_chapter(text, "ch91_mini.py"), TERMS)]


def line(text: str) -> int:
    return CHAPTER[: CHAPTER.index(text)].count("\n") + 1


def test_a_chapter_that_uses_the_terms_has_no_fault() -> None:
    assert faults(CHAPTER) == []  # 平 is forbidden, but not inside of 平方


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Multiply, then return.", "The Quadrats.", "write 'square' instead of 'Quadrats' (glossary)"),
        ("Multiply, then return.", "The step\n# width.", "write 'learning rate' instead of 'step width' (glossary)"),
        ("先相乘", "二次幂", "write '平方' instead of '二次幂' (glossary)"),
        ("先相乘", "求平", "write '平方' instead of '平' (glossary)"),
        ('en="done: {n}"', 'en="step width {n}"', "write 'learning rate' instead of 'step width' (glossary)"),
        ('zh="完成：{n}"', 'zh="学习速率 {n}"', "write '学习率' instead of '学习速率' (glossary)"),
    ],
)
def test_a_forbidden_name_is_found_in_prose_and_in_what_code_says(old: str, new: str, found: str) -> None:
    assert faults(CHAPTER.replace(old, new)) == [f"{line(old)}: {found}"]


@pytest.mark.parametrize("text", ["`quadrat`", "$quadrat$", "quadratic", "<https://example.org/quadrat>"])
def test_code_and_other_words_are_left_alone(text: str) -> None:
    assert faults(CHAPTER.replace("Multiply, then return.", text)) == []


@pytest.mark.parametrize(("lang", "names"), [("en", "'square' or 'second power'"), ("zh", "'平方'")])
def test_a_chapter_uses_each_term_that_it_introduces_in_both_languages(lang: str, names: str) -> None:
    words = {"en": (("Squares", "S"), ("square", "cube")), "zh": (("平方", "立方"),)}
    text = CHAPTER
    for old, new in words[lang]:
        text = text.replace(old, new)
    assert (
        f"1: {lang}: the glossary says that this chapter introduces {names}; use it, or change course/glossary.toml"
        in faults(text)
    )


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ('zh = "学习率"', "", 9, "zh"),
        ('en = "A number times itself.", ', "", 1, "en"),
        ('zh = "学习率"', 'zh = "平方"', 11, "'平方' is also a name of 'square'"),
        ('"step width"', '"second power"', 14, "'second power' is the name of a term"),
        ("chapter", "kapitel", 4, "unknown key"),
        ('["quadrat"]', '"quadrat"', 7, "en"),
        ("[[term]]", "[[terms]]", 1, "terms"),
        ('zh = "平方"', "zh = 平方", 3, "not valid TOML"),
    ],
)
def test_a_malformed_glossary_is_one_line_with_file_and_line(
    mini: Path, course: Course, old: str, new: str, at: int, words: str
) -> None:
    text = GLOSSARY.replace(old, new, 1)
    with pytest.raises(CourseError, match=r"course/glossary\.toml") as caught:
        read_glossary(text)
    assert words in str(caught.value)
    if old == 'zh = "学习率"' and new:
        assert str(caught.value).startswith(f"course/glossary.toml:{at}: ")
        write(mini / "course" / "glossary.toml", text)
        run = course("check", cwd=mini)
        assert (run.returncode, run.stderr) == (1, f"course: {caught.value}\n")


def test_the_page_speaks_one_language_and_links_what_exists() -> None:
    english, chinese = (glossary_page(TERMS, lang, ["ch91"]) for lang in ("en", "zh"))
    assert english.index("## L\n\n### learning rate\n") < english.index("## S\n\n### square\n")
    assert "[L](#learning-rate) · [S](#square)" in english
    assert "<small>[chapter 91](ch91/ch91.ipynb) · also: second power</small>" in english
    assert "<small>chapter 92</small>" in english
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
    assert chinese.index("## 第 91 章\n\n### 平方\n") < chinese.index("## 第 92 章\n\n### 学习率\n")
    assert "<small>square · [第 91 章](ch91/ch91.ipynb)</small>" in chinese


def test_the_page_is_built_checked_copied_linked_and_no_trouble_to_nbgrader(built: Path, course: Course) -> None:
    write(built / "course" / "glossary.toml", GLOSSARY)
    folder, page = CourseFolder.open(built), "release/en/glossary.md"
    stale = [str(finding) for finding in check(folder).findings if "glossary" in finding.place]
    assert stale[0] == f"{page}: differs from what course/glossary.toml gives; run `course build` and commit it"
    run = course("build", cwd=built)
    assert (run.returncode, page in run.stdout.splitlines()) == (0, True)
    assert [finding for finding in check(folder).findings if "glossary" in finding.place] == []
    work = copy_chapters(folder, "zh")
    write_page(folder, work, "zh")
    assert "[术语表](glossary.md)" in (work / "welcome.md").read_text(encoding="utf-8")
    assert (work / "glossary.md").read_bytes() == (built / "release/zh/glossary.md").read_bytes()
    for words in (
        ["release_assignment", "ch91"],
        ["list"],
        ["db", "assignment", "list"],
        ["generate_assignment", "ch91", "--force"],
    ):
        command = [str(Path(sys.executable).with_name("nbgrader")), *words]
        said = subprocess.run(command, cwd=built, capture_output=True, text=True, check=False)
        assert (said.returncode, "glossary" in said.stdout + said.stderr) == (0, False), said.stderr
    assert (built / page).is_file()


def test_the_readme_of_learners_links_the_page() -> None:
    listed = {"en": [Listed("release/en/ch91/ch91.ipynb", "Squares"), Listed("release/en/glossary.md", "Glossary")]}
    assert "- [Glossary](release/en/glossary.md)\n" in readme({}, listed, None)
