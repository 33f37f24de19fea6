"""Find tests that use a learner's object other than by its methods (rules X6 and X7). Pure."""

import ast
from collections.abc import Iterator

from autograde.authoring.chapter import Chapter
from autograde.grading.plan.contract import Contract, contract_of

_LOOKING = frozenset({
    "isinstance", "issubclass", "type", "repr", "str", "format", "print", "hash", "len", "bool", "int",
    "float", "complex", "list", "tuple", "set", "frozenset", "sorted", "iter", "next", "sum", "min", "max",
    "abs", "round", "vars", "dir", "getattr", "hasattr", "setattr",
})  # fmt: skip


def object_faults(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for each such use of a learner's object."""
    contract = contract_of(cell.source for cell in chapter.cells if cell.role in ("solution", "given"))
    for cell in chapter.cells:
        if cell.role == "test":
            faults = _Test(contract, ast.parse(cell.source)).faults()
            for line, what in sorted(set(faults)):
                rule = "call a method that returns plain data, and check that"
                yield cell.line + line, f"test {cell.id!r} {what} of the learner's: {rule}"


class _Test:
    """One test cell: the names in it that hold objects, and how it uses them."""

    def __init__(self, contract: Contract, tree: ast.Module) -> None:
        self._contract, self._tree = contract, tree
        self._made = contract.classes | contract.functions
        self._names = set(contract.variables)
        size = -1
        while size < (size := len(self._names)):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and self._is_object(node.value):
                    self._names |= {target.id for target in node.targets if isinstance(target, ast.Name)}

    def _is_object(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._names
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in self._made
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return node.func.attr in self._contract.methods and self._is_object(node.func.value)
        return False

    def faults(self) -> Iterator[tuple[int, str]]:
        """Yield (line in the cell, the use as text that ends in the word "object")."""
        called = {id(node.func) for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Attribute) and id(node) not in called and self._is_object(node.value):
                yield node.lineno, f"uses the attribute {node.attr} of an object"
            for part, what in _uses(node):
                if self._is_object(part):
                    yield part.lineno, f"{what} an object"


def _uses(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Yield the operands of a node that does more with them than pass them on, and what it does."""
    if isinstance(node, ast.BinOp):
        yield from ((part, "computes with") for part in (node.left, node.right))
    elif isinstance(node, ast.UnaryOp):
        yield node.operand, "asks for the truth of" if isinstance(node.op, ast.Not) else "computes with"
    elif isinstance(node, ast.AugAssign):
        yield from ((part, "computes with") for part in (node.target, node.value))
    elif isinstance(node, ast.Compare):
        if not all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            yield from ((part, "compares") for part in (node.left, *node.comparators))
    elif isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        yield node.test, "asks for the truth of"
    elif isinstance(node, ast.BoolOp):
        yield from ((part, "asks for the truth of") for part in node.values)
    elif isinstance(node, (ast.For, ast.comprehension)):
        yield node.iter, "iterates over"
    elif isinstance(node, ast.Subscript):
        yield node.value, "takes an item of"
    elif isinstance(node, ast.FormattedValue):
        yield node.value, "prints"
    elif isinstance(node, ast.Set):
        yield from ((part, "hashes") for part in node.elts)
    elif isinstance(node, ast.Dict):
        yield from ((part, "hashes") for part in node.keys if part is not None)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _LOOKING:
        yield from ((part, f"calls {node.func.id} on") for part in node.args)
