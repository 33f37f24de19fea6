"""A test calls a learner's functions and holds a learner's objects as if they were its own."""

import pytest
from wire_peers import examined

from autograde.grading.wire.frames import Limits

ANSWER = """
import threading
import numpy as np

class Value:
    def __init__(self, x):
        self.x = x
    def __add__(self, other):
        return Value(self.x + (other.x if isinstance(other, Value) else other))
    __radd__ = __add__
    def __matmul__(self, other):
        return self.x * other
    def __neg__(self):
        return Value(-self.x)
    def get(self):
        return self.x
    def __eq__(self, other):
        return True
    __hash__ = None

class Box(Value):
    def __getitem__(self, key):
        return [key, self.x]
    def __setitem__(self, key, value):
        self.x = value
    def __contains__(self, value):
        return value == self.x
    def __len__(self):
        return 3
    def itself(self):
        return self

class Sly(int):
    def __eq__(self, other):
        return True
    __hash__ = int.__hash__

class Odd(ValueError):
    pass

class Hostile:
    __class__ = property(lambda self: 1 / 0)
    def __getattr__(self, name):
        raise SystemExit(name)

def same(x): return x
def twice(f, x): return f(f(x))
def change(array, items, table, members):
    array[0], table["b"] = 7, 2
    items.append(3)
    members.add(9)
def swap(pair): pair[0], pair[1] = pair[1], pair[0]
def break_it(array):
    array[0] = 1
    raise Odd("too much")
def draw(rng): return rng.random(3)
def stop(): raise SystemExit(3)
def count(): yield from (1, 2, 3)
def forever():
    while True:
        yield 1
def in_threads(f):
    results = []
    threads = [threading.Thread(target=lambda n=n: results.append(f(n))) for n in range(5)]
    for t in threads: t.start()
    for t in threads: t.join()
    return sorted(results)
def keep(f):
    global kept
    kept = f
def quiet(f):
    try:
        f()
    except Exception:
        return "caught"
def sly(): return Sly(1)
def masked(): return np.ma.array([1.0])
def module(): return np
def liar(): return Hostile()
def reshaped(a): a.shape = (2, 2)
def shout():
    print("2.0")
    return 1
def deep(f, n): return f(n)
activation = lambda name: (np.tanh, lambda x: 1 - np.tanh(x) ** 2)
number, words = 3, ["a"]
"""


def score(source: str, limits: Limits | None = None) -> float:
    with examined(ANSWER, limits) as examiner:
        verdict = examiner.run_test(source, 2)
        assert verdict.score == 2 or verdict.error
        return verdict.score


@pytest.mark.parametrize(
    "source",
    [
        "assert same(3) == 3 and number == 3 and words == ['a']",
        "assert twice(lambda v: v * 3, 2) == 18",
        "seen = []\ndef spy(v):\n    seen.append(v)\n    return v\ntwice(spy, 1)\nassert seen == [1, 1]",
        "a, l, d, s = np.zeros(2), [1], {'a': 1}, {1}\nchange(a, l, d, s)\n"
        "assert a[0] == 7 and l == [1, 3] and d == {'a': 1, 'b': 2} and s == {1, 9}",
        "big = np.zeros((3, 9000))\nview = big[1]\nchange(view, [], {}, set())\nassert big[1, 0] == 7 and big.sum() == 7",
        "x = [1]\nassert same(x) is x\ny = [x, x]\nassert same(y)[0] is y[1]",
        "a, b = [1], [2]\np = [a, b]\nswap(p)\nassert p[0] is b and p[1] is a",
        "a = np.zeros(2)\ntry:\n    break_it(a)\n    assert False\nexcept ValueError as e:\n    assert type(e) is ValueError\nassert a[0] == 1",
        "a = np.zeros(2)\na.flags.writeable = False\ntry:\n    break_it(a)\nexcept ValueError:\n    pass\nassert a[0] == 0",
        "r, q = np.random.default_rng(3), np.random.default_rng(3)\nassert (draw(r) == q.random(3)).all() and r.random() == q.random()",
        "r = np.random.default_rng(3)\nassert same(r) is r",
        "v = 1 + Value(2) + Value(3)\nassert v.get() == 6 and v.x == 6 and (-v).x == -6 and v @ 2 == 12",
        "v = Box(1)\nv[0] = 5\nassert v.get() == 5 and len(v) == 3 and v.itself() is v and same(v).x == 5 and v[1:] == [slice(1, None), 5] and 5 in v",
        "w = np.float64(2) + Value(1)\nassert w.x == 3",
        "f, df = activation('tanh')\nassert f(0.0) == 0 and df(np.zeros(2)).tolist() == [1, 1] and callable(f)",
        "assert list(count()) == [1, 2, 3] and next(count()) == 1",
        "assert in_threads(lambda n: n * n) == [0, 1, 4, 9, 16]",
        "def g(n):\n    return n if n == 0 else deep(g, n - 1)\nassert deep(g, 5) == 0",
        "def bad():\n    raise KeyError('x')\nassert quiet(bad) == 'caught'",
        "class Mine(Exception):\n    pass\ndef bad(v):\n    raise Mine('x')\ntry:\n    twice(bad, 1)\nexcept Mine:\n    pass\nelse:\n    assert False",
        "assert not isinstance(liar(), (float, int, np.ndarray, type)) and repr(liar()) == \"<an object of the learner's>\"",
        "assert len(same(range(10**9))) == 10**9 and same(slice(1, 2)) == slice(1, 2)",
        "for _ in range(30):\n    held = [Value(n) for n in range(40)]",
    ],
)  # fmt: skip
def test_a_test_may_do(source: str) -> None:
    assert score(source, Limits(handles=100)) == 2


REFUSED = ("v == v", "v != 1", "1 == v", "np.zeros(2) == v", "v < v", "v >= 1", "bool(v)", "not v", "hash(v)", "{v}", "{v: 1}",
           "v in [1]", "isinstance(1, Value)", "issubclass(int, Value)", "float(v)", "int(v)", "[1][v]",
           "np.asarray(v, dtype=float)", "setattr(v, 'x', 1)", "__import__('copy').copy(v)", "__import__('pickle').dumps(v)")  # fmt: skip


@pytest.mark.parametrize("expression", REFUSED)
def test_a_handle_refuses(expression: str) -> None:
    """Even where the test swallows the refusal, it is the verdict: the test's author is told what to write."""
    with examined(ANSWER) as examiner:
        verdict = examiner.run_test(f"v = Value(1)\ntry:\n    {expression}\nexcept BaseException:\n    pass", 2)
        assert verdict.score == 0 and "plain data" in (verdict.author_error or "")


@pytest.mark.parametrize("call", ["sly()", "masked()", "module()", "reshaped(np.zeros(4))"])
def test_what_cannot_cross_is_the_learners_failure_even_if_the_test_expects_an_exception(call: str) -> None:
    with examined(ANSWER) as examiner:
        verdict = examiner.run_test(f"try:\n    {call}\nexcept Exception:\n    pass", 2)
        assert (verdict.score, verdict.wire_code, verdict.author_error) == (0, "result", None)
        assert examiner.run_test("assert same(1) == 1", 2).score == 2


@pytest.mark.parametrize(
    "argument", ["np", "object()", "np.float64", "np.ma.array([1])", "np.array([None])", "{(1, np)}"]
)
def test_an_argument_that_cannot_cross_is_the_authors_error(argument: str) -> None:
    with examined(ANSWER) as examiner:
        verdict = examiner.run_test(f"same({argument})", 2)
        assert verdict.score == 0 and "CONTRIBUTING" in (verdict.author_error or "")


def test_an_exit_of_the_learners_is_no_exception_that_a_test_expects() -> None:
    with examined(ANSWER) as examiner:
        verdict = examiner.run_test("try:\n    stop()\nexcept Exception:\n    pass", 2)
        assert verdict.score == 0 and verdict.learner_error and "SystemExit" in verdict.learner_error.message
        assert examiner.run_test("assert same(1) == 1", 2).score == 2


def test_an_endless_iterator_ends_at_the_limit_of_calls() -> None:
    with examined(ANSWER, Limits(calls=200)) as examiner:
        assert examiner.run_test("list(forever())", 2).wire_code == "flood"


def test_calls_in_calls_end_at_the_limit_of_nesting() -> None:
    assert score("def g(n):\n    return deep(g, n + 1)\ntry:\n    deep(g, 0)\nexcept RecursionError:\n    pass") == 2


def test_a_function_of_a_test_that_has_ended_cannot_be_called() -> None:
    with examined(ANSWER) as examiner:
        assert examiner.run_test("seen = []\nkeep(lambda: seen.append(1))", 2).score == 2
        assert examiner.run_test("assert seen == []", 2).score == 2


def test_a_failed_check_in_a_spy_is_the_tests_own_and_its_words_stay_in_the_examiner() -> None:
    answer = "said = []\ndef use(f):\n    try:\n        f()\n    except AssertionError as e:\n        said.append(str(e))\n        raise\n"
    with examined(answer) as examiner:
        verdict = examiner.run_test("def spy():\n    assert False, 'hidden marker'\nuse(spy)", 2)
        assert verdict.failed_message == "hidden marker" and verdict.learner_error is None
        assert "marker" not in str(examiner.run_test("assert False, said[0]", 1).failed_message)


def test_arrays_come_back_with_the_type_that_left() -> None:
    with examined(ANSWER) as examiner:
        for text in ("np.float32(2)", "np.zeros((0, 3))", "np.array(2, dtype='>i2')", "np.array(['a'])", "np.bool_(1)"):
            source = (
                f"a, b = {text}, same({text})\nassert type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape"
            )
            assert examiner.run_test(source, 1).score == 1, text


EVIL = """
import numpy as np
told = []
class Evil:
    def _said(self, *args):
        told.append(args)
        return 0.0
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: told.append(other) or True
    __hash__ = lambda self: told.append("hash") or 0
    __bool__ = __contains__ = lambda self, *args: told.append(args) or True
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _said
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _said
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = _said
    __iadd__ = __isub__ = __imul__ = __ipow__ = __ior__ = __divmod__ = __rdivmod__ = _said
    __abs__ = __neg__ = __pos__ = __round__ = __float__ = _said
    __int__ = __index__ = __len__ = lambda self: told.append("int") or 0
    __iter__ = lambda self: iter([4.0])
    __next__ = __getitem__ = lambda self, *args: 4.0
    __setitem__ = __delitem__ = __setattr__ = _said
    __enter__ = __exit__ = _said
    __array__ = lambda self, *args, **kwargs: np.array(4.0)
    __array_ufunc__ = lambda self, *args, **kwargs: told.append(args) or 0.0
    __getattr__ = lambda self, name: 4.0
class Caller(Evil):
    __call__ = Evil._said
class Mute(Evil):
    @property
    def __class__(self): return float
def f(x): return KIND()
def pair(x): return [1.0, {"a": (KIND(), 2)}]
def use(g): return g(KIND())
def change(values): values.append(KIND())
number = KIND()
def heard(): return len(told)
"""
REFERENCE = "def f(x): return x * x\ndef pair(x): return [x]\ndef use(g): return g(1)\ndef change(values): pass\nnumber = 4.0\ndef heard(): return 0"
USES = (
    "abs({} - 4) < 1e-9", "abs(4 - {}) < 1e-9", "np.allclose({}, 4.0)", "np.allclose(np.array([4.0, 4.0]), {})", "4.0 == {}", "{} == 4",
    "{} != 5", "{} < 5", "5 > {}", "{}", "not {}", "4.0 in {}", "{} in [4.0]", "len({}) == 0", "list({}) == [4.0]", "next({}) == 4.0",
    "{}[0] == 4.0", "{}.real == 4.0", "{}.item() == 4.0", "float({}) == 0", "int({}) == 0", "round({}) == 0", "divmod({}, 4.0) == 0",
    "-{} == 0", "abs({}) == 0", "{} ** 2 == 0", "4.0 @ {} == 0", "4 | {} == 0", "np.asarray({}, dtype=float) == 4", "np.isclose({}, 4)",
    "np.sum({}) == 4", "np.subtract({}, 4.0) == 0", "np.array([1.0]) * {} == 0", "hash({}) == 0", "{{{}: 1}}", "f'{{{}:.1f}}' == '4.0'",
    "sum([{}]) == 0", "max([{}, 4.0]) > 0", "sorted([{}, 4.0])", "np.array([{}, 4.0]).sum() == 4", "[7][{}] == 7", "range({})",
    "math.isclose({}, 4.0)", "isinstance({}, float)", "'4' in str({})", "any(v == 4 for v in [{}])", "np.zeros(3)[{}] == 0",
    "getattr({}, 'shape', 4.0)", "set([{}])", "dict([({}, 1)])", "bool({})", "complex({}) == 0", "iter({})", "bytes({}) == b''",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["Caller", "Mute"])
@pytest.mark.parametrize("use", USES)
def test_an_object_answers_no_test_and_is_told_nothing(use: str, kind: str) -> None:
    """Wherever it comes from: a result, inside of one, an argument of a call back, a changed argument, a variable."""
    answer = EVIL.replace("KIND", kind)
    sources = [f"assert {use.format('got')}\n" for _ in range(5)]
    starts = ("got = f(2)", "got = pair(2)[1]['a'][0]", "got = None\ndef spy(v):\n    global got\n    got = v\n    return 1\nuse(spy)",
              "values = [4.0]\nchange(values)\ngot = values[-1]", "got = number")  # fmt: skip
    with examined(answer, reference=REFERENCE, setup="import numpy as np, math") as examiner:
        for start, source in zip(starts, sources, strict=True):
            for swallowed in (
                f"{start}\n{source}",
                f"try:\n    {start.replace(chr(10), chr(10) + '    ')}\n    {source}except (TypeError, ValueError, AttributeError):\n    pass",
            ):
                verdict = examiner.run_test(swallowed, 2)
                caught = (
                    "spy" in start and "except" in swallowed
                )  # the learner's own code was told, and the test asks no more
                assert verdict.score == 0 or caught, (swallowed, verdict)
                assert verdict.author_error is None, (swallowed, verdict)
        assert examiner.run_test("assert heard() == 0", 2).score == 2


def test_where_the_answer_is_plain_data_an_object_is_a_wrong_answer_with_a_reason() -> None:
    with examined(EVIL.replace("KIND", "Mute"), reference=REFERENCE) as examiner:
        verdict = examiner.run_test("assert abs(f(2) - 4) < 1e-9", 2)
    assert (verdict.score, verdict.wire_code) == (0, "result")
    assert verdict.wire_error == "the function returned an object (Mute) where plain data belongs"


CLASS = """
class Vector:
    def __init__(self, x): self.x = x
    def __sub__(self, other): return Vector(self.x - (other.x if isinstance(other, Vector) else other))
    def __rsub__(self, other): return Vector(other - self.x)
    def __abs__(self): return abs(self.x)
    def norm(self): return abs(self.x)
    def scaled(self, k): return Vector(k * self.x)
    def __iadd__(self, other):
        self.x += other
        return self
def length(v): return v.norm()
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert (Vector(3) - Vector(1)).x == 2 and abs(1 - Vector(3)) == 2 and abs(Vector(1).scaled(-2)) == 2",
        "v = Vector(1)\nv += 2\nassert v.x == 3",
        "assert length(Vector(-2)) == 2 and Vector(-2).norm() == 2",
    ],
)
def test_a_class_of_the_course_keeps_the_operators_that_it_defines(test: str) -> None:
    with examined(CLASS) as examiner:
        verdict = examiner.run_test(test, 2)
        assert verdict.score == 2, verdict


@pytest.mark.parametrize(
    "test",
    [
        "assert abs(Vector(3).norm() - 3) < 1e-9",
        "assert abs(Vector(3).x - 3) < 1e-9",
        "assert abs(length(Vector(3)) - 3) < 1e-9",
    ],
)
def test_what_a_method_should_give_as_a_number_cannot_be_an_object_with_the_classs_operators(test: str) -> None:
    answer = CLASS.replace("return abs(self.x)\n    def scaled", "return self\n    def scaled").replace(
        "self.x = x", "self.x = self"
    )
    answer = answer.replace("def __sub__(self, other): ", "def __sub__(self, other): told.append(other); return 0.0; ")
    with examined(
        "told = []\ndef heard(): return len(told)" + answer, reference=CLASS + "def heard(): return 0"
    ) as examiner:
        verdict = examiner.run_test(test, 2)
        assert (verdict.score, verdict.wire_code, verdict.author_error) == (0, "result", None)
        assert examiner.run_test("assert heard() == 0", 1).score == 1


def test_an_object_of_many_standings_is_given_up_once_nobody_holds_it() -> None:
    answer = CLASS + "def same(v): return v\n"
    with examined(answer, Limits(handles=50)) as examiner:
        source = "for n in range(40):\n    v = Vector(n)\n    w = same(v)\n    del v\n    assert same(w).x == n\n    u = w.scaled(2)"
        assert examiner.run_test(source, 2).score == 2


FUNCTION = '''
import functools
from typing import List
def area(r: float, *, pi: float = 3.14, unit="m") -> list[int]:
    """The area."""
    return [r * r * pi]
def bare(x, y=(1, 2)): return x
def typed(x: List[int], y: "text") -> None: pass
class Shape:
    """A shape."""
    def __init__(self, n: int): self.n = n
half = functools.partial(bare, 1)
small = lambda: 0
bare.__doc__ = None
'''


@pytest.mark.parametrize(
    "test",
    [
        "assert area.__doc__ == 'The area.' and bare.__doc__ is None and Shape.__doc__ == 'A shape.'",
        "assert (area.__name__, Shape.__name__, small.__name__) == ('area', 'Shape', '<lambda>')",
        "assert area.__qualname__ == 'area' and area.__module__ == '__main__'",
        "assert bare.__defaults__ == ((1, 2),) and area.__kwdefaults__ == {'pi': 3.14, 'unit': 'm'}",
        "assert area.__annotations__ == {'r': float, 'pi': float, 'return': list[int]}",
        "assert typed.__annotations__['y'] == 'text' and typed.__annotations__['return'] is None and bare.__annotations__ == {}",
        "import inspect\nassert str(inspect.signature(area)) == '(r: float, *, pi: float = 3.14, unit=\\'m\\') -> list[int]'",
        "import inspect\nassert list(inspect.signature(bare).parameters) == ['x', 'y']",
        "import inspect\nassert inspect.getdoc(area) == 'The area.' and list(inspect.signature(half).parameters) == ['y']",
        "import inspect, types\nassert callable(area) and isinstance(area, types.FunctionType) and inspect.isfunction(small)",
        "import inspect\nassert isinstance(Shape, type) and inspect.isclass(Shape) and not isinstance(half, type)",
        "import functools\n@functools.wraps(area)\ndef spy(r): return area(r)\nassert spy.__name__ == 'area' and spy(1) == [3.14]",
        "assert not hasattr(half, '__name__') and not hasattr(area, '__wrapped__')",
    ],
)
def test_what_a_function_says_of_itself_is_the_learners(test: str) -> None:
    with examined(FUNCTION) as examiner:
        verdict = examiner.run_test(test, 1)
        assert (verdict.score, verdict.error) == (1, None)


@pytest.mark.parametrize(
    "test",
    [
        "assert area.__code__.co_argcount == 1",
        "import inspect\nassert 'for' not in inspect.getsource(area)",
        "assert Shape.__bases__ == (object,)",
        "import dis\ndis.dis(area)",
        "assert area.__globals__ is not None",
        "from typing import List\nassert typed.__annotations__['x'] == List[int]",
        "try:\n    area.__code__\nexcept BaseException:\n    pass",
    ],
)
def test_what_is_no_plain_data_of_a_function_is_the_tests_fault(test: str) -> None:
    with examined(FUNCTION) as examiner:
        verdict = examiner.run_test(test, 1)
        assert verdict.score == 0 and verdict.author_error and "not plain data" in verdict.author_error


@pytest.mark.parametrize(
    "answer",
    ["f.__doc__ = Odd()", "f.__annotations__ = {'x': Odd}", "f.__signature__ = 3", "class F:\n    __name__ = property(lambda s: 1/0)\n    def __call__(s): pass\nf = F()",
     "class F:\n    __doc__ = Odd()\n    def __call__(s): pass\nf = F()", "f.__name__ = Sly('f')"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["__doc__", "__annotations__", "__name__"])
def test_a_function_that_lies_about_itself_earns_nothing_by_it(answer: str, name: str) -> None:
    made = "class Odd:\n    __eq__ = lambda *a: True\n    __hash__ = None\nclass Sly(str):\n    __eq__ = lambda *a: True\ndef f(): pass\n"
    with examined(made + f"try:\n    exec({answer!r})\nexcept TypeError:\n    pass") as examiner:
        assert examiner.run_test(f"assert f.{name} == 'right'", 1).score == 0
        assert examiner.run_test("assert callable(f)", 1).score == 1


USES = """
def squares(n): return [i * i for i in range(1, n + 1)]
def uses(n): return sum(squares(n))
def copies(n): return sum(i * i for i in range(1, n + 1))
count = 3
def counts(): return count
"""
DELETES = """
before = squares
del squares
try:
    {name}(2)
except NameError:
    pass
else:
    raise AssertionError("does not use squares")
finally:
    squares = before
"""


def test_a_name_that_a_test_deletes_is_gone_for_the_learners_functions_too() -> None:
    with examined(USES) as examiner:
        assert examiner.run_test(DELETES.format(name="uses"), 1).score == 1
        assert examiner.run_test("assert uses(2) == 5 and squares(2) == [1, 4]", 1).score == 1
        assert examiner.run_test(DELETES.format(name="copies"), 1).failed_message == "does not use squares"
        again = "kept = count\ndel count\ntry:\n    counts()\nexcept NameError:\n    count = kept\nassert counts() == 3"
        assert examiner.run_test(again, 1).score == 1
        assert examiner.run_test("del count\ncount = 4\nassert counts() == 4", 1).score == 0, (
            "what a test makes stays there"
        )


STOPPING = """
class Value:
    def get(self): raise StopIteration
    def __add__(self, other): raise StopIteration
    x = property(lambda self: next(iter(())))
    def __iter__(self): raise StopIteration
class Sly(StopIteration): pass
def stop(x): raise StopIteration(x)
def sly(x): raise Sly
def first(values): return next(iter(values))
def count(): yield from (1, 2)
"""


@pytest.mark.parametrize(
    "test",
    ["assert all(map(lambda x: stop(x) == x, [1, 2]))", "assert all(map(stop, [1, 2]))", "assert not any(map(sly, [1]))",
     "for found, right in zip(map(stop, [1]), [1]): assert found == right", "list(map(first, [[], []]))",
     "assert sum(map(lambda v: v.get(), [Value()])) == 0", "assert all(map(lambda v: v.x == 1, [Value()]))",
     "assert all(map(lambda v: v + 1, [Value()]))", "assert all(map(list, [Value()]))", "list(iter(lambda: stop(1), 2))",
     "assert dict(map(lambda x: (x, stop(x)), [1])) == {}"],
)  # fmt: skip
def test_an_answer_does_not_end_the_loop_that_checks_it(test: str) -> None:
    with examined(STOPPING) as examiner:
        verdict = examiner.run_test(test, 1)
    assert verdict.score == 0 and verdict.author_error is None and verdict.wire_code is None
    assert verdict.learner_error and verdict.learner_error.name == "StopIteration"


@pytest.mark.parametrize(
    "test",
    ["assert list(count()) == [1, 2]", "each = count(); assert [next(each), next(each), next(each, 0)] == [1, 2, 0]",
     "try:\n    first([])\nexcept StopIteration:\n    pass\nelse:\n    assert False",
     "assert list(zip(count(), 'abc')) == [(1, 'a'), (2, 'b')]"],
)  # fmt: skip
def test_an_iterator_ends_and_a_test_may_expect_stopiteration(test: str) -> None:
    with examined(STOPPING) as examiner:
        assert examiner.run_test(test, 1).score == 1


def test_objects_of_an_answer_that_was_never_sent_cost_the_next_test_nothing() -> None:
    answer = "class Own: pass\nkept = [Own() for _ in range(30_000)]\ndef many(f): return kept\ndef told(f): f(kept)\ndef count(): yield 1\n"
    assert Limits().handles < 30_000
    with examined(answer) as examiner:
        for test in ("many(len)", "told(lambda values: None)", "told(lambda values: None)"):
            assert examiner.run_test(test, 1).score == 0
            assert examiner.run_test("assert list(count()) == [1]", 1).score == 1


LISTED = """
class Stack:
    def __init__(self): self.items = []
    def push(self, item):
        self.items.append(item)
        return self
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
def of(items): return Stack()
"""


@pytest.mark.parametrize(
    "base", ["list", "dict", "set", "collections.namedtuple('Pair', 'a b')", "collections.OrderedDict"]
)
def test_a_class_may_derive_from_a_plain_type_where_the_course_has_a_class(base: str) -> None:
    make = "1, 2" if "Pair" in base else ""
    answer = (
        f"import collections\nclass Own({base}):\n    kept = []\n"
        "    def push(self, item):\n        self.kept.append(item)\n        return self\n"
        "    def pop(self): return self.kept.pop()\n    def __len__(self): return 2\n"
        f"    def __iter__(self): return iter(self.kept)\ndef Stack(): return Own({make})\ndef of(items): return Own({make})\n"
    )
    with examined(answer, reference=LISTED) as examiner:
        test = "s = Stack().push(1).push(2)\nassert len(s) == 2 and list(s) == [1, 2] and s.pop() == 2\nassert of([]).pop() == 1"
        assert examiner.run_test(test, 1).score == 1
        for test in ("assert Stack() == []", "assert not Stack()", "assert isinstance(of([]), list)"):
            assert examiner.run_test(test, 1).score == 0


@pytest.mark.parametrize("base", ["int", "float", "str", "list", "tuple", "dict", "set", "frozenset"])
def test_a_subclass_of_a_plain_type_is_none_where_plain_data_belongs(base: str) -> None:
    answer = (
        "class Yes(BASE):\n    __eq__ = __lt__ = lambda self, other: True\n    __hash__ = None\n    __float__ = lambda self: 3.0\n"
        "def f(x): return Yes()\ndef g(x): return [Yes()]\n"
    ).replace("BASE", base)
    with examined(answer, reference="def f(x): return x\ndef g(x): return [x]") as examiner:
        for test in ("assert f(3) == 3", "assert g(3) == [3]", "f(3) == 3", "float(f(1))"):
            verdict = examiner.run_test(test, 1)
            assert (verdict.score, verdict.wire_code, verdict.author_error) == (0, "result", None)
