"""What code depends on, read from its imports: files of the course's own packages, and versions of everybody else's.

Nothing is imported and no list is kept by hand: a module that moves, or one that another begins to use, is found where it
is used. Strings count as well, since settings and child processes name modules so.
"""

import ast
import hashlib
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

PACKAGE = __name__.split(".")[0]
OWN = (PACKAGE, "course")
BACKENDS = {"keras": "tensorflow"}
"""Libraries that do their work in another, which they do not import by name."""
_DOTTED = re.compile(rf"\b(?:{'|'.join(OWN)})(?:\.\w+)+")


@dataclass
class Closure:
    """All that some code can reach.

    Attributes:
        files: path as the code would name it (``course/data.py``) → its digest, for files of our own packages.
        libraries: top-level names of modules that are not ours and not Python's own.
    """

    files: dict[str, str] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)

    def of(self, package: str) -> dict[str, str]:
        """The files of one package."""
        return {path: digest for path, digest in self.files.items() if path.split("/")[0] == package}

    def others(self, *packages: str) -> dict[str, str]:
        """The files of no such package: modules that lie beside the chapters."""
        return {path: digest for path, digest in self.files.items() if path.split("/")[0] not in packages}

    def versions(self) -> dict[str, str]:
        """Distribution → version, of the libraries that are installed."""
        names = self.libraries | {BACKENDS[name] for name in self.libraries & set(BACKENDS)}
        found = {name for library in names for name in _distributions().get(library, ())}
        return {name: importlib.metadata.version(name) for name in sorted(found)}


def closure_of(sources: Iterable[str], beside: Path | None = None) -> Closure:
    """Return what Python `sources` reach.

    Args:
        sources: texts of modules, cells or settings; a line ``import autograde.authoring.stock`` is the shortest.
        beside: a folder whose modules these sources can import, too.
    """
    bases = [*([beside] if beside else []), *filter(None, map(_parent, OWN))]
    found = Closure()
    todo = [name for source in sources for name in _names(source, "")]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        at = _locate(name, bases)
        if not at and name.split(".")[0] not in sys.stdlib_module_names:
            found.libraries.add(name.split(".")[0])
        for base, path in at:
            shown = path.relative_to(base)
            if shown.as_posix() not in found.files:
                state = path.stat()
                module = _read(path, ".".join(shown.parts[:-1]), state.st_mtime_ns, state.st_size)
                found.files[shown.as_posix()] = module.digest
                found.files |= {data.relative_to(base).as_posix(): digest(data.read_bytes()) for data in module.data}
                todo += module.names
    found.libraries -= set(OWN)
    return found


@dataclass(frozen=True)
class _Module:
    """What one file says: its digest without comments, the names that it uses, the files beside it that are no modules."""

    digest: str
    names: tuple[str, ...]
    data: tuple[Path, ...]


@cache
def _read(path: Path, package: str, *state: int) -> _Module:
    text = path.read_text(encoding="utf-8-sig")
    return _Module(digest(_without_comments(text)), tuple(_names(text, package)), tuple(_data(path.parent, text)))


def digest(data: str | bytes) -> str:
    """Return a SHA-256 in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def _names(source: str, package: str) -> Iterator[str]:
    """Yield the dotted names that a text of Python imports or names in a string, packages before what lies in them."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a string that only looks like code
        return
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
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
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from _DOTTED.findall(node.value)
            if "import " in node.value:
                yield from _names(node.value, package)


def _locate(name: str, bases: list[Path]) -> list[tuple[Path, Path]]:
    """Return (base, file) of a module and of the packages around it; nothing where it is not one of ours.

    Of ``autograde.errors.CourseError`` the part that is a module counts.
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
    """The files beside a module that are no modules, and those of folders that are no packages and that it names."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path
        elif path.is_dir() and f'"{path.name}' in text and not any(path.glob("*.py")):
            yield from (data for data in sorted(path.rglob("*")) if data.is_file() and data.suffix != ".pyc")


def _without_comments(text: str) -> str:
    """Leave out comments: what they say changes no verdict."""
    lines: list[str | None] = list(text.splitlines())
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = (lines[row - 1] or "")[:column].rstrip() or None
    return "\n".join(line for line in lines if line is not None)


@cache
def _parent(package: str) -> Path | None:
    """The folder that holds a package, found without importing it."""
    spec = PathFinder.find_spec(package)
    if spec is None or spec.origin is None:
        import importlib.util  # an editable installation may have a finder of its own

        spec = importlib.util.find_spec(package)
    return Path(spec.origin).parents[1] if spec and spec.origin else None


@cache
def _distributions() -> dict[str, list[str]]:
    return {name: sorted(set(found)) for name, found in importlib.metadata.packages_distributions().items()}
