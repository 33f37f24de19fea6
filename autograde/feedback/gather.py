"""A graded notebook and its grades → what its learner may see.

Leak-free: see :func:`gather_feedback`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from markupsafe import Markup

from autograde.feedback.checks import Message, check_of_outputs, known_error, say, without_secrets
from autograde.feedback.grades import CellGrade, NotebookGrades
from autograde.feedback.outputs import Allowance, clean_markdown, outputs, plain
from autograde.feedback.public import HiddenLines, PublicNotebook
from autograde.feedback.words import FeedbackWords
from autograde.grading.graded.feedback_record import read_checks
from autograde.grading.status import Status
from autograde.report.words import Language
from autograde.settings.grading import EXAMINER

_FOR_AUTHORS = {
    "test-fault": "test-fault",
    "setup-fault": "test-fault",
    "engine-fault": "engine-fault",
    "setup-failed": "setup-failed",  # the rest has text of the learner's process, which may know a hidden test
    "tampering": "tampering",
}
_SHOWN_ELSEWHERE = {"not-examined"}


@dataclass(frozen=True)
class Part:
    """One piece of the page, in the notebook's order.

    Attributes:
        kind: ``heading``, ``answer``, ``free``, ``given`` or ``check``.
        name: grade_id, or the heading.
        source: code to show, or None.
        prose: a learner's written answer, rendered.
        outputs: the cell's, sanitised.
        ended: the exception that ended the cell, if its output is not shown.
        grade: points, if it has any.
        message: the check in words.
        comment: a grader's, rendered.
    """

    kind: str
    name: str
    source: str | None = None
    prose: Markup | None = None
    outputs: tuple[Markup, ...] = ()
    ended: str = ""
    grade: CellGrade | None = None
    message: Message | None = None
    comment: Markup | None = None


@dataclass(frozen=True)
class Feedback:
    """Everything that a page shows.

    Attributes:
        title: the notebook's first heading, else its name.
        examined: whether outputs are from the grading run.
        private: whether that holds only up to the first hidden test.
        mended: whether repair changed anything.
        notes: sentences on what the grader did and why.
    """

    assignment: str
    notebook: str
    title: str
    language: Language
    grades: NotebookGrades
    examined: bool = True
    private: bool = False
    mended: bool = False
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = field(default_factory=tuple)

    @property
    def checks(self) -> tuple[Part, ...]:
        """The parts that earn points."""
        return tuple(part for part in self.parts if part.message)

    @property
    def counts(self) -> Counter[str]:
        """Number of checks in each state."""
        return Counter(part.message.state for part in self.checks if part.message)


def gather_feedback(
    nb: Mapping[str, Any],
    record: Mapping[str, Any],
    assignment: str,
    notebook: str,
    grades: NotebookGrades,
    public: PublicNotebook,
    language: Language,
    submitted: Mapping[str, Any] | None = None,
) -> Feedback:
    """Return what a learner may see of a graded notebook.

    The course's own cells show only their released part; test cells show no output, only what
    :class:`.Check` holds. Outputs of the learner's cells come from the grading run as long as their
    process knew no hidden test. If the tests ran in it, or once a hidden test has called it, it
    could pass on anything; then the outputs are those that the learner handed in. An exception
    after that shows its class and the learner's own lines, but no message.

    Args:
        nb: the graded notebook.
        record: its grading record (:func:`autograde.grading.graded.feedback_record.read_record`);
            may be empty.
        submitted: the notebook as handed in; None if it cannot be read.
    """
    examined = record.get("isolation") == EXAMINER
    reader = _Reader(nb, record, grades, public, FeedbackWords(language), _outputs_by_cell(submitted), examined)
    parts = _without_bare_headings([part for cell in nb["cells"] for part in reader.parts(cell)])
    return Feedback(
        assignment,
        notebook,
        title_of(nb) or notebook,
        language,
        grades,
        examined,
        examined and reader.knows,
        record.get("status") == Status.REPAIRED,
        notes_of(record.get("reasons", ()), language),
        parts,
    )


def notes_of(reasons: Iterable[Mapping[str, str]], language: Language) -> tuple[str, ...]:
    """Return the grader's notes, each once, without details meant for authors."""
    t = FeedbackWords(language)
    shown = [reason for reason in reasons if reason["code"] not in _SHOWN_ELSEWHERE]
    notes = [
        t(_FOR_AUTHORS[reason["code"]]) if reason["code"] in _FOR_AUTHORS else reason[language] for reason in shown
    ]
    return tuple(dict.fromkeys(plain(text, 1_000) for text in notes))


def language_of(nb: Mapping[str, Any]) -> Language:
    """Return the language of a notebook's prose, learners' answers excluded."""
    prose = "".join(
        cell["source"]
        for cell in nb["cells"]
        if cell["cell_type"] == "markdown" and not cell["metadata"].get("nbgrader", {}).get("solution")
    )
    chinese = len(re.findall(r"[\u3400-\u9fff]", prose))
    return "zh" if chinese * 4 > len(re.findall(r"[A-Za-z]", prose)) else "en"


def title_of(nb: Mapping[str, Any]) -> str:
    """Return the first heading of a notebook; "" without one."""
    return next((text for cell in nb["cells"] if (text := _heading(cell))), "")


def _without_bare_headings(parts: list[Part]) -> tuple[Part, ...]:
    """The parts without headings that have nothing below them."""
    following = [part.kind for part in parts[1:]] + ["heading"]
    return tuple(p for p, after in zip(parts, following, strict=False) if p.kind != "heading" or after != "heading")


def _heading(cell: Mapping[str, Any]) -> str:
    if cell["cell_type"] != "markdown" or cell["metadata"].get("nbgrader", {}).get("solution"):
        return ""
    match = re.match(r"#{1,3} +([^\n]{1,200})", cell["source"].lstrip())
    return unmarked(plain(match[1])).strip() if match else ""


def unmarked(text: str) -> str:
    """Return a line of Markdown without its marks for code and emphasis; code itself is unchanged."""
    pieces = re.split(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", text)  # text, backquotes, code, text, …
    plain_text = [re.sub(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.*?\S)\1(?![\w*])", r"\2", piece) for piece in pieces[::3]]
    code = [piece.strip() for piece in pieces[2::3]]
    return "".join(map("".join, zip_longest(plain_text, code, fillvalue="")))


def _outputs_by_cell(nb: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    outputs_by_cell: dict[str, list[Any]] = {}
    for cell in (nb or {}).get("cells", []):
        for key in (cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"), cell.get("id")):
            if isinstance(key, str):
                outputs_by_cell.setdefault(key, cell.get("outputs", []))
    return outputs_by_cell


class _Reader:
    def __init__(
        self,
        nb: Mapping[str, Any],
        record: Mapping[str, Any],
        grades: NotebookGrades,
        public: PublicNotebook,
        words: FeedbackWords,
        handed_in: Mapping[str, list[Any]],
        examined: bool,
    ) -> None:
        self._checks = read_checks(record)
        self._grades, self._public, self._t = grades, public, words
        self._handed_in, self._examined = handed_in, examined
        self.knows = bool(record.get("carried"))  # whether the learner's process may know a hidden test
        course = [cell for cell in nb["cells"] if _is_courses(cell)]
        own = [cell["source"] for cell in nb["cells"] if not _is_courses(cell)]
        self._own, self._allowance = own, Allowance()
        self._hide = HiddenLines(public, course, own)
        self._shown = [public.source(cell) for cell in course if cell["cell_type"] == "code"]

    def parts(self, cell: Mapping[str, Any]) -> list[Part]:
        settings = cell["metadata"].get("nbgrader", {})
        name = settings.get("grade_id", cell.get("id", ""))
        if settings.get("grade") and not settings.get("solution"):
            return [self._check(cell, name)]
        if settings.get("task"):
            return [self._by_hand(cell, name, clean_markdown(self._public.source(cell), self._allowance))]
        if settings.get("solution"):
            return [self._answer(cell, name, bool(settings.get("grade")))]
        if cell["cell_type"] != "code":
            return [Part("heading", text)] if (text := _heading(cell)) else []
        source = self._public.source(cell) if settings.get("locked") else self._public.without_regions(cell["source"])
        is_given = settings.get("locked") or source == self._public.sources.get(name, "")
        shown, ended = self._outputs(cell, name)
        if not shown and not ended and is_given:
            return []
        kind = "given" if is_given else "free"
        return [Part(kind, name, plain(source), None, shown, ended)]

    def _answer(self, cell: Mapping[str, Any], name: str, graded: bool) -> Part:
        if graded:
            prose = clean_markdown(cell["source"], self._allowance) if cell["cell_type"] == "markdown" else None
            return self._by_hand(cell, name, prose)
        if cell["cell_type"] == "markdown":
            return Part(
                "answer", name, None, clean_markdown(cell["source"], self._allowance), comment=self._comment(name)
            )
        shown, ended = self._outputs(cell, name)
        source = plain(self._public.without_regions(cell["source"]))
        return Part("answer", name, source, None, shown, ended, comment=self._comment(name))

    def _by_hand(self, cell: Mapping[str, Any], name: str, prose: Markup | None) -> Part:
        """A cell that a person grades."""
        grade = self._grades.cells.get(name)
        state = "open" if grade is None or grade.score is None else "graded"
        shown, ended = self._outputs(cell, name) if cell["cell_type"] == "code" else ((), "")
        source = plain(self._public.without_regions(cell["source"])) if prose is None else None
        return Part("answer", name, source, prose, shown, ended, grade, Message(state), self._comment(name))

    def _check(self, cell: Mapping[str, Any], name: str) -> Part:
        grade = self._grades.cells.get(name)
        check = self._checks.get(name)
        if check is None:
            score, maximum = (grade.score or 0.0, grade.maximum) if grade else (0.0, 0.0)
            check = check_of_outputs(cell.get("outputs", []), score >= maximum, score > 0, self._shown)
        source = plain(self._public.source(cell))
        self.knows = self.knows or self._public.source(cell).strip() != cell["source"].strip()
        check = without_secrets(check, self._own, self.knows)
        return Part("check", name, source, grade=grade, message=say(check, self._t), comment=self._comment(name))

    def _outputs(self, cell: Mapping[str, Any], name: str) -> tuple[tuple[Markup, ...], str]:
        """(outputs, an exception that they do not show) of a cell that is not a test."""
        graded = cell.get("outputs", [])
        if self._examined and not self.knows:
            return tuple(outputs(graded, self._hide, self._allowance)), ""
        errors = [str(output.get("ename", "")) for output in graded if output.get("output_type") == "error"]
        submitted = self._handed_in.get(name, self._handed_in.get(cell.get("id", ""), []))
        submitted = [out for out in submitted if isinstance(out, Mapping) and out.get("output_type") != "error"]
        return tuple(outputs(submitted, allowance=self._allowance)), known_error(errors[0]) if errors else ""

    def _comment(self, name: str) -> Markup | None:
        text = self._grades.comments.get(name)
        return clean_markdown(text) if text else None


def _is_courses(cell: Mapping[str, Any]) -> bool:
    """Whether a cell's content is the course's alone."""
    settings = cell["metadata"].get("nbgrader", {})
    return bool(
        not settings.get("solution") and (settings.get("locked") or settings.get("grade") or settings.get("task"))
    )
