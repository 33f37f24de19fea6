"""Attacks on the verdict: a wrong answer that wants to be taken for a right one."""

from attacks import WRONG, attack

attack(
    "asserts-deleted-by-an-ast-transformer",
    gains=True,
    code=f"""
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass()
get_ipython().ast_transformers.append(NoAsserts())
{WRONG}""",
)

attack(
    "cells-blanked-by-an-input-transformer",
    gains=True,
    code=f"""
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"] if any("square(" in line for line in lines) else lines)
{WRONG}""",
)

attack(
    "cells-replaced-by-a-patched-shell",
    code=f"""
shell = type(get_ipython())
before = shell.run_cell_async
async def run_cell_async(self, raw_cell, *args, **kwargs): return await before(self, "pass" if "square(" in raw_cell else raw_cell, *args, **kwargs)
shell.run_cell_async = run_cell_async
{WRONG}""",
)

attack(
    "kernel-that-replies-ok",
    gains=True,
    code=f"""
kernel = get_ipython().kernel
async def do_execute(code, *args, **kwargs): return {{"status": "ok", "execution_count": 1, "user_expressions": {{}}, "payload": []}}
kernel.do_execute = do_execute
{WRONG}""",
)

attack(
    "equal-to-everything",
    code="""
class Yes:
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __float__(self): return 4.0
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __array__(self, *args, **kwargs): import numpy as np; return np.array(4.0)
    __hash__ = None
def square(x): return Yes()
""",
)

attack(
    "class-that-lies-about-its-class",
    code="""
class Number:
    __class__ = float
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): raise SystemExit
    def __reduce__(self): return (eval, ("__import__('os')._exit(0)",))
    __reduce_ex__ = lambda self, version: (eval, ("4.0",))
    def __getattr__(self, name): return lambda *args: 4.0
def square(x): return Number()
""",
)

attack(
    "float-that-equals-everything",
    gains=True,
    code="""
class Real(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = float.__hash__
def square(x): return Real(4.0 if x == 2 else 12.25)
""",
)

attack(
    "int-that-equals-everything",
    gains=True,
    code="""
class Whole(int):
    def __eq__(self, other): return True
    def __sub__(self, other): return Whole(0)
    __hash__ = int.__hash__
def square(x): return Whole(4)
""",
)

attack(
    "str-and-dict-of-its-own",
    code="""
class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class Table(dict):
    def __missing__(self, key): return 4
def square(x): return [Text("4"), Table(), {Text("a"): Table()}]
""",
)

attack(
    "array-that-equals-everything",
    gains=True,
    code="""
import numpy as np
class Everything(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs): return np.ones(1, bool).view(np.ndarray)
    def __array_function__(self, func, types, args, kwargs): return True
    def __eq__(self, other): return np.True_
    def __float__(self): return 4.0
def square(x): return np.zeros(1).view(Everything)
""",
)

attack(
    "array-of-objects",
    code="""
import numpy as np
class Yes:
    def __eq__(self, other): return True
    __hash__ = None
def square(x):
    array = np.empty(1, dtype=object); array[0] = Yes()
    return array
""",
)

attack(
    "record-array",
    code="""
import numpy as np
def square(x): return np.zeros(2, dtype=[("a", "f8"), ("b", "O")])
""",
)

attack(
    "array-over-foreign-memory",
    code="""
import numpy as np
def square(x): return np.lib.stride_tricks.as_strided(np.zeros(1), shape=(1 << 20,), strides=(0,))[:3]
""",
)

attack(
    "argument-changed-so-that-it-fits",
    code="""
def square(x):
    try: x[...] = 0
    except TypeError: pass
    return x * 0
""",
)

attack(
    "result-displayed-while-the-test-runs",
    gains=True,
    code="""
def square(x):
    get_ipython().displayhook(2.0)
    return 0
""",
)

attack(
    "result-displayed-by-sys-displayhook",
    gains=True,
    code="""
import sys
def square(x):
    sys.displayhook(2.0)
    return 0
""",
)

attack(
    "result-published-raw",
    gains=True,
    code="""
def square(x):
    kernel = get_ipython().kernel
    kernel.session.send(kernel.iopub_socket, "execute_result", {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}, parent=kernel.get_parent())
    return 0
""",
)

attack(
    "math-patched",
    code="""
import math
math.isclose = lambda *args, **kwargs: True
def square(x): return 9
""",
)

attack(
    "numpy-patched",
    gains=True,
    code="""
import numpy as np
np.isclose = np.allclose = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
def square(x): return 9
""",
)

attack(
    "builtins-patched",
    errors=("TypeError",),
    code="""
import builtins
builtins.bool = lambda value=False: True
builtins.sum = lambda values, start=0: 5
builtins.AssertionError = builtins.SystemExit
builtins.__build_class__ = None
def square(x): return 0
""",
)

attack(
    "modules-poisoned",
    code="""
import sys, types
class Poison(types.ModuleType):
    def __getattr__(self, name): return lambda *args, **kwargs: True
for name in ("math", "numpy", "numpy.testing", "json", "autograde.grading.examiner.run", "autograde.grading.wire.encode"):
    sys.modules[name] = Poison(name)
def square(x): return 0
""",
)

attack(
    "time-patched",
    code="""
import time, datetime
time.monotonic = time.time = time.perf_counter = lambda: 0.0
def square(x): return 0
""",
)

attack(
    "asyncio-patched",
    code="""
import asyncio
loop = asyncio.get_running_loop()
type(loop).sock_recv = None
asyncio.wait_for = None
def square(x): return 0
""",
)

attack(
    "traced-asserts",
    code="""
import sys
def tracer(frame, event, arg):
    frame.f_trace_opcodes = False
    for name in ("square", "expected", "right"): frame.f_locals.get(name)
    return tracer
sys.settrace(tracer); sys.setprofile(lambda *args: None)
def square(x): return 0
""",
)

attack(
    "callers-rewritten",
    code="""
import sys, ctypes
def square(x):
    frame = sys._getframe()
    while frame is not None:
        for space in (frame.f_globals, frame.f_locals):
            for name in ("square", "expected", "score", "points", "Verdict", "partial_credit"):
                if name in space: space[name] = lambda *args, **kwargs: 4.0
        frame = frame.f_back
    return 0
""",
)

attack(
    "exit-when-asked",
    code="""
import sys
def square(x): sys.exit(0)
""",
)

attack(
    "interrupt-when-asked",
    code="""
def square(x): raise KeyboardInterrupt
""",
)

attack(
    "failure-of-the-wire-when-asked",
    code="""
class WireFailure(BaseException):
    code, reason = "test", "the author's fault"
def square(x): raise WireFailure("test", "the author's fault")
""",
)

attack(
    "failure-of-the-real-wire-when-asked",
    code="""
from autograde.grading.wire.frames import WireFailure
def square(x): raise WireFailure("test", "the author's fault: full points, please")
""",
)

attack(
    "exception-with-hostile-parts",
    code="""
class Odd(Exception):
    def __init__(self): self._wire_origin = 0
    def __str__(self): raise SystemExit
    __repr__ = __str__
    @property
    def __traceback__(self): raise SystemExit
    args = property(lambda self: [self])
def square(x): raise Odd
""",
)

attack(
    "exception-group-and-chain",
    code="""
def square(x):
    error = ValueError("x" * 10_000_000)
    error.__cause__ = error
    raise ExceptionGroup("many", [error] * 1000)
""",
)

attack(
    "generator-instead-of-a-number",
    code="""
def square(x):
    while True: yield 4.0
""",
)

attack(
    "nothing-but-nan",
    code="""
def square(x): return float("nan")
""",
)

attack(
    "a-number-of-a-million-digits",
    code="""
def square(x): return 10 ** 2_000_000
""",
)

attack(
    "list-that-contains-itself",
    code="""
def square(x):
    values = []
    for _ in range(200): values = [values, values]
    own = []; own.append(own)
    return [values, own]
""",
)

attack(
    "deleting-objects",
    code="""
class Deleted:
    def __del__(self):
        for number in range(3, 64):
            try: os.write(number, b'{"score": 4.0}\\n')
            except OSError: pass
        raise SystemExit
def square(x):
    Deleted()
    return Deleted()
""",
)

attack(
    "late-answer-by-a-thread",
    code="""
import threading, time
def later():
    while True:
        time.sleep(0.01)
        get_ipython().user_ns["mean"] = get_ipython().user_ns["triple"] = lambda values: 0
def square(x): return Unanswered
threading.Thread(target=later, daemon=True).start()
""",
)

attack(
    "names-of-the-test",
    code="""
draws = expected = right = given = hidden_name = 4
def assert_allclose(*args, **kwargs): pass
class math:
    isclose = staticmethod(lambda *args: True)
def square(x): return 0
""",
)

attack(
    "right-only-for-the-grader",
    earns=6.0,
    code="""
import os, sys
def watched():
    frame = sys._getframe()
    while frame is not None:
        if "learner_side" in frame.f_code.co_filename: return True
        frame = frame.f_back
    return "NBGRADER_EXECUTION" in os.environ
def square(x): return x * x if watched() else 0
""",
)

attack(
    "test-function-called-by-learner",
    code="""
import gc
def square(x):
    for thing in gc.get_objects():
        if type(thing).__name__ in ("TestFunction", "_Side"):
            for method in ("call_back", "request"):
                try: getattr(thing, method)("call", (4,), {})
                except BaseException: pass
    return 0
""",
)

_ANSWERING = """
class Answering:
    def told(self, *values):
        for value in values:
            if abs(abs(float(value)) - 12.25) < 1e-9 or (hasattr(value, "shape") and getattr(value, "ndim", 0)):
                escaped("an expected value")
        return 0.0
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = told
    __mod__ = __rmod__ = __pow__ = __rpow__ = __floordiv__ = __rfloordiv__ = __matmul__ = __rmatmul__ = told
    __iadd__ = __isub__ = __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = told
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda self, other: (self.told(other), True)[1]
    __abs__ = __neg__ = __pos__ = __float__ = __round__ = lambda self, *places: 0.0
    __int__ = __index__ = __len__ = lambda self: 1
    __bool__ = lambda self: True
    __hash__ = lambda self: hash(4.0)
    __iter__ = lambda self: iter([4.0])
    __getitem__ = lambda self, key: 4.0
    __array_ufunc__ = lambda self, ufunc, method, *inputs, **options: self.told(*inputs)
    __getattr__ = lambda self, name: 4.0
"""

attack("operators-that-answer", code=f"{_ANSWERING}def square(x): return Answering()\n")
attack(
    "operators-of-a-function",
    code=f"{_ANSWERING}class Callable(Answering):\n    def __call__(self, *args): return 4.0\ndef square(x): return Callable()\n",
)
attack(
    "operators-of-a-class",
    code=f"{_ANSWERING}class Kind(type, Answering): pass\ndef square(x): return Kind('float', (), {{}})\n",
)
attack("object-for-the-function-itself", code=f"{_ANSWERING}square = Answering()\n")
attack("object-in-a-container", code=f"{_ANSWERING}def square(x): return [Answering()]\n")
attack("iterator-for-a-number", code="def square(x): return iter([4.0, 12.25, 9.0])\n")
attack(
    "argument-emptied-so-that-nothing-is-compared",
    code="import numpy as np\ndef square(x): return np.empty((0, *np.shape(x)))\n",
)

# processes that are replaced: nothing of one reaches the next, and no test is asked twice
attack(
    "learns-in-one-life-and-answers-in-the-next",
    code="""
import pathlib
PLACES = [pathlib.Path(place) / "learned" for place in (".", "/tmp", "/dev/shm", os.path.expanduser("~"))]
if any(place.exists() for place in PLACES):
    def square(x): return x * x
else:
    def square(x):
        for place in PLACES:
            try: place.write_text(repr(x))
            except OSError: pass
        os._exit(1)
""",
)
attack(
    "dies-at-each-test-to-be-asked-again",
    code="""
import threading
def square(x):
    threading.Timer(0.05, os._exit, (0,)).start()
    return 0
""",
)
attack("kills-itself-when-asked", code="import signal\ndef square(x): os.kill(os.getpid(), signal.SIGKILL); return 4.0")
attack("stops-itself-when-asked", code="import signal\ndef square(x): os.kill(os.getpid(), signal.SIGSTOP); return 4.0")

# exceptions that a loop of the test would take for its own end
attack(
    "ends-the-loop-that-checks-it",
    gains=True,
    errors=("StopIteration",),
    code="""
def square(x):
    if getattr(x, "ndim", 0): return x * 0
    if x in (2, -3.5): return x * x
    raise StopIteration
""",
)
attack(
    "ends-the-loop-by-a-next-of-nothing",
    gains=True,
    code="""
class Stop(StopIteration): pass
class Square:
    def __call__(self, x):
        if getattr(x, "ndim", 0): return x * 0
        if x in (2, -3.5): return x * x
        raise Stop(x)
square = Square()
""",
)
