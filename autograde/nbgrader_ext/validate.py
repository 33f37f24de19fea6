"""The answer of nbgrader's *Validate* button: how a notebook's visible tests did before the
hand-in.

It shows the kernel's own line for each test (``course.checks``); for a test of another course, its
error.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbgrader import utils

State = Literal["passed", "open", "failed"]
MARKS: dict[State, str] = {"passed": "✓", "open": "○", "failed": "✗"}
UNANSWERED = "NotImplementedError"

WORDS = {
    "en": {
        "passed": "passed",
        "open": "not answered yet",
        "failed": "to look at again",
        "all": "Your notebook passes all the tests that you see.",
        "some": "{points} of {maximum} points",
        "hidden": "Hidden tests check more after you hand in.",
        "none": "There is no test in this notebook.",
        "changed": "Locked cells were changed: {names}. Grading puts the originals back.",
        "partial": "some of it is right",
        "back": "Nothing is handed in or changed by this check.",
    },
    "zh": {
        "passed": "通过",
        "open": "尚未作答",
        "failed": "需要再看看",
        "all": "你的笔记本通过了所有可见的测试。",
        "some": "{points} / {maximum} 分",
        "hidden": "提交后还有隐藏测试。",
        "none": "这份笔记本里没有测试。",
        "changed": "锁定的单元格被改动过：{names}。评分时会恢复原样。",
        "partial": "部分正确",
        "back": "这次检查不会提交或改动任何东西。",
    },
}

# nbgrader's dialog has fixed English text for each cell; the answer replaces it with its own page.
STYLE = """<style>
.jp-Dialog-content:has(.course-validation) .jp-Dialog-header,
#validation-message > div:not(:has(.course-validation)) { display: none; }
.jp-Dialog-content:has(.course-validation) { border-left: none; width: 680px; max-width: 90vw; max-height: 85vh; }
#validation-message pre:has(.course-validation) { border: none; padding: 0; margin: 0; background: none; }
.course-validation { white-space: normal; font-family: var(--jp-ui-font-family); font-size: var(--jp-ui-font-size1);
  color: var(--jp-ui-font-color1); line-height: 1.5; }
.course-validation h2 { font-size: 1.35em; margin: 0 0 .2em; }
.course-validation p { margin: 0 0 .8em; color: var(--jp-ui-font-color2); }
.course-validation ul { list-style: none; margin: 0 0 .8em; padding: 0; }
.course-validation li { padding: .3em 0; border-bottom: 1px solid var(--jp-border-color2); }
.course-validation .mark { display: inline-block; width: 1.6em; font-weight: 600; }
.course-validation code { font-family: var(--jp-code-font-family); background: none; }
.course-validation .points { float: right; color: var(--jp-ui-font-color2); }
.course-validation .line { margin-left: 1.6em; }
.course-validation pre { white-space: pre-wrap; margin: .4em 0; }
.course-validation summary { cursor: pointer; }
.course-validation .passed { color: var(--jp-success-color1); }
.course-validation .failed { color: var(--jp-warn-color0); }
.course-validation .open { color: var(--jp-ui-font-color2); }
</style>"""


@dataclass(frozen=True)
class Result:
    """A test's result: grade id, points, how it ended, its line, the learner's traceback."""

    id: str
    points: float
    state: State
    line: str = ""
    details: str = ""


def changed_cells(notebook: NotebookNode) -> list[str]:
    """Return the grade ids of locked cells whose text or type was changed."""
    return [
        str(cell.metadata.nbgrader.grade_id)
        for cell in notebook.cells
        if utils.is_locked(cell)
        and (
            cell.metadata.nbgrader.get("cell_type", cell.cell_type) != cell.cell_type
            or cell.metadata.nbgrader.get("checksum", "") not in ("", utils.compute_checksum(cell))
        )
    ]


def results_of(notebook: NotebookNode, log: Any) -> list[Result]:
    """Return the result of each automatic test of an executed notebook, in order."""
    results = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
            score, maximum = utils.determine_grade(cell, log)
            results.append(_result(cell, maximum if score is None else score, maximum))
    return results


def _result(cell: NotebookNode, score: float, maximum: float) -> Result:
    name = str(cell.metadata.nbgrader.grade_id)
    # an interrupted cell has two errors: Python's, and why it was interrupted
    error = next((output for output in reversed(cell.outputs) if output.output_type == "error"), None)
    if error is None:
        return Result(name, maximum, "passed") if score >= maximum else Result(name, maximum, "failed", "partial")
    if error.ename == UNANSWERED:
        return Result(name, maximum, "open")
    lines = [strip_ansi(line) for line in error.traceback]
    if lines and lines[0].startswith(MARKS["failed"]):
        return Result(name, maximum, "failed", lines[0][1:].strip(), "\n".join(lines[1:]))
    message = error.evalue if error.ename == "AssertionError" and error.evalue else f"{error.ename}: {error.evalue}"
    return Result(name, maximum, "failed", message.strip(" :"), "\n".join(lines))


def page(tests: Sequence[Result], changed: Sequence[str], lang: str) -> str:
    """Return the dialog's content as HTML."""
    words = WORDS[lang]
    passed, maximum = (sum(test.points for test in some) for some in (_of(tests, "passed"), tests))
    if not tests:
        title = words["none"]
    elif len(_of(tests, "passed")) == len(tests):
        title = words["all"]
    else:
        title = words["some"].format(points=f"{passed:g}", maximum=f"{maximum:g}")
    counts = " · ".join(
        f'<span class="{state}">{MARKS[state]}</span> {len(_of(tests, state))} {words[state]}'
        for state in MARKS
        if _of(tests, state)
    )
    parts = [f"<h2>{title}</h2>", f"<p>{counts}</p>" if counts else ""]
    if changed:
        names = ", ".join(f"<code>{html.escape(name)}</code>" for name in changed)
        parts += [f"<p>{words['changed'].format(names=names)}</p>"]
    parts += ["<ul>", *(_item(test, words) for test in tests), "</ul>"]
    parts += [f"<p>{words['hidden']} {words['back']}</p>"]
    return f'{STYLE}<div class="course-validation">{"".join(parts)}</div>'


def text(tests: Sequence[Result], changed: Sequence[str], lang: str) -> str:
    """Return the same as plain text."""
    words = WORDS[lang]
    lines = [f"{MARKS[test.state]} {test.id}: {words.get(test.line, test.line) or words[test.state]}" for test in tests]
    return "\n".join([*lines, *([words["changed"].format(names=", ".join(changed))] if changed else [])])


def _of(tests: Sequence[Result], state: State) -> list[Result]:
    return [test for test in tests if test.state == state]


def _item(test: Result, words: dict[str, str]) -> str:
    mark = f'<span class="mark {test.state}">{MARKS[test.state]}</span><code>{html.escape(test.id)}</code>'
    points = f'<span class="points">{words[test.state] if test.state != "failed" else ""} {test.points:g}</span>'
    line = html.escape(words.get(test.line, test.line))
    if test.details:
        line = f"<details><summary>{line}</summary><pre>{html.escape(test.details)}</pre></details>"
    shown = f'<div class="line">{line}</div>' if line else ""
    return f"<li>{mark}{points}{shown}</li>"
