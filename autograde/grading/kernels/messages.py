"""What is taken of a kernel's messages, which come from a process that runs a learner's code: their shape and their size.

https://jupyter-client.readthedocs.io/en/stable/messaging.html
"""

import json
from collections.abc import Iterable
from typing import Any

LONGEST = 1_000_000
"""Characters of one cell's outputs that a graded notebook keeps; nbgrader's own limit counts lines, of any length."""
LONGEST_DATA = 10_000_000
"""Characters of one figure, or of other data that cannot be cut."""


LONGEST_MESSAGE = 2 * LONGEST_DATA
"""Bytes of one message that are read; text comes in shorter ones."""
VALUES = 100_000
"""JSON values of one cell's outputs that a graded notebook keeps; of all cells together four times as many."""
CHEAPEST = 10  # what a message costs at least: an output is some objects itself
DECIDING = ("error", "execute_result")  # what points depend on
FEW, SMALL = 20, 5000  # so many of those, so large, are kept of a cell even then


class Room:
    """How much of what the cells of a notebook say is kept: values, which bytes do not bound.

    Attributes:
        left_out: names of the streams of which something was left out of the cell; ``stdout`` stands for all else.
    """

    def __init__(self) -> None:
        self._notebook = 4 * VALUES
        self.enter()

    def enter(self) -> None:
        """Begin with a cell."""
        self._cell, self._outputs, self._more = VALUES, 0, FEW
        self.left_out: set[str] = set()

    def take(self, message: dict[str, Any], weight: int, hooked: bool) -> bool:
        """Whether there is room for a message, and take that room.

        Args:
            weight: how many values the message holds.
            hooked: whether it goes to an Output widget instead of the cell.
        """
        kind = message["msg_type"]
        if kind == "clear_output":
            if not hooked:  # room for other outputs, for no comms
                self._cell, self._notebook, self._outputs = (
                    self._cell + self._outputs,
                    self._notebook + self._outputs,
                    0,
                )
            return True
        cost = max(CHEAPEST, weight)
        if cost <= min(self._cell, self._notebook):
            self._cell, self._notebook = self._cell - cost, self._notebook - cost
            self._outputs += 0 if hooked or kind.startswith("comm") else cost
            return True
        if kind in DECIDING and cost <= SMALL and self._more:
            self._more -= 1
            return True
        name = message["content"].get("name")
        self.left_out.add("stderr" if kind == "stream" and name == "stderr" else "stdout")
        return False


def is_message(message: dict[str, Any]) -> bool:
    """Whether it has the outer shape of a kernel's message."""
    return isinstance(message.get("msg_type"), str) and isinstance(message.get("content"), dict)


def fit(message: dict[str, Any]) -> None:
    """Make of a message's content, in place, what a notebook can hold as an output.

    What a learner displays is anything: Jupyter's messaging allows more than nbformat, and IPython sends rubbish on.
    """
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        content["name"] = content["name"] if content.get("name") in ("stdout", "stderr") else "stdout"
        content["text"] = _text(content.get("text", ""))
    elif kind in ("display_data", "execute_result", "update_display_data"):
        data, metadata, transient = (content.get(name) for name in ("data", "metadata", "transient"))
        content["data"] = {
            kind: value if kind.endswith("json") else _text(value)
            for kind, value in (data.items() if isinstance(data, dict) else ())
            if value is not None
        }
        content["metadata"] = metadata if isinstance(metadata, dict) else {}
        name = transient.get("display_id") if isinstance(transient, dict) else None
        content["transient"] = {"display_id": name} if isinstance(name, str) else {}
        if "execution_count" in content:
            content["execution_count"] = counted(content["execution_count"])
    elif kind == "error":
        lines = content.get("traceback")
        content["ename"], content["evalue"] = _text(content.get("ename", "")), _text(content.get("evalue", ""))
        content["traceback"] = [_text(line) for line in lines] if isinstance(lines, list) else []


def counted(count: Any) -> int | None:
    """An execution count, None where it is none."""
    return count if type(count) is int and 0 <= count < 1 << 31 else None


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def joined(outputs: Iterable[Any]) -> list[Any]:
    """Return outputs with neighbouring streams of one name joined, in time that grows with the text."""
    found: list[Any] = []
    texts: list[list[str]] = []
    for output in outputs:
        is_stream = output["output_type"] == "stream"
        if is_stream and found and found[-1]["output_type"] == "stream" and found[-1]["name"] == output["name"]:
            texts[-1].append(output["text"])
        else:
            found.append(output)
            texts.append([output["text"]] if is_stream else [])
    for output, pieces in zip(found, texts, strict=True):
        if len(pieces) > 1:
            output["text"] = "".join(pieces)
    return found


def readable(value: Any) -> Any:
    """Return `value` with text that every file and database takes: lone surrogates replaced, pairs of them joined.

    Args:
        value: JSON, as :mod:`json` takes it.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {readable(key): readable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(one) for one in value]
    return value


def shorten(cells: Iterable[Any]) -> None:
    """Cut, in place, what the outputs of each cell say beyond :data:`LONGEST`; data beyond :data:`LONGEST_DATA` goes."""
    for cell in cells:
        left = LONGEST
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                output["text"], left = _cut(output["text"], left)
            elif output["output_type"] == "error":
                output["evalue"], left = _cut(output["evalue"], left)
                for place, line in enumerate(output["traceback"]):
                    output["traceback"][place], left = _cut(line, left)
            else:
                left = _shorten_bundle(output["data"], left)


def _shorten_bundle(data: dict[str, Any], left: int) -> int:
    for kind in list(data):
        if kind.startswith("text/") and isinstance(data[kind], str):
            data[kind], left = _cut(data[kind], left)
        elif len(str(data[kind])) > LONGEST_DATA:
            del data[kind]
    return left


def _cut(text: str, left: int) -> tuple[str, int]:
    """Return a text of at most `left` characters, with a note where it was longer, and what is left then."""
    if len(text) <= left:
        return text, left - len(text)
    return f"{text[:left]}\n[{len(text) - left} characters more]\n", 0
