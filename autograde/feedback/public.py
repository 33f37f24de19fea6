"""What of an assignment its learners have seen, so that feedback can leave out the rest."""

import glob
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from traitlets.config import Config

_SHORTEST = 8  # characters; a shorter hidden line is too common to be recognised
_INSTEAD = "[…]"


@dataclass(frozen=True)
class PublicNotebook:
    """The released notebook, and how hidden regions are marked where there is none.

    Attributes:
        sources: released source by cell id and by grade_id.
        marks: (begin, end) of each kind of hidden region, from nbgrader's settings.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[tuple[str, str], ...] = ()

    def source(self, cell: Mapping[str, Any]) -> str:
        """Return what a learner may see of a course's own cell."""
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        return self.sources[name] if name in self.sources else self.without_regions(cell["source"])

    def without_regions(self, source: str) -> str:
        """Return a source without hidden regions.

        One that never ends reaches to the end of the cell.
        """
        shown, closing = [], None
        for line in source.split("\n"):
            begun = next((end for begin, end in self.marks if begin in line), None)
            if closing is None and begun is None:
                shown.append(line)
            elif closing is None:
                closing = begun
            elif closing in line:
                closing = None
        return "\n".join(shown)


def read_public(coursedir: CourseDirectory, config: Config, assignment: str, notebook: str) -> PublicNotebook:
    """Read the released notebook.

    Where each language has a release of its own, one of them: their code is the same.
    """
    tests, scheme = ClearHiddenTests(config=config), ClearMarkScheme(config=config)
    marks = (
        (tests.begin_test_delimeter, tests.end_test_delimeter),
        (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
    )
    folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    name = glob.escape(notebook)
    editions = Path(coursedir.root).glob(f"release/*/{glob.escape(assignment)}/{name}.ipynb")
    for path in (folder / f"{notebook}.ipynb", *sorted(editions)):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            sources = {key: "".join(cell["source"]) for cell in cells for key in _names(cell)}
        except (OSError, ValueError, KeyError, TypeError):
            continue  # the marks in the graded notebook serve as well
        return PublicNotebook(sources, marks)
    return PublicNotebook({}, marks)


def _names(cell: Mapping[str, Any]) -> list[str]:
    names = (cell["metadata"].get("nbgrader", {}).get("grade_id"), cell.get("id"))
    return [name for name in names if isinstance(name, str)]


class HiddenLines:
    """The lines of a graded notebook's tests that no learner has seen; a function that takes them
    out of a text.

    The examiner keeps hidden tests from a learner's process; this is a second line of defence.
    """

    def __init__(self, public: PublicNotebook, course_cells: Iterable[Mapping[str, Any]], own: Iterable[str]) -> None:
        seen = "\n".join(_even(line) for text in (*public.sources.values(), *own) for line in text.split("\n"))
        self._hidden = {
            even
            for cell in course_cells
            for line in cell["source"].split("\n")
            if len(even := _even(line)) >= _SHORTEST and even not in seen
            if even not in _even(public.source(cell))
        }

    def __call__(self, text: str) -> str:
        """Return `text`, each line that holds a hidden one replaced."""
        if not self._hidden:
            return text
        return "\n".join(_INSTEAD if self._in(_even(line)) else line for line in text.split("\n"))

    def _in(self, line: str) -> bool:
        return len(line) >= _SHORTEST and any(hidden in line for hidden in self._hidden)


def _even(line: str) -> str:
    return re.sub(r"\s+", " ", line).strip()
