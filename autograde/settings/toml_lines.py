"""TOML text → the line of each key, which tomllib does not tell. Pure.

The text must be valid TOML 1.0 (``tomllib.loads`` accepted it): the scan follows the grammar's brackets,
quotes and comments and leaves the values to tomllib.
"""

import re
import tomllib
from collections.abc import Callable

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_SCALAR = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}'''  # a string may end in up to two quotes of its own
    r"""|'{3}.*?'{3,5}"""
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|'[^'\n]*'"""
    r"""|[^,\]}#\n]+""",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, where each key, table and array item of valid TOML `text` first stands.

    A path holds keys and positions: ``("chapter", 1, "min")`` is ``min`` of the second ``[[chapter]]``.
    """
    return _Scan(text).lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}  # array of tables → position of its newest table
        self._document()

    def _document(self) -> None:
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self._take("[["):
                table = self._header(self._key_parts(), is_array=True)
                self._take("]]")
            elif self._take("["):
                table = self._header(self._key_parts(), is_array=False)
                self._take("]")
            else:
                self._pair(table)
            self._blank()

    def _header(self, parts: list[str], is_array: bool) -> Path:
        table: Path = ()
        for part in parts[:-1]:
            table = self._newest((*table, part))
            self._mark(table)
        table = (*table, parts[-1])
        self._mark(table)
        if is_array:
            self.arrays[table] = self.arrays.get(table, -1) + 1
            table = self._newest(table)
            self._mark(table)
        return table

    def _newest(self, table: Path) -> Path:
        return (*table, self.arrays[table]) if table in self.arrays else table

    def _pair(self, table: Path) -> None:
        for part in self._key_parts():
            table = (*table, part)
            self._mark(table)
        self._blank()
        self._take("=")
        self._blank()
        self._value(table)

    def _value(self, path: Path) -> None:
        if self._take("{"):
            self._items("}", lambda _: self._pair(path))
        elif self._take("["):
            self._items("]", lambda position: self._item((*path, position)))
        else:
            self._match(_SCALAR)

    def _item(self, path: Path) -> None:
        self._mark(path)
        self._value(path)

    def _items(self, end: str, read: Callable[[int], None]) -> None:
        position = 0
        self._blank()
        while not self._take(end):
            read(position)
            position += 1
            self._blank()
            self._take(",")
            self._blank()

    def _key_parts(self) -> list[str]:
        parts = []
        while True:
            self._match(_SPACE)
            written = self._match(_KEY)
            parts.append(tomllib.loads(f"k = {written}")["k"] if written[0] in "\"'" else written)
            if not self._match(_DOT):
                self._match(_SPACE)
                return parts

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)

    def _blank(self) -> None:
        self._match(_BLANK)

    def _take(self, symbol: str) -> bool:
        found = self.text.startswith(symbol, self.at)
        self.at += len(symbol) if found else 0
        return found

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()
