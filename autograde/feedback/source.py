"""What feedback on a notebook needs: the graded notebook, its grades, what learners have seen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.feedback.gather import Feedback, gather_feedback, language_of
from autograde.feedback.grades import NotebookGrades, read_grades
from autograde.feedback.page import render_feedback
from autograde.feedback.public import PublicNotebook, read_public
from autograde.grading.graded.feedback_record import read_record, secret_of
from autograde.grading.intake.timestamp import read_time, text_of
from autograde.report.words import Language

VERSION = 4  # of the page; pages of another version are rewritten


class FeedbackSource:
    """Makes the pages of one assignment.

    Args:
        coursedir, config: nbgrader's settings of the course.
        titles: the course's title by language; empty: its id.
        language: of all pages; empty: the language of each notebook's prose.
    """

    def __init__(
        self, coursedir: CourseDirectory, config: Config, assignment: str, titles: Mapping[str, str], language: str = ""
    ) -> None:
        self._coursedir, self._config, self._assignment = coursedir, config, assignment
        self._language = language
        self._public: dict[str, PublicNotebook] = {}
        self._titles = titles

    def page(self, gradebook: Gradebook, student: str, notebook: str, content: bytes, made_of: str = "") -> str | None:
        """Return the page on a graded notebook.

        None if `made_of` shows the existing one is up to date.
        """
        nb = nbformat.reads(content.decode("utf-8", "surrogatepass"), as_version=4)
        language = self._chosen(language_of(nb))
        grades = read_grades(gradebook, self._assignment, student, notebook)
        public, submitted = self.public(notebook), self._file(student, f"{notebook}.ipynb")
        state = state_of(content, submitted, grades, public, language, self._titles)
        if state == made_of:
            return None
        handed_in = _loaded(submitted)
        cells = gradebook.find_notebook(notebook, self._assignment).source_cells
        record = read_record(nb, secret_of((cell.name, cell.source or "") for cell in cells))
        feedback = gather_feedback(nb, record, self._assignment, notebook, grades, public, language, handed_in)
        return self._rendered(feedback, student, state)

    def page_without(
        self, gradebook: Gradebook, student: str, notebook: str, notes: tuple[str, ...], language: Language
    ) -> str:
        """Return the page on a notebook that could not be graded."""
        grades = read_grades(gradebook, self._assignment, student, notebook)
        feedback = Feedback(self._assignment, notebook, notebook, language, grades, notes=notes)
        return self._rendered(feedback, student, "")

    def public(self, notebook: str) -> PublicNotebook:
        """What learners have seen of a notebook."""
        if notebook not in self._public:
            self._public[notebook] = read_public(self._coursedir, self._config, self._assignment, notebook)
        return self._public[notebook]

    def handed_in_language(self, student: str, notebook: str) -> Language:
        """The language of a submission that could not be graded."""
        nb = _loaded(self._file(student, f"{notebook}.ipynb"))
        return self._chosen(language_of(nb) if nb else "en")

    def _chosen(self, detected: Language) -> Language:
        return "zh" if self._language == "zh" else "en" if self._language == "en" else detected

    def _rendered(self, feedback: Feedback, student: str, state: str) -> str:
        stamp = self._file(student, "timestamp.txt")
        title = self._titles.get(feedback.language) or self._coursedir.course_id
        return render_feedback(feedback, title, state, _moment(stamp))

    def _file(self, student: str, name: str) -> bytes | None:
        """A file of the submission; a link may lead anywhere and is not followed."""
        folder = self._coursedir.format_path(self._coursedir.submitted_directory, student, self._assignment)
        path = Path(folder) / name
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def state_of(
    content: bytes,
    submitted: bytes | None,
    grades: NotebookGrades,
    public: PublicNotebook,
    language: Language,
    titles: Mapping[str, str],
) -> str:
    """Return a hash of everything that a page shows."""
    plain = [VERSION, language, asdict(grades), dict(titles), dict(public.sources), public.marks]
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    for part in (content, submitted or b""):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _loaded(content: bytes | None) -> dict[str, Any] | None:
    """A notebook as handed in, without malformed cells; None if it is not a notebook."""
    try:
        nb = json.loads((content or b"").decode("utf-8-sig"))
        cells = [cell for cell in nb["cells"] if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    result = []
    for cell in cells:
        metadata = cell.get("metadata")
        mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        source = cell.get("source", "")
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        outputs = cell.get("outputs") if isinstance(cell.get("outputs"), list) else []
        result.append(
            {"cell_type": cell.get("cell_type"), "id": cell.get("id"), "metadata": {"nbgrader": mark if isinstance(mark, dict) else {}},
             "source": text, "outputs": outputs}
        )  # fmt: skip
    return {"cells": result}


def _moment(stamp: bytes | None) -> str:
    when = read_time(text_of(stamp)) if stamp else None
    return f"{when:%Y-%m-%d %H:%M}" if when else ""
