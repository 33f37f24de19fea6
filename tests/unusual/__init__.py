"""Honest answers written in unusual ways: each must get full points, the status `graded` and no word more."""

CHAPTER = '''\
"""A chapter of three exercises."""
# %% [markdown] lang="en"
# # Squares and means
# %% [markdown] lang="zh"
# # 平方与均值
# %% setup
import numpy as np
# %% solution="square"
def square(x):
    """Return x squared, of a number or of an array."""
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
# %% test="square-of-numbers" points=2
assert np.isclose(square(3), 9), "look at what `square` returns"
### BEGIN HIDDEN TESTS
assert np.isclose(square(-1.5), 2.25), "`square` is wrong for negative numbers"
### END HIDDEN TESTS
# %% test="square-of-arrays" points=2
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(5).normal(size=(3, 4))
assert np.shape(square(draws)) == (3, 4), "`square` keeps the shape"
np.testing.assert_allclose(square(draws), draws**2, rtol=1e-5)
### END HIDDEN TESTS
# %% solution="mean"
def mean(values):
    """Return the mean of an array."""
    ### BEGIN SOLUTION
    return np.sum(values) / np.size(values)
    ### END SOLUTION
# %% test="mean-of-draws" points=3
### BEGIN HIDDEN TESTS
batches = [np.random.default_rng(seed).uniform(size=20) for seed in range(6)]
3 * sum(bool(np.isclose(mean(batch), batch.mean(), rtol=1e-5)) for batch in batches) / len(batches)
### END HIDDEN TESTS
# %% given
table = [float(square(n)) for n in range(4)]
# %% test="table-of-squares" points=1
assert table == [0.0, 1.0, 4.0, 9.0], "the table uses your `square`"
'''
MAXIMUM = {"square-of-numbers": 2.0, "square-of-arrays": 2.0, "mean-of-draws": 3.0, "table-of-squares": 1.0}

SQUARE = "def square(x):\n    return x * x"
MEAN = "def mean(values):\n    return np.sum(values) / np.size(values)"

WAYS: dict[str, tuple[str, str]] = {
    # name of the learner: (answer `square`, answer `mean`)
    "patches-its-own-helper": (
        "class helper:\n    power = staticmethod(lambda x: x)\nhelper.power = lambda x: x ** 2\ndef square(x):\n    return helper.power(x)",
        MEAN + "\nbefore = mean\ndef mean(values):\n    return before(values)",
    ),
    "prints-a-megabyte": (SQUARE + "\nfor n in range(20_000): print('step', n, 'loss', 1 / (n + 1), '.' * 30)", MEAN),
    "prints-when-asked": ("def square(x):\n    print('square of', x, '\\n' * 50)\n    return x * x", "import sys\ndef mean(values):\n    print('x' * 100_000, file=sys.stderr)\n    return np.mean(values)"),
    "threads": (
        "import threading\nfound = {}\ndef work(n): found[n] = n * n\nthreads = [threading.Thread(target=work, args=(n,)) for n in range(8)]\n"
        "for thread in threads: thread.start()\nfor thread in threads: thread.join()\n" + SQUARE,
        "from concurrent.futures import ThreadPoolExecutor\ndef mean(values):\n    with ThreadPoolExecutor(2) as pool:\n        return sum(pool.map(float, values)) / len(values)",
    ),
    "thread-that-goes-on": ("import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n" + SQUARE, MEAN),
    "seeds": ("import random, os\nrandom.seed(0)\nnp.random.seed(0)\nos.environ['PYTHONHASHSEED'] = '0'\n" + SQUARE, "rng = np.random.default_rng(0)\n" + MEAN),
    "takes-its-time": ("import time\ntime.sleep(4)\n" + SQUARE, "import time\ndef mean(values):\n    time.sleep(0.5)\n    return np.mean(values)"),
    "classes": (
        "class Squarer:\n    def __init__(self, power): self.power = power\n    def __call__(self, x): return x ** self.power\nsquare = Squarer(2)",
        "class Mean:\n    @staticmethod\n    def of(values): return np.mean(values)\ndef mean(values):\n    return Mean.of(values)",
    ),
    "float32": ("def square(x):\n    return np.asarray(x, dtype=np.float32) ** 2", "def mean(values):\n    return np.float32(np.mean(values))"),
    "zero-dimensional": ("def square(x):\n    return np.array(x * x)", "def mean(values):\n    return np.array(np.mean(values))"),
    "numpy-scalars": ("def square(x):\n    return np.float64(x) ** 2 if np.ndim(x) == 0 else x ** 2", "def mean(values):\n    return np.float64(np.mean(values))"),
    "says-assert": ("def square(x):\n    note = f\"assert {x!r} ### BEGIN HIDDEN TESTS raise SystemExit\"\n    assert note, 'never'\n    return x * x", MEAN),
    "recursion": (SQUARE, "def total(values, at=0):\n    return 0.0 if at == len(values) else float(values[at]) + total(values, at + 1)\ndef mean(values):\n    return total(values) / len(values)"),
    "generators": (SQUARE, "def running(values):\n    for value in values:\n        yield float(value)\ndef mean(values):\n    return sum(running(values)) / len(values)"),
    "lambdas": ("square = lambda x: x * x", "mean = lambda values: np.mean(values)"),
    "partial": ("import functools, operator\nsquare = functools.partial(lambda power, x: x ** power, 2)", "mean = np.mean"),
    "decorators": ("import functools\ndef logged(function):\n    @functools.wraps(function)\n    def inner(*args, **kwargs):\n        print('called')\n        return function(*args, **kwargs)\n    return inner\n@logged\n" + SQUARE, "@np.vectorize\ndef same(v): return v\ndef mean(values):\n    return same(values).mean()"),
    "caches": ("import functools\n@functools.cache\ndef slow(x): return x * x\ndef square(x):\n    return slow(x) if np.ndim(x) == 0 else x * x", "@functools.lru_cache(maxsize=None)\ndef size(n): return n\ndef mean(values):\n    return np.sum(values) / size(len(values))"),
    "array-tricks": ("def square(x):\n    return np.einsum('...,...->...', x, x)", "def mean(values):\n    return np.lib.stride_tricks.sliding_window_view(values, len(values)).mean()"),
    "transposed-and-read-only": ("def square(x):\n    y = np.array(x * x)\n    y = np.array(y, order='F')\n    y.flags.writeable = False\n    return y", "def mean(values):\n    return values[::-1][::1].mean()"),
    "warnings": ("import warnings\nwarnings.warn('careful', DeprecationWarning)\ndef square(x):\n    warnings.warn('called', RuntimeWarning)\n    np.log(np.zeros(1))\n    return x * x", MEAN),
    "progress-bar": ("import sys, time\nfor n in range(200):\n    print(f'\\r{n}/200', end='', file=sys.stderr, flush=True)\nprint(file=sys.stderr)\n" + SQUARE, "from IPython.display import clear_output\nfor n in range(20):\n    clear_output(wait=True)\n    print(n)\n" + MEAN),
    "rich-output": ("from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>done</b>'), Markdown('*yes*'))\nfrom ipywidgets import IntSlider\ndisplay(IntSlider())\n" + SQUARE, MEAN),
    "async": ("import asyncio\nasync def later(x):\n    await asyncio.sleep(0.01)\n    return x * x\nprint(await later(3))\n" + SQUARE, "async def gather():\n    return await asyncio.gather(*(later(n) for n in range(5)))\nvalues_of = await gather()\n" + MEAN),
    "temporary-file": ("import tempfile, pathlib\nwith tempfile.NamedTemporaryFile('w', suffix='.txt', delete=False) as file:\n    file.write('2')\npower = int(pathlib.Path(file.name).read_text())\ndef square(x):\n    return x ** power", "np.save('weights.npy', np.ones(3))\nones = np.load('weights.npy')\ndef mean(values):\n    return ones[0] * np.mean(values)"),
    "processes": ("import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, -2]))\n" + SQUARE, MEAN),
    "magics": ("%timeit -n1 -r1 sum(range(10))\n%time sum(range(10))\n%matplotlib inline\n" + SQUARE, "%who\n?print\n" + MEAN),
    "cell-magic": ("%%capture captured\nprint('unseen')\n" + SQUARE, "%%time\n" + MEAN),
    "shell": ("!ls -a\nfiles = !pwd\nimport subprocess\nprint(subprocess.run(['echo', 'hello'], capture_output=True, text=True).stdout)\n" + SQUARE, MEAN),
    "figures": ("import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 2)\naxes[0, 0].plot([1, 2, 3]); axes[1, 1].hist(np.random.default_rng(0).normal(size=99))\nplt.show()\n" + SQUARE, MEAN + "\nplt.imshow(np.eye(3))"),
    "exceptions-of-its-own": ("class NotANumber(TypeError):\n    pass\ndef square(x):\n    try:\n        if isinstance(x, str): raise NotANumber(x)\n        return x * x\n    finally:\n        pass", "try:\n    raise NotANumber('caught')\nexcept NotANumber as error:\n    print(error)\n" + MEAN),
    "types-and-dataclasses": ("from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import TypeVar\nT = TypeVar('T')\n@dataclass(frozen=True)\nclass Point:\n    x: float = 0.0\ndef square(x: T) -> T:\n    point = Point(2.0)\n    return x ** int(point.x)", "def mean(values: np.ndarray, /, *, axis: int | None = None) -> float:\n    match values.ndim:\n        case 1: return float(np.mean(values, axis=axis))\n        case _: raise ValueError"),
    "other-libraries": ("import math, itertools, collections, fractions, decimal, statistics\nimport scipy.special\n" + SQUARE, "def mean(values):\n    return statistics.fmean(values)"),
    "restarts-by-hand": ("%reset -f\nimport numpy as np\n" + SQUARE, MEAN),
    "chinese": ("平方 = lambda 数: 数 * 数\ndef square(x):\n    '''返回平方。'''\n    return 平方(x)", "def mean(values):\n    '''均值：Σx/n，😀'''\n    return np.mean(values)"),
    "windows-and-tabs": ("def square(x):\r\n\treturn x * x\r\n", "def mean(values):\n\t# a tab\n\treturn np.mean(values)\n\n\n"),
    "global-counters": ("calls = 0\ndef square(x):\n    global calls\n    calls += 1\n    return x * x", "history = []\ndef mean(values):\n    history.append(values)\n    return np.mean(values)"),
    "changes-its-own-copy": ("def square(x):\n    y = np.array(x, dtype=float)\n    y *= y\n    return y if y.ndim else float(y)", "def mean(values):\n    values = list(values)\n    values.sort()\n    return sum(values) / len(values)"),
    "ends-quietly": (SQUARE + "\nsquare(3);", MEAN + "\nmean(np.ones(3));"),
    "signal-and-exit-hooks": ("import atexit, signal\natexit.register(print, 'bye')\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\n" + SQUARE, MEAN),
    "tests-itself": (SQUARE + "\nassert square(2) == 4\nimport unittest\nclass T(unittest.TestCase):\n    def test_it(self): self.assertEqual(square(3), 9)\nunittest.main(argv=['x'], exit=False)", "import doctest\n" + MEAN + "\ndoctest.testmod()"),
}  # fmt: skip
"""Ways of writing right answers."""
