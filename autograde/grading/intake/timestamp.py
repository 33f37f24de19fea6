"""``timestamp.txt`` → when a submission was handed in, or that nobody can tell. Pure.

nbgrader's own reader decides what a spelling means. It takes more than is safe where points hang on it: "10:00" means
another day on each day that it is read, and a year 1 is a time that no program can write down again. Such a text is no
time here, and a submission with one goes to a person: to take it for "no time" would forgive any delay.
"""

import codecs
import re
from datetime import datetime

from dateutil import parser
from nbgrader.utils import parse_utc

LONGEST = 100
"""Characters of a time, in any spelling."""
ENOUGH = 8 * LONGEST
"""Bytes of a file that are looked at."""
YEARS = range(2000, 3000)
"""When nbgrader's learners hand in."""

_ZONE = re.compile(r"[+-]?\d{1,6}|[A-Za-z][A-Za-z0-9_+/-]*")
_DEFAULTS = (datetime(2001, 2, 3), datetime(2002, 3, 5))


def text_of(content: bytes) -> str:
    """The text of a ``timestamp.txt`` of any encoding, blanks around it removed, cut where it is far too long."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content[:ENOUGH].decode("utf-16" if is_utf16 else "utf-8-sig", "replace")
    return text.strip()[: LONGEST + 1] + "…" * (len(content) > ENOUGH)


def read_time(text: str | None) -> datetime | None:
    """The time in UTC, without a zone, as nbgrader keeps it; None where `text` is no time, or not a whole one."""
    if not text or len(text) > LONGEST or not text.isprintable():
        return None
    words = text.split(" ")
    if len(words) == 3 and not _ZONE.fullmatch(words[2]):  # nbgrader would look for a file of that name
        return None
    try:
        found = parse_utc(text)
        dates = {_date(" ".join(words[:2]) if len(words) == 3 else text, default) for default in _DEFAULTS}
    except Exception:  # dateutil lets through whatever an odd text makes it raise
        return None
    return found if found is not None and len(dates) == 1 and found.year in YEARS else None


def iso(text: str | None) -> str | None:
    """The time as the grading log has it, ``2026-01-31T10:00:00Z``; None without a time."""
    found = read_time(text)
    return found.isoformat(timespec="seconds") + "Z" if found else None


def _date(text: str, default: datetime) -> object:
    """The day that `text` names when what it does not say is taken from `default`."""
    return parser.parse(text, default=default, ignoretz=True).date()
