"""Coverage in every Python that the tests start, but for those that run learners' code.

``make thorough`` puts this folder on PYTHONPATH, where Python imports the module as it starts. The template and the kernels
forked from it, and stock kernels, stay unmeasured: a tracer there would slow the cells whose time is limited, and could be
found by the code that is graded. MEASURED_BY is the path of coverage's settings.
"""

import os
import sys

UNMEASURED = ("autograde.grading.kernels.forkserver.template", "ipykernel_launcher")

if os.environ.get("MEASURED_BY") and not set(UNMEASURED) & set(sys.orig_argv):
    import coverage

    # only for this call: with the variable set, coverage's own .pth file starts it everywhere
    os.environ["COVERAGE_PROCESS_START"] = os.environ["MEASURED_BY"]
    coverage.process_startup()
    del os.environ["COVERAGE_PROCESS_START"]
