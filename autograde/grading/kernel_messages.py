"""What is taken of a kernel's messages, which come from a process that runs a learner's code: their shape and their size.

https://jupyter-client.readthedocs.io/en/stable/messaging.html
"""

from collections.abc import Iterable
from typing import Any

LONGEST = 1_000_000
"""Characters of one cell's outputs that a graded notebook keeps; nbgrader's own limit counts lines, of any length."""
LONGEST_DATA = 10_000_000
"""Characters of one figure, or of other data that cannot be cut."""


def is_message(message: dict[str, Any]) -> bool:
    """Whether a message of a kernel can become an output; kinds that become none need a kind and a content only."""
    kind, content = message.get("msg_type"), message.get("content")
    if not isinstance(kind, str) or not isinstance(content, dict):
        return False
    if kind == "stream":
        return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)
    if kind in ("display_data", "execute_result", "update_display_data"):
        count = content.get("execution_count")
        return (
            _is_bundle(content.get("data"))
            and _is_table(content.get("metadata", {}))
            and type(count) in (int, type(None))
        )
    if kind == "error":
        lines = content.get("traceback")
        return (
            isinstance(content.get("ename"), str)
            and isinstance(content.get("evalue"), str)
            and isinstance(lines, list)
            and all(isinstance(line, str) for line in lines)
        )
    return True


def _is_bundle(data: Any) -> bool:
    """Text by media type; JSON types may hold anything."""
    return _is_table(data) and all(isinstance(value, str) or kind.endswith("json") for kind, value in data.items())


def _is_table(data: Any) -> bool:
    return isinstance(data, dict)


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
