"""The names a notebook cell assigns, imports and reads, and its source without IPython syntax.

Pure.
"""

import ast
import functools
import re
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_BODY_RUNS = {"capture", "time", "timeit", "prun"}
"""Cell magics whose body is Python; any other's is not."""
_LINE = re.compile(r"^(\s*)(?:%(?:time|timeit)\s+(?![-\s])(?P<timed>.*)|[%!].*|\?.*|.*[\w)\]]\?{1,2}\s*)$")
_ASSIGNED = re.compile(r"^(\s*[\w.,\s\[\]]+=)\s*[!%].*$")
_CONFIGURES = re.compile(
    r"(sys\.path|os\.environ|warnings\.(filterwarnings|simplefilter)|random\.seed|numpy\.(random\.seed|set_printoptions|seterr)"
    r"|pandas\.(set_option|options)|matplotlib\.(use|rc|rcParams)|matplotlib\.pyplot\.(style|rc|rcParams|ion|ioff)"
    r"|seaborn\.set\w*|tensorflow\.random\.set_seed|torch\.manual_seed)\b"
)
"""Calls that only configure a module: they belong to its import."""
_SHOWS = re.compile(
    r"\s*(%%(time|capture)\s*(--\S+\s*)*|%(matplotlib|config|load_ext|reload_ext|autoreload|precision|time)\b.*|#.*|)$"
)
"""Magics that only change display or timing, nothing that a test could observe."""
_RUNS = re.compile(r"^%run\s+(?:-i\s+)?(?P<quote>[\"']?)(?P<path>[^\s\"']+\.py)(?P=quote)\s*$", re.MULTILINE)
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python raises for text that is not Python, or that is nested too deeply for it to read or compile."""
_LOOKS_UP = {"globals", "locals", "vars", "dir", "eval", "exec"}
"""With these, a cell's string constants may hold names."""


@dataclass(frozen=True)
class Names:
    """Names in a cell.

    Attributes:
        assigned: names that its top level assigns: definitions, imports, targets, loop variables,
            walrus, ``global``.
        imported: those that imports assign.
        loaded: global names that it reads anywhere.
        defined: function or class of its top level → global names that it reads.
        deleted: names that its top level deletes.
    """

    assigned: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()
    defined: Mapping[str, frozenset[str]] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=1024)  # most cells are the same in every submission
def names_used(source: str) -> Names:
    """Return the names of a cell; none if it is not Python."""
    plain = without_magics(source)
    try:
        tree = ast.parse(plain)
        table = symtable.symtable(plain, "<cell>", "exec")
        collector = _TopLevel()
        collector.visit(tree)
    except UNREADABLE:
        return Names()
    defined = {
        child.get_name(): frozenset(_globals_read(child))
        for child in table.get_children()
        if child.get_name() in collector.assigned
    }
    loaded = set(_globals_read(table))
    if loaded & _LOOKS_UP:
        loaded |= set(_names_in_texts(tree))
    assigned, imported, deleted = map(frozenset, (collector.assigned, collector.imported, collector.deleted))
    return Names(assigned, imported, frozenset(loaded), defined, deleted)


def _globals_read(table: symtable.SymbolTable) -> Iterator[str]:
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals_read(child)


def _names_in_texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value, mode="eval")
            except UNREADABLE:
                continue
            yield from (name.id for name in ast.walk(inner) if isinstance(name, ast.Name))


def holds_only_imports(source: str) -> bool:
    """Whether a cell only imports, apart from docstrings, magics and module settings; not if empty."""
    try:
        body = ast.parse(without_magics(source)).body
    except UNREADABLE:
        return False
    modules = _modules(body)
    return any(_imports(node) for node in body) and all(_belongs(node, modules) for node in body)


def scripts_of(source: str) -> str:
    """Return Python code for a cell's ``%run`` lines of scripts beside the notebook."""
    return "\n".join(
        f"if __import__('os').path.isfile({path!r}):\n"
        f"    globals().update({{_: value for _, value in __import__('runpy').run_path({path!r}, run_name='__main__').items()"
        " if not _.startswith('__')})"
        for path in (line["path"] for line in _RUNS.finditer(source))
    )


def imports_of(source: str) -> str:
    """Return the top-level imports of a cell and their module configuration; "" if there are none."""
    try:
        body = ast.parse(without_magics(source)).body
    except UNREADABLE:
        return ""
    modules = _modules(body)
    if not any(_imports(node) for node in body):
        return ""
    statements = [node for node in body if _belongs(node, modules) and not _is_text(node)]
    return "\n".join(ast.unparse(node) for node in statements)


def _imports(node: ast.AST) -> bool:
    return any(isinstance(inner, (ast.Import, ast.ImportFrom)) for inner in ast.walk(node))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _belongs(node: ast.AST, modules: Mapping[str, str]) -> bool:
    """Whether a statement imports, does nothing, or configures an imported module."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)) or _is_text(node):
        return True
    if (
        isinstance(node, ast.If)
        and not {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)} <= modules.keys()
    ):
        return False
    if isinstance(node, (ast.Try, ast.If, ast.With)):
        inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.stmt, ast.ExceptHandler))]
        return _imports(node) and all(_belongs(child, modules) for child in inner)
    if isinstance(node, ast.ExceptHandler):
        return all(_belongs(child, modules) for child in node.body)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _configures(node.value.func, modules)
    if isinstance(node, ast.Assign):
        return all(
            isinstance(target, (ast.Attribute, ast.Subscript)) and _configures(target, modules)
            for target in node.targets
        )
    return False


def _configures(node: ast.AST, modules: Mapping[str, str]) -> bool:
    first, _, rest = ast.unparse(node).partition(".")
    name = re.match(r"\w+", first)
    if name is None or name[0] not in modules:
        return False
    return _CONFIGURES.match(f"{modules[name[0]]}{first[name.end() :]}{'.' if rest else ''}{rest}") is not None


def _modules(body: list[ast.stmt]) -> dict[str, str]:
    """Name in the cell → full name of what it imports."""
    imported: dict[str, str] = {}
    for node in (inner for outer in body for inner in ast.walk(outer)):
        if isinstance(node, ast.Import):
            imported |= {
                alias.asname or alias.name.split(".")[0]: alias.name if alias.asname else alias.name.split(".")[0]
                for alias in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return imported


def without_magics(source: str) -> str:
    """Return a cell without what has no meaning outside IPython; lines keep their numbers.

    The body of a cell magic such as ``%%bash`` is not Python and is removed, too.
    """
    if source.lstrip().startswith("%%"):
        first, _, rest = source.lstrip().partition("\n")
        name = first[2:].split(maxsplit=1)[0] if first[2:].split() else ""
        if name not in _BODY_RUNS:
            return "\n" * source.count("\n")
        source = "\n" * (source.count("\n") - rest.count("\n")) + rest
    if _parses(source):
        return source
    return "\n".join(_plain(line) for line in source.split("\n"))


def magic_of(source: str) -> tuple[int, str] | None:
    """Return line and text of the first construct that only IPython understands, or None."""
    if _parses(source):
        return None
    plain = without_magics(source)
    for number, (line, left) in enumerate(zip(source.split("\n"), plain.split("\n"), strict=True), 1):
        if line != left and not _SHOWS.match(line):
            return number, line.strip()
    return None


def _plain(line: str) -> str:
    if assigned := _ASSIGNED.match(line):
        return f"{assigned[1]} None"
    match = _LINE.match(line)
    if not match or line.lstrip().startswith("#"):
        return line
    return match[1] + (match["timed"] or ("pass" if match[1] else ""))


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except UNREADABLE:
        return False
    return True


class _TopLevel(ast.NodeVisitor):
    """Collects what a cell's top level assigns; of functions only their ``global`` names."""

    def __init__(self) -> None:
        self.assigned: set[str] = set()
        self.imported: set[str] = set()
        self.deleted: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.assigned.add(node.name)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                self.assigned |= set(inner.names)

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A lambda's names are local."""

    def visit_ListComp(self, node: ast.AST) -> None:
        """Only walrus targets are visible outside a comprehension."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr) and isinstance(inner.target, ast.Name):
                self.assigned.add(inner.target.id)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.assigned.add(node.id)
        elif isinstance(node.ctx, ast.Del):
            self.deleted.add(node.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.generic_visit(node)  # the name is gone after the handler

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            self.assigned.add(name)
            self.imported.add(name)

    visit_ImportFrom = visit_Import

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.assigned.add(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.assigned.add(node.rest)
        self.generic_visit(node)
