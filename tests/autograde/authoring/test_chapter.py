"""A chapter's text is read whole or refused with the file and the line of the fault."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mini_course import REPOSITORY, SQUARE

from autograde.authoring.chapter import ChapterError, assignment_name, parse_chapter
from autograde.authoring.regions import BEGIN_HIDDEN, BEGIN_SOLUTION, END_HIDDEN, END_SOLUTION, region, without_region
from autograde.errors import CourseError, flatten

FILE = "notebooks/ch91_mini.py"
PROSE = '# %% [markdown] lang="en"\n# Hello.\n# %% [markdown] lang="zh"\n# 你好。\n'
SOLUTION = '# %% solution="f"\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n'
TEST = '# %% test="f-is-one" points=1\nassert f() == 1\n'


def refused(text: str) -> ChapterError:
    """The first fault of a text."""
    with pytest.raises(CourseError) as caught:
        parse_chapter(text, FILE)
    error = flatten([caught.value])[0]
    assert isinstance(error, ChapterError)
    assert str(error) == f"{FILE}:{error.line}: {error.message}"
    assert "\n" not in str(error)
    return error


def test_the_parts_of_a_chapter_are_found() -> None:
    chapter = parse_chapter(SQUARE, FILE)
    assert (chapter.name, chapter.file, chapter.points) == ("ch91", FILE, 2)
    assert [(cell.id, cell.role, cell.lang, cell.points) for cell in chapter.cells] == [
        ("ch91-prose-1", "prose", "en", 0),
        ("ch91-prose-1", "prose", "zh", 0),
        ("ch91-setup-1", "setup", None, 0),
        ("square", "solution", None, 0),
        ("square-of-two", "test", None, 2),
        ("ch91-free-1", "free", None, 0),
    ]
    (exercise,) = chapter.exercises
    assert (exercise.id, exercise.points, [test.id for test in exercise.tests]) == ("square", 2, ["square-of-two"])
    lines = SQUARE.split("\n")
    assert all(lines[cell.line - 1].startswith("# %%") for cell in chapter.cells)


def test_an_edition_holds_one_language_and_everything_else() -> None:
    chapter = parse_chapter(SQUARE, FILE)
    english, chinese = chapter.edition("en"), chapter.edition("zh")
    assert [cell.id for cell in english] == [cell.id for cell in chinese]
    assert {cell.lang for cell in english} == {"en", None}
    assert {cell.lang for cell in chinese} == {"zh", None}
    assert [(en.lang, zh.lang) for en, zh in chapter.twins()] == [("en", "zh")]


def test_the_public_part_of_a_test_lacks_the_hidden_lines() -> None:
    test = parse_chapter(SQUARE, FILE).exercises[0].tests[0]
    assert (
        test.public
        == 'assert square(2) == 4 and square(3) == 9, "[ch91-SQUARE] 再看看 `square` 返回了什么 / look again at what `square` returns"'
    )


def test_an_exercise_has_all_tests_down_to_the_next_solution() -> None:
    second = SOLUTION.replace('"f"', '"g"')
    chapter = parse_chapter(
        SOLUTION + TEST + "# %% given\nf()\n" + TEST.replace("one", "two") + second + TEST.replace("one", "g"), FILE
    )
    assert [(exercise.id, len(exercise.tests)) for exercise in chapter.exercises] == [("f", 2), ("g", 1)]
    assert chapter.points == 3


def test_a_demo_may_use_what_is_above_it_and_what_other_demos_assign() -> None:
    chapter = parse_chapter(
        "# %%\nx = 1\n" + SOLUTION + TEST + "# %% demo\nx, y = f(), 2\n# %% demo\nprint(x, y)\n# %%\nprint(x)\n", FILE
    )
    assert [cell.demo for cell in chapter.cells] == [False, False, False, True, True, False]


@pytest.mark.parametrize(("points", "value"), [("2", 2), ("0.5", 0.5), ("3.0", 3), ('"4"', 4)])
def test_points_are_whole_where_they_can_be(points: str, value: float) -> None:
    (exercise,) = parse_chapter(SOLUTION + TEST.replace("points=1", f"points={points}"), FILE).exercises
    assert exercise.points == value
    assert isinstance(exercise.tests[0].points, int) == (value == int(value))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no cell"),
        ("x = 1\n", 1, "no cell"),
        ('# %% grade="yes"\n', 1, "unknown key 'grade'"),
        ("# %% setup given\n", 1, "one role"),
        ('# %% setup="yes"\n', 1, "takes no value"),
        ("# %% setup points=2\n", 1, "not a test"),
        ("# %% demo=yes\n", 1, "takes no value"),
        ("# %% given demo\n", 1, "cannot be a demo"),
        (SOLUTION.replace('"f"', '"f" demo') + TEST, 1, "cannot be a demo"),
        (
            "# %% demo\nx = 1\n# %%\ndef show():\n    return x\n" + SOLUTION + TEST,
            3,
            "needs 'x', which only the demo at line 1",
        ),
        ("# %% demo\nimport math\n" + SOLUTION + TEST + "# %% given\nmath.pi\n", 10, "needs 'math'"),
        (SOLUTION.replace('"f"', '"f" points=2') + TEST, 1, "not a test"),
        ("# %% points=2\n", 1, "not a test"),
        (SOLUTION.replace('="f"', "") + TEST, 1, "kebab-case"),
        (SOLUTION.replace('"f"', '"F_x"') + TEST, 1, "kebab-case"),
        (SOLUTION.replace('"f"', f'"{"long-" * 13}id"') + TEST, 1, "64"),
        (SOLUTION.replace('"f"', '"ch91-prose-1"') + TEST, 1, "ch91-prose-"),
        (SOLUTION + TEST.replace(" points=1", ""), 6, "points=N"),
        (SOLUTION + TEST.replace("points=1", "points=0"), 6, "points=N"),
        (SOLUTION + TEST.replace("points=1", "points=-1"), 6, "points=N"),
        (SOLUTION + TEST.replace("points=1", "points=nan"), 6, "points=N"),
        (SOLUTION + TEST.replace("points=1", "points=inf"), 6, "points=N"),
        (SOLUTION + TEST.replace("points=1", "points=two"), 6, "points=N"),
        (SOLUTION + TEST + TEST, 8, "already used by the cell at line 6"),
        (SOLUTION + TEST.replace("f-is-one", "f"), 6, "already used by the cell at line 1"),
        (TEST + SOLUTION, 1, "no solution cell above"),
        (SOLUTION, 1, "no test cell"),
        (SOLUTION + SOLUTION.replace('"f"', '"g"') + TEST, 1, "no test cell"),
        ('# %% solution="f"\ndef f():\n    return 1\n' + TEST, 1, "has no `### BEGIN SOLUTION`"),
        (SOLUTION.replace("    ### END SOLUTION\n", "") + TEST, 1, "without `### END SOLUTION`"),
        (SOLUTION.replace("    ### BEGIN SOLUTION\n", "") + TEST, 4, "do not match"),
        (SOLUTION.replace("### END", "### BEGIN") + TEST, 5, "do not match"),
        (SOLUTION.replace("### BEGIN", "# BEGIN") + TEST, 3, "exactly as `### BEGIN SOLUTION`"),
        (SOLUTION.replace("BEGIN SOLUTION", "begin solution") + TEST, 3, "exactly as `### BEGIN SOLUTION`"),
        (SOLUTION + TEST + "### BEGIN HIDDEN TESTS\nassert f\n", 6, "without `### END HIDDEN TESTS`"),
        (
            SOLUTION + TEST + "### BEGIN HIDDEN TEST\nassert f\n### END HIDDEN TEST\n",
            8,
            "exactly as `### BEGIN HIDDEN TESTS`",
        ),
        (
            SOLUTION + TEST + "### begin hidden tests\nassert f\n### end hidden tests\n",
            8,
            "exactly as `### BEGIN HIDDEN TESTS`",
        ),
        (
            SOLUTION + TEST + "# BEGIN_HIDDEN_TESTS\nassert f\n### END HIDDEN TESTS\n",
            8,
            "exactly as `### BEGIN HIDDEN TESTS`",
        ),
        (SOLUTION + "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n" + TEST, 6, "belongs in a test cell"),
        (SOLUTION + TEST + "### BEGIN SOLUTION\n### END SOLUTION\n", 8, "belongs in a solution cell"),
        ("# %% given\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n", 2, "belongs in a test cell"),
        (PROSE.replace("Hello.", "### BEGIN SOLUTION"), 2, "belongs in a solution cell"),
        (SOLUTION + '\n\n# %% test="g" points=1\n\n\n\nassert (\n', 12, "plain Python"),
        ("# %% setup\n\n\n### BEGIN SOLUTION\n", 4, "belongs in a solution cell"),
        ("# %%\n%matplotlib inline\n", 2, "without magics"),
        ("# %%\nx = 1\n!pip install x\n", 3, "without magics"),
        ('# %%\nx = 1\ny = "\\d"\n', 3, "escape"),
        ("# %%\nx = 'a\0b'\n", 2, "null bytes"),
        ("# %%\nx = " + "-" * 20000 + "1\n", 2, "nested"),
        ("# %% [markdown]\n# Hello.\n", 1, "prose cells read"),
        ('# %% [markdown] lang="fr"\n# Bonjour.\n', 1, "prose cells read"),
        ('# %% lang="en"\n# Hello.\n', 1, "prose cells read"),
        ('# %% [markdown] lang="en" points=2\n# Hello.\n', 1, "prose cells read"),
        ('# %% [markdown] lang="en"\n#\n', 1, "empty prose"),
        ('# %% [markdown] lang="en"\n# Hello.\n', 1, "no Chinese twin"),
        (PROSE + '# %% [markdown] lang="en"\n# Hello.\n# %%\nx = 1\n', 5, "no Chinese twin"),
        (PROSE + '# %% [markdown] lang="zh"\n# 你好。\n', 5, "no English twin"),
        ('# %% [markdown] lang="zh"\n# 甲。\n# %% [markdown] lang="en"\n# A.\n', 1, "above its English twin"),
    ],
)
def test_a_malformed_chapter_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    error = refused(text)
    assert words in error.message
    assert error.line == line


@pytest.mark.parametrize("file", ["ch02_losses.py", "notebooks/ch02_losses.py", "/a/b/ch02_x.py"])
def test_the_assignment_is_the_first_word_of_the_file_name(file: str) -> None:
    assert assignment_name(file) == "ch02"


@pytest.mark.parametrize(
    "file", ["Ch02_losses.py", "02_losses.py", "ch02-losses.py", "ch02_losses.ipynb", "notebooks/.py"]
)
def test_a_file_of_another_name_is_no_chapter(file: str) -> None:
    with pytest.raises(ChapterError, match=r"chNN_topic"):
        assignment_name(file)


PIECES = st.sampled_from(
    [
        "# %%",
        "\n",
        " [markdown]",
        ' lang="en"',
        ' lang="zh"',
        " setup",
        " given",
        ' solution="a"',
        ' test="b"',
        " points=1",
        "# 中",
        "x = 1",
        "    ",
        f"{BEGIN_SOLUTION}\n",
        f"{END_SOLUTION}\n",
        f"{BEGIN_HIDDEN}\n",
        f"{END_HIDDEN}\n",
        '"""',
        "(",
        "\\",
    ]
)


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_a_chapter_or_refused(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            chapter = parse_chapter(text, FILE)
        except CourseError as error:
            lines = [fault.line for fault in flatten([error])]
        else:
            lines = [1]
            assert len(chapter.edition("en")) == len(chapter.edition("zh"))
    assert lines == sorted(lines)
    assert all(1 <= line <= len(text.splitlines()) + 1 for line in lines)


FAULTS = {
    # fault: its piece of a chapter, the line of the fault in it, words of its message
    "glued header": (PROSE.replace("# %% [m", "# %%[m", 1), 0, "and a space"),
    "header without its space": (PROSE.replace("# %%", "#%%", 1), 0, "one space"),
    "indented header": (SOLUTION + "  " + TEST, 5, "start of the line"),
    "open quote": (SOLUTION + TEST.replace('-one"', "-one"), 5, "cannot read"),
    "unknown key": (SOLUTION + TEST.replace("test=", "tests="), 5, "unknown key 'tests'"),
    "key twice": (PROSE.replace('lang="zh"', 'lang="zh" lang="zh"'), 2, "twice"),
    "two roles": (SOLUTION.replace('"f"', '"f" given') + TEST, 0, "one role"),
    "points without a test": (SOLUTION + TEST.replace('test="f-is-one" ', ""), 5, "not a test"),
    "no points": (SOLUTION + TEST.replace(" points=1", ""), 5, "points=N"),
    "id of another form": (SOLUTION.replace('"f"', '"F x"') + TEST, 0, "kebab-case"),
    "solution without regions": ('# %% solution="f"\ndef f():\n    return 1\n' + TEST, 0, "has no `### BEGIN"),
    "region not closed": (SOLUTION.replace("    ### END SOLUTION\n", "") + TEST, 0, "without `### END"),
    "region begun twice": (SOLUTION.replace("### END", "### BEGIN") + TEST, 4, "do not match"),
    "marker misspelt": (SOLUTION.replace("### END", "# END") + TEST, 4, "exactly as"),
    "region elsewhere": ("# %% given\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n", 1, "belongs in a test"),
    "regions exchanged": (SOLUTION.replace("SOLUTION", "HIDDEN TESTS") + TEST, 2, "hidden tests region"),
    "solution without test": (SOLUTION, 0, "no test cell"),
    "magic": ("# %%\n%matplotlib inline\n", 1, "without magics"),
    "no Python": ("# %% setup\nx = (\n", 1, "plain Python"),
    "unknown language": (PROSE.replace('"zh"', '"fr"'), 2, "prose cells read"),
    "language missing": (PROSE.replace(' lang="en"', ""), 0, "prose cells read"),
    "prose without its mark": (PROSE.replace(" [markdown]", "", 1), 0, "prose cells read"),
    "no twin": (PROSE.split("# %% [markdown] lang=\"zh\"")[0] + "# %%\n", 0, "no Chinese twin"),
    "twins exchanged": (PROSE.replace("en", "?").replace("zh", "en").replace("?", "zh"), 0, "above its English twin"),
    "code in prose": (PROSE + "x = 1\ny = 2\nprint(x)\n", 4, "starts with `# `"),
    "empty prose": (PROSE.replace("# 你好。", "#"), 2, "empty prose"),
}  # fmt: skip


def faults(text: str) -> list[tuple[int, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parse_chapter(text, FILE)
        except CourseError as error:
            return [(fault.line, fault.message) for fault in flatten([error])]
    return []


def test_eight_faults_of_a_chapter_are_eight_lines_in_order() -> None:
    names = sorted(FAULTS)[::3][:8]
    assert len(faults("".join(FAULTS[name][0].replace('"f', f'"f{at}') + PROSE for at, name in enumerate(names)))) == 8


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_alone_is_one_line(name: str) -> None:
    piece, line, words = FAULTS[name]
    ((found, message),) = faults(PROSE + piece + PROSE)
    assert (found, words in message) == (5 + line, True)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=8))
def test_every_fault_is_named_once_in_one_run_and_nothing_that_follows_from_it(names: list[str]) -> None:
    text, expected = "", []
    for number, name in enumerate(names):
        piece, line, words = FAULTS[name]
        piece = piece.replace('"f', f'"f{number}')  # every id of its own
        expected += [(text.count("\n") + line + 1, words)]
        text += piece + PROSE
    found = faults(text)
    assert [line for line, _ in found] == [line for line, _ in expected], found
    assert all(words in message for (_, message), (_, words) in zip(found, expected, strict=True))


LINES = st.lists(st.sampled_from(["a", "", "  b", "c = 1"]), max_size=4).map("\n".join)


@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=3), LINES)
def test_a_region_and_the_rest_make_the_whole(parts: list[tuple[str, str]], tail: str) -> None:
    whole = "\n".join([*(f"{before}\n{BEGIN_HIDDEN}\n{inner}\n  {END_HIDDEN}" for before, inner in parts), tail])
    assert region(whole, BEGIN_HIDDEN, END_HIDDEN) == [line for _, inner in parts for line in inner.split("\n")]
    rest = "\n".join([*(before for before, _ in parts), tail]).rstrip("\n")
    assert without_region(whole, BEGIN_HIDDEN, END_HIDDEN) == rest


@pytest.mark.parametrize("path", sorted((REPOSITORY / "notebooks").glob("ch*.py")), ids=lambda path: path.stem)
def test_every_chapter_of_the_course_is_well_formed(path) -> None:
    chapter = parse_chapter(path.read_text(encoding="utf-8"), path.name)
    assert chapter.points == 20
