"""nbgrader's settings for the instructor: the course directory, and that directory's own settings."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - defined by nbgrader
root = Path.home() / os.environ.get("COURSE_DIRECTORY", "ai-practitioner")
c.CourseDirectory.root = str(root)
if (root / "nbgrader_config.py").is_file():
    load_subconfig(str(root / "nbgrader_config.py"))  # noqa: F821
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
