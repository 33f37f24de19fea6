"""``nbgrader generate_feedback`` through nbgrader's own setting. In ``nbgrader_config.py``::

c.GenerateFeedback.exporter_class = "autograde.nbgrader_ext.feedback_exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = []
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Unicode, default

from autograde.feedback.source import FeedbackSource
from autograde.settings.course_folder import CourseFolder


class FeedbackExporter(Exporter):
    """A graded notebook → its feedback page."""

    lang = Unicode("", help="Language of the pages, en or zh; empty: that of each notebook.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:  # type: ignore[override]
        """See nbconvert's ``Exporter``; `resources` are those of nbgrader's converter."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        ids = resources["nbgrader"]
        coursedir = getattr(self.parent, "coursedir", None) or CourseDirectory(parent=self.parent)
        titles = CourseFolder.of(Path(coursedir.root)).titles
        source = FeedbackSource(coursedir, self.config, ids["assignment"], titles, self.lang)
        content = nbformat.writes(nb).encode("utf-8", "surrogatepass")
        with Gradebook(ids["db_url"], coursedir.course_id) as gradebook:
            page = source.page(gradebook, ids["student"], ids["notebook"], content)
        take_back(coursedir, ids["student"], ids["assignment"])
        return page or "", resources


def take_back(coursedir: CourseDirectory, student: str, assignment: str) -> None:
    """Remove files beside the pages that cells wrote during grading: they may know hidden tests."""
    places = coursedir.submitted_directory, coursedir.autograded_directory, coursedir.feedback_directory
    submitted, graded, target = (Path(coursedir.format_path(place, student, assignment)) for place in places)
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    for path in sorted(target.rglob("*"), reverse=True):
        beside = path.relative_to(target)
        if path.is_file() and (graded / beside).is_file():
            content = path.read_bytes()
            originals = [
                path for path in (source / beside, submitted / beside) if path.is_file() and not path.is_symlink()
            ]
            if all(original.read_bytes() != content for original in originals):
                path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
