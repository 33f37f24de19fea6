"""Exact numbers, moments and canonical bytes, so that a decision is the same on every machine. Pure.

RFC 8785 (JSON Canonicalization Scheme) by the ``rfc8785`` library; numbers are written as decimal
strings, never as binary floats.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any


def canonical(document: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes of `document`; the same document gives the same bytes everywhere."""
    import rfc8785  # only in the instructor's install; not needed to read course.toml

    return rfc8785.dumps(dict(document))


def sha256(data: bytes) -> str:
    """SHA-256 of `data`, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_parts(parts: Iterable[bytes]) -> str:
    """SHA-256 of several texts, each after its length in eight bytes: where one ends is part of the hash."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def source_hash(text: str) -> str:
    """A style or script as a Content Security Policy names it: ``sha256-…``."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def plain(number: Fraction) -> str:
    """Every digit of a finite decimal, without exponent: ``10.5``, ``0.3``, ``-2``.

    Raises:
        ValueError: the number has no finite decimal form, as 1/3.
    """
    places, denominator = 0, number.denominator
    while denominator % 10 == 0:
        places, denominator = places + 1, denominator // 10
    for factor in (2, 5):
        while denominator % factor == 0:
            places, denominator = places + 1, denominator // factor
    if denominator != 1:
        raise ValueError(f"{number} has no finite decimal form")
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if number < 0 else "") + whole + ("." + rest if rest else "")


def percent(score: Fraction, maximum: Fraction) -> str:
    """`score` as a percentage of `maximum`, truncated to two places: 69.999 is ``69.99``, never ``70.00``.

    For display only; decisions compare the exact numbers. A maximum of 0 gives ``0.00``.
    """
    hundredths = int(max(score, Fraction(0)) * 10_000 / maximum) if maximum else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def moment(text: str) -> datetime | None:
    """ISO 8601 text → zoned time; without a zone it is UTC, as nbgrader writes it; None for an empty one.

    Raises:
        ValueError: it is not a time.
    """
    if not text:
        return None
    found = datetime.fromisoformat(text)
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the calendar") from None
