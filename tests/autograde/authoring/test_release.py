"""Chapters become the same releases every time, without answers; a fault changes nothing."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from mini_course import CUBE, SQUARE, Course, files, write, write_course

from autograde.authoring.chapter import ChapterError
from autograde.authoring.gate.leaks import leaks
from autograde.authoring.release import build, read_chapters
from autograde.errors import CourseError, UsageProblem
from autograde.settings.course_folder import CourseFolder

NAMES = ["release/en/ch91/ch91.ipynb", "release/zh/ch91/ch91.ipynb"]


def released(root: Path, lang: str) -> nbformat.NotebookNode:
    notebook = nbformat.read(root / "release" / lang / "ch91" / "ch91.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def generated(root: Path) -> dict[str, str]:
    return {path: hash for path, hash in files(root).items() if path.startswith(("release/", "source/"))}


def test_building_again_by_the_command_gives_the_same_bytes(built: Path, course: Course) -> None:
    before = generated(built)
    run = course("build", cwd=built, PYTHONHASHSEED="77", TZ="Asia/Shanghai")
    assert (run.returncode, run.stdout.split(), run.stderr) == (0, NAMES, "")
    assert generated(built) == before
    assert sorted(before) == [*NAMES, "source/ch91/ch91.ipynb"]


def test_building_beside_gives_the_same_bytes_and_leaves_the_gradebook_alone(built: Path, tmp_path: Path) -> None:
    before = files(built)
    assert [path.relative_to(tmp_path / "there").as_posix() for path in build_into(built, tmp_path / "there")] == NAMES
    assert generated(tmp_path / "there") == generated(built)
    assert files(tmp_path / "there").keys() == generated(built).keys()
    assert files(built) == before


def build_into(root: Path, target: Path) -> list[Path]:
    target.mkdir()
    return build(CourseFolder.open(root), into=target)


def test_a_release_holds_no_answer_and_no_hidden_test(built: Path) -> None:
    (chapter,) = read_chapters(CourseFolder.open(built))
    for name in NAMES:
        text = (built / name).read_text(encoding="utf-8")
        assert leaks(chapter, text) == []
        assert "HIDDEN TESTS" not in text
        assert "SOLUTION" not in text


def test_the_blank_answer_says_what_to_do_in_both_languages(built: Path) -> None:
    (stub,) = (cell.source for cell in released(built, "en").cells if cell.id == "square")
    assert stub.startswith('def square(x):\n    """Return x squared."""\n    # YOUR CODE HERE\n')
    assert "raise NotImplementedError(" in stub


def test_the_editions_differ_in_prose_and_in_the_cell_that_names_the_language(built: Path) -> None:
    english, chinese = released(built, "en").cells, released(built, "zh").cells
    assert [cell.id for cell in english] == [cell.id for cell in chinese]
    different = [en.id for en, zh in zip(english, chinese, strict=True) if en.source != zh.source]
    assert different == ["ch91-prose-1", "ch91-language"]
    assert [edition[1].source.split("\n")[-1] for edition in (english, chinese)] == ['speak("en")', 'speak("zh")']
    assert english[0].source.startswith("# Squares")
    assert chinese[0].source.startswith("# 平方")
    assert [en.metadata for en in english[2:]] == [zh.metadata for zh in chinese[2:]]


def test_the_cell_ids_are_the_grade_ids(built: Path) -> None:
    cells = [cell for cell in released(built, "zh").cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.grade_id for cell in cells] == [cell.id for cell in cells]
    assert [cell.id for cell in cells] == ["ch91-start", "ch91-setup-1", "square", "square-of-two"]


def test_nothing_temporary_stays_behind(built: Path) -> None:
    assert not [path for path in built.rglob(".*") if path.name.startswith((".build", ".ch91"))]


@pytest.mark.parametrize("bad", ["ch91", "ch92"])
def test_where_one_chapter_is_malformed_nothing_is_written(tmp_path: Path, bad: str) -> None:
    texts = {"ch91": SQUARE, "ch92": CUBE}
    texts[bad] = texts[bad].replace('lang="zh"', 'lang="fr"')
    root = write_course(tmp_path / "two", **texts)
    before = files(root)
    with pytest.raises(ChapterError, match=rf"^notebooks/{bad}_mini\.py:6: "):
        build(CourseFolder.open(root))
    assert files(root) == before


def test_what_nbgrader_refuses_is_one_line_with_its_reason(built: Path) -> None:
    config, before = built / "nbgrader_config.py", generated(built)
    write(config, config.read_text(encoding="utf-8") + 'c.ClearSolutions.code_stub = {"R": "fail()"}\n')
    with pytest.raises(CourseError) as caught:
        build(CourseFolder.open(built))
    assert str(caught.value).startswith("nbgrader generate_assignment ch91 (en): ")
    assert "language 'python' has not been specified" in str(caught.value)
    assert generated(built) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "nbgrader_config.py"), ("c = get_config(\n", "SyntaxError"), ("raise KeyError('id')\n", "KeyError: 'id'")],
)
def test_settings_that_cannot_be_loaded_are_named(mini: Path, text: str | None, words: str) -> None:
    config = mini / "nbgrader_config.py"
    config.unlink() if text is None else write(config, text)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: ") as caught:
        build(CourseFolder.open(mini))
    assert words in str(caught.value)


def test_a_byte_order_mark_hides_no_cell(mini: Path) -> None:
    text = SQUARE.split("\n", 1)[1]
    (mini / "notebooks" / "ch91_mini.py").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (chapter,) = read_chapters(CourseFolder.open(mini))
    assert [cell.lang for cell in chapter.cells[:2]] == ["en", "zh"]


def test_a_chapter_in_another_encoding_is_refused(mini: Path) -> None:
    (mini / "notebooks" / "ch91_mini.py").write_bytes("# %%\nx = '中'\n".encode("gb18030"))
    with pytest.raises(CourseError, match=r"^notebooks/ch91_mini\.py: cannot be read as UTF-8"):
        read_chapters(CourseFolder.open(mini))


def test_chapters_come_in_the_order_of_the_course(tmp_path: Path) -> None:
    course = CourseFolder.open(write_course(tmp_path / "two", ch92=CUBE, ch91=SQUARE))
    assert [chapter.name for chapter in read_chapters(course)] == ["ch92", "ch91"]
    assert [chapter.name for chapter in read_chapters(course, ["ch91", "ch92"])] == ["ch92", "ch91"]
    assert [chapter.name for chapter in read_chapters(course, ["ch91"])] == ["ch91"]


def test_an_unknown_chapter_is_a_matter_of_words(mini: Path) -> None:
    with pytest.raises(UsageProblem, match=r"no chapter 'ch77' in course\.toml; it has ch91"):
        read_chapters(CourseFolder.open(mini), ["ch77"])


@pytest.mark.parametrize(("extra", "problem"), [(None, "no file"), ("ch91_other.py", "several files")])
def test_a_chapter_has_exactly_one_file(mini: Path, extra: str | None, problem: str) -> None:
    if extra:
        write(mini / "notebooks" / extra, SQUARE)
    else:
        os.remove(mini / "notebooks" / "ch91_mini.py")
    with pytest.raises(CourseError, match=rf"{problem} notebooks/ch91_\*\.py"):
        read_chapters(CourseFolder.open(mini))


def test_a_course_with_a_place_for_texts_has_them_there_and_any_other_in_its_code(built: Path, tmp_path: Path) -> None:
    with_place = write_course(tmp_path / "with", ch91=SQUARE)
    (with_place / "course" / "texts").mkdir(parents=True)
    build(CourseFolder.open(with_place))
    texts = (with_place / "course" / "texts" / "ch91.json").read_text(encoding="utf-8")
    assert set(json.loads(texts)) == {"ch91-SQUARE"}
    assert not (built / "course").exists()

    def tests(root: Path, lang: str) -> list[str]:
        return [cell.source for cell in released(root, lang).cells if cell.id == "square-of-two"]

    for lang in ("en", "zh"):
        (by_key,), (literal,) = tests(with_place, lang), tests(built, lang)
        assert by_key.endswith('assert square(2) == 4 and square(3) == 9, say("ch91-SQUARE")')
        assert literal.endswith('look again at what `square` returns"')


def test_the_texts_of_a_course_are_made_again_byte_by_byte(tmp_path: Path) -> None:
    root = write_course(tmp_path / "with", ch91=SQUARE)
    (root / "course" / "texts").mkdir(parents=True)
    target = tmp_path / "elsewhere"
    for _ in range(2):
        build(CourseFolder.open(root), into=target)
        build(CourseFolder.open(root))
    made = [place / "course" / "texts" / "ch91.json" for place in (root, target)]
    assert made[0].read_bytes() == made[1].read_bytes()
