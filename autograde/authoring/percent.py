"""The percent format of chapters and solution banks: cells between ``# %%`` lines, with options on that line.

jupytext reads the same files as notebooks; here every cell and option keeps its line, so that an error can name it.
"""

import ast
import re
import warnings
from dataclasses import dataclass
from typing import NoReturn

from autograde.errors import CourseError

_HEADER = re.compile(r"^# %%(?P<rest>.*)$")
_ALMOST = re.compile(r"^\s*#\s*%%")
_LINE_END = re.compile(r"\r\n?|\n")
_OPTION = re.compile(r'\s*(?:(?P<kind>\[markdown\])|(?P<key>[A-Za-z_]+)(?:=(?P<value>"[^"]*"|[^\s"]+))?)(?=\s|$)')


class PercentError(CourseError):
    """A fault in a text notebook, with its file and line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class RawCell:
    """One cell as it stands in the file.

    Attributes:
        line: line number of its ``# %%`` header, from 1.
        markdown: whether the header says ``[markdown]``.
        options: the keys of the header; a bare key has the value None.
        source: the cell's text without surrounding blank lines; prose without its leading ``# ``.
        start: line number of the first line of ``source``.
    """

    line: int
    markdown: bool
    options: dict[str, str | None]
    source: str
    start: int


def split_cells(text: str, file: str) -> list[RawCell]:
    """Cut the text of a percent-format file into cells.

    What stands above the first header (a docstring, comments, a YAML header) belongs to no cell.

    Raises:
        PercentError: a header that cannot be read, or a line of prose that is not a comment.
    """
    lines = _LINE_END.split(text)  # not splitlines: editors and Python count no form feeds or U+2028
    heads = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    for number, line in enumerate(lines, start=1):
        if _ALMOST.match(line) and not _HEADER.match(line):
            _fail(file, number, "write `# %%` with one space, at the start of the line; jupytext would cut a cell here")
    cells = []
    for head, end in zip(heads, [*heads, len(lines)][1:], strict=True):
        markdown, options = _read_header(lines[head], file, head + 1)
        body = lines[head + 1 : end]
        if markdown:
            body = [_prose_line(line, file, head + 2 + offset) for offset, line in enumerate(body)]
        source = "\n".join(body).strip("\n").rstrip()
        blank = next((offset for offset, line in enumerate(body) if line), 0)
        cells.append(RawCell(head + 1, markdown, options, source, head + 2 + blank))
    return cells


def python_fault(cell: RawCell) -> tuple[int, str] | None:
    """Return the line and the reason where the cell is no plain Python, else None.

    What Python only warns of (an unknown escape) counts too: learners would see the warning.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            warnings.simplefilter("error", DeprecationWarning)
            ast.parse(cell.source)
    except SyntaxError as error:
        return cell.start + max(error.lineno or 1, 1) - 1, error.msg
    except ValueError as error:
        return cell.start, str(error)
    except (RecursionError, MemoryError):
        return cell.start, "too deeply nested for Python to read"
    return None


def _read_header(line: str, file: str, number: int) -> tuple[bool, dict[str, str | None]]:
    rest = line[len("# %%") :]
    if rest and not rest[0].isspace():
        _fail(file, number, f"a cell starts with `# %%` and a space, not {line.strip()!r}")
    markdown, options, position = False, {}, 0
    while rest[position:].strip():
        match = _OPTION.match(rest, position)
        if match is None:
            _fail(file, number, f'cannot read {rest[position:].strip()!r} in the cell header; write key="value"')
        if match["kind"]:
            markdown = True
        elif match["key"] in options:
            _fail(file, number, f"the key {match['key']!r} stands twice in the cell header")
        else:
            options[match["key"]] = match["value"].strip('"') if match["value"] is not None else None
        position = match.end()
    return markdown, options


def _prose_line(line: str, file: str, number: int) -> str:
    if line.startswith("# "):
        return line[2:]
    if line.rstrip() in ("", "#"):
        return ""
    _fail(file, number, "a line of prose starts with `# `; close the cell with a `# %%` line before code")


def _fail(file: str, line: int, message: str) -> NoReturn:
    raise PercentError(file, line, message)
