"""``timestamp.txt`` → when a submission was handed in, if that can be told. Pure.

nbgrader's own parser decides what a text means, but it accepts more than is safe when points depend
on it: "10:00" means another day each time it is read, and the year 1 cannot be written back. Such a
text is not a time here, and its submission goes to a person: reading it as "no time" would forgive
any delay.
"""

import codecs
import re
from datetime import datetime

from dateutil import parser
from nbgrader.utils import parse_utc

LONGEST = 100
"""Longest spelling of a time, in characters."""
ENOUGH = 8 * LONGEST
"""Most bytes of a file that are read."""
YEARS = range(2000, 3000)
"""When nbgrader's learners hand in."""

_ZONE = re.compile(r"[+-]?\d{1,6}|[A-Za-z][A-Za-z0-9_+/-]*")
_DEFAULTS = (datetime(2001, 2, 3), datetime(2002, 3, 5))


def text_of(content: bytes) -> str:
    """The text of a ``timestamp.txt`` in any encoding, stripped, and cut if it is far too long."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content[:ENOUGH].decode("utf-16" if is_utf16 else "utf-8-sig", "replace")
    return text.strip()[: LONGEST + 1] + "…" * (len(content) > ENOUGH)


def read_time(text: str | None) -> datetime | None:
    """The time as a naive UTC datetime, as nbgrader keeps it.

    None if `text` is not a complete time.
    """
    if not text or len(text) > LONGEST or not text.isprintable():
        return None
    words = text.split(" ")
    if len(words) == 3 and not _ZONE.fullmatch(words[2]):  # nbgrader would look for a file of that name
        return None
    try:
        when = parse_utc(text)
        dates = {_date(" ".join(words[:2]) if len(words) == 3 else text, default) for default in _DEFAULTS}
    except Exception:  # dateutil raises all kinds of errors on odd texts
        return None
    return when if when is not None and len(dates) == 1 and when.year in YEARS else None


def iso(text: str | None) -> str | None:
    """The time as the grading log writes it, ``2026-01-31T10:00:00Z``; None without a time."""
    when = read_time(text)
    return when.isoformat(timespec="seconds") + "Z" if when else None


def _date(text: str, default: datetime) -> object:
    """The date that `text` names, with missing parts taken from `default`."""
    return parser.parse(text, default=default, ignoretz=True).date()
