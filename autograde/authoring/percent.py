"""Parse the percent format of chapters and banks: cells start with ``# %%`` and options.

jupytext reads the same files as notebooks; this parser keeps line numbers, so that errors can name
them.
"""

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from autograde.errors import CourseError, raise_all

_HEADER = re.compile(r"^# %%")
_CUT = re.compile(r"^#\s*%%")
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
    """One cell as it is in the file.

    Attributes:
        line: line number of its ``# %%`` header, from 1.
        markdown: whether the header says ``[markdown]``.
        options: the keys of the header; a bare key has the value None.
        source: the cell's text without surrounding blank lines; prose without its leading ``# ``.
        start: line number of the first line of ``source``.
        doubtful: whether its header or its boundaries are faulty, so that other faults may follow
            from that; ``options`` then also holds the words of the header that could not be read.
    """

    line: int
    markdown: bool
    options: dict[str, str | None]
    source: str
    start: int
    doubtful: bool = False


def split_cells(text: str, file: str) -> list[RawCell]:
    """Split the text of a percent-format file into cells.

    Text above the first header (a docstring, comments, a YAML header) belongs to no cell.

    Raises:
        PercentError: a header that cannot be read, or a line of prose that is not a comment.
        SeveralErrors: several of them.
    """
    cells, faults = read_cells(text, file)
    raise_in_order(faults)
    return cells


def raise_in_order(faults: Sequence[PercentError]) -> None:
    """Raise the faults of a file in line order, if there are any."""
    ordered = sorted(faults, key=lambda fault: fault.line)
    raise_all(ordered)


def read_cells(text: str, file: str) -> tuple[list[RawCell], list[PercentError]]:
    """Split a text into cells as far as possible; return the cells and the faults."""
    faults: list[PercentError] = []
    lines = _LINE_END.split(text)  # not splitlines: to editors and Python, form feeds and U+2028 do not end a line
    cut_within = []  # lines that look like headers but are not
    for number, line in enumerate(lines, start=1):
        if _ALMOST.match(line) and not _HEADER.match(line):
            message = "write `# %%` with one space, at the start of the line; jupytext would cut a cell here"
            faults.append(PercentError(file, number, message))
            if not _CUT.match(line):
                cut_within.append(number)
    heads = [number for number, line in enumerate(lines, start=1) if _CUT.match(line)]
    cells = []
    for head, end in zip(heads, [*heads, len(lines) + 1][1:], strict=True):
        markdown, options, problem, read = _read_header(lines[head - 1])
        if problem and not any(fault.line == head for fault in faults):
            faults.append(PercentError(file, head, problem))
        inner = [number for number in cut_within if head < number < end]
        body = lines[head : end - 1]
        if markdown:
            limit = inner[0] if inner else end
            code = _no_prose(body[: limit - head - 1])
            if read:
                message = "a line of prose starts with `# `; close the cell with a `# %%` line before code"
                faults += [PercentError(file, head + 1 + offset, message) for offset in code]
            body = [line[2:] if line.startswith("# ") else "" if line.rstrip() == "#" else line for line in body]
        source = "\n".join(body).strip("\n").rstrip()
        blank = next((offset for offset, line in enumerate(body) if line), 0)
        cells.append(RawCell(head, markdown, options, source, head + 1 + blank, doubtful=bool(inner) or not read))
    return cells, faults


def python_faults(cell: RawCell) -> list[tuple[int, str]]:
    """Return the lines where the cell is not plain Python, with the reasons.

    Python reports only its first syntax error. Every magic, shell command and syntax warning (such
    as an invalid escape, which learners would see) is reported too.
    """
    lines = cell.source.split("\n")
    faults = []
    while True:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            fault = _syntax_fault("\n".join(lines))
        if fault is None:
            break
        faults.append(fault)
        at, line = fault[0] - 1, lines[min(fault[0], len(lines)) - 1]
        if not line.lstrip().startswith(("%", "!")):
            break
        lines[at] = line[: len(line) - len(line.lstrip())] + "pass"
    faults += [(warning.lineno, str(warning.message)) for warning in warned]
    return [(cell.start + line - 1, reason) for line, reason in sorted(set(faults))]


def _syntax_fault(source: str) -> tuple[int, str] | None:
    try:
        ast.parse(source)
    except SyntaxError as error:
        return max(error.lineno or 1, 1), error.msg
    except ValueError as error:
        return 1, str(error)
    except (RecursionError, MemoryError):
        return 1, "too deeply nested for Python to read"
    return None


def _read_header(line: str) -> tuple[bool, dict[str, str | None], str | None, bool]:
    """Return whether the cell is prose, its options, a fault or None, and whether it could be read."""
    rest = line[line.index("%%") + 2 :]
    problem = None
    if rest and not rest[0].isspace():
        problem = f"a cell starts with `# %%` and a space, not {line.strip()!r}"
    markdown, position = False, 0
    options: dict[str, str | None] = {}
    while rest[position:].strip():
        match = _OPTION.match(rest, position)
        if match is None:
            unread = rest[position:].strip()
            problem = problem or f'cannot read {unread!r} in the cell header; write key="value"'
            options |= {word: None for word in re.findall("[A-Za-z_]+", unread) if word not in options}
            return markdown or "[markdown" in unread, options, problem, False
        if match["kind"]:
            markdown = True
        elif match["key"] in options:
            problem = problem or f"the key {match['key']!r} occurs twice in the cell header"
        else:
            options[match["key"]] = match["value"].strip('"') if match["value"] is not None else None
        position = match.end()
    return markdown, options, problem, True


def _no_prose(body: list[str]) -> list[int]:
    """The lines of a prose cell that are not prose: comments without a space, and the first line of code."""
    offsets = []
    for offset, line in enumerate(body):
        if not line.startswith("# ") and line.rstrip() not in ("", "#"):
            offsets.append(offset)
            if not line.startswith("#"):
                break
    return offsets
