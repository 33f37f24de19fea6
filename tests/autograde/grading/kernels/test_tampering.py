"""Tampering that stays visible in a kernel shared with the tests; honest cells are not accused."""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.kernels.tampering import changed_in
from autograde.grading.kernels.templates import Template, close_templates

TEST = {"grade": True, "solution": False, "locked": True, "grade_id": "test-1", "points": 1}


@pytest.fixture(scope="module")
def template() -> Any:
    with Template(("numpy", "numpy.testing", "matplotlib.pyplot", "unittest")) as one:
        yield one
    close_templates()


def faults(
    template: Template, tmp_path: Any, *sources: str, given: str = "import numpy as np", test: str = "1"
) -> list[str]:
    cells = [
        new_code_cell(
            given, metadata={"nbgrader": {"grade": False, "solution": False, "locked": True, "grade_id": "given"}}
        ),
        *(new_code_cell(source, metadata={"nbgrader": {"grade_id": f"cell-{n}"}}) for n, source in enumerate(sources)),
        new_code_cell(test, metadata={"nbgrader": TEST}),
    ]
    step = WarmExecute(template=template.address, allow_errors=True)
    nb: nbformat.NotebookNode = new_notebook(cells=cells)
    nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    step.preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    return [fault.en for fault in step.faults]


TAMPERED = {
    "builtins.AssertionError": "import builtins\nbuiltins.AssertionError = Exception",
    "builtins.len": "import builtins\nbuiltins.len = lambda x: 3",
    "numpy.testing.assert_allclose": "np.testing.assert_allclose = lambda *a, **k: None",
    "numpy.testing._private.utils.assert_array_compare": (
        "import numpy.testing._private.utils as u\nu.assert_array_compare.__code__ = (lambda *a, **k: None).__code__"
    ),
    "numpy.array_equal": "np.array_equal = lambda *a: True",
    "math.isclose": "import math\nmath.isclose = lambda *a, **k: True",
    "an AST transformer": (
        "import ast\nclass NoAsserts(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(NoAsserts())"
    ),
    "an input transformer": (
        "get_ipython().input_transformers_cleanup.append(lambda lines: [] if 'assert' in ''.join(lines) else lines)"
    ),
    "a pre_run_cell hook": "get_ipython().events.register('pre_run_cell', lambda info: None)",
    "an exception handler of IPython's": (
        "get_ipython().set_custom_exc((AssertionError,), lambda shell, kind, error, trace, tb_offset=None: [])"
    ),
    "a method of IPython's shell": "ip = get_ipython()\nip.run_code = lambda *a, **k: False",
    "IPython's InteractiveShell.run_code": (
        "from IPython.core.interactiveshell import InteractiveShell as S\nS.run_code = lambda *a, **k: False"
    ),
    "a trace function": "import sys\nsys.setprofile(lambda *a: None)",
    "the display": "get_ipython().displayhook.__class__ = type('Mine', (type(get_ipython().displayhook),), {})",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_left_changed_is_seen(what: str, template: Template, tmp_path: Any) -> None:
    (told,) = faults(template, tmp_path, TAMPERED[what])
    assert what in told
    assert "cell-0" in told


def test_the_courses_own_way_to_keep_tests_from_raising_is_seen_while_grading(
    template: Template, tmp_path: Any
) -> None:
    cheat = "import os\nos.environ.pop('NBGRADER_EXECUTION', None)\nfrom course.checks import answer_in_one_line\nanswer_in_one_line()"
    (told,) = faults(template, tmp_path, cheat)
    assert "an AST transformer" in told


def test_a_result_that_the_test_did_not_give_is_seen(template: Template, tmp_path: Any) -> None:
    cheat = "import sys\nclass Ten:\n    def f(self): sys.displayhook(1.0)\nten = Ten()"
    (told,) = faults(template, tmp_path, cheat, test="x = ten.f()")
    assert "a result that is not the test's own" in told


HONEST = {
    "patches its own helper": "def helper(): return 1\ndef helper(): return 2",
    "plots": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "reloads": "%load_ext autoreload\n%autoreload 2",
    "has names of its own like builtins": "len = 3\nsum = 4\nprint(len)",
    "uses threads": "import threading\nt = threading.Thread(target=print)\nt.start(); t.join()",
    "asks for random numbers": "np.random.seed(1); rng = np.random.default_rng(2); rng.normal(size=3)",
    "sets print options": "np.set_printoptions(precision=2); np.seterr(all='raise')",
    "tests itself": "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertTrue(True)\nT('test').debug()",
    "shows every result": "from IPython.core.interactiveshell import InteractiveShell\n"
    "InteractiveShell.ast_node_interactivity = 'all'\n1\n2",
    "fails": "1 / 0",
    "times": "%%time\nsum(range(10))",
    "times again": "%timeit -n1 -r1 1",
    "defines a magic": "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef mine(line): return line",
    "displays": "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))\nimport sys\nsys.stdout.write('x')",
    "uses numpy's lazy parts": "np.rec, np.polynomial, np.ma.array([1]), np.char.add('a', 'b')",
    "is interrupted": "raise KeyboardInterrupt",
    "awaits": "import asyncio\nawait asyncio.sleep(0)",
}


@pytest.mark.parametrize("how", HONEST)
def test_honest_cells_are_not_accused(how: str, template: Template, tmp_path: Any) -> None:
    assert faults(template, tmp_path, HONEST[how]) == []


def test_what_the_course_itself_sets_up_is_nobodys_tampering(template: Template, tmp_path: Any) -> None:
    given = "import builtins, numpy as np\nbuiltins.answer = 42\nget_ipython().events.register('pre_run_cell', lambda info: None)"
    assert faults(template, tmp_path, "x = 1", given=given) == []


def test_an_answer_that_is_no_list_of_names_accuses_nobody() -> None:
    cell = new_code_cell("1")
    for metadata in (None, [], {"tampering": 3}, {"tampering": [3, None]}, {}):
        assert changed_in({"metadata": metadata}, cell) == []
