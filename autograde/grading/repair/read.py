"""Any bytes → the cells in them."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograde.grading.kernels.bounded_json import TooMany
from autograde.grading.repair.cells import Cell, plain_data, shape, tidy
from autograde.grading.repair.json import Cut, conflict_sides, parse, salvage
from autograde.grading.repair.reasons import Findings
from autograde.grading.repair.script import has_marks, marked_cells, paragraphs
from autograde.grading.repair.text import assigned, parsed

LARGEST = 200_000_000
"""Most bytes of a file that are read."""
MOST_CELLS = 20_000
"""Most cells of a notebook that are read."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WEB = re.compile(r"\s*<(?:!doctype|html|head|body|!--|\?xml)", re.IGNORECASE)


@dataclass
class Read:
    """What a file holds.

    Attributes:
        cells: the cells in order.
        metadata: the notebook's own metadata.
        format: nbformat and nbformat_minor as the file states them.
        cut: where the file is cut off; `inside`: the last cell is incomplete.
        other_side: the sources on the second side of a merge conflict; None without one.
        is_script: whether the file is Python rather than a notebook.
        script: its text, if nothing in it marks where cells begin.
    """

    cells: list[Cell] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    format: tuple[int, int] = (4, 5)
    cut: Cut = ""
    other_side: list[str] | None = None
    is_script: bool = False
    script: str = ""


def read(raw: bytes, alphabet: Iterable[str], findings: Findings) -> Read | None:
    """Return what a file holds; None, with a finding, if it is not a notebook. Never raises.

    Args:
        raw: the file.
        alphabet: the non-ASCII characters of the released notebook; they tell encodings apart.
        findings: collects what was repaired.
    """
    if not raw.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        findings.add("file-empty")
        return None
    if len(raw) > LARGEST:
        findings.add("file-too-large")
        return None
    text = _decode(raw, frozenset(alphabet), findings)
    start = text.lstrip()[:1]
    is_data = start in ("{", "[", '"', "<") and not text.lstrip().startswith('"""')
    if not is_data and has_marks(text):
        findings.add("format-converted")
        return Read(list(marked_cells(tidy(text, findings))), is_script=True)
    if _WEB.match(text):
        findings.add("html-page")
        return None
    if not is_data and assigned(text) and parsed(text):
        findings.add("format-converted")
        script = tidy(text.strip(), findings)
        return Read(paragraphs(script), is_script=True, script=script)
    if not any(word in text for word in ("cells", "worksheets", "cell_type")):
        findings.add("not-a-notebook")
        return None
    try:
        value, cut, other = _value(text, findings)
    except TooMany:
        findings.add("file-too-large")
        return None
    notebook = _notebook(value, findings)
    if notebook is None:
        findings.add("not-a-notebook")
        return None
    result = Read(_cells(notebook, findings), _metadata(notebook.get("metadata"), findings), _format(notebook), cut)
    if other is not None:
        result.other_side = [cell.source for cell in _cells(_notebook(other, Findings()) or {}, Findings())]
    return result


def _decode(raw: bytes, alphabet: frozenset[str], findings: Findings) -> str:
    try:
        text = raw.decode("utf-8")
        if "\x00" not in text and not text.startswith("\ufeff"):
            return text
    except UnicodeDecodeError:
        text = ""
    findings.add("encoding-mended")
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, "replace").lstrip("\ufeff").replace("\x00", "")
    if text.startswith("\ufeff"):
        return text.lstrip("\ufeff").replace("\x00", "")
    head = raw[:4000]
    if head.count(0) > len(head) // 3:
        return raw.decode("utf-16-be" if head[0] == 0 else "utf-16-le", "replace").replace("\x00", "")
    if text:
        return text.replace("\x00", "")
    return max(
        (raw.decode(name, "replace") for name in ("utf-8", "gb18030", "cp1252")),
        key=lambda text: _known(text, alphabet),
    )


def _known(text: str, alphabet: frozenset[str]) -> float:
    """Share of the non-ASCII characters that the release uses too."""
    signs = [sign for sign in text if sign > "\x7f"]
    return sum(sign in alphabet for sign in signs) / max(1, len(signs))


def _value(text: str, findings: Findings) -> tuple[Any, Cut, Any]:
    """Return (the text's value, where it is cut off, the value on a conflict's other side)."""
    try:
        value, valid = parse(text)
    except TooMany:
        raise
    except ValueError:
        pass
    else:
        if not valid:
            findings.add("json-mended")
        return value, "", None
    sides = conflict_sides(text)
    values = []
    cut: Cut = ""
    for side in sides or (text,):
        try:
            values.append(parse(side)[0])
        except ValueError:
            value, cut = salvage(side)
            values.append(value)
    if sides is None and not cut:
        findings.add("json-mended")
    return values[0], cut, values[1] if sides else None


def _notebook(value: Any, findings: Findings) -> dict[str, Any] | None:
    """The object that holds the cells, unwrapped from what programs put around it."""
    for _ in range(3):
        if isinstance(value, str):  # encoded as JSON twice
            try:
                value = parse(value)[0]
            except ValueError:
                return None
            findings.add("shape-mended")
        if isinstance(value, dict):
            if isinstance(value.get("cells"), list) or isinstance(value.get("worksheets"), list):
                return value
            inner = next((value[key] for key in ("content", "notebook", "nb", "ipynb") if key in value), None)
        elif isinstance(value, list) and any(isinstance(cell, dict) and "cell_type" in cell for cell in value):
            inner = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": value}
        else:
            return None
        if inner is None:
            return None
        findings.add("shape-mended")
        value = inner
    return None


def _format(notebook: dict[str, Any]) -> tuple[int, int]:
    major, minor = notebook.get("nbformat"), notebook.get("nbformat_minor")
    return (major if isinstance(major, int) else 0, minor if isinstance(minor, int) else 0)


def _cells(notebook: dict[str, Any], findings: Findings) -> list[Cell]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        sheets = notebook.get("worksheets")
        cells = [
            cell
            for sheet in (sheets if isinstance(sheets, list) else [])
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    if len(cells) > MOST_CELLS:
        findings.add("shape-mended")
    # a huge notebook consists of empty cells
    full = (
        cells if len(cells) <= MOST_CELLS else [cell for cell in cells if isinstance(cell, dict) and cell.get("source")]
    )
    cells = (shape(cell, findings) for cell in full[:MOST_CELLS])
    return [cell for cell in cells if cell is not None]


def _metadata(value: Any, findings: Findings) -> dict[str, Any]:
    """The part of the notebook's metadata that the nbformat schema allows."""
    if not isinstance(value, dict) or not plain_data(value):
        findings.add("shape-mended")
        return {}
    metadata = {}
    for key, part in value.items():
        if key == "kernelspec":
            valid = isinstance(part, dict) and all(isinstance(part.get(name), str) for name in ("name", "display_name"))
        elif key == "language_info":
            valid = isinstance(part, dict) and _valid_language(part)
        elif key == "title":
            valid = isinstance(part, str)
        elif key == "authors":
            valid = isinstance(part, list)
        else:
            valid = key != "orig_nbformat"
        if valid:
            metadata[key] = part
    return metadata


def _valid_language(info: dict[str, Any]) -> bool:
    texts = ("file_extension", "mimetype", "pygments_lexer")
    return (
        isinstance(info.get("name"), str)
        and all(isinstance(info.get(key, ""), str) for key in texts)
        and isinstance(info.get("codemirror_mode", ""), (str, dict))
    )
