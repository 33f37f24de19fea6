"""``nbgrader generate_feedback`` through nbgrader's own setting. In ``nbgrader_config.py``::

c.GenerateFeedback.exporter_class = "autograde.report.feedback_exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = []
"""

from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Unicode, default

from autograde.report.feedback_source import FeedbackSource


class FeedbackExporter(Exporter):  # type: ignore[misc]  # nbconvert has no types
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
        source = FeedbackSource(coursedir, self.config, ids["assignment"], self.lang)
        content = nbformat.writes(nb).encode("utf-8", "surrogatepass")
        with Gradebook(ids["db_url"], coursedir.course_id) as gradebook:
            page = source.page(gradebook, ids["student"], ids["notebook"], content)
        return page or "", resources
