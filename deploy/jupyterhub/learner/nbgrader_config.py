"""nbgrader's settings for every learner: where the exchange is, and the course. They may choose the Chinese edition."""

import os

from jupyter_client import KernelManager

c = get_config()  # noqa: F821 - nbgrader puts it there
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
c.CourseDirectory.course_id = os.environ.get("COURSE_ID", "ai-practitioner")
if hasattr(KernelManager, "transport_encryption"):
    c.KernelManager.transport_encryption = "auto"  # jupyter_client 8.9 and later; kernels warn without it
