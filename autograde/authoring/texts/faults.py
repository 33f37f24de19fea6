"""Check that every text of a chapter can be shown in either language. Pure."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

from autograde.authoring.cell import LANGUAGES
from autograde.authoring.chapter import Chapter
from autograde.authoring.texts.calls import bindings, is_say, literal

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MESSAGE = re.compile(r"\[[a-z]+[0-9]*-[A-Z0-9-]+\] ")


def text_faults(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for texts that cannot be shown in either language.

    Those are the texts of ``say``, and the messages of tests, hidden ones included: the feedback shows these too.
    """
    yield from bindings(chapter)
    for cell in chapter.cells:
        if cell.role != "prose":
            tree = ast.parse(cell.source)
            inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
            for node in ast.walk(tree):
                if id(node) not in inside or isinstance(node, ast.JoinedStr):
                    for fault in _message_faults(node):
                        yield cell.line + node.lineno, f"cell {cell.id!r}: {fault}"  # type: ignore[attr-defined]
                if is_say(node):
                    faults = ["stands inside an f-string; give it the values as fields"] if id(node) in inside else []
                    for fault in faults or _call_faults(node):
                        yield cell.line + node.lineno, f"cell {cell.id!r}: `say` {fault}"


def _call_faults(call: ast.Call) -> Iterator[str]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    literals = {name: literal(given.get(name)) for name in LANGUAGES}
    if call.args or None in literals.values():
        yield 'takes both texts as literals: say(en="…", zh="…", n=…)'
        return
    english, chinese = (str(literals[name]) for name in LANGUAGES)
    if _CHINESE.search(english):
        yield "has Chinese in the English text"
    if english == chinese and len(re.findall(r"[A-Za-z]{2,}", english)) > 2:
        yield "has the English text in place of the Chinese"
    fields = set(given) - set(LANGUAGES)
    if fields and None not in fields:  # ``**fields`` are known only when it runs
        try:
            used = {name: _fields(str(literals[name])) for name in LANGUAGES}
        except ValueError as error:
            yield f"cannot be formatted: {error}"
            return
        for name in LANGUAGES:
            for missing in sorted(used[name] - fields):
                yield f"has no value for {{{missing}}} in the text {name!r}"
        for unused in sorted(fields - used["en"] - used["zh"]):  # type: ignore[type-var]
            yield f"shows the value {unused!r} in neither language"


def _message_faults(node: ast.AST) -> Iterator[str]:
    """What is wrong with a message ``[ch02-MEAN] 中文 / English``; nothing if the node is no message."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    if (tag := _MESSAGE.match(text)) and _CHINESE.search(text) and text.count(" / ") > 1:
        yield f"the message {tag[0].strip()} has ' / ' inside; only Chinese and English are separated by it"


def _fields(template: str) -> set[str]:
    """The names of the fields of a format string, those in format specifications included."""
    names = set()
    for _, field, spec, _ in Formatter().parse(template):
        if field is not None:
            names.add(re.split(r"[.\[]", field)[0])
            names |= _fields(spec or "")
    return names
