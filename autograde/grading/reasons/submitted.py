"""What is odd about the files of a submission, in both languages."""

from autograde.grading.reasons.reason import Reason


def no_notebook(names: list[str]) -> Reason:
    """None of the assignment's notebooks was handed in; `names` without ``.ipynb``."""
    files = " / ".join(f"{name}.ipynb" for name in names)
    return Reason("no-notebook", f"The submission holds no {files}.", f"提交中没有 {files}。")


def file_renamed(name: str, chosen: str) -> Reason:
    """A notebook was handed in under another name."""
    return Reason(
        "file-renamed",
        f"The file {chosen}.ipynb was taken for {name}.ipynb.",
        f"文件 {chosen}.ipynb 被视为 {name}.ipynb。",
    )


def copy_taken(name: str, chosen: str) -> Reason:
    """The notebook itself is blank, a copy of it is not."""
    return Reason(
        "copy-taken",
        f"{name}.ipynb holds no answer; {chosen}.ipynb, a copy of it with answers, was graded in its place.",
        f"{name}.ipynb 中没有答案；改为对其含有答案的副本 {chosen}.ipynb 评分。",
    )


def copy_left_aside(name: str, other: str) -> Reason:
    """A copy of a notebook holds other answers than the notebook."""
    return Reason(
        "copy-left-aside",
        f"{name}.ipynb was graded; {other}.ipynb, a copy of it with other answers, was not.",
        f"已对 {name}.ipynb 评分；其副本 {other}.ipynb 的答案不同，未评分。",
    )


def several_copies(name: str, others: list[str]) -> Reason:
    """The notebook itself is blank, and its copies hold different answers."""
    files = [f"{other}.ipynb" for other in others]
    return Reason(
        "several-copies",
        f"{name}.ipynb holds no answer, and {', '.join(files)} hold different ones; a person has to say which counts.",
        f"{name}.ipynb 中没有答案，而 {'、'.join(files)} 的答案各不相同，需人工确定以哪一份为准。",
    )


def file_replaced(path: str) -> Reason:
    """A file of the course's came back changed."""
    return Reason(
        "file-replaced",
        f"The notebook ran with the course's own {path}; the one that was handed in differs from it.",
        f"运行时使用课程自带的 {path}；提交的文件与之不同。",
    )


def file_left_out(path: str, module: str) -> Reason:
    """A file would be imported in place of a module that the course uses."""
    return Reason(
        "file-left-out",
        f"The file {path} was left out: Python would import it in place of {module}, which the course uses.",
        f"文件 {path} 未放入运行目录：Python 会用它取代课程使用的 {module}。",
    )


def unreadable_timestamp(text: str) -> Reason:
    """``timestamp.txt`` holds `text`, which is not a time."""
    shown = text[:40] + "…" if len(text) > 40 else text
    return Reason(
        "unreadable-timestamp",
        f"When this was handed in cannot be read from timestamp.txt (“{shown}”); a person has to say whether it was late.",
        f"无法从 timestamp.txt 读出提交时间（“{shown}”）；是否迟交需人工判定。",
    )
