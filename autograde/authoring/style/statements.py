"""The statement of an exercise: its list of hidden tests folded, its hints in three levels. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from autograde.authoring.cell import LANGUAGES, Cell
from autograde.authoring.chapter import Chapter, Exercise
from autograde.authoring.regions import BEGIN_SOLUTION, END_SOLUTION, region, without_region
from autograde.authoring.style.shown import TAG, masked

HIDDEN = {"en": "What hidden tests also use", "zh": "隐藏测试还会用到"}
HINTS = {
    "en": ("Hint 1 · what to look at", "Hint 2 · which step", "Hint 3 · the step with a gap"),
    "zh": ("提示 1 · 看哪里", "提示 2 · 哪一步", "提示 3 · 填空"),
}
GAP = "___"
MIN_LENGTH = 8
"""Shorter lines of an answer (``else:``) give nothing away, nor does ``return gradient``."""

_HEADING = re.compile(r"^### (?:Exercise|练习)", re.MULTILINE)
_HIDDEN_LIST = re.compile(
    r"hidden tests (?:also|further|additionally) use|隐藏测试(?:还|也)会?(?:用|使用)", re.IGNORECASE
)
_ANY_HINT = {"en": re.compile(r"Hints?\b"), "zh": re.compile("提示")}
_TAGS = re.compile(r"<details[^>]*>|</details>|<summary>(.*?)</summary>", re.DOTALL)


@dataclass
class Fold:
    """A ``<details>`` element: its title, its own text without that of inner ones, and the inner ones."""

    title: str
    line: int
    own: str = ""
    inner: list["Fold"] = field(default_factory=list)


def statement_faults(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for the statements of the exercises, in both editions."""
    for exercise, cells in _statements(chapter):
        for lang in LANGUAGES:
            own = [cell for cell in cells if cell.lang == lang]
            yield from _statement(exercise, lang, own)


def _statements(chapter: Chapter) -> Iterator[tuple[Exercise, list[Cell]]]:
    """Each exercise with the prose from its heading down to its answer."""
    places = [-1, *(chapter.cells.index(exercise.solution) for exercise in chapter.exercises)]
    for exercise, (start, end) in zip(chapter.exercises, pairwise(places), strict=True):
        prose = [cell for cell in chapter.cells[start + 1 : end] if cell.role == "prose"]
        heads = [at for at, cell in enumerate(prose) if _HEADING.search(cell.source)]
        yield exercise, prose[heads[0] :] if heads else prose[-2:]


def _statement(exercise: Exercise, lang: str, cells: list[Cell]) -> Iterator[tuple[int, str]]:
    name, place = exercise.name, cells[0].line if cells else exercise.solution.line
    outside, folds = "", list[Fold]()
    for cell in cells:
        own, found, faults = _folds(cell)
        outside, folds = f"{outside}\n{own}", folds + found
        for line, fault in faults:
            yield line, f"exercise `{name}`: {fault}"
    if _HIDDEN_LIST.search(outside) or not any(fold.title == HIDDEN[lang] for fold in folds):
        yield (
            place,
            f"exercise `{name}`: fold the list of what hidden tests use:"
            f" <details><summary>{HIDDEN[lang]}</summary> … </details>",
        )
    hints = [fold for fold in folds if _ANY_HINT[lang].match(fold.title)]
    levels = list(_levels(hints[0])) if len(hints) == 1 else []
    if [fold.title for fold in levels] != list(HINTS[lang]):
        found_titles = ", ".join(fold.title for fold in levels or hints) or "none"
        yield (
            hints[0].line if hints else place,
            f"exercise `{name}`: write three hints, each a <details> inside the one above, with the summaries"
            f" {', '.join(f'`{title}`' for title in HINTS[lang])}; found: {found_titles}",
        )
        return
    if GAP not in levels[-1].own:
        yield levels[-1].line, f"exercise `{name}`: the third hint has a gap, {GAP}, where the answer belongs"
    answer = _answer(exercise)
    for fold in levels:
        shown = _bare(fold.own)
        given = [line for line in answer if line in shown]
        # what stands around the gap of the third hint may be the answer's, but not most of it
        if given and (fold is not levels[-1] or 2 * len(given) > len(answer)):
            yield fold.line, f"exercise `{name}`: a hint is not the answer; remove lines of it: {', '.join(given)}"


def _levels(fold: Fold) -> Iterator[Fold]:
    """A hint and those nested in it, each having one."""
    yield fold
    if len(fold.inner) == 1:
        yield from _levels(fold.inner[0])


def _folds(cell: Cell) -> tuple[str, list[Fold], list[tuple[int, str]]]:
    """The text outside of the folds of a cell, its outermost folds, and what is wrong with their tags."""
    root = Fold("", cell.line)
    stack, end, faults = [root], 0, []
    code = masked(cell.source)
    for match in _TAGS.finditer(cell.source):
        if code[match.start()] != TAG:
            continue  # in code
        line = cell.line + 1 + cell.source.count("\n", 0, match.start())
        stack[-1].own += cell.source[end : match.start()]
        end = match.end()
        if match[1] is not None:
            stack[-1].title = " ".join(match[1].split())
        elif match[0] != "</details>":
            fold = Fold("", line)
            stack[-1].inner.append(fold)
            stack.append(fold)
        elif len(stack) > 1:
            stack.pop()
        else:
            faults.append((line, "this </details> closes nothing"))
    if len(stack) > 1:
        faults.append((stack[-1].line, "this <details> is never closed"))
    root.own += cell.source[end:]
    return root.own, root.inner, faults


def _answer(exercise: Exercise) -> list[str]:
    """The lines of the answer that are not in its stub and give something away."""
    stub = {_bare(line) for line in without_region(exercise.solution.source, BEGIN_SOLUTION, END_SOLUTION).split("\n")}
    lines = dict.fromkeys(map(_bare, region(exercise.solution.source, BEGIN_SOLUTION, END_SOLUTION)))
    return [line for line in lines if line not in stub and len(line) >= MIN_LENGTH and not line.isidentifier()]


def _bare(line: str) -> str:
    """A line of code without spaces, ``return`` and a comment at its end."""
    return re.sub(r"\s+", "", re.sub(r"^\s*return\s|\s+#.*$", "", line))
