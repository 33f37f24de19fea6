"""nbgrader's settings for this course directory, read by every ``nbgrader`` command in this folder.

``COURSE_LANG=zh nbgrader …`` works on the Chinese edition: the same assignments, released as a separate course in the
exchange, so that a learner chooses a language by choosing the course. Both share one gradebook.
"""

import os
import warnings
from importlib.util import find_spec
from pathlib import Path

from jupyter_client import KernelManager
from sqlalchemy.exc import SAWarning

from autograde.authoring.release import PREPROCESSORS
from autograde.errors import CourseError
from autograde.nbgrader_ext.formgrader import FORMGRADER_TEMPLATES
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url
from autograde.settings.places import make_folders

c = get_config()  # noqa: F821 - defined by nbgrader
root = Path(__file__).resolve().parent
try:
    course = CourseFolder.open(root)
    db_url = gradebook_url(course)
except CourseError as error:
    raise SystemExit(f"nbgrader: {error}") from error
lang = os.environ.get("COURSE_LANG", course.languages[0])
make_folders(root)
# nbgrader 0.9.6 with SQLAlchemy 2 gives this harmless warning for every new submission
warnings.filterwarnings("ignore", message=r"Object of type <Submitted", category=SAWarning)

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = course.exchange_id(lang)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = f"release/{lang}"
c.CourseDirectory.submitted_directory = "gradebook/submitted"
c.CourseDirectory.autograded_directory = "gradebook/autograded"
c.CourseDirectory.feedback_directory = "gradebook/feedback"
c.CourseDirectory.db_url = db_url

# the engine of `course grade`, for both `nbgrader autograde` and the formgrader's button
c.Autograde.exporter_class = "autograde.nbgrader_ext.engine.RepairingExporter"
c.Autograde.autograde_preprocessors = [
    "autograde.nbgrader_ext.engine.EngineExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "autograde.nbgrader_ext.engine.SaveVerdicts",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# pages without anything of a hidden test, for both `nbgrader generate_feedback` and `course feedback`
c.GenerateFeedback.exporter_class = "autograde.nbgrader_ext.feedback_exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = []

# the formgrader shows formulas without a network; ours override nbgrader's templates
if find_spec("jupyter_server_mathjax"):
    c.HTMLExporter.extra_template_basedirs = [str(folder) for folder in FORMGRADER_TEMPLATES]

c.Execute.timeout = 300  # seconds of wall clock per cell; ch04 trains, and the machine may be busy
c.Execute.store_widget_state = False  # figures are not part of a graded notebook

c.Application.logging_config = {
    "filters": {"expected": {"()": "autograde.nbgrader_ext.quiet.Expected"}},
    "handlers": {"console": {"filters": ["expected"]}},
}

c.Exchange.root = str(root / "exchange")
c.ExchangeFactory.release_feedback = "autograde.nbgrader_ext.release_feedback.ReleaseFeedback"
if hasattr(KernelManager, "transport_encryption"):
    c.KernelManager.transport_encryption = "auto"  # since jupyter_client 8.9 kernels warn without it

c.GenerateAssignment.preprocessors = PREPROCESSORS
# LEARNER_ch02.ipynb, also with a prefix of Canvas, Moodle or Blackboard, in gradebook/downloaded/
c.ZipCollectApp.downloaded_directory = "gradebook/downloaded"
c.ZipCollectApp.extractor_plugin = "autograde.nbgrader_ext.zip_extract.BoundedExtractor"
c.ZipCollectApp.collector_plugin = "autograde.nbgrader_ext.zip_collect.LmsCollector"

c.SelectLanguage.lang = lang
c.ClearSolutions.code_stub = {
    "python": '# YOUR CODE HERE\nraise NotImplementedError("Not answered yet: write your code here.")'
}
c.AssignLatePenalties.plugin_class = "autograde.nbgrader_ext.late.CourseLatePenalty"
c.ExportApp.plugin_class = "autograde.nbgrader_ext.csv_export.SafeCsvExport"
