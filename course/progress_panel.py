"""A progress panel inside a notebook, updated after every cell."""

import html
import os
from collections.abc import Callable, Mapping
from typing import Any

from course import checks
from course.checks import MARKS, UNANSWERED, State
from course.language import say
from course.open_notebook import open_notebook
from course.progress import Progress, nbgrader_of, read_progress

_shown: dict[str, "Panel"] = {}  # the panel of this kernel; a new one replaces it


def show_progress() -> None:
    """Show a panel with the exercises done, the public checks that pass and the possible points.

    It is redrawn after every cell, and the last picture stays in the saved notebook. Does nothing
    outside a notebook, or while nbgrader executes one.
    """
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return
    notebook = open_notebook()
    if notebook is None:
        print(
            say(
                en="Save this notebook, then run this cell again to see your progress.",
                zh="请先保存笔记本，再运行本单元格，就能看到你的进度。",
            )
        )
        return
    from IPython.display import HTML, display

    former = _shown.pop("panel", None)
    panel = _shown["panel"] = Panel(notebook, ran=former.ran if former else None)
    if former:
        shell.events.unregister("post_run_cell", former.after_cell)
    handle = display(HTML(panel.picture()), display_id=True)
    panel.redraw = lambda picture: handle.update(HTML(picture))
    shell.events.register("post_run_cell", panel.after_cell)


class Panel:
    """The state of each test in the kernel; ``redraw`` is called with a new picture whenever one changes.

    Args:
        notebook: the notebook's JSON; its tests are recognised by their text, which a learner
            cannot edit.
        ran: grade id → state, from an earlier panel in the same kernel.
    """

    def __init__(self, notebook: Mapping[str, Any], ran: Mapping[str, State] | None = None) -> None:
        self.notebook = notebook
        self.ran: dict[str, State] = dict(ran or {})
        self.redraw: Callable[[str], Any] = lambda picture: None
        self._tests: dict[str, str] = {}  # text of a test -> its grade id
        self._after: dict[str, list[str]] = {}  # cell id of a solution -> the tests that follow it
        latest: list[str] = []
        for cell in notebook.get("cells", []):
            known = nbgrader_of(cell)
            if known.get("solution"):
                latest = self._after.setdefault(str(cell.get("id") or cell.get("metadata", {}).get("id")), [])
            elif known.get("grade"):
                self._tests[_text(cell)] = str(known.get("grade_id", ""))
                latest.append(str(known.get("grade_id", "")))

    def after_cell(self, result: Any) -> None:
        """Record the result of a cell; IPython calls this after each cell with its ``ExecutionResult``."""
        before = dict(self.ran)
        error = result.error_before_exec or result.error_in_exec
        test = self._tests.get((result.info.raw_cell or "").strip())
        if test is not None:
            unanswered = error is not None and type(error).__name__ == UNANSWERED
            state = checks.states.get(test, "passed")  # with one-line answers it raises nothing
            self.ran[test] = state if error is None else "open" if unanswered else "failed"
        for test in self._after.get(str(getattr(result.info, "cell_id", None)), ()):
            self.ran[test] = "open"  # the answer is new, and its tests have not run on it
        if self.ran != before:
            self.redraw(self.picture())

    def picture(self) -> str:
        """The panel as HTML."""
        return picture(read_progress(self.notebook, self.ran))


def picture(progress: Progress) -> str:
    """Draw the progress as HTML without scripts or widgets."""
    share = progress.possible / progress.points if progress.points else 0.0
    chips = " ".join(
        f'<span style="color:{MARKS[exercise.state][1]};white-space:nowrap;margin-right:1em">'
        f"{MARKS[exercise.state][0]} <code>{html.escape(exercise.id)}</code></span>"
        for exercise in progress.exercises
    )
    summary = say(
        en="<b>Your progress</b> · {of.done} of {exercises} exercises done · {of.passing} of {checks} public checks pass"
        " · {of.possible:g} of {of.points:g} points possible",
        zh="<b>你的进度</b> · {exercises} 道练习完成了 {of.done} 道 · {checks} 项公开检查通过了 {of.passing} 项"
        " · {of.points:g} 分中可得 {of.possible:g} 分",
        of=progress,
        exercises=len(progress.exercises),
        checks=len(progress.checks),
    )
    legend = say(
        en="✓ passes · ✗ look again · ○ not attempted or not run yet. Hidden tests check more after you hand in.",
        zh="✓ 通过 · ✗ 再看看 · ○ 尚未作答或尚未运行。提交后还有隐藏测试。",
    )
    return (
        f'<div style="border-left:4px solid #0969da;padding:.3em .8em">{summary}'
        '<div style="background:#d0d7de;height:6px;margin:.4em 0;border-radius:3px">'
        f'<div style="background:#1a7f37;height:6px;border-radius:3px;width:{100 * share:.0f}%"></div></div>'
        f"{chips}<br><small>{legend}</small></div>"
    )


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return (source if isinstance(source, str) else "".join(source)).strip()
