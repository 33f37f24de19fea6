"""TOML text → tables whose values are checked as they are read, each error with its line. Pure."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import inf
from typing import TypeVar

from autograde.errors import CourseError
from autograde.settings.toml_lines import Path, key_lines

T = TypeVar("T")

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,18})?")
_LONG, _DEEP = re.compile("[0-9_]{4300}"), re.compile(r"(?:[\[{][^\]}]{0,40}){100}")
_SYNTAX_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


class SettingsError(CourseError):
    """A fault in course.toml, or in another TOML file of a course.

    Attributes:
        message: what is wrong and what to write instead; one line.
        line: line of the file, from 1.
    """

    def __init__(self, message: str, line: int, file: str = "course.toml") -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.message = message
        self.line = line


def quoted(text: str) -> str:
    """`text` in double quotes, on one line whatever it holds, at most 60 characters of it."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + '"'


def read_tables(text: str, file: str = "course.toml") -> "Table":
    """The whole document as one table.

    Args:
        text: TOML.
        file: what messages call it.

    Raises:
        SettingsError: it is not TOML.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
        lines = key_lines(text.replace("\r\n", "\n"))
    except RecursionError:
        raise SettingsError("brackets are nested too deeply; flatten them", _line_of(_DEEP, text), file) from None
    except ValueError as error:  # TOMLDecodeError, or a number that Python refuses to read
        found = _SYNTAX_LINE.search(str(error))
        last = text.count("\n") + 1
        line = int(found[1]) if found else last if "end of document" in str(error) else _line_of(_LONG, text)
        message = f"not valid TOML: {_SYNTAX_LINE.sub('', str(error))}; correct this line or the one before it"
        raise SettingsError(message, line, file) from None
    return Table(values, (), "the top level", lines, file)


def _line_of(pattern: re.Pattern[str], text: str) -> int:
    """The line where what matches begins; the first where nothing does."""
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


@dataclass(frozen=True)
class Table:
    """A TOML table: its values, where it stands, what messages call it."""

    values: Mapping[str, object]
    path: Path
    name: str
    lines: Mapping[Path, int]
    file: str = "course.toml"

    def line(self, *path: str | int) -> int:
        """Line of a key below this table; of the table itself if the key is not there."""
        full = (*self.path, *path)
        while full and full not in self.lines:
            full = full[:-1]
        return self.lines.get(full, 1)

    def error(self, message: str, *path: str | int) -> SettingsError:
        """Return an error about a key below this table; about the table itself if the key is not there."""
        return SettingsError(message, self.line(*path), self.file)

    def has(self, key: str) -> bool:
        return key in self.values

    def allow(self, *known: str) -> None:
        """Raise on the first key that is not among the `known`."""
        for key in self.values:
            if key not in known:
                raise self.error(f"unknown key {quoted(key)} in {self.name}; known keys are {', '.join(known)}", key)

    def text(self, key: str) -> str:
        """A text that is not empty and fits on one line."""
        value = self._value(key, str, f'{key} = "…"')
        if not value.strip() or not value.isprintable():
            raise self.error(f"{self.name} {key} must be a text of one line that is not empty", key)
        return value

    def choice(self, key: str, *options: str) -> str:
        value = self.text(key)
        if value not in options:
            wanted = " or ".join(map(quoted, options))
            raise self.error(f"{self.name} {key} is {quoted(value)}; write {wanted}", key)
        return value

    def flag(self, key: str) -> bool:
        return self._value(key, bool, f"{key} = true or {key} = false, without quotes")

    def integer(self, key: str, low: int, high: int) -> int:
        value = self._value(key, int, f"{key} = {low}, a whole number without quotes")
        if not low <= value <= high:
            raise self.error(f"{self.name} {key} is {value}; it must lie between {low} and {high}", key)
        return value

    def seconds(self, key: str) -> float:
        """A time above 0, whole or not."""
        value = self.values[key]
        if type(value) in (int, Decimal) and 0 < float(value) < inf:  # type: ignore[arg-type]
            return float(value)  # type: ignore[arg-type]
        raise self.error(f"{key} must be a number of seconds above 0, without quotes", key)

    def moment(self, key: str) -> datetime:
        """A date and time with its offset from UTC."""
        example = f"{key} = 2030-01-31T23:59:59+08:00, without quotes"
        value = self._value(key, datetime, example)
        if value.tzinfo is None:
            raise self.error(f"{self.name} {key} lacks its offset from UTC; write {example}", key)
        return value

    def decimal(self, key: str, high: int) -> Decimal:
        """A decimal from 0 to `high`, written as a string so that it never was a binary float."""
        value = self.values.get(key)
        if isinstance(value, Decimal) or type(value) is int:
            shown = value if isinstance(value, int) or value.is_finite() else "0.60"
            hint = f'put it in quotes, {key} = "{shown}", so that it stays decimal'
            raise self.error(f"{self.name} {key} is a bare number; {hint}", key)
        written = self._value(key, str, f'{key} = "0.60", a decimal in quotes')
        if not _DECIMAL.fullmatch(written):
            hint = 'write digits and one point, such as "0.60"'
            raise self.error(f"{self.name} {key} is {quoted(written)}, which is not a decimal; {hint}", key)
        number = Decimal(written)
        if number > high:
            raise self.error(f"{self.name} {key} is {written}; it must lie between 0 and {high}", key)
        return number

    def table(self, key: str, name: str) -> "Table":
        values = self._value(key, dict, f"a table, {name}")
        return Table(values, (*self.path, key), name, self.lines, self.file)

    def tables(self, key: str, example: str = "") -> list["Table"]:
        """The tables of ``[[key]]``, at least one; with an `example` they stand in a list, as it shows."""
        name = f"{self.name} {key}" if example else f"[[{key}]]"
        if key not in self.values:
            raise self.error(f"there is no {name}; add at least one")
        found = self.values[key]
        if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
            hint = f"write {example}" if example else f"begin each with {name}"
            raise self.error(f"{key} must be a list of tables; {hint}", key)
        return [Table(item, (*self.path, key, i), name, self.lines, self.file) for i, item in enumerate(found)]

    def texts(self, key: str) -> list[str]:
        """A list of different texts, at least one."""
        found = self._value(key, list, f'{key} = ["…"]')
        if not found or not all(isinstance(item, str) for item in found) or len(set(found)) < len(found):
            raise self.error(f"{self.name} {key} must be a list of different texts in quotes", key)
        return found

    def _value(self, key: str, kind: type[T], example: str) -> T:
        if key not in self.values:
            raise self.error(f"{self.name} lacks {key}; add {example}")
        value = self.values[key]
        if type(value) is not kind:  # exactly: a bool is not a number here
            raise self.error(f"{self.name} {key} has the wrong type; write {example}", key)
        return value


def listed(names: Iterable[str]) -> str:
    """Names for a message, sorted, in quotes; at most twelve."""
    ordered = sorted(names)
    more = ", …" if len(ordered) > 12 else ""
    return (", ".join(map(quoted, ordered[:12])) + more) or "none"
