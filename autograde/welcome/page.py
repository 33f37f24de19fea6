"""The page itself, written anew when a notebook is saved. Nothing leaves the machine."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder
from autograde.welcome.chapter_map import Place, State, chapter_map

PAGE, GLOSSARY = "welcome.md", "glossary.md"
EVERY = 1.0
"""Seconds between two checks of the chapters' files."""

WORDS = {
    "en": {
        "start": "**Start here: [{title}]({path})**",
        "on": "**Continue with: [{title}]({path})**",
        "all": "**All public checks pass.** Hand in what you have not handed in yet.",
        "how": "Read, guess, move the controls, then write the code. Run a cell with *Shift-Enter*. "
        "Each test answers in one line: ✓ passed, ○ not answered yet, ✗ with what to look at.",
        "table": "| chapter | time | due | exercises done | points so far | to pass | |\n|---|---|---|---|---|---|---|",
        "time": "{hours} h",
        "date": "%d %b %Y, %H:%M",
        "overall": "To pass: at least **{percent} %** of all points{each}.",
        "each": ", and in each chapter the points under *to pass*",
        "note": "Counted on this machine from your saved notebooks; nothing is sent anywhere. This page is updated when "
        "you save a notebook. Points are *so far*: hidden tests check more after you hand in.",
        "submit": "To hand in: *Nbgrader → Assignment List* in the menu. To check first: *Validate* above the notebook.",
        "by_file": "To hand in: send your notebook as `YOURNAME_ch02.ipynb` to where your instructor says.",
        "glossary": "What a word means: the [glossary]({path}).",
        "other": "中文版：在终端运行 `course lab --lang zh`。",
    },
    "zh": {
        "start": "**从这里开始：[{title}]({path})**",
        "on": "**继续学习：[{title}]({path})**",
        "all": "**所有公开检查都已通过。** 还没有提交的请提交。",
        "how": "先读、先猜、拖动控件，再写代码。按 *Shift-Enter* 运行单元格。每个测试用一行作答：✓ 通过，○ 尚未作答，✗ 会告诉你该看哪里。",
        "table": "| 章 | 时间 | 截止 | 完成的练习 | 目前得分 | 及格 | |\n|---|---|---|---|---|---|---|",
        "time": "{hours} 小时",
        "date": "%Y-%m-%d %H:%M",
        "overall": "及格要求：总分至少达到 **{percent} %**{each}。",
        "each": "，而且每章达到“及格”一栏的分数",
        "note": "这些数字在本机根据你保存的笔记本统计，不会发送到任何地方。保存笔记本后本页会重新统计。"
        "这是“目前得分”：提交后还有隐藏测试。",
        "submit": "提交：菜单 *Nbgrader → Assignment List*。提交前检查：笔记本上方的 *Validate* 按钮。",
        "by_file": "提交：把笔记本命名为 `你的学号_ch02.ipynb`，发到教师指定的地方。",
        "glossary": "术语的含义见[术语表]({path})。",
        "other": "English: run `course lab --lang en` in a terminal.",
    },
}


@dataclass(frozen=True)
class Plan:
    """A chapter in course.toml: how long it takes, when it is due, the share of its points needed to pass, what it needs."""

    minutes: int | None = None
    due: str = ""
    share: Decimal | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One chapter of the page.

    Attributes:
        path: its notebook, relative to the learner's folder.
        title: its heading.
        numbers: the learner's progress; None if the notebook has no exercise or cannot be read.
        plan: its entry in course.toml.
    """

    path: str
    title: str
    numbers: Mapping[str, float] | None
    plan: Plan = Plan()


def page(
    title: str, rows: Sequence[Row], lang: str, exchange: bool, overall: Decimal | None = None, glossary: bool = False
) -> str:
    """Return the page's Markdown. Pure.

    Args:
        title: the course's title.
        rows: the chapters in order.
        lang: language of the page.
        exchange: whether learners hand in through nbgrader's assignment list.
        overall: share of all points needed to pass the course; None without a policy.
        glossary: whether there is a page of terms beside it.
    """
    words = WORDS[lang]
    unfinished = [row for row in rows if row.numbers and row.numbers["passing"] < row.numbers["checks"]]
    begun = any(row.numbers and row.numbers["passing"] for row in rows)
    lead = words["all"]
    if unfinished:
        lead = words["on" if begun else "start"].format(title=unfinished[0].title, path=unfinished[0].path)
    table = "\n".join([words["table"], *(_row(row, words) for row in rows)])
    need = ""
    if overall is not None:
        each = words["each"] if any(row.plan.share for row in rows) else ""
        need = words["overall"].format(percent=f"{100 * overall:f}".rstrip("0").rstrip("."), each=each)
    shown = chapter_map([_place(row, bool(unfinished) and row is unfinished[0]) for row in rows])
    parts = [f"# {title}", lead, words["how"], *filter(None, [shown]), table, *filter(None, [need])]
    parts += [words["submit" if exchange else "by_file"], words["note"]]
    parts += [words["glossary"].format(path=GLOSSARY)] if glossary else []
    return "\n\n".join([*parts, words["other"]]) + "\n"


def _place(row: Row, comes_next: bool) -> Place:
    """A chapter as the map shows it."""
    state: State = "open"
    if comes_next:
        state = "next"
    elif row.numbers and row.numbers["passing"]:
        state = "done" if row.numbers["passing"] == row.numbers["checks"] else "begun"
    return Place(row.path.partition("/")[0], row.title, state, row.plan.needs)


def _row(row: Row, words: Mapping[str, str]) -> str:
    time = words["time"].format(hours=f"{row.plan.minutes / 60:.2g}") if row.plan.minutes else ""
    cells = [f"[{row.title.replace('|', '·')}]({row.path})", time, row.plan.due, "", "", "", ""]
    if row.numbers is not None:
        number = {key: f"{value:g}" for key, value in row.numbers.items()}
        share = row.numbers["possible"] / row.numbers["points"] if row.numbers["points"] else 0.0
        need = f"{float(row.plan.share) * row.numbers['points']:g}" if row.plan.share else ""
        bar = "▰" * int(10 * share) + "▱" * (10 - int(10 * share))
        done, points = f"{number['done']} / {number['exercises']}", f"{number['possible']} / {number['points']}"
        cells[3:] = [done, points, need, bar]
    return f"| {' | '.join(cells)} |"


def write_page(course: CourseFolder, folder: Path, lang: str) -> None:
    """Write the page into a learner's ``folder``, unless it is unchanged."""
    import importlib.util

    numbers = _numbers(folder)
    names = [path for name in course.assignments for path in sorted(folder.glob(f"{name}/*.ipynb"))]
    plan, overall = plans(course, lang)
    rows = [
        Row(place, _heading(folder / place), numbers.get(place), plan.get(place.partition("/")[0], Plan()))
        for place in (path.relative_to(folder).as_posix() for path in names)
    ]
    exchange, glossary = importlib.util.find_spec("nbgrader") is not None, (folder / GLOSSARY).is_file()
    text = page(course.title(lang), rows, lang, exchange, overall, glossary).encode()
    if not (folder / PAGE).is_file() or (folder / PAGE).read_bytes() != text:
        replace_files({folder / PAGE: text})


def plans(course: CourseFolder, lang: str) -> tuple[dict[str, Plan], Decimal | None]:
    """Return each chapter's plan, by assignment, and the share of all points needed to pass.

    Due dates are in this machine's time zone.
    """
    policy = course.policy if course.has_policy else None
    needed = {chapter.assignment: chapter.min for chapter in policy.chapters if chapter.required} if policy else {}
    found = {}
    for name, plan in course.plans.items():
        shown = plan.due.astimezone().strftime(WORDS[lang]["date"]) if plan.due else ""
        found[name] = Plan(plan.minutes, shown, needed.get(name), plan.needs)
    return found, policy.overall_min if policy else None


def keep_fresh(course: CourseFolder, folder: Path, lang: str, stopped: threading.Event) -> None:
    """Rewrite the page whenever a chapter in ``folder`` is saved, until ``stopped`` is set."""
    seen = _times(folder)
    while not stopped.wait(EVERY):
        now = _times(folder)
        if now != seen:
            write_page(course, folder, lang)
            seen = now


def _times(folder: Path) -> dict[str, int]:
    times = {}
    for path in folder.glob("*/*.ipynb"):
        try:
            times[str(path)] = path.stat().st_mtime_ns
        except OSError:  # replaced between glob and stat
            continue
    return times


def _numbers(folder: Path) -> dict[str, dict[str, float]]:
    """Progress by notebook, from the ``course`` package, which counts it the same way inside a kernel."""
    run = subprocess.run(
        [sys.executable, "-P", "-m", "course.progress", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return json.loads(run.stdout) if run.returncode == 0 else {}


def _heading(path: Path) -> str:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        first = next("".join(cell["source"]) for cell in cells if "".join(cell["source"]).startswith("# "))
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return path.stem
    return first.splitlines()[0][2:].strip()
