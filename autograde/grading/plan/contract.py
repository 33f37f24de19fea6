"""Which objects a test may hold, read from the course's source: instances of its answers' classes.
Pure.

Anything else that a learner's function returns is plain data, or a wrong answer. A function or
method returns objects if the course's own answer does: it calls a class of the source, returns
``self``, yields, and so on. The author names what this does not see, such as a data frame, in a
line of a solution, given or test cell::

    ### OBJECTS: load_table, head
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from autograde.grading.plan.cell_names import UNREADABLE

_MARK = re.compile(r"^\s*###\s*OBJECTS:\s*(?P<names>[\w ,]+?)\s*$", re.MULTILINE)
_READING = frozenset({"__len__", "__getitem__", "__iter__", "__next__"})
_ITERATORS = frozenset({"__iter__", "__next__"})
_LAZY = frozenset({"iter", "map", "filter", "zip", "enumerate", "reversed"})
_PASSING = frozenset(
    {"copy", "deepcopy", "replace", "list", "tuple", "set", "sorted", "sum", "min", "max", "next", "reduce"}
)
_TAKING = frozenset({"pop", "popleft", "get", "setdefault", "copy"})
_KEEPING = frozenset({"append", "appendleft", "add", "insert", "extend", "push"})
_BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor",
    ast.LShift: "lshift", ast.RShift: "rshift",
}  # fmt: skip
_UNARY = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Contract:
    """Names of the source, by what a test gets from them.

    Attributes:
        named: functions and classes of the top level.
        classes: calling one makes an object.
        functions: calling one may return objects, including iterators.
        methods: calling an object's attribute of this name may, too.
        variables: hold objects.
        operators: special methods that the classes define, ``__add__`` and the like.
    """

    named: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, list[str]]:
        """Encode for :meth:`from_json` in another process."""
        return {field.name: sorted(getattr(self, field.name)) for field in fields(self)}

    @staticmethod
    def from_json(data: Mapping[str, Iterable[str]]) -> "Contract":
        """The contract that :meth:`as_json` encoded."""
        return Contract(**{name: frozenset(names) for name, names in data.items()})


PLAIN = Contract()
"""Tests hold no objects at all."""


def contract_of(sources: Iterable[str], tests: Iterable[str] = ()) -> Contract:
    """Return the contract of a notebook.

    Args:
        sources: its solution and given cells, complete. What is not Python defines nothing.
        tests: its test cells, of which only the ``### OBJECTS`` lines count.
    """
    texts = list(sources)
    reading = _Reading()
    for text in texts:
        try:
            reading.add(ast.parse(text))
        except UNREADABLE:
            continue
    reading.close()
    marked = frozenset(
        name for text in (*texts, *tests) for mark in _MARK.finditer(text) for name in re.findall(r"\w+", mark["names"])
    )
    operators = frozenset(reading.operators) | (_READING if marked else frozenset())
    return Contract(
        frozenset(reading.named),
        frozenset(reading.classes),
        frozenset(reading.functions) | marked,
        frozenset(reading.methods) | marked,
        frozenset(reading.variables) | marked,
        operators,
    )


class _Reading:
    """Follows objects from the calls that make them to the functions that return them."""

    def __init__(self) -> None:
        self.named: set[str] = set()
        self.classes: set[str] = set()
        self.functions: set[str] = set()
        self.methods: set[str] = set()
        self.variables: set[str] = set()
        self.operators: set[str] = set()
        self._attributes: set[str] = set()
        self._bodies: list[tuple[Function | ast.Module, bool]] = []

    def add(self, tree: ast.Module) -> None:
        """Add a cell."""
        self._bodies.append((tree, False))
        self.named |= {node.name for node in tree.body if isinstance(node, (*_FUNCTION, ast.ClassDef))}
        inside = {id(item) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for item in node.body}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self.classes.add(node.name)
                self.operators |= {name for name in _assigned(node.body) if re.fullmatch(r"__\w+__", name)}
            elif isinstance(node, _FUNCTION):
                self._bodies.append((node, id(node) in inside))

    def close(self) -> None:
        """Repeat until a pass finds nothing new."""
        size = -1
        while size < (size := self._size()):
            for body, is_method in self._bodies:
                self._follow(body, is_method)

    def _size(self) -> int:
        return sum(map(len, (self.functions, self.methods, self.variables, self._attributes, self.operators)))

    def _follow(self, body: Function | ast.Module, is_method: bool) -> None:
        holding: set[str] = set(self.variables)
        gives = False
        if isinstance(body, _FUNCTION):
            first = [argument.arg for argument in (*body.args.posonlyargs, *body.args.args)][:1]
            holding = (holding - _parameters(body)) | (set(first) if is_method else set())
            gives = body.returns is not None and not _words(body.returns).isdisjoint(self.classes | {"Self"})
        size = -1
        while size < (size := len(holding)):
            for node in _own(body):
                self._assign(node, holding)
        for node in _own(body):
            if _is_lazy(node):
                gives = True
                self.operators |= _ITERATORS
            elif isinstance(node, ast.Return) and node.value is not None and self._is_object(node.value, holding):
                gives = True
        if isinstance(body, ast.Module):
            self.variables |= holding & _assigned(body.body)
        elif gives:
            (self.methods if is_method else self.functions).add(body.name)

    def _assign(self, node: ast.AST, holding: set[str]) -> None:
        """Record which names and attributes a statement assigns an object to."""
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            if node.value is not None and self._is_object(node.value, holding):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self._hold(target, holding)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            if self._is_object(node.iter, holding):
                self._hold(node.target, holding)
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None and self._is_object(node.context_expr, holding):
                self._hold(node.optional_vars, holding)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _KEEPING
            and any(self._is_object(argument, holding) for argument in node.args)
        ):
            self._hold(node.func.value, holding)

    def _hold(self, target: ast.expr, holding: set[str]) -> None:
        if isinstance(target, ast.Name):
            holding.add(target.id)
        elif isinstance(target, ast.Attribute):
            self._attributes.add(target.attr)
        elif isinstance(target, (ast.Subscript, ast.Starred)):
            self._hold(target.value, holding)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self._hold(item, holding)

    def _is_object(self, node: ast.expr, holding: set[str]) -> bool:
        """Whether an expression's value is an object or a container of objects."""
        if isinstance(node, ast.Name):
            return node.id in holding
        if isinstance(node, ast.Attribute):
            return node.attr in self._attributes
        if isinstance(node, ast.Call):
            return self._call_gives(node, holding)
        if isinstance(node, ast.BinOp):
            name = _BINARY[type(node.op)]
            sides = self._is_object(node.left, holding), self._is_object(node.right, holding)
            return any(sides) and bool({f"__{name}__", f"__r{name}__"} & self.methods)
        if isinstance(node, ast.UnaryOp):
            return _UNARY.get(type(node.op)) in self.methods and self._is_object(node.operand, holding)
        if isinstance(node, ast.IfExp):
            return self._is_object(node.body, holding) or self._is_object(node.orelse, holding)
        if isinstance(node, ast.BoolOp):
            return any(self._is_object(value, holding) for value in node.values)
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return any(self._is_object(item, holding) for item in node.elts)
        if isinstance(node, ast.Dict):
            return any(self._is_object(item, holding) for item in node.values)
        if isinstance(node, (ast.ListComp, ast.SetComp)):
            return self._is_object(node.elt, holding)
        if isinstance(node, ast.DictComp):
            return self._is_object(node.value, holding)
        if isinstance(node, (ast.Subscript, ast.Starred, ast.NamedExpr, ast.Await)):
            return self._is_object(node.value, holding)
        return False

    def _call_gives(self, node: ast.Call, holding: set[str]) -> bool:
        function = node.func
        if isinstance(function, ast.Name):
            if function.id in self.classes or function.id in self.functions or function.id == "cls":
                return True
            name = function.id
        elif isinstance(function, ast.Attribute):
            if function.attr in self.methods or function.attr in self.classes or function.attr == "__class__":
                return True
            if function.attr in _TAKING and self._is_object(function.value, holding):
                return True
            name = function.attr
        else:  # type(self)(…)
            return isinstance(function, ast.Call) and isinstance(function.func, ast.Name) and function.func.id == "type"
        return name in _PASSING and any(self._is_object(argument, holding) for argument in node.args)


def _own(body: Function | ast.Module) -> Iterator[ast.AST]:
    """The nodes of a function or cell, without those of functions and classes inside it."""
    waiting: list[Any] = list(body.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _is_lazy(node: ast.AST) -> bool:
    """Whether a function with this node returns an iterator."""
    if isinstance(node, ast.Return):
        call = node.value
        lazy = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _LAZY
        return lazy or isinstance(call, ast.GeneratorExp)
    return isinstance(node, (ast.Yield, ast.YieldFrom))


def _assigned(body: list[ast.stmt]) -> set[str]:
    names = set()
    for statement in body:
        if isinstance(statement, _FUNCTION):
            names.add(statement.name)
        elif not isinstance(statement, ast.ClassDef):
            names |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names


def _parameters(function: Function) -> set[str]:
    return {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}


def _words(annotation: ast.expr) -> set[str]:
    """The names in an annotation, those in text included."""
    return set(re.findall(r"\w+", ast.unparse(annotation)))
