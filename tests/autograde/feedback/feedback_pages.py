"""What tests of feedback look for in a page: hidden lines however they are written down, and anything that could run."""

import base64
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
_SHORTEST = 6


def even(line: str) -> str:
    return " ".join(line.split())


def hidden_lines(source: Path, seen: str) -> set[str]:
    """The lines of all hidden regions of a source notebook that stand in no line of `seen`, what a learner has."""
    found, known = set(), "\n".join(even(line) for line in seen.splitlines())
    for cell in nbformat.read(source, as_version=4).cells:
        inside = False
        for line in cell.source.splitlines():
            if BEGIN in line or END in line:
                inside = BEGIN in line
            elif inside and len(even(line)) >= _SHORTEST and even(line) not in known:
                found.add(even(line))
    return found


def text_of(notebook: Path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(notebook, as_version=4).cells)


def readings(page: str) -> list[str]:
    """The page as it is, with entities decoded, without tags, and everything in it that is base64."""
    decoded = html.unescape(page)
    parts = [page, decoded, html.unescape(re.sub(r"<[^>]*>", "", page))]
    for found in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", decoded):
        parts.append(base64.b64decode(found + "=" * (-len(found) % 4)).decode("utf-8", "replace"))
    return [even(part) for part in parts]


def leaked(page: str, hidden: set[str]) -> set[str]:
    return {line for reading in readings(page) for line in hidden if line in reading}


class _Dangers(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "link",
            "base",
            "foreignobject",
            "audio",
            "video",
        ):
            self.found.append(tag)
        for name, value in attrs:
            value = value or ""
            inside = name == "href" and value.startswith("#")
            inside |= name == "src" and re.match(r"data:image/(png|jpeg|gif|svg\+xml);base64,", value) is not None
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "srcset"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href") and not inside:
                self.found.append(f"{tag} {name}={value[:60]}")

    handle_startendtag = handle_starttag


def dangers(page: str) -> list[str]:
    """Everything in a page, and in the pictures in it, that could run or load something."""
    parser = _Dangers()
    parser.feed(page)
    for found in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page):
        parser.feed(base64.b64decode(found).decode())
    return parser.found
