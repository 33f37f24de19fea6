"""An SVG image → the credentials baked into it, read in one way only. Pure.

Not a general XML parser: browsers and libraries differ in encodings, entities, depth and what they
tolerate. It reads elements, attributes and text with the five named entities and character
references; document types, comments, processing instructions and CDATA sections, which our badges
do not have, are rejected. ``site/svg.js`` does the same.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from autograde.certify.verify.verdict import CannotCheck, Invalid

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
MAX_DEPTH = 100
MAX_TAGS = 100_000
MAX_SPACES = 100  # namespace declarations; nested in many of them, elements would take forever
_DECLARATION = re.compile(
    r"""<\?xml version=("1\.0"|'1\.0')(?: encoding=("[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?"""
    r"""(?: standalone=("(?:yes|no)"|'(?:yes|no)'))? ?\?>"""
)
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?"
_TAG = re.compile(rf"<(/?)({_NAME})")
_ATTRIBUTE = re.compile(rf"""[ \t\n]+({_NAME})[ \t\n]*=[ \t\n]*(?:"([^<"]*)"|'([^<']*)')""")
_END = re.compile(r"[ \t\n]*(/?)>")
_TEXT = re.compile(r"[^<]+")
_NO_XML = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\]\]>")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


ODD = "the image carries a credential in a way that is not Open Badges 3.0"


class _Malformed(Exception):
    """The file is not in the form that is read."""


def baked_credentials(data: bytes) -> list[bytes]:
    """The texts of all ``<openbadges:credential>``, in their order.

    Raises:
        Invalid: a credential is carried in a way that Open Badges 3.0 does not define.
        CannotCheck: the file is not an SVG of the form that is read.
    """
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")
        return [credential.encode() for credential in _scan(text)]
    except (_Malformed, UnicodeDecodeError):
        raise CannotCheck("the file is not a well-formed SVG badge; ask for the original file") from None


class _Open(NamedTuple):
    """An open element: its name as written, and the namespaces of its prefixes."""

    name: str
    spaces: Mapping[str, str]


def _scan(text: str) -> list[str]:
    if _NO_XML.search(text):
        raise _Malformed
    declaration = _DECLARATION.match(text)
    at = declaration.end() if declaration else 0
    stack: list[_Open] = []
    credentials: list[str] = []
    content: list[str] | None = None  # of the credential's element, while it is open
    attribute = ""
    declarations = 0
    for tags in range(MAX_TAGS):
        if words := _TEXT.match(text, at):
            at = words.end()
            if not stack and words[0].strip(" \t\n"):
                raise _Malformed
            if content is not None:
                content.append(_decoded(words[0]))
            else:
                _decoded(words[0])
        if at == len(text) and not stack and tags:
            return credentials
        tag = _TAG.match(text, at)
        if not tag or (tags and not stack):  # a second root
            raise _Malformed
        attributes, at = _attributes(text, tag.end())
        end = _END.match(text, at)
        if not end or len(stack) > MAX_DEPTH:
            raise _Malformed
        at, is_empty = end.end(), bool(end[1])
        if tag[1]:
            if attributes or is_empty or not stack or stack.pop().name != tag[2]:
                raise _Malformed
            if content is not None:
                credentials.append(_text_of(attribute, "".join(content)))
                content = None
            continue
        if content is not None:
            raise Invalid(ODD)  # an element within the credential
        spaces = stack[-1].spaces if stack else {"": "", "xml": "xml", "xmlns": "xmlns"}
        if own := _declared(attributes):
            declarations += len(own)
            spaces = {**spaces, **own}
        if declarations > MAX_SPACES:
            raise _Malformed
        space, _, local = _expanded(tag[2], spaces, spaces[""]).rpartition(" ")
        names = [_expanded(name, spaces, "") for name in attributes]
        if len(set(names)) < len(names):
            raise _Malformed
        if local.lower() in ("credential", "assertion"):
            unexpected = [name for name in attributes if name != "verify" and name.partition(":")[0] != "xmlns"]
            if (space, local) != (NAMESPACE, "credential") or unexpected:
                raise Invalid(ODD)
            attribute = attributes.get("verify", "")
            if is_empty:
                credentials.append(_text_of(attribute, ""))
            else:
                content = []
        if not is_empty:
            stack.append(_Open(tag[2], spaces))
    raise _Malformed


def _text_of(attribute: str, content: str) -> str:
    """The credential of an element: in its attribute or its text, never both."""
    texts = [text for text in (attribute.strip(" \t\n"), content.strip(" \t\n")) if text]
    if len(texts) != 1:
        raise Invalid(ODD)
    return texts[0]


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, at):
        if match[1] in attributes:
            raise _Malformed
        value = match[3] if match[2] is None else match[2]
        attributes[match[1]] = _decoded(value.replace("\t", " ").replace("\n", " "))
        at = match.end()
    return attributes, at


def _declared(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """The namespace declarations among an element's attributes."""
    own = {}
    for name, value in attributes.items():
        prefix, _, local = name.rpartition(":")
        if name == "xmlns":
            own[""] = value
        elif prefix == "xmlns":
            if not value or local in ("xml", "xmlns"):
                raise _Malformed
            own[local] = value
    return own


def _expanded(name: str, spaces: Mapping[str, str], unprefixed: str) -> str:
    """Namespace, a space, local name."""
    prefix, _, local = name.rpartition(":")
    if prefix and prefix not in spaces:
        raise _Malformed
    return f"{spaces[prefix] if prefix else unprefixed} {local}"


def _decoded(text: str) -> str:
    """`text` with its entities replaced by their characters."""

    def character(entity: re.Match[str]) -> str:
        if entity[1]:
            return _NAMED[entity[1]]
        code = int(entity[2] or 0) if entity[2] else int(entity[3], 16) if entity[3] else 0
        if not (code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000):
            raise _Malformed
        return chr(code)

    return _ENTITY.sub(character, text)
