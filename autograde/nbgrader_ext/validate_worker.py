"""A worker with a warm kernel: executes one notebook, reports what its tests said, and exits.

``python -m autograde.nbgrader_ext.validate_worker LANG`` reads a notebook's path from standard
input and writes one line of JSON, in the shape that nbgrader's *Validate* button reads. It is a
separate process because nbgrader changes the working folder and environment, and JupyterLab's
server has other requests to answer.
"""

import json
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from nbgrader.apps import NbGrader
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, Execute
from nbgrader.validator import Validator

from autograde.nbgrader_ext.validate import changed_cells, page, results_of, text

KERNEL = "python3"
IMPORTS = """for _name in ("numpy", "matplotlib.figure", "course.interact", "course.checks"):
    try:
        __import__(_name)
    except ImportError:
        pass
del _name"""
"""Imports of a waiting kernel, which every chapter needs.

Not TensorFlow, which takes too much memory.
"""

STOPPED = {"ename": "CellTimeoutError", "evalue": ""}

WORDS = {
    "en": {
        "damaged": "This notebook cannot be checked: {why}. `course doctor` says what is wrong with it.",
        "died": "The kernel ended while your code ran. Choose Restart Kernel and Run All Cells to see in which cell.",
        "slow": "✗ stopped after {seconds} s: does a loop never end?",
        "other": "This notebook could not be checked: {why}.",
    },
    "zh": {
        "damaged": "无法检查这份笔记本：{why}。用 `course doctor` 可以查看原因。",
        "died": "运行你的代码时内核退出了。请“重启内核并运行所有单元格”，看看是哪个单元格。",
        "slow": "✗ 运行了 {seconds} 秒，已停止：是不是有循环不会结束？",
        "other": "无法检查这份笔记本：{why}。",
    },
}


def main() -> None:
    """Start a kernel, wait for a path and answer; without a path the server has ended, so exit."""
    lang = sys.argv[1]
    out, sys.stdout = sys.stdout, sys.stderr  # what libraries print is not part of the answer
    app = NbGrader()
    app.load_config_file()
    os.environ.update(NBGRADER_VALIDATING="1", NBGRADER_EXECUTION="validate")
    kernel = AsyncKernelManager(parent=app, kernel_name=KERNEL)
    run_sync(kernel.start_kernel)(extra_arguments=["--HistoryManager.hist_file=:memory:"])
    try:
        ready(kernel, IMPORTS)
        path = sys.stdin.readline().rstrip("\n")
        if path:
            out.write(json.dumps(answer(Path(json.loads(path)), lang, app, kernel)) + "\n")
            out.flush()
    finally:
        run_sync(kernel.shutdown_kernel)(now=True)


def ready(kernel: AsyncKernelManager, code: str) -> None:
    """Run ``code`` in a kernel and wait for it."""
    client = kernel.client()
    client.start_channels()
    try:
        run_sync(client.wait_for_ready)(timeout=120)
        run_sync(client.execute_interactive)(code, silent=True, timeout=120)
    finally:
        client.stop_channels()


def answer(path: Path, lang: str, app: NbGrader, kernel: AsyncKernelManager | None) -> dict[str, Any]:
    """Return ``{"success": …, "value": …}`` as nbgrader's dialog expects.

    Args:
        kernel: a waiting kernel; None starts a new one.
    """
    words = WORDS[lang]
    try:
        notebook = nbformat.read(path, as_version=nbformat.current_nbformat)
        changed = changed_cells(notebook)
        validator = Validator(parent=app)
        for step in (CheckCellMetadata, ClearOutput):
            notebook, _ = step(parent=validator).preprocess(notebook, {})
    except Exception as error:  # a damaged notebook fails in many ways, in nbformat and in nbgrader
        return {"success": False, "value": words["damaged"].format(why=_one_line(error))}
    try:
        execute(notebook, path.parent, words, validator, kernel)
    except DeadKernelError:
        return {"success": False, "value": words["died"]}
    except Exception as error:  # the learner gets a line and the server's log the rest
        traceback.print_exc()
        return {"success": False, "value": words["other"].format(why=_one_line(error))}
    tests = results_of(notebook, app.log)
    shown = {"source": "", "error": page(tests, changed, lang), "raw_error": text(tests, changed, lang)}
    return {"success": True, "value": {"failed": [shown]}}


def execute(
    notebook: nbformat.NotebookNode,
    folder: Path,
    words: dict[str, str],
    validator: Validator,
    kernel: AsyncKernelManager | None,
) -> None:
    """Run all cells in ``folder``, in the waiting kernel if it is of the notebook's kind."""
    os.chdir(folder)
    if kernel is not None:
        ready(kernel, f"import os\nos.chdir({str(folder)!r})\ndel os")
    run = Execute(parent=validator)
    run.error_on_timeout = {**STOPPED, "traceback": [words["slow"].format(seconds=run.timeout)]}
    named = notebook.metadata.get("kernelspec", {}).get("name", KERNEL)
    run.preprocess(notebook, {}, km=kernel if named == KERNEL else None)
    if run.kc is not None:
        run.kc.stop_channels()  # nbclient leaves the channels of a kernel that it did not start open


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        main()
