"""Text notebooks are cut into cells as jupytext cuts them, and every fault has its line."""

from pathlib import Path

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_course import REPOSITORY

from autograde.authoring.percent import PercentError, RawCell, split_cells
from autograde.errors import CourseError, flatten

CODE_LINES = st.sampled_from(
    [
        "x = 1",
        "    y = x",
        "",
        "# why",
        "s = 'a # %% b'",
        "def f(x):",
        "    return x",
        "# 中文 comment",
        "t = '''α β'''",
    ]
)
PROSE_LINES = st.sampled_from(
    ["A line.", "", "# Heading", "- item", "$$x^2$$", "| a | b |", "中文，一行。", "    indented"]
)
OPTIONS = st.dictionaries(
    st.sampled_from(["lang", "setup", "given", "solution", "test", "points"]),
    st.one_of(st.none(), st.from_regex(r"[a-z0-9.\-]{1,9}", fullmatch=True), st.sampled_from(["a b", "en", "é = 1"])),
    max_size=3,
)


@st.composite
def raw_cells(draw: st.DrawFn) -> tuple[bool, dict[str, str | None], str]:
    markdown = draw(st.booleans())
    lines = draw(st.lists(PROSE_LINES if markdown else CODE_LINES, min_size=1, max_size=5))
    return markdown, draw(OPTIONS), "\n".join(lines).strip("\n").rstrip()


def write(cells: list[tuple[bool, dict[str, str | None], str]], blank: int = 0) -> str:
    """Percent-format text of the cells, with ``blank`` empty lines around each."""
    lines = ['"""A docstring."""']
    for markdown, options, source in cells:
        words = [key if value is None else f'{key}="{value}"' for key, value in options.items()]
        lines += [" ".join(["# %%", *(["[markdown]"] if markdown else []), *words]), *[""] * blank]
        lines += [f"# {line}".rstrip() for line in source.split("\n")] if markdown else source.split("\n")
        lines += [""] * blank
    return "\n".join(lines) + "\n"


@given(st.lists(raw_cells(), min_size=1, max_size=6), st.integers(0, 2))
def test_what_was_written_is_read_back(cells: list[tuple[bool, dict[str, str | None], str]], blank: int) -> None:
    text = write(cells, blank)
    read = split_cells(text, "ch01_x.py")
    assert [(cell.markdown, cell.options, cell.source) for cell in read] == cells
    lines = text.split("\n")
    for cell in read:
        assert lines[cell.line - 1].startswith("# %%")
        first = cell.source.split("\n")[0]
        assert not first or lines[cell.start - 1] in (first, f"# {first}")


@given(st.lists(raw_cells(), min_size=1, max_size=6))
def test_jupytext_sees_the_same_cells(cells: list[tuple[bool, dict[str, str | None], str]]) -> None:
    text = write(cells).split("\n", 1)[1]
    ours = [(cell.markdown, cell.source) for cell in split_cells(text, "ch01_x.py")]
    assert ours == as_jupytext(text)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "notebooks").glob("ch*.py")), ids=lambda path: path.stem)
def test_jupytext_sees_the_same_cells_in_every_chapter(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cells = split_cells(text, path.name)
    body = "\n".join(text.split("\n")[cells[0].line - 1 :])
    assert [(cell.markdown, cell.source) for cell in cells] == as_jupytext(body)


def as_jupytext(text: str) -> list[tuple[bool, str]]:
    notebook = jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent", "comment_magics": False})
    return [(cell.cell_type == "markdown", cell.source.strip("\n").rstrip()) for cell in notebook.cells]


@given(
    st.text()
    | st.lists(st.sampled_from(["# %%", " [markdown]", ' lang="en"', "\n", "# ", "x", '"', "=", "%", "\r"])).map(
        "".join
    )
)
def test_any_text_is_cut_or_refused_with_a_line_of_it(text: str) -> None:
    try:
        cells = split_cells(text, "ch01_x.py")
    except CourseError as error:
        problems = flatten([error])
    else:
        assert all(cell.line < cell.start for cell in cells)
        return
    assert problems
    for problem in problems:
        assert isinstance(problem, PercentError)
        assert 1 <= problem.line <= len(text.splitlines())
    assert str(problem) == f"ch01_x.py:{problem.line}: {problem.message}"
    assert "\n" not in str(problem)


def test_what_stands_above_the_first_header_belongs_to_no_cell() -> None:
    assert split_cells('"""Doc."""\nimport os\n# %% setup\nx = 1\n', "f.py") == [
        RawCell(3, False, {"setup": None}, "x = 1", 4)
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_line_ends_of_any_system_are_read(ends: str) -> None:
    text = ends.join(["# %%", "x = 1", "y = 2", ""])
    assert [cell.source for cell in split_cells(text, "f.py")] == ["x = 1\ny = 2"]


def test_only_line_ends_end_a_line() -> None:
    """Line numbers agree with an editor's, and a string keeps its separators."""
    text = '# %%\ns = "a\u2028b\x0cc\x85d"\n# %% points=1 points=2\n'
    with pytest.raises(PercentError) as caught:
        split_cells(text, "f.py")
    assert caught.value.line == 3
    assert split_cells(text.rsplit("# %%", 1)[0], "f.py")[0].source == 's = "a\u2028b\x0cc\x85d"'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# %%\nx = 1\n# %%time\n", 3, "`# %%` and a space"),
        ("# %%\n#%% setup\nx = 1\n", 2, "start of the line"),
        ("# %%\nif x:\n    # %% setup\n", 3, "start of the line"),
        ("#  %% setup\nx = 1\n", 1, "start of the line"),
        ('# %% test="a points=2\n', 1, "cannot read"),
        ("# %% points=\n", 1, "cannot read"),
        ('# %% lang="en" lang="zh"\n', 1, "twice"),
        ('# %%\nx = 1\n\n# %% [markdown] lang="en"\n# Fine.\nx = 2\n', 6, "starts with `# `"),
        ('# %% [markdown] lang="en"\n#No space.\n', 2, "starts with `# `"),
    ],
)
def test_a_fault_names_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(PercentError) as caught:
        split_cells(text, "ch01_x.py")
    assert (caught.value.file, caught.value.line) == ("ch01_x.py", line)
    assert words in caught.value.message
