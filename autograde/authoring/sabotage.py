"""Sabotage the reference answer in ways that careless tests miss; every exercise must refuse the result.

A trial appends ``spoil(globals(), "empty")`` to the solution cell. A test that passes although a
value in it was spoiled does not check that value: see :data:`KINDS`.
"""

import copy
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Kind:
    """A way of spoiling answers.

    Attributes:
        what: what such an answer does, for messages.
        remedy: what the test should do.
        each: whether every test that meets it must refuse it; otherwise one test of the exercise is
            enough.
    """

    what: str
    remedy: str
    each: bool = True


KINDS = {
    "object": Kind("returns an object that agrees with everything", "check the type with isinstance before the values"),
    "objects-for-arrays": Kind(
        "returns objects that agree with everything in place of the arrays in its result",
        "check the types of its parts with isinstance",
    ),
    "objects-for-numbers": Kind(
        "returns objects that agree with everything in place of the numbers in its result",
        "check the types of its parts with isinstance",
    ),
    "empty": Kind("returns empty arrays, which broadcast", "check the shape before the values"),
    "empty-numbers": Kind("returns empty arrays in place of numbers", "check the shape before the values"),
    "nan": Kind("returns nan for every number", "assert what should hold, not that its opposite does not", each=False),
    "zeroed": Kind(
        "sets its arguments to zero, then computes", "compute what is expected before the call, or from a copy"
    ),
    "zeroed-first": Kind(
        "sets its first array to zero, and computes its own arrays from that",
        "compute what is expected before the call, or from a copy",
    ),
    "remembered": Kind(
        "takes long for new arguments and remembers old ones", "time each call on inputs that it has not seen"
    ),
    "axis": Kind("returns everything with one more axis of length 1", "check the shape before the values", each=False),
    "scalar": Kind("returns the first entry for a whole array", "check the shape before the values", each=False),
    "stale": Kind("returns its first result again and again", "call it with other arguments, too", each=False),
    "emptied": Kind("empties its lists, then computes", "call it with other arguments, too", each=False),
    "spent": Kind(
        "sets its arguments to zero or empties them after it has computed",
        "compare the arguments with copies made before",
        each=False,
    ),
}

WATCHED = "watched"
"""Spoils nothing, but records which kinds would have something to spoil; the others need not be tried."""

effects = 0
"""Number of values spoiled in this process so far."""

applicable: set[str] = set()
"""The kinds that would have had something to spoil in a watched answer so far."""

_late = 0.0  # seconds by which this process's clocks are ahead


def spoil(namespace: dict[str, Any], kind: str, names: tuple[str, ...]) -> None:
    """Spoil the functions with these names, and the methods of the classes.

    Args:
        namespace: where they are defined, and where they are replaced.
        kind: one of :data:`KINDS`, or :data:`WATCHED`.
    """
    if kind == "remembered":
        _advance_clocks()
    for name in names:
        made = namespace.get(name)
        if isinstance(made, type):
            for method, function in list(vars(made).items()):
                if inspect.isfunction(function) and (not method.startswith("_") or method == "__call__"):
                    setattr(made, method, _spoiled(function, kind))
        elif callable(made):
            namespace[name] = _spoiled(made, kind)


def _spoiled(function: Callable[..., Any], kind: str) -> Callable[..., Any]:
    if kind == WATCHED:
        return _watched(function)
    results: dict[Any, Any] = {}

    @wraps(function)
    def spoiled(*args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        touched = _zero(given) if kind == "zeroed" else _clear(given) if kind == "emptied" else False
        if kind == "stale" and results:
            _note()
            return copy.deepcopy(results["first"])
        if kind == "zeroed-first":
            return _half_zeroed(function, args, kwargs)
        if kind == "remembered":
            return _remembering(function, results, args, kwargs)
        result = function(*args, **kwargs)
        if kind == "spent":
            touched = _zero(given) | _clear(given)
        if touched:  # counted only now: if the function raised, nothing was spoiled
            _note()
        elif kind == "stale" and _is_plain(result):
            results["first"] = copy.deepcopy(result)
        elif kind in _CHANGES:
            result = _CHANGES[kind](result)
        return result

    return spoiled


def _watched(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        zeroable, clearable = any(map(_zeroable, given)), any(map(_clearable, given))
        result = function(*args, **kwargs)
        spendable = zeroable or clearable or any(map(_zeroable, given)) or any(map(_clearable, given))
        of_arguments = {
            "zeroed": zeroable,
            "zeroed-first": zeroable and _holds_array(result),
            "emptied": clearable,
            "spent": spendable,
            "stale": _is_plain(result),
        }
        applicable.update(
            kind for kind in KINDS if of_arguments.get(kind, kind not in _CHANGES or _changes(kind, result))
        )
        return result

    return watched


def _changes(kind: str, result: Any) -> bool:
    """Whether a kind would change a result; the result itself is not changed."""
    global effects
    before = effects
    _CHANGES[kind](result)
    changed, effects = effects > before, before
    return changed


def _note() -> None:
    global effects
    effects += 1


def _zero(values: list[Any]) -> bool:
    touched = False
    for value in values:
        if _zeroable(value):
            value[...] = 0
            touched = True
    return touched


def _zeroable(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.flags.writeable and value.dtype.kind in "iufcb" and bool(value.any())


def _clear(values: list[Any]) -> bool:
    touched = False
    for value in values:
        if _clearable(value):
            value.clear()
            touched = True
    return touched


def _clearable(value: Any) -> bool:
    return isinstance(value, (list, dict, set)) and bool(value)


def _half_zeroed(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    right = function(*copy.deepcopy(args), **copy.deepcopy(kwargs))
    arrays = [value for value in (*args, *kwargs.values()) if isinstance(value, np.ndarray) and value.ndim]
    if not _holds_array(right):
        return right
    touched = _zero(arrays[:1])
    spoiled = _arrays_of(function(*args, **kwargs), right)
    if touched:
        _note()
    return spoiled


def _holds_array(value: Any) -> bool:
    return _is_array(value) or (isinstance(value, (list, tuple)) and any(map(_holds_array, value)))


def _arrays_of(spoiled: Any, right: Any) -> Any:
    """The arrays of the spoiled result, and everything else of the right one."""
    if type(right) in (list, tuple) and type(spoiled) is type(right) and len(spoiled) == len(right):
        return type(right)(map(_arrays_of, spoiled, right))
    return spoiled if isinstance(right, np.ndarray) and right.ndim else right


def _remembering(
    function: Callable[..., Any], results: dict[Any, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    global _late
    key = repr([value.tobytes() if isinstance(value, np.ndarray) else value for value in (*args, *kwargs.values())])
    if key not in results:
        results[key] = function(*args, **kwargs)
        _late += 1000.0
        _note()
    return copy.deepcopy(results[key])


def _advance_clocks() -> None:
    """Advance this process's clocks by the seconds that the spoiled answer pretends to take."""
    for name in ("time", "monotonic", "perf_counter", "process_time"):
        setattr(time, name, _ahead(getattr(time, name)))


def _ahead(clock: Callable[[], float]) -> Callable[[], float]:
    return lambda: clock() + _late


def _is_plain(value: Any) -> bool:
    return isinstance(value, (bool, int, float, complex, str, bytes, list, tuple, dict, set, np.ndarray, np.generic))


def _object(value: Any) -> Any:
    if not _is_plain(value):
        return value
    _note()
    return Agreeable()


def _inside(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Apply a change to every leaf of a result."""

    def changed(value: Any) -> Any:
        if type(value) in (list, tuple):
            return type(value)(changed(item) for item in value)
        if type(value) is dict:
            return {key: changed(item) for key, item in value.items()}
        return change(value)

    return changed


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "iuf"


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def _only(wanted: Callable[[Any], bool], change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: change(value) if wanted(value) else value


def _empty(value: Any) -> Any:
    _note()
    return np.empty((0,) + (1,) * np.ndim(value), dtype=np.asarray(value).dtype)


def _nan(value: Any) -> Any:
    if not _number(value) or np.asarray(value).dtype.kind != "f":
        return value
    _note()
    return np.full_like(value, np.nan) if isinstance(value, np.ndarray) else type(value)("nan")


def _axis(value: Any) -> Any:
    if not _number(value):
        return value
    _note()
    return np.asarray(value)[None]


def _scalar(value: Any) -> Any:
    if not isinstance(value, np.ndarray) or value.ndim == 0 or value.size < 2:
        return value
    _note()
    return np.array(value.flat[0])


_CHANGES: dict[str, Callable[[Any], Any]] = {
    "object": _object,
    "objects-for-arrays": _inside(_only(_is_array, _object)),
    "objects-for-numbers": _inside(_only(lambda value: _number(value) and not _is_array(value), _object)),
    "empty": _inside(_only(_is_array, _empty)),
    "empty-numbers": _inside(_only(lambda value: _number(value) and not _is_array(value), _empty)),
    "nan": _inside(_nan),
    "axis": _inside(_axis),
    "scalar": _inside(_scalar),
}


class Agreeable:
    """Equal to everything, close to everything, and true."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Agreeable()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Agreeable()

    def _agree(self, *others: Any) -> bool:
        return True

    def _nothing(self, *others: Any) -> float:
        return 0.0

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _agree
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _nothing
    __pow__ = __rpow__ = __mod__ = __rmod__ = __matmul__ = __rmatmul__ = _nothing
    __abs__ = __neg__ = __pos__ = __float__ = __round__ = _nothing

    def __ne__(self, other: Any) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def __len__(self) -> int:
        return 1

    def __int__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter([Agreeable()])

    def __getitem__(self, key: Any) -> Any:
        return Agreeable()
