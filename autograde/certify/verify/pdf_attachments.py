"""A PDF → the credentials attached to it, if every reader must find the same ones. Pure.

PDF readers differ on much: objects that a later part of the file replaces, objects outside the
table or in packed streams, a second name for an attachment. None of that is read here. The file is
walked from its first byte to its last: header, objects of generation 0, one table that names each
of them, one trailer. Our certificates are written that way; what another program saved differently
cannot be checked. ``site/pdf.js`` does the same in JavaScript.
"""

import re
from collections.abc import Iterator
from typing import Any

from autograde.certify.verify.verdict import CannotCheck, Invalid

NAMES = ("credential.json", "credential.jwt")
MAX_DEPTH = 32
SEVERAL = "the PDF carries more than one credential, or other files beside it; a genuine one carries one"
_SPACE = r"[\0\t\n\f\r ]*"
_HEADER = re.compile(r"%PDF-[12]\.[0-9]\r?\n(?:%[\x80-\xff]{1,16}\r?\n)?")
_OBJECT = re.compile(rf"{_SPACE}([1-9][0-9]{{0,6}}) 0 obj(?![A-Za-z])")
_TOKEN = re.compile(
    r"<<|>>|[\[\]]|/[^\0\t\n\f\r ()<>\[\]{}/%]*|\((?:[^()\\]|\\[\s\S])*\)|<[0-9A-Fa-f\0\t\n\f\r ]*>"
    r"|[0-9]+ [0-9]+ R(?![A-Za-z])|[+-]?[0-9]*\.?[0-9]+|[+-]?[0-9]+\.|[A-Za-z]+"
)
_STREAM = re.compile(r"\r?\n")
_END_STREAM = re.compile(rf"{_SPACE}endstream{_SPACE}endobj(?![A-Za-z])")
_TABLE = re.compile(r"[\0\t\n\f\r ]*xref[ \r\n]+")
_SECTION = re.compile(r"([0-9]{1,7}) ([0-9]{1,7})[ \r\n]+")
_ENTRY = re.compile(r"([0-9]{10}) ([0-9]{5}) ([nf])(?: \n| \r|\r\n)")
_TRAILER = re.compile(rf"trailer{_SPACE}")
_END = re.compile(rf"{_SPACE}startxref[ \r\n]+([0-9]{{1,10}})[ \r\n]+%%EOF[ \r\n]*\Z")
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|(\r\n|[\s\S]))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\n": "", "\r": "", "\r\n": ""}

Value = Any
"""``/Name``, ``(text``, ``12 R`` (a reference), other words unchanged, or a list or dict of these."""


class _Rewritten(Exception):
    """The file is not in the form that a program writes in one pass."""


def attached_credentials(data: bytes) -> list[bytes]:
    """The attached ``credential.json`` and ``credential.jwt``, one or both.

    Raises:
        Invalid: there are several of one name, other attachments, or one that readers could name
            differently.
        CannotCheck: there is none, or the file is not in the form that is read.
    """
    text = data.decode("latin-1")
    try:
        objects, trailer = _walk(text)
        return [stream.encode("latin-1") for stream in _attached(objects, trailer)]
    except _Rewritten:
        if any(len(re.findall(word, text)) > 1 for word in _SIGNS):
            raise Invalid(SEVERAL) from None
        raise CannotCheck(
            "the PDF was saved again by another program or is damaged; ask for the original, or give its attachment"
        ) from None


_SIGNS = (r"/F\s*\(credential(?:\.|\\056)json\)", r"/F\s*\(credential(?:\.|\\056)jwt\)", '"proofValue"')


def _walk(text: str) -> tuple[dict[str, tuple[Value, str | None]], dict[str, Value]]:
    """Number → (value, stream) of every object, and the trailer.

    Raises if a byte belongs to neither.
    """
    at = _need(_HEADER.match(text)).end()
    objects: dict[str, tuple[Value, str | None]] = {}
    places: dict[str, int] = {}
    while head := _OBJECT.match(text, at):
        number = head[1]
        if number in objects:
            raise _Rewritten
        places[number] = head.start(1)
        value, at = _value(text, head.end(), 0)
        word, at = _word(text, at)
        stream = None
        if word == "stream" and isinstance(value, dict):
            start = _need(_STREAM.match(text, at)).end()
            length = value.get("/Length")
            if not isinstance(length, str) or not length.isdecimal() or len(length) > 9:
                raise _Rewritten
            stream = text[start : start + int(length)]
            at = _need(_END_STREAM.match(text, start + int(length))).end()
        elif word != "endobj":
            raise _Rewritten
        objects[number] = value, stream
    table = _need(_TABLE.match(text, at))
    at = table.end()
    listed: dict[str, int] = {}
    while section := _SECTION.match(text, at):
        at = section.end()
        for number in range(int(section[1]), int(section[1]) + int(section[2])):
            entry = _need(_ENTRY.match(text, at))
            at = entry.end()
            if entry[3] == "n":
                if str(number) in listed:
                    raise _Rewritten
                listed[str(number)] = int(entry[1])
    if listed != places:
        raise _Rewritten
    trailer, at = _value(text, _need(_TRAILER.match(text, at)).end(), 0)
    end = _need(_END.match(text, at))
    if int(end[1]) != text.index("xref", table.start()) or not isinstance(trailer, dict):
        raise _Rewritten
    if {"/Prev", "/XRefStm", "/Encrypt"} & trailer.keys() or any(
        isinstance(value, dict) and value.get("/Type") in ("/ObjStm", "/XRef") for value, _ in objects.values()
    ):
        raise _Rewritten
    return objects, trailer


def _attached(objects: dict[str, tuple[Value, str | None]], trailer: dict[str, Value]) -> list[str]:
    """The attached files in the order of NAMES.

    Each is in the catalogue's list and nowhere else.
    """
    specs = [inner for value, _ in objects.values() for inner in _dicts(value) if "/EF" in inner]
    files = [
        n for n, (value, _) in objects.items() if isinstance(value, dict) and value.get("/Type") == "/EmbeddedFile"
    ]
    if not specs and not files:
        raise CannotCheck("there is no credential in this PDF; ask the learner for the original file")
    listed = _listed(objects, trailer)
    targets: dict[str, str] = {}
    for name, spec in listed:
        target = _target(name, spec)
        value, stream = objects.get(target.removesuffix(" R"), (None, None))
        if name not in NAMES or name in targets or stream is None or target in targets.values():
            raise Invalid(SEVERAL)
        if "/Filter" in (value or ()):
            raise _Rewritten
        targets[name] = target
    if len(specs) != len(listed) or len(files) != len(targets):
        raise Invalid(SEVERAL)
    streams = (objects[targets[name].removesuffix(" R")][1] for name in NAMES if name in targets)
    return [stream for stream in streams if stream is not None]


def _listed(objects: dict[str, tuple[Value, str | None]], trailer: dict[str, Value]) -> list[tuple[str, Value]]:
    """(name, file specification) of each attachment in the catalogue, which must be a flat list."""

    def follow(value: Value) -> Value:
        return objects.get(value[:-2], (None, None))[0] if isinstance(value, str) and value.endswith(" R") else value

    place: Value = trailer.get("/Root")
    for step in ("/Names", "/EmbeddedFiles"):
        place = follow(place)
        if not isinstance(place, dict) or step not in place:
            raise _Rewritten
        place = place[step]
    tree = follow(place)
    pairs = follow(tree["/Names"]) if isinstance(tree, dict) and tree.keys() == {"/Names"} else None
    if not isinstance(pairs, list) or len(pairs) % 2:
        raise _Rewritten
    return [(str(name)[1:], follow(spec)) for name, spec in zip(pairs[::2], pairs[1::2], strict=True)]


def _target(name: str, spec: Value) -> str:
    """The reference to the attached bytes.

    Empty where the specification has two names or two contents.
    """
    if not isinstance(spec, dict) or {"/DOS", "/Mac", "/Unix", "/RF"} & spec.keys():
        return ""
    names = (
        {spec.get("/F"), spec.get("/UF", spec.get("/F"))} if all(_is_text(spec, key) for key in ("/F", "/UF")) else ()
    )
    inner = spec.get("/EF")
    if names != {f"({name}"} or not isinstance(inner, dict) or not {"/F"} <= inner.keys() <= {"/F", "/UF"}:
        return ""
    target, *others = inner.values()
    is_one = isinstance(target, str) and target.endswith(" R") and all(other == target for other in others)
    return target if is_one else ""


def _is_text(spec: dict[str, Value], key: str) -> bool:
    return key not in spec or isinstance(spec[key], str)


def _dicts(value: Value) -> Iterator[dict[str, Value]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _dicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts(inner)


def _value(text: str, at: int, depth: int) -> tuple[Value, int]:
    word, at = _word(text, at)
    if depth > MAX_DEPTH or word in (">>", "]", "stream", "endobj", "endstream", "obj", "xref", "trailer"):
        raise _Rewritten
    if word == "[":
        items: list[Value] = []
        while _word(text, at)[0] != "]":
            item, at = _value(text, at, depth + 1)
            items.append(item)
        return items, _word(text, at)[1]
    if word != "<<":
        return word, at
    entries: dict[str, Value] = {}
    while True:
        key, at = _word(text, at)
        if key == ">>":
            return entries, at
        if not key.startswith("/") or key in entries:
            raise _Rewritten
        entries[key], at = _value(text, at, depth + 1)


def _word(text: str, at: int) -> tuple[str, int]:
    """The next word, with its escapes undone, and where it ends."""
    while at < len(text) and text[at] in "\0\t\n\f\r ":
        at += 1
    token = _need(_TOKEN.match(text, at))
    word = token[0]
    if word[0] == "/":
        word = re.sub("#([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), word)
    elif word[0] == "(":
        word = "(" + _ESCAPE.sub(_unescaped, word[1:-1])
    elif word[0] == "<" and word != "<<":
        digits = re.sub(r"[^0-9A-Fa-f]", "", word)
        digits += "0" * (len(digits) % 2)
        word = "(" + "".join(chr(int(digits[i : i + 2], 16)) for i in range(0, len(digits), 2))
    elif re.fullmatch(r"[0-9]+ [0-9]+ R", word):
        number, generation, _ = word.split(" ")
        if generation != "0":
            raise _Rewritten
        word = f"{number} R"
    return word, token.end()


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 8) & 255) if escape[1] else _LETTERS.get(escape[2], escape[2])


def _need(match: re.Match[str] | None) -> re.Match[str]:
    if match is None:
        raise _Rewritten
    return match
