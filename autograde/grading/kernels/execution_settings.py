"""What can be set of nbgrader's execution step on warm kernels."""

import os

from nbgrader.preprocessors import Execute
from traitlets import Any as AnyTrait
from traitlets import Bool, Integer, List, Tuple, Unicode, default

from autograde.grading.kernels.templates import START_SECONDS


class ExecutionSettings(Execute):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's own settings and ours; in ``nbgrader_config.py`` they are those of ``c.WarmExecute``."""

    modules = List(Unicode(), help="Modules that the template imports; read from the notebook where empty.").tag(
        config=True
    )
    variables = List(Tuple(), help="What it sets before, as autograde.grading.plan.preload.variables_of gives it.")
    template = Unicode(help="Address of a running template; empty: one of this process, started when needed.")
    state = Unicode(help="What nbgrader does: NBGRADER_EXECUTION in the kernel.")
    warm = Bool(True, help="Whether to use warm kernels where they can stand in.").tag(config=True)
    own_code = AnyTrait(
        frozenset(), help="Sources of the cells that the course wrote; no learner's code is among them."
    )
    allow_unconfined = Bool(
        False, help="Whether a kernel that cannot be confined may run all the same where `confine` says how."
    )
    confine = AnyTrait(  # a Dict of traitlets takes None for an empty one
        None,
        help="What the kernel is confined to (autograde.grading.confine.confinement); None: nothing.",
    )
    notebook_timeout = Integer(
        0, help="Seconds that all cells of a notebook may take together; 0: no limit but that of each cell."
    ).tag(config=True)
    start_seconds = Integer(
        START_SECONDS, min=1, help="Seconds that importing what the course imports may take, once."
    ).tag(config=True)
    replacements = Integer(
        5, min=0, help="How many times the process that runs the cells is replaced when it has died."
    ).tag(config=True)
    fresh_folder = AnyTrait(help="Function that makes the working folder what it was before the first cell; or None.")
    output_limit = Integer(
        50_000_000,
        help="Bytes of output read of one cell; of a notebook four times as many. A kernel that says more is ended.",
    ).tag(config=True)

    @default("state")
    def _state(self) -> str:
        return os.environ.get("NBGRADER_EXECUTION", "")
