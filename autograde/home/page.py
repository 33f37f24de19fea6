"""Render the instructor's start page, in English or Chinese."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from autograde.home.steps import Next, Steps

_WORDS: dict[str, tuple[str, str]] = {
    "instructor": ("Instructor", "教师"),
    "formgrader": ("Formgrader", "Formgrader 评分"),
    "lab": ("JupyterLab", "JupyterLab"),
    "report": ("Newest report", "最新报告"),
    "other": ("中文", "English"),
    "about": (
        "The state of each chapter and the next command. Run it in a terminal, in this folder:",
        "各章进展，以及下一步的命令。请在终端中于此文件夹内运行：",
    ),
    "terminal": ("a terminal", "打开终端"),
    "chapter": ("Chapter", "章节"),
    "due": ("Due, UTC", "截止时间（UTC）"),
    "released": ("Released", "已发布"),
    "new": ("Not collected", "未收取"),
    "collected": ("Collected", "已收取"),
    "graded": ("Graded", "已评分"),
    "waiting": ("To grade by hand", "待您评分"),
    "feedback": ("Feedback", "反馈"),
    "next": ("Next", "下一步"),
    "to-build": ("build it", "生成发布版"),
    "to-release": ("release it", "发布"),
    "to-collect": ("collect", "收取"),
    "to-grade": ("grade", "评分"),
    "to-look": ("grade by hand", "人工评分"),
    "to-feedback": ("make and release feedback", "生成并发布反馈"),
    "to-wait": ("nothing to do", "无需操作"),
    "course": ("The whole course", "整门课程"),
    "reporting": ("Report: open cases, scores, items", "报告：待处理事项、成绩、题目"),
    "certifying": ("Certificates: decide, and issue them to those who pass", "证书：作出认证决定，并颁发给通过者"),
    "decided": ("{n} decided so far", "目前已决定 {n} 人"),
    "fault": ("The gradebook cannot be read: {what}", "无法读取成绩册：{what}"),
}
_COMMANDS: dict[Next, Sequence[str]] = {
    "build": ("course build {name}",),
    "release": ("nbgrader release_assignment {name}",),
    "collect": ("nbgrader collect {name} --update",),
    "grade": ("course grade {name}",),
    "look": (),
    "feedback": ("course feedback {name}", "nbgrader release_feedback {name}"),
    "wait": (),
}


def render(
    title: str,
    rows: Sequence[Steps],
    language: str,
    base_url: str,
    languages: Sequence[str],
    report: str = "",
    decided: int = 0,
    fault: str = "",
) -> str:
    """Return the page's HTML.

    Args:
        base_url: base URL of the Jupyter server, with a final ``/``.
        languages: languages of the course; release and collect are separate commands for each.
        report: path of the newest report, relative to the course directory; empty if there is none.
        decided: number of learners on whom `course certify` has decided.
        fault: why the gradebook cannot be read.
    """

    def t(key: str, **values: object) -> str:
        return _WORDS[key][language == "zh"].format(**values)

    def commands(row: Steps) -> list[str]:
        lines = [form.format(name=row.assignment) for form in _COMMANDS[row.next]]
        others = [lang for lang in languages[1:] if row.next != "release" or lang not in row.released]
        return lines + [
            f"COURSE_LANG={lang} {line}" for line in lines if line.startswith("nbgrader") for lang in others
        ]

    values: dict[str, Any] = {"title": title, "rows": rows, "base": base_url, "language": language, "report": report}
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    template = (files("autograde.home") / "templates" / "home.html.j2").read_text(encoding="utf-8")
    return environment.from_string(template).render(**values, t=t, commands=commands, decided=decided, fault=fault)
