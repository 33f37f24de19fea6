"""Take the texts in two languages out of a chapter's public code. Pure.

In a release ``say(en="loss", zh="损失")`` becomes ``say("ch02-loss")``, and the message of a check
``"[ch02-MEAN] 平均 / average"`` becomes ``say("ch02-MEAN")``. The texts go to ``course/texts``,
where ``course.language.say`` reads them, so that a notebook shows one language. Solutions and
hidden tests stay as they are: none of their texts may reach a learner.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from autograde.authoring.cell import LANGUAGES
from autograde.authoring.chapter import Chapter
from autograde.authoring.regions import BEGIN_HIDDEN, BEGIN_SOLUTION, END_HIDDEN, END_SOLUTION
from autograde.authoring.texts.calls import bindings, is_say, literal

Texts = dict[str, dict[str, str]]
"""Key → its text by language, and the tag of a check's message."""

_MESSAGE = re.compile(r"(?P<tag>\[[a-z]+[0-9]*-(?P<name>[A-Z0-9-]+)\]) (?P<words>.+)", re.DOTALL)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = 5  # of an English text, in its key
_BEGIN, _END = (BEGIN_SOLUTION, BEGIN_HIDDEN), (END_SOLUTION, END_HIDDEN)


def extract(chapter: Chapter) -> tuple[Chapter, Texts]:
    """Return the chapter with keys instead of texts in its public code, and the texts.

    Nothing is taken out of a chapter that gives the name ``say`` a meaning of its own.
    """
    texts: Texts = {}
    if next(bindings(chapter), None):
        return chapter, texts
    cells = tuple(
        cell if cell.role == "prose" else replace(cell, source=_with_keys(cell.source, chapter.name, texts))
        for cell in chapter.cells
    )
    return replace(chapter, cells=cells), texts


def texts_json(texts: Texts) -> str:
    """Return the content of ``course/texts/CH.json``, the same bytes for the same texts."""
    return json.dumps(texts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _with_keys(source: str, chapter: str, texts: Texts) -> str:
    """Replace the texts in the public lines of a cell one by one, inner ones first."""
    while found := next(_found(source, chapter, texts), None):
        node, call = found
        source = _replaced(source, node, call)
    return source


def _found(source: str, chapter: str, texts: Texts) -> Iterator[tuple[ast.expr, str]]:
    """Yield a text's node and the call that takes its place."""
    tree = ast.parse(source)
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    hidden = _hidden_lines(source)
    for node in _inner_first(tree):
        if not isinstance(node, ast.expr) or not hidden.isdisjoint(range(node.lineno, (node.end_lineno or 0) + 1)):
            continue
        if is_say(node) and not node.args:
            literals = {keyword.arg: literal(keyword.value) for keyword in node.keywords}
            entry = {name: text for name in LANGUAGES if (text := literals.get(name)) is not None}
            if len(entry) == len(LANGUAGES):
                others = (ast.get_source_segment(source, part) for part in node.keywords if part.arg not in LANGUAGES)
                key = _key(chapter, _slug(entry["en"]), entry, texts)
                yield node, f"say({', '.join([json.dumps(key), *map(str, others)])})"
        elif message := _message(node, parents):
            key = _key(chapter, message.name, message.entry, texts)
            yield node, f"say({', '.join([json.dumps(key), *message.values])})"


def _inner_first(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree, each after those inside it; nothing inside an f-string, where positions do not hold."""
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _inner_first(child)
    yield node


@dataclass(frozen=True)
class _Message:
    """A check's message: the name in its tag, its entry, and the values of its fields, as source."""

    name: str
    entry: dict[str, str]
    values: tuple[str, ...]


def _message(node: ast.expr, parents: Mapping[int, ast.AST]) -> _Message | None:
    """The message that a string stands for; None if it is anything else, or is only a part of one."""
    parent = parents.get(id(node))
    if isinstance(parent, ast.Expr | ast.Attribute | ast.BinOp | ast.FormattedValue | ast.JoinedStr):
        return None  # a docstring, ``"…".format(…)``, ``"…" % x``, ``"…" + x``
    parts = _parts(node)
    if parts is None:
        return None
    values: dict[str, int] = {}
    verbatim = all(isinstance(part, str) for part in parts)
    template = "".join(
        (part if verbatim else part.replace("{", "{{").replace("}", "}}"))
        if isinstance(part, str)
        else _field(part, values)
        for part in parts
    )
    match = _MESSAGE.fullmatch(template)
    halves = _halves(match["words"]) if match else None
    if match is None or halves is None:
        return None
    entry = {"en": halves[1], "zh": halves[0], "tag": match["tag"]}
    return _Message(match["name"], entry, tuple(values))


def _parts(node: ast.expr) -> list[str | ast.FormattedValue] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [str(part.value) if isinstance(part, ast.Constant) else part for part in node.values]  # type: ignore[misc]
    return None


def _field(part: ast.FormattedValue, values: dict[str, int]) -> str:
    """The field of ``str.format`` for a field of an f-string; `values` gets its expression."""
    place = values.setdefault(ast.unparse(part.value), len(values))
    conversion = f"!{chr(part.conversion)}" if part.conversion != -1 else ""
    spec = ""
    if isinstance(part.format_spec, ast.JoinedStr):
        spec = ":" + "".join(
            str(piece.value) if isinstance(piece, ast.Constant) else _field(piece, values)  # type: ignore[arg-type]
            for piece in part.format_spec.values
        )
    return f"{{{place}{conversion}{spec}}}"


def _halves(words: str) -> tuple[str, str] | None:
    """Chinese and English of ``中文 / English``."""
    parts = words.split(" / ")
    for at in range(1, len(parts)):
        chinese, english = " / ".join(parts[:at]), " / ".join(parts[at:])
        if _CHINESE.search(chinese) and not _CHINESE.search(english):
            return chinese, english
    return None


def _slug(text: str) -> str:
    """The first words of an English text, without its fields and formulas."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{[^{}]*\}|\$[^$]*\$|<[^<>]*>|'", "", text).lower())
    return "-".join(words[:_WORDS]) or "text"


def _key(chapter: str, name: str, entry: dict[str, str], texts: Texts) -> str:
    """The key of a text; equal texts share one, others of the same name are numbered."""
    number = 1
    while True:
        key = f"{chapter}-{name}" if number == 1 else f"{chapter}-{name}-{number}"
        if texts.setdefault(key, entry) == entry:
            return key
        number += 1


def _hidden_lines(source: str) -> set[int]:
    """The numbers, from 1, of the lines in a solution or in hidden tests, markers included."""
    hidden, inside = set(), False
    for number, line in enumerate(source.split("\n"), 1):
        begins, ends = (any(mark in line for mark in marks) for marks in (_BEGIN, _END))
        if inside or begins:
            hidden.add(number)
        inside = (inside or begins) and not ends
    return hidden


def _replaced(source: str, node: ast.expr, text: str) -> str:
    """Put `text` in the place of a node, and of parentheses around it that only held long lines together."""
    lines = [line.encode() for line in source.split("\n")]  # ast counts bytes
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    whole = b"\n".join(lines)
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    before, after = whole[:begin].rstrip(), whole[end:].lstrip()
    if before.endswith(b"(") and after.startswith(b")") and before[:-1].rstrip()[-1:] in (b",", b"=", b"(", b"[", b":"):
        before, after = before[:-1], after[1:]
    else:
        before, after = whole[:begin], whole[end:]
    return (before + text.encode() + after).decode()
