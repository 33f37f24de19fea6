"""A cell that the grader compiled does what it does when the kernel compiles it, and only where cells run as ever."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.grading.kernels.client import Fork, ended_after
from autograde.grading.kernels.prepared import prepared
from autograde.grading.kernels.templates import Template

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")
SECONDS = 60
CELLS = [
    "x = 1", "", "# nothing", "1 + 1", "1 + 1;", "x = 2\nx", "print('a')\n'b'", "'doc'\nx = 1", "    x = 1\n    x",
    "%matplotlib inline", "%%capture\nprint('hidden')", "!echo out", "y = !echo out\ny", "for i in range(3):\n    i",
    "def f(n):\n    return 1 / n\n\nf(0)", "x = 1\nassert x == 2, 'why'", "raise SystemExit(3)", "import nothing_such",
    "import warnings\nwarnings.warn('old')", "import inspect\ndef g():\n    return 7\n\ninspect.getsource(g)",
    "class C:\n    def __repr__(self):\n        return 'a C'\n\nC()", "_", "__name__", "input()", "del never",
    "[n for n in range(3)]\n{n: m for n, m in zip('ab', 'cd')}", "exec('z = 1'); z", "eval('1/0')", "lambda: 1\nNone",
    "from IPython.display import display\ndisplay('shown')\n'result'", "get_ipython().execution_count", "In[-1]",
    "x: int = 3\n__annotations__", "try:\n    1 / 0\nfinally:\n    print('last')", "def h():\n    yield\n\nlist(h())",
]  # fmt: skip
LEFT_ALONE = [
    "def broken(:", "return 1", "from __future__ import annotations", "await f()", "async def f():\n    pass",
    "'\\d'", "x = 1\nx is 1", "assert (x, 'always')", "x = '\x00'",
]  # fmt: skip


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with Template(()) as one:
        yield one


def run(fork: Fork, code: str, ready: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What a kernel says of a cell, its reply last."""
    fork.send({"code": code, "msg_id": "x", **({"ready": ready} if ready else {})})
    messages: list[dict[str, Any]] = []
    while not messages or messages[-1]["msg_type"] != "execute_reply":
        messages.append(fork.receive(time.monotonic() + SECONDS))
    return messages


@pytest.fixture
def kernel(template: Template, tmp_path: Path) -> Iterator[Fork]:
    with ended_after(template.fork("kernel", tmp_path)) as fork:
        yield fork


@pytest.mark.parametrize("cell", CELLS)
def test_a_prepared_cell_says_what_the_kernel_would(template: Template, tmp_path: Path, cell: str) -> None:
    ready = prepared(cell)
    assert ready is not None
    said = []
    for told in (None, ready):
        with ended_after(template.fork("kernel", tmp_path)) as fork:
            said.append([run(fork, cell, told), run(fork, "x = globals().get('x'), _, In\nx")])
    assert said[0] == said[1]


@pytest.mark.parametrize("cell", LEFT_ALONE)
def test_what_compiling_says_or_changes_is_left_to_the_kernel(cell: str) -> None:
    assert prepared(cell) is None


def test_the_code_that_came_is_what_runs(kernel: Fork) -> None:
    """Else the comparison above would compare a thing with itself."""
    assert run(kernel, "'mine'", {**(prepared("'sent'") or {}), "cell": "'mine'\n"})[-2]["content"]["data"] == {
        "text/plain": "'sent'"
    }


@pytest.mark.parametrize(
    "change",
    [
        "import ast\nclass Twice(ast.NodeTransformer):\n    def visit_Constant(self, node):\n        return ast.Constant(2)\n"
        "get_ipython().ast_transformers.append(Twice())",
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['2'])",
        "get_ipython().input_transformers_post.append(lambda lines: ['2'])",
        "get_ipython().ast_node_interactivity = 'all'",
        "from __future__ import annotations",
    ],
    ids=["ast-transformer", "input-transformer", "post-transformer", "interactivity", "future"],
)
def test_where_cells_no_longer_run_as_ever_the_kernel_compiles_them(kernel: Fork, change: str) -> None:
    assert run(kernel, change)[-1]["content"]["status"] == "ok"
    told = {**(prepared("'sent'") or {}), "cell": "1\n"}
    shown = [m["content"]["data"]["text/plain"] for m in run(kernel, "1", told) if m["msg_type"] == "execute_result"]
    assert shown in (["1"], ["2"])


def test_a_cell_that_a_cell_runs_is_compiled_by_itself(kernel: Fork) -> None:
    cell = "get_ipython().run_cell('40 + 2').result"
    ready = prepared(cell)
    assert ready is not None
    assert run(kernel, cell, ready)[-2]["content"]["data"] == {"text/plain": "42"}
