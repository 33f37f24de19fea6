"""Grade a chapter's blank and solved editions with nbgrader, as the course configures it."""

import math
from collections.abc import Iterator

from autograde.authoring.chapter import Chapter
from autograde.authoring.proof.finding import Finding
from autograde.authoring.stock import UNANSWERED, Graded, grade_blank_and_solved
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder


def editions(fresh: CourseFolder, chapter: Chapter) -> list[Finding]:
    """Grade both in a freshly built course: blank must earn nothing, solved all points."""
    try:
        graded = grade_blank_and_solved(fresh.root, chapter, fresh.languages)
    except CourseError as error:
        return [Finding(chapter.file, str(error))]
    return list(_faults(chapter, graded))


def _faults(chapter: Chapter, graded: dict[str, Graded]) -> Iterator[Finding]:
    tests = {cell.id for cell in chapter.cells if cell.role == "test"}
    for learner, result in graded.items():
        kind, lang = learner.split("-")
        place = f"release/{lang}/{chapter.name}/{chapter.name}.ipynb"
        expected = chapter.points if kind == "solved" else 0
        if not (math.isclose(result.score, expected) and math.isclose(result.max_score, chapter.points)):
            yield Finding(
                place,
                f"{kind}, nbgrader gives it {result.score:g} of {result.max_score:g} points, not {expected:g} of {chapter.points:g}",
            )
        for cell, text in result.noise:
            last = (text.strip() or "blank lines").splitlines()[-1][:100]
            yield Finding(place, f"{kind}, cell {cell!r} writes to standard error: {last}")
        for cell, message in result.errors:
            if kind == "solved":
                yield Finding(place, f"solved, cell {cell!r} fails: {message[:100]}")
            elif cell not in tests:
                yield Finding(place, f"blank, cell {cell!r} fails although it is not a test: {message[:100]}")
            elif not message.startswith(UNANSWERED):
                yield Finding(place, f"blank, test {cell!r} does not say that the answer is missing: {message[:100]}")
