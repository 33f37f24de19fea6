"""Find what code depends on, from its imports: files of our own packages, and versions of libraries.

Nothing is imported and there is no list to maintain: a module that moves or is newly used is found.
Module names in strings count too, since settings and child processes use them.
"""

import ast
import importlib.metadata
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from autograde.exact import sha256

PACKAGE = __name__.split(".")[0]
OWN = (PACKAGE, "course")
BACKENDS = {"keras": "tensorflow"}
"""Libraries that depend on another without importing it by name."""
_DOTTED = re.compile(rf"\b(?:{'|'.join(OWN)})(?:\.\w+)+")


@dataclass
class Closure:
    """Everything that some code can import.

    Attributes:
        files: path relative to the import root (``course/data.py``) → digest, for files of our own
            packages.
        libraries: top-level names of modules that are neither ours nor in the standard library.
    """

    files: dict[str, str] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)

    def of(self, package: str) -> dict[str, str]:
        """The files of one package."""
        return {path: digest for path, digest in self.files.items() if path.split("/")[0] == package}

    def others(self, *packages: str) -> dict[str, str]:
        """The files of no such package, such as modules beside the chapters."""
        return {path: digest for path, digest in self.files.items() if path.split("/")[0] not in packages}

    def versions(self) -> dict[str, str]:
        """Distribution → version, for the libraries that are installed."""
        names = self.libraries | {BACKENDS[name] for name in self.libraries & set(BACKENDS)}
        distributions = {name for library in names for name in _distributions().get(library, ())}
        return {name: importlib.metadata.version(name) for name in sorted(distributions)}


def closure_of(sources: Iterable[str], beside: Path | None = None) -> Closure:
    """Return what Python `sources` can import, directly or indirectly.

    Args:
        sources: texts of modules, cells or settings, or just ``import autograde.authoring.stock``.
        beside: a folder whose modules these sources can import as well.
    """
    bases = [*([beside] if beside else []), *filter(None, map(_parent, OWN))]
    closure = Closure()
    todo = [name for source in sources for name in _names(source, "")]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        at = _locate(name, bases)
        if not at and name.split(".")[0] not in sys.stdlib_module_names:
            closure.libraries.add(name.split(".")[0])
        for base, path in at:
            relative = path.relative_to(base)
            if relative.as_posix() not in closure.files:
                state = path.stat()
                module = _read(path, ".".join(relative.parts[:-1]), state.st_mtime_ns, state.st_size)
                closure.files[relative.as_posix()] = module.digest
                closure.files |= {data.relative_to(base).as_posix(): digest(data.read_bytes()) for data in module.data}
                todo += module.names
    closure.libraries -= set(OWN)
    return closure


@dataclass(frozen=True)
class _Module:
    """One file: its digest without comments, the names it imports, and the data files beside it."""

    digest: str
    names: tuple[str, ...]
    data: tuple[Path, ...]


@cache
def _read(path: Path, package: str, *state: int) -> _Module:
    text = path.read_text(encoding="utf-8-sig")
    return _Module(digest(_without_comments(text)), tuple(_names(text, package)), tuple(_data(path.parent, text)))


def digest(data: str | bytes) -> str:
    """Return a SHA-256 in hexadecimal."""
    return sha256(data.encode() if isinstance(data, str) else data)


def _names(source: str, package: str) -> Iterator[str]:
    """Yield the dotted names that source imports or has in strings, packages before their contents."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a string that only looks like code
        return
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*parts, *([node.module] if node.module else [])])
            yield start
            if start.split(".")[0] in OWN or node.level:
                for alias in node.names:
                    yield f"{start}.{alias.name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from _DOTTED.findall(node.value)
            if "import " in node.value:
                yield from _names(node.value, package)


def _locate(name: str, bases: list[Path]) -> list[tuple[Path, Path]]:
    """Return (base, file) of a module and of its parent packages; nothing if it is not one of ours.

    For ``autograde.errors.CourseError`` it locates ``autograde.errors``.
    """
    parts = name.split(".")
    for base in bases:
        files = []
        for end in range(1, len(parts) + 1):
            place = base.joinpath(*parts[:end])
            file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            if file.is_file():
                files.append((base, file))
            elif not place.is_dir():
                break
        if files:
            return files
    return []


def _data(folder: Path, text: str) -> Iterator[Path]:
    """The data files beside a module, and those in folders that it names and that are not packages."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path
        elif path.is_dir() and f'"{path.name}' in text and not any(path.glob("*.py")):
            yield from (data for data in sorted(path.rglob("*")) if data.is_file() and data.suffix != ".pyc")


def _without_comments(text: str) -> str:
    """Remove comments, which cannot change a verdict."""
    lines: list[str | None] = list(text.splitlines())
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = (lines[row - 1] or "")[:column].rstrip() or None
    return "\n".join(line for line in lines if line is not None)


@cache
def _parent(package: str) -> Path | None:
    """The folder that contains a package, found without importing it."""
    spec = PathFinder.find_spec(package)
    if spec is None or spec.origin is None:
        import importlib.util  # an editable installation may have its own finder

        spec = importlib.util.find_spec(package)
    return Path(spec.origin).parents[1] if spec and spec.origin else None


@cache
def _distributions() -> dict[str, list[str]]:
    return {name: sorted(set(owners)) for name, owners in importlib.metadata.packages_distributions().items()}
