"""Instants as credentials write them: ISO 8601 with a zone, to the second. Pure."""

import calendar
import re
from datetime import UTC, datetime

_HOUR = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_INSTANT = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR}:[0-5][0-9](?:Z|[+-]{_HOUR})")


def utc_text(when: datetime) -> str:
    """A zoned instant as ``2026-01-31T10:00:00Z``; fractions of a second are cut off.

    Raises:
        ValueError: the instant has no zone.
    """
    if when.utcoffset() is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> datetime:
    """The instant that `text` names, in UTC.

    Raises:
        ValueError: no such instant, or no zone.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is not an instant with a zone")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the calendar") from None


def months_later(when: datetime, months: int) -> datetime:
    """The same day and time `months` later; the month's last day where that month is shorter."""
    month = when.month - 1 + months
    year, month = when.year + month // 12, month % 12 + 1
    return when.replace(year=year, month=month, day=min(when.day, calendar.monthrange(year, month)[1]))
