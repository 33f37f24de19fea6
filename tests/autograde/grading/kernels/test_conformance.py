"""Programs that drive kernels by Jupyter's protocol, on ``warm-python3``: what they ask of an ipykernel they get of it."""

import json
import subprocess
import sys
from pathlib import Path

import jupyter_kernel_test  # as a module: the class in it is no test of ours
import nbformat
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")


class TestWarmKernel(jupyter_kernel_test.KernelTests):
    """jupyter_kernel_test's own, with everything that an ipykernel supports."""

    kernel_name = "warm-python3"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [{"text": "zi", "matches": {"zip"}}]  # noqa: RUF012
    complete_code_samples = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n"]  # noqa: RUF012
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]  # noqa: RUF012
    invalid_code_samples = ["import = 7q"]  # noqa: RUF012
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result = [{"code": "1+2+3", "result": "6"}, {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"}]  # noqa: RUF012  # fmt: skip
    code_display_data = [  # noqa: RUF012
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
        {"code": "from IPython.display import Math, display; display(Math('\\\\frac{1}{2}'))", "mime": "text/latex"},
    ]
    code_history_pattern = "1?2*"
    # ipykernel, too, answers a range of the session that runs as of session 0, where the suite wants its number
    supported_history_operations = ("tail", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


class TestIpykernel(TestWarmKernel):
    """The same of the kernel that it stands in for: none of them is asked in vain."""

    kernel_name = "python3"


def notebook(path: Path, *cells: str, output: str = "") -> Path:
    written = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "warm-python3", "display_name": "Python 3 (warm)", "language": "python"}},
    )
    if output:
        for place, cell in enumerate(written.cells, start=1):
            cell.execution_count, cell.outputs = place, [nbformat.v4.new_output("stream", name="stdout", text=output)]
    nbformat.write(written, path)
    return path


def test_papermill_sets_parameters_and_collects_outputs(tmp_path: Path) -> None:
    source = notebook(tmp_path / "in.ipynb", "n = 1", "print(n * n)", "import ipywidgets; ipywidgets.IntSlider(3)")
    written = json.loads(source.read_bytes())
    written["cells"][0]["metadata"]["tags"] = ["parameters"]
    source.write_text(json.dumps(written), encoding="utf-8")
    words = ["papermill", str(source), str(tmp_path / "out.ipynb"), "-p", "n", "7", "--no-progress-bar"]
    subprocess.run([sys.executable, "-m", *words], check=True, timeout=120, capture_output=True)
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [cell.outputs[0]["text"] for cell in done.cells if "print" in cell.source] == ["49\n"]
    assert "application/vnd.jupyter.widget-state+json" in done.metadata.widgets


def test_nbval_compares_what_was_saved_with_what_comes(tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb", "print(6 * 7)", "print(6 * 8)", output="42\n")
    words = ["pytest", "--nbval", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(path)]
    ran = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, timeout=120, capture_output=True, text=True)
    assert "FAILED n.ipynb::Cell 1" in ran.stdout
    assert "1 failed, 1 passed" in ran.stdout
