"""Why points are lost for another cause than the answer: one sentence for each, whole in both languages."""

import re
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode

from autograde.grading.reasons.ends import Why
from autograde.grading.reasons.reason import Reason

# why a test could not judge the answer, by :attr:`autograde.grading.examiner.verdict.Verdict.wire_code`
_UNJUDGED = {
    "died": (
        "the process that ran your code ended before it answered",
        "运行你的代码的进程在给出结果之前终止",
    ),
    "timeout": (
        "your function did not return in time, or the whole test took too long",
        "你的函数没有在时限内返回，或整个测试运行超时",
    ),
    "violation": (
        "your code wrote where only the grader's messages belong",
        "你的代码向只供评分程序使用的通道写入了内容",
    ),
    "flood": ("your code called functions of the test far too often", "你的代码调用测试函数的次数过多"),
    "memory": (
        "what your code gave takes more memory than a submission may use, `memory_mb`",
        "你的代码给出的内容所需内存超过一份提交的上限，见 `memory_mb`",
    ),
    "result": (
        "what your code gave cannot be handed to a test; return plain numbers, texts, lists or NumPy arrays",
        "你的代码给出的内容无法交给测试；请返回普通的数、文本、列表或 NumPy 数组",
    ),
    "lost": (
        "it asks for an object of a process that has ended",
        "它需要的对象属于一个已经终止的进程",
    ),
    "left-out": (
        "it asks for a cell that did not run to its end",
        "它依赖的单元没有运行到结束",
    ),
    "process": ("no process is left that could run your code", "已没有可以运行你的代码的进程"),
    "time": ("the notebook's time was over", "整个笔记本的时间已用完"),
}
_LIMITS = {
    r"^MemoryError|^_ArrayMemoryError|ResourceExhaustedError|Unable to allocate": "`memory_mb`",
    r"\[Errno 28\]|\[Errno 27\]": "`folder_mb` and `folder_files`",
    r"\[Errno 24\]": "`open_files`",
    r"can't start new thread|^BlockingIOError: \[Errno 11\]": "`processes`",
}

UNJUDGED_CODES = frozenset(_UNJUDGED)
"""Every wire code of a verdict that has no judgement."""

_WHEN = {
    "in": ("in the cell {cell}", "在单元 {cell} 处"),
    "again": ("when the cell {cell} ran again", "在重新运行单元 {cell} 时"),
    "after": ("after the cell {cell} had run", "在单元 {cell} 运行之后"),
    "before": ("before the cell {cell}", "在单元 {cell} 之前"),
}


def name_of(cell: NotebookNode, index: int) -> str:
    """Return what a sentence calls a cell: its grade_id, else its place in the notebook, counted from 1."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or f"#{index + 1}")


def process_died(cell: str, left_out: str, why: Why, when: str) -> Reason:
    """The process ended.

    Args:
        cell: the cell that ran, with `when`, a key of ``_WHEN``.
        left_out: the cell that runs no more; empty for none.
    """
    en, zh = (words.format(cell=cell) for words in _WHEN[when])
    return Reason(
        "kernel-died",
        f"The process that ran your cells ended {en} ({why.en}); points earned before are kept"
        + (f", and from there on the cell {left_out} is left out: what needs it fails." if left_out else "."),
        f"运行你的单元的进程{zh}终止（{why.zh}）；此前所得的分数保留"
        + (f"，此后不再运行单元 {left_out}，依赖它的内容不得分。" if left_out else "。"),
    )


def not_replaced(cell: str, replacements: int) -> Reason:
    """The last process that is given has ended."""
    return Reason(
        "kernel-gone",
        f"Before the cell {cell} the process had ended once more, after {replacements} replacements; nothing more was run.",
        f"在单元 {cell} 之前进程再次终止，已更换 {replacements} 次；此后的单元均未运行。",
    )


def cell_timeout(cell: str, seconds: float | None) -> Reason:
    """A cell ran too long."""
    return Reason(
        "cell-timeout",
        f"The cell {cell} ran longer than it may ({seconds} s) and was interrupted.",
        f"单元 {cell} 运行超过时限（{seconds} 秒），已被中断。",
    )


def notebook_timeout(cell: str, seconds: int) -> Reason:
    """All cells together ran too long."""
    return Reason(
        "notebook-timeout",
        f"The time of the whole notebook ({seconds} s, `notebook_seconds`) was over at the cell {cell}; what comes after "
        "it was not run.",
        f"到单元 {cell} 时，整个笔记本的时间（{seconds} 秒，`notebook_seconds`）已用完；此后的内容未运行。",
    )


def not_judged(test: str, code: str) -> Reason:
    """A test gives no points, though nobody looked at the answer.

    Args:
        code: one of :data:`UNJUDGED_CODES`.
    """
    en, zh = _UNJUDGED[code]
    return Reason("not-examined", f"The test {test} gives no points: {en}.", f"测试 {test} 不计分：{zh}。")


def not_defined(test: str, name: str) -> Reason:
    """A test needs a name that the learner was to define."""
    return Reason(
        "not-defined",
        f"The test {test} gives no points: the notebook does not define {name}.",
        f"测试 {test} 不计分：笔记本没有定义 {name}。",
    )


def limit_met(cell: str, error: str) -> Reason | None:
    """Where an error of a learner's code is how a limit of ``[grading]`` shows: which.

    Args:
        error: class and message, ``MemoryError: …``; the learner's own, so it may pretend.
    """
    found = next((settings for sign, settings in _LIMITS.items() if re.search(sign, error)), None)
    if found is None:
        return None
    kind = error.partition(":")[0]
    shown = kind if kind.isidentifier() else "Exception"
    return Reason(
        "limit-met",
        f"In the cell {cell} your code met a limit of this grading, {found}, and ended with {shown}.",
        f"在单元 {cell} 中，你的代码达到了评分的限制（{found.replace(' and ', '、')}），以 {shown} 结束。",
    )


def files_left_out(files: int, size: int) -> Reason:
    """Not all that the cells wrote beside the notebook is kept.

    Args:
        files, size: how many files are kept at most, and how many bytes of them all.
    """
    return Reason(
        "files-left-out",
        f"Not all files that your cells wrote beside the notebook are kept: at most {files} files of {size // 1_000_000} MB "
        "together are, under names that a file can have; a later notebook does not find the others.",
        f"单元在笔记本旁写出的文件没有全部保留：最多保留 {files} 个文件，合计不超过 {size // 1_000_000} MB，且文件名须合法；"
        "后面的笔记本找不到其余的文件。",
    )


def cell_skipped(cell: str, tag: str) -> Reason:
    """An answer carries a tag that says not to run it."""
    return Reason(
        "cell-skipped",
        f"The cell {cell} was not run: it carries the tag `{tag}`.",
        f"单元 {cell} 带有标签 `{tag}`，未运行。",
    )


def needs_skipped(cell: str, name: str, skipped: str, tag: str) -> Reason:
    """An answer needs a name that only a cell with such a tag assigns."""
    return Reason(
        "needs-skipped",
        f"The cell {cell} uses `{name}`, which only the cell {skipped} assigns; that one carries the tag `{tag}` and is "
        "not run when work is graded.",
        f"单元 {cell} 用到 `{name}`，而给它赋值的只有单元 {skipped}；后者带有标签 `{tag}`，评分时不运行。",
    )


def notebook_missing(name: str) -> Reason:
    """One of several notebooks was not handed in."""
    return Reason(
        "notebook-missing",
        f"The submission holds no {name}.ipynb; its cells give no points.",
        f"提交中没有 {name}.ipynb，其中的单元不得分。",
    )


def cells_missing(file: str, names: Iterable[str]) -> Reason:
    """Cells with points are not in the notebook, and no release tells what they were."""
    shown = [f"`{name}`" for name in names]
    return Reason(
        "cell-missing",
        f"{file} lacks cells that give points, which are 0: {', '.join(shown)}.",
        f"{file} 缺少计分的单元，这些单元计 0 分：{'、'.join(shown)}。",
    )


def unjudged(points: float, code: str) -> dict[str, Any]:
    """The fields of a verdict (:class:`autograde.grading.examiner.verdict.Verdict`) that no examiner gave."""
    return {
        "score": 0.0,
        "maximum": points,
        "error": _UNJUDGED[code][0],
        "failed_message": None,
        "learner_error": None,
        "author_error": None,
        "wire_error": _UNJUDGED[code][0],
        "wire_code": code,
        "undefined": None,
        "outputs": [],
    }
