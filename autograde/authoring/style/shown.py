"""What a learner reads of a chapter: its prose, and the texts that its code says. Pure."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograde.authoring.cell import LANGUAGES, Cell
from autograde.authoring.chapter import Chapter
from autograde.authoring.regions import BEGIN_SOLUTION, END_SOLUTION, without_region

CJK = "\u3400-\u4dbf\u4e00-\u9fff"
"""Chinese characters, for a class of a regular expression."""

CODE, FORMULA, TAG = "\u25a1", "\u25a3", "\u25a2"
"""What stands in a masked text for code and addresses, for formulas, and for HTML tags."""

REFERENCES = re.compile(r"^## (?:\d+ · )?(?:References|参考文献)$", re.MULTILINE)
"""The heading of the last section, where titles are slanted and numbers are those of the publishers."""

_MASKS = (
    (re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL), " "),
    (re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL), CODE),
    (re.compile(r"(?<!\\)\$\$.+?\$\$", re.DOTALL), " "),
    (re.compile(r"\\begin\{(\w+\*?)\}.+?\\end\{\1\}", re.DOTALL), " "),
    (re.compile(r"(?<![\\$])\$(?!\$).+?(?<!\\)\$", re.DOTALL), FORMULA),
    (re.compile(r"(?<=\])\([^)\s]*\)"), CODE),
    (re.compile(rf"https?://[^\s<>()\[\]\"'{CJK}\uff00-\uffef]*"), CODE),
    (re.compile(r"</?[A-Za-z][^<>]*>"), TAG),
    (
        re.compile(r"\b[A-Za-z_][\w.]*\(\"[^\"\n]*\"\)", re.ASCII),
        CODE,
    ),  # submit("your-id"), in a text that is no Markdown
)


@dataclass(frozen=True)
class Text:
    """A text that learners read.

    Attributes:
        lang: its language.
        line: the line of the chapter's file on which it starts.
        source: as it is written; prose is Markdown.
        prose: whether it is prose rather than a text of the code.
        references: whether it is the list of references.
    """

    lang: str
    line: int
    source: str
    prose: bool = True
    references: bool = False

    @property
    def masked(self) -> str:
        """The text with code, formulas, addresses and tags replaced, its length and lines unchanged."""
        return masked(self.source)

    def at(self, offset: int) -> int:
        """Return the line of the file for an offset in the text."""
        return self.line + self.source.count("\n", 0, offset) if self.prose else self.line


def masked(text: str) -> str:
    """Return a text with code, formulas, addresses and tags replaced; its length and lines stay."""
    for pattern, mark in _MASKS:
        text = pattern.sub(lambda match, mark=mark: re.sub(r"[^\n]", mark, match[0]), text)  # type: ignore[misc]
    return text


def texts(chapter: Chapter) -> Iterator[Text]:
    """Yield what learners read, in both languages: the prose, and the literals of ``say(en=…, zh=…)``."""
    for cell in chapter.cells:
        if cell.role != "prose":
            yield from said(code(cell), cell.line)
            continue
        lang, line = cell.lang or LANGUAGES[0], cell.line + 1
        heading = REFERENCES.search(cell.source)
        end = heading.start() if heading else len(cell.source)
        if end:
            yield Text(lang, line, cell.source[:end])
        if heading:
            yield Text(lang, line + cell.source.count("\n", 0, end), cell.source[end:], references=True)


def said(source: str, line: int = 0) -> Iterator[Text]:
    """Yield the texts of the calls ``say(en=…, zh=…)`` in Python code that starts below ``line``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say":
            for keyword in node.keywords:
                value = keyword.value
                if keyword.arg in LANGUAGES and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield Text(keyword.arg, line + value.lineno, value.value, prose=False)


def code(cell: Cell) -> str:
    """Return the part of a code cell that is released: no answer, no hidden test."""
    return without_region(cell.public, BEGIN_SOLUTION, END_SOLUTION)
