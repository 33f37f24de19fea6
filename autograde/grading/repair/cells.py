"""A cell of any origin, converted to nbformat 4.5 (https://nbformat.readthedocs.io)."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograde.grading.repair.json import DEEPEST
from autograde.grading.repair.reasons import Findings

LARGEST_OUTPUT = 2_000_000
"""Most characters of one output that are kept."""
LARGEST_OUTPUTS = 20_000_000
"""Most characters of a cell's outputs that are kept."""

_TYPES = {
    "code": "code",
    "markdown": "markdown",
    "raw": "raw",
    "heading": "markdown",
    "html": "markdown",
    "plaintext": "raw",
}
_KEYS = {"cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"}
_OLD_KEYS = {"input", "prompt_number", "language", "collapsed", "level"}  # nbformat 3
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_JSON_TYPE = re.compile(r"application/(?:.*\+)?json")


@dataclass(eq=False)
class Cell:
    """A submitted cell.

    Attributes:
        cell_type: code, markdown or raw.
        source: its text, with line feeds.
        metadata: its metadata, with valid types.
        id: a valid cell id, or None.
        outputs, execution_count: a code cell's, valid.
        attachments: a markdown or raw cell's pictures by name, valid.
    """

    cell_type: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    outputs: list[Any] = field(default_factory=list)
    execution_count: int | None = None
    attachments: dict[str, Any] = field(default_factory=dict)

    @property
    def marks(self) -> dict[str, Any]:
        """nbgrader's metadata; empty if there is none."""
        marks = self.metadata.get("nbgrader")
        return marks if isinstance(marks, dict) else {}

    @property
    def grade_id(self) -> str | None:
        """The grade_id that the cell claims, if any."""
        claim = self.marks.get("grade_id")
        return claim if isinstance(claim, str) and claim else None

    @property
    def claimed_id(self) -> str | None:
        """The cell id; Colab keeps it in the metadata."""
        if self.id:
            return self.id
        other = self.metadata.get("id")
        return other if isinstance(other, str) else None


def as_released(cell: Cell) -> bool:
    """Whether a locked cell is as in some release, by ``nbgrader.utils.compute_checksum``."""
    marks = cell.marks
    is_grade, is_solution = (bool(marks.get(name, False)) for name in ("grade", "solution"))
    if is_solution or not isinstance(marks.get("checksum"), str) or cell.grade_id is None:
        return False
    parts = [cell.source, cell.cell_type, str(is_grade), "False", str(is_grade or bool(marks.get("locked", False)))]
    parts.append(cell.grade_id)
    try:
        parts += [str(float(marks["points"]))] if is_grade else []
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
    digest = hashlib.md5("".join(parts).encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return bool(digest.hexdigest() == marks["checksum"])


def shape(raw: Any, findings: Findings) -> Cell | None:
    """Return a valid cell made from `raw`, which may be anything; None if it holds nothing."""
    if isinstance(raw, str) and raw.strip():
        findings.add("shape-mended")
        return Cell("raw", tidy(raw, findings))
    if not isinstance(raw, dict) or not ("source" in raw or "input" in raw or raw.get("metadata")):
        findings.add("shape-mended")
        return None
    cell_type = raw.get("cell_type")
    if not isinstance(cell_type, str) or cell_type not in _TYPES:
        findings.add("shape-mended")
        cell_type = "code" if "outputs" in raw or "input" in raw else "raw"
    old = cell_type == "heading" or "input" in raw
    if not raw.keys() <= (_KEYS | _OLD_KEYS if old else _KEYS):
        findings.add("shape-mended")
    source = _text(raw.get("source", raw.get("input")), findings)
    if cell_type == "heading":
        level = raw.get("level")
        source = "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1) + " " + source
    cell = Cell(_TYPES[cell_type], tidy(source, findings), _metadata(raw.get("metadata"), findings))
    cell.id = raw["id"] if isinstance(raw.get("id"), str) and _ID.fullmatch(raw["id"]) else None
    if cell.cell_type == "code":
        cell.execution_count = _count(raw.get("execution_count"))
        if not old:
            cell.outputs = _outputs(raw.get("outputs"), findings)
    elif raw.get("attachments"):
        cell.attachments = _attachments(raw["attachments"], findings)
    return cell


def node(cell: Cell, cell_id: str) -> dict[str, Any]:
    """Return the cell in nbformat 4.5's in-memory form."""
    fields = {"id": cell_id, "cell_type": cell.cell_type, "metadata": cell.metadata, "source": cell.source}
    if cell.cell_type == "code":
        return {**fields, "outputs": cell.outputs, "execution_count": cell.execution_count}
    return {**fields, "attachments": cell.attachments} if cell.attachments else fields


def plain_data(value: Any) -> bool:
    """Whether `value` is nested no deeper than notebooks are; checked without recursion."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            part
            for whole in level
            if isinstance(whole, (dict, list))
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, (dict, list))
        ]
        if not level:
            return True
    return False


def _text(value: Any, findings: Findings) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        lines = [line for line in value if isinstance(line, str)]
        if len(lines) < len(value):
            findings.add("shape-mended")
        if len(lines) > 1 and not any("\n" in line for line in lines):
            findings.add("shape-mended")  # the format wants a line feed at each line's end
            return "\n".join(lines)
        return "".join(lines)
    findings.add("shape-mended")
    return "" if value is None or not isinstance(value, (int, float)) else str(value)


def tidy(text: str, findings: Findings) -> str:
    """Normalise line ends and drop NUL, which neither Python nor a database accepts."""
    if "\r" not in text and "\x00" not in text:
        return text
    findings.add("whitespace-mended")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _metadata(value: Any, findings: Findings) -> dict[str, Any]:
    if not isinstance(value, dict) or not plain_data(value):
        findings.add("shape-mended")
        return {}
    valid = {key: part for key, part in value.items() if _valid_entry(key, part)}
    if len(valid) < len(value):
        findings.add("shape-mended")
    return valid


def _valid_entry(key: str, value: Any) -> bool:
    """Whether the nbformat schema allows the entry in a cell's metadata."""
    if key in ("collapsed", "deletable", "editable"):
        return isinstance(value, bool)
    if key == "scrolled":
        return isinstance(value, bool) or value == "auto"
    if key in ("name", "format"):
        return isinstance(value, str) and "\n" not in value and bool(value)
    if key == "tags":
        return (
            isinstance(value, list)
            and all(isinstance(tag, str) and "," not in tag and tag for tag in value)
            and len(set(value)) == len(value)
        )
    if key == "jupyter":
        return isinstance(value, dict) and all(
            isinstance(value.get(name, False), bool) for name in ("source_hidden", "outputs_hidden")
        )
    if key == "execution":
        return isinstance(value, dict) and all(isinstance(time, str) for time in value.values())
    return key != "nbgrader" or isinstance(value, dict)


def _outputs(value: Any, findings: Findings) -> list[Any]:
    if not isinstance(value, list):
        findings.add("shape-mended")
        return []
    outputs, room = [], LARGEST_OUTPUTS
    for raw in value:
        output = _output(raw)
        size = _size(output)
        if output is None or size > min(LARGEST_OUTPUT, room):
            findings.add("outputs-dropped")
        else:
            outputs.append(output)
            room -= size
    return outputs


def _output(raw: Any) -> dict[str, Any] | None:
    """The output in nbformat's in-memory form; None if the schema does not allow it."""
    if not isinstance(raw, dict) or not plain_data(raw):
        return None
    kind = raw.get("output_type")
    if kind == "stream":
        text = _lines(raw.get("text"))
        if text is None or not isinstance(raw.get("name"), str):
            return None
        return {"output_type": kind, "name": raw["name"], "text": text}
    if kind == "error":
        trace = raw.get("traceback")
        if not isinstance(trace, list) or not all(isinstance(line, str) for line in trace):
            return None
        if not isinstance(raw.get("ename"), str) or not isinstance(raw.get("evalue"), str):
            return None
        return {key: raw[key] for key in ("output_type", "ename", "evalue", "traceback")}
    if kind not in ("display_data", "execute_result"):
        return None
    data, metadata = _bundle(raw.get("data")), raw.get("metadata", {})
    if data is None or not isinstance(metadata, dict):
        return None
    fields = {"output_type": kind, "data": data, "metadata": metadata}
    if kind == "execute_result":
        fields["execution_count"] = _count(raw.get("execution_count"))
    return fields


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _bundle(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    bundle = {}
    for kind, data in value.items():
        bundle[kind] = data if _JSON_TYPE.fullmatch(kind) else _lines(data)
        if bundle[kind] is None and not _JSON_TYPE.fullmatch(kind):
            return None
    return bundle


def _lines(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else None


def _attachments(value: Any, findings: Findings) -> dict[str, Any]:
    bundles = (
        {name: _bundle(data) for name, data in value.items()}
        if isinstance(value, Mapping) and plain_data(value)
        else {}
    )
    valid = {name: bundle for name, bundle in bundles.items() if bundle is not None}
    if not valid or len(valid) < len(bundles):
        findings.add("shape-mended")
    return valid


def _size(value: Any) -> int:
    """Characters in a value that :func:`plain_data` accepts."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + _size(part) for key, part in value.items())
    return sum(map(_size, value)) if isinstance(value, list) else 8
