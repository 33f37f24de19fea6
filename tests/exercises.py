"""Notebooks of small exercises ``f1``, ``f2`` …, whose tests ask for ``f1(2) == 3``, ``f2(2) == 4`` …, run by the engine's own steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograde.grading.examined import ExaminedExecute
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.plan.roles import plan_cells
from autograde.grading.steps import CollectGrades

RIGHT = "print('here')\ndef f{n}(x):\n    return x + {n}"
LOOPS = "def f{n}(x):\n    while True:\n        x += 1"
HOLDS_ON = (
    "import time\ndef f{n}(x):\n    while True:\n        try: time.sleep(60)\n        except BaseException: continue"
)
EXITS = "import os\ndef f{n}(x):\n    os._exit(3)"
EXITS_AT_ONCE = "import os\nos._exit(3)\ndef f{n}(x):\n    return x + {n}"


def notebook(answers: Sequence[str], tests: Sequence[str] = ()) -> NotebookNode:
    """A notebook with these answers; `tests` stand in place of the first tests, where they are not empty."""
    cells = []
    for number, answer in enumerate(answers, 1):
        test = "".join(tests[number - 1 : number]) or f"assert f{number}(2) == {2 + number}, 'look at f{number}'"
        mark = {"schema_version": 3, "task": False}
        cells.append(
            new_code_cell(
                answer.replace("{n}", str(number)),
                id=f"f{number}",
                metadata={
                    "nbgrader": {**mark, "grade_id": f"f{number}", "solution": True, "locked": False, "grade": False}
                },
            )
        )
        cells.append(
            new_code_cell(
                test,
                id=f"t{number}",
                metadata={
                    "nbgrader": {
                        **mark, "grade_id": f"t{number}", "solution": False, "locked": True, "grade": True, "points": 1
                    }
                },
            )
        )  # fmt: skip
    nb: NotebookNode = new_notebook(cells=cells)
    nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nb


class Ran:
    """A notebook after its run.

    Attributes:
        scores: points by test.
        codes, said: of the reasons and faults, in order.
        outputs: texts and names of errors by cell.
    """

    def __init__(self, step: WarmExecute, nb: NotebookNode) -> None:
        self.step, self.nb = step, nb
        collect = CollectGrades(getattr(step, "verdicts", {}))
        collect.preprocess(nb, {"nbgrader": {"notebook": "n", "assignment": "a", "student": "s"}})
        self.scores = {one.grade_id: one.score for one in collect.scores}
        self.reasons = [*step.reasons, *step.faults]
        self.codes = [reason.code for reason in self.reasons]
        self.outputs = {
            cell.id: [output.get("ename") or output.get("text") for output in cell.outputs] for cell in nb.cells
        }


def run(
    isolation: str, template: Any, folder: Path, answers: Sequence[str], tests: Sequence[str] = (), **settings: Any
) -> Ran:
    """Run a notebook of exercises under an isolation.

    Args:
        settings: of the step; and `reference`, the course's own first answer where it is another, `tags` by cell, `demo`,
            a free cell at the top that is not run.
    """
    reference = settings.pop("reference", RIGHT)
    nb = notebook(answers, tests)
    for name, tags in settings.pop("tags", {}).items():
        next(cell for cell in nb.cells if cell.id == name).metadata.tags = tags
    if demo := settings.pop("demo", ""):
        nb.cells.insert(0, new_code_cell(demo, id="demo", metadata={"tags": ["skip-execution"]}))
    settings = {"timeout": 2, "test_timeout": 4, **settings}
    if isolation == "examiner":
        plan = {cell.grade_id: cell for cell in plan_cells(notebook([reference, *[RIGHT] * (len(answers) - 1)], tests))}
        step: WarmExecute = ExaminedExecute(template=template.address, allow_errors=True, plan=plan, **settings)
    else:
        del settings["test_timeout"]
        step = WarmExecute(template=template.address, allow_errors=True, **settings)
    step.preprocess(nb, {"metadata": {"path": str(folder)}})
    return Ran(step, nb)
