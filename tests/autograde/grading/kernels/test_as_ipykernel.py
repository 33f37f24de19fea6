"""Cells in a warm kernel and in an ipykernel of its own, both run as nbgrader runs them: the same outputs."""

import json
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute

from autograde.grading.kernels.execute import WarmExecute

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")

# what they say depends on neither time nor chance
CELLS = """
type(get_ipython()).__name__, str(type(get_ipython())), type(get_ipython().kernel).__name__, get_ipython().kernel.shell is get_ipython()
---
import sys; type(sys.stdout), isinstance(sys.stdout.fileno(), int), sys.stderr.isatty(), sys.stdout.encoding, sys.stdout.errors, sys.stdout.closed
---
x = 5
%store x
---
del x
%store -r x
x
---
import os; os.path.basename(sys.argv[0]), len(sys.argv), [path == "" for path in sys.path].index(True) > 0
---
sys.stdin.read(), __name__, hasattr(sys.modules["__main__"], "__file__"), hasattr(sys, "ps1"), "IPKernelApp" in get_ipython().config
---
import subprocess; subprocess.run(["cat"], check=True).returncode, subprocess.run(["echo", "past"], stdout=sys.stdout).returncode
---
import asyncio, traitlets.config
asyncio.get_event_loop().is_running(), traitlets.config.Application.initialized()
---
await asyncio.sleep(0); 5
---
async def later():
    await asyncio.sleep(0.1); print("of an earlier cell")
task = asyncio.create_task(later())
---
await asyncio.sleep(0.4); task.done()
---
def f(a):
    return a + 1
import inspect; inspect.getsource(f)
---
import multiprocessing as mp, math
def g(x):
    return x * x
with mp.get_context("fork").Pool(2) as pool: print(pool.map(g, range(4)))
---
with mp.get_context("spawn").Pool(1) as pool: print(pool.map(math.sqrt, [4.0]))
---
import pickle
class P: pass
type(pickle.loads(pickle.dumps(P()))) is P
---
import warnings
for i in range(3): warnings.warn("once")
---
input()
---
import getpass; getpass.getpass()
---
breakpoint()
---
sys.exit(3)
---
get_ipython().history_manager.enabled, In[4], _
---
%history -l 1
---
%%bash
echo from bash; echo error >&2
---
!echo from the shell
---
%%javascript
console.log(1)
---
%%capture captured
print("held"); print("back", file=sys.stderr); 5
---
captured.stdout, captured.stderr, len(captured.outputs)
---
%env FOO=bar
---
?len
---
get_ipython().set_next_input("x = 1")
---
%nosuchmagic
---
import logging; logging.warning("of the root")
---
os.system("echo to the device > /dev/stderr"); time.sleep(0.3)
---
import threading; thread = threading.Thread(target=lambda: print("of a thread")); thread.start(); thread.join()
---
%matplotlib inline
import matplotlib.pyplot as plt
plt.plot([1, 2]);
---
get_ipython().parent_header["header"]["msg_type"], get_ipython().kernel.get_parent()["header"]["msg_type"]
---
def h(): raise ValueError("x")
h()
---
raise ExceptionGroup("eg", [ValueError(1), TypeError(2)])
---
from IPython.display import HTML, JSON, clear_output, display, update_display
display("first", display_id="one");
---
update_display("second", display_id="one")
---
print(1); clear_output(wait=True); print(2)
---
display(HTML("<b>1</b>"), {"plain": 1}); JSON({"a": [1, "2"]})
---
class Bad:
    def __repr__(self): raise ValueError("no repr")
Bad()
---
class Odd:
    def _repr_png_(self): return 5
    def _repr_html_(self): return ["<b>"]
Odd()
---
display({"application/json": {"a": float("nan")}}, raw=True)
---
display({"text/plain": object()}, raw=True)
---
"\\0\\x01", print("\\0 \\x1b[31mred\\x1b[0m \\u2028")
---
print("undecodable \\udce9")
---
import ipywidgets
out = ipywidgets.Output(); slider = ipywidgets.IntSlider(3); display(out, slider)
---
with out:
    print("in the widget"); print("careful", file=sys.stderr); display(HTML("<i>too</i>"))
---
out.outputs[0]["text"], len(out.outputs)
---
ipywidgets.interact(lambda n: print(n * n), n=7);
---
with out: clear_output()
with out: print("only this")
---
slider.value = 9; [one["text"] for one in out.outputs]
"""
ADDRESS = (
    (r"0x[0-9a-f]{6,}", "0x"), (r"ipykernel(_\d+)?/\d+\.py", "file"), (r"\b[0-9a-f]{32}\b", "id"), (r'"iVBOR[^"]*"', '"png"'),
    (r"[^\s\"]*/(session|pipe_kernel)\.py:\d+", "file"), (r"IPY_MODEL_\w+", "model"),
    (r"(data|content) = (self\.)?pack\(\w+\)", "pack"),
)  # fmt: skip


def notebook(cells: list[str]) -> NotebookNode:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=kernel)


def run(step: Callable[..., Execute], cells: list[str], folder: Path) -> NotebookNode:
    folder.mkdir()
    done, _ = step(timeout=60, allow_errors=True)(notebook(cells), {"metadata": {"path": str(folder)}})
    return done


def told(outputs: list[Any]) -> Any:
    """Outputs without what differs from run to run: addresses, how text is cut into messages, which stream came first."""
    streams: dict[str, str] = {}
    others = []
    for output in outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        else:
            others.append({**output, "traceback": output.traceback[-1:]} if "traceback" in output else output)
    text = json.dumps([streams, others], sort_keys=True, ensure_ascii=False)
    for pattern, word in ADDRESS:
        text = re.sub(pattern, word, text)
    return json.loads(text)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[NotebookNode, NotebookNode]:
    folder = tmp_path_factory.mktemp("both")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)  # with it, ipykernel leaves descriptors alone
        cells = [cell.strip("\n") for cell in CELLS.split("---\n")]
        return run(WarmExecute, cells, folder / "warm"), run(Execute, cells, folder / "stock")


def test_cells_say_what_they_say_in_an_ipykernel(both: tuple[NotebookNode, NotebookNode]) -> None:
    warm, stock = both
    different = {}
    for ours, theirs in zip(warm.cells, stock.cells, strict=True):
        if (told(ours.outputs), ours.execution_count) != (told(theirs.outputs), theirs.execution_count):
            different[ours.source] = told(ours.outputs), told(theirs.outputs)
    assert different == {}
    assert sum(bool(cell.outputs) for cell in stock.cells) > 45


def test_the_state_of_widgets_is_in_the_notebook(both: tuple[NotebookNode, NotebookNode]) -> None:
    def models(done: NotebookNode) -> list[Any]:
        states = done.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
        return sorted([one["model_name"], str(one["state"].get("value"))] for one in states)

    warm, stock = both
    assert models(warm) == models(stock)
    assert ["IntSliderModel", "9"] in models(warm)
    assert warm.metadata.language_info == stock.metadata.language_info


def test_a_library_that_looks_at_names_finds_a_notebook(tmp_path: Path) -> None:
    import rich.jupyter  # noqa: F401  # installed

    cells = ["from rich.console import Console\nConsole().is_jupyter", "from rich import print\nprint('[b]x[/b]')"]
    done = run(WarmExecute, cells, tmp_path / "rich")
    assert done.cells[0].outputs[0]["data"]["text/plain"] == "True"
    assert "text/html" in done.cells[1].outputs[0]["data"]


def test_a_library_that_was_imported_before_the_kernel_is_as_one_imported_after_it(tmp_path: Path) -> None:
    cells = [
        """import cmd, code, doctest, logging, pdb, sys, unittest
def add(a, b):
    '''
    >>> add(1, 2)
    3
    >>> add(1, 1)
    3
    '''
    return a + b
doctest.run_docstring_examples(add, globals())""",
        "doctest.testmod()",
        "issubclass(doctest._OutputRedirectingPdb, pdb.Pdb), pdb.Pdb.__module__, pdb.set_trace.__module__",
        "logging.warning('seen'); logging.getLogger('a').error('too')",
        "cmd.Cmd().stdout is sys.stdout, code.InteractiveConsole().push('2 + 3')",
        "class T(unittest.TestCase):\n    def test(self): self.assertEqual(doctest.testmod().failed, 1)\n"
        "r = unittest.TestResult(); T('test').run(r); r.wasSuccessful()",
    ]
    early = partial(WarmExecute, modules=["cmd", "code", "doctest", "logging", "pdb", "unittest"])
    warm, stock = run(early, cells, tmp_path / "warm"), run(Execute, cells, tmp_path / "stock")
    assert [told(cell.outputs) for cell in warm.cells] == [told(cell.outputs) for cell in stock.cells]
    assert "Expected:" in stock.cells[0].outputs[0].text and "set_theme_name" not in json.dumps(warm.cells)
