"""The exact shape of a JSON document: which properties it may have and what each holds. Pure.

A Data Integrity signature covers what JSON-LD keeps of a document, and JSON-LD drops what it does
not know: a property without a definition, ``null``, an empty list, a relative address. Whatever
could be added to a signed document without breaking its signature must fail here.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograde.certify.credential.instant import instant

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Mismatch(Exception):
    """A document does not have the shape; the message is one line and begins with the place."""


class Shape(Protocol):
    """Something that a JSON value can be checked against."""

    def check(self, value: Any, place: str) -> None:
        """Raise :class:`Mismatch` unless `value`, found at `place`, has this shape."""


@dataclass(frozen=True)
class Exactly:
    """One JSON value, its type included."""

    value: Any

    def check(self, value: Any, place: str) -> None:
        if type(value) is not type(self.value) or value != self.value:
            raise Mismatch(f"{place} is not {self.value}")


@dataclass(frozen=True)
class Text:
    """A text without control or direction characters, matching `pattern` as a whole."""

    pattern: str = r"(?s).*"
    limit: int = 2000

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, str) or not value:
            raise Mismatch(f"{place} is not text")
        if len(value) > self.limit:
            raise Mismatch(f"{place} is longer than {self.limit} characters")
        if not is_printable(value):
            raise Mismatch(f"{place} holds control characters")
        if not re.fullmatch(self.pattern, value):
            raise Mismatch(f"{place} is malformed")


@dataclass(frozen=True)
class Iri:
    """An absolute IRI that begins with `start`: JSON-LD drops relative ones."""

    start: str = ""

    def check(self, value: Any, place: str) -> None:
        Text().check(value, place)
        if not _IRI.fullmatch(value) or not value.startswith(self.start):
            raise Mismatch(f"{place} is not an address {self.start}…")


@dataclass(frozen=True)
class Instant:
    """An instant with a zone."""

    def check(self, value: Any, place: str) -> None:
        try:
            instant(value)
        except (ValueError, TypeError):
            raise Mismatch(f"{place} is not an instant such as 2026-01-31T10:00:00Z") from None


@dataclass(frozen=True)
class ListOf:
    """A list of `low` to `high` items of one shape."""

    item: Shape
    low: int
    high: int

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, list) or not self.low <= len(value) <= self.high:
            count = str(self.low) if self.low == self.high else f"{self.low} to {self.high}"
            raise Mismatch(f"{place} must be a list of {count}")
        for position, item in enumerate(value):
            self.item.check(item, f"{place}[{position}]")


@dataclass(frozen=True)
class InOrder:
    """A list whose items each have their own shape; `optional` ones may be missing at its end."""

    required: tuple[Shape, ...]
    optional: tuple[Shape, ...] = ()

    def check(self, value: Any, place: str) -> None:
        shapes = (*self.required, *self.optional)
        if not isinstance(value, list) or not len(self.required) <= len(value) <= len(shapes):
            raise Mismatch(f"{place} does not hold the required items")
        for position, (item, shape) in enumerate(zip(value, shapes, strict=False)):
            shape.check(item, f"{place}[{position}]")


@dataclass(frozen=True)
class Object:
    """An object with all `required` properties, any of the `optional` ones, and no others."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise Mismatch(f"{place or 'the document'} is not an object")
        prefix = f"{place}." if place else ""
        for name in value:
            if name not in self.required and name not in self.optional:
                raise Mismatch(f"{prefix}{name[:40]!a} is a property that our credentials do not have")
        for name, shape in (*self.required.items(), *self.optional.items()):
            if name in value:
                shape.check(value[name], prefix + name)
            elif name in self.required:
                raise Mismatch(f"{prefix}{name} is missing")


def is_printable(text: str) -> bool:
    """Whether `text` has no control, line-breaking or direction-overriding character."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _BIDI for c in text)
