"""nbgrader's settings for learners: the exchange and the course, which may be the Chinese edition."""

import os

from jupyter_client import KernelManager

c = get_config()  # noqa: F821 - defined by nbgrader
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
c.CourseDirectory.course_id = os.environ.get("COURSE_ID", "ai-practitioner")
if hasattr(KernelManager, "transport_encryption"):
    c.KernelManager.transport_encryption = "auto"  # since jupyter_client 8.9 kernels warn without it
