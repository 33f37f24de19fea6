"""What a learner's process may touch: the Python installation to read, one folder to write, nothing
else.

The order matters: namespaces first (they need capabilities), then a root folder that holds only
what is allowed, then limits, then all capabilities are dropped, then Landlock and seccomp, which
cannot be undone.

    confined = fork_confined(Limits(), scratch, readable=[], keep_fds=[channel], require=frozenset())
    if confined.pid == 0:
        run_learner_code(channel)  # ends with os._exit
    status = confined.wait(timeout=60)
    confined.kill()  # also ends everything that the learner started

`man 7` landlock, user_namespaces, pid_namespaces, mount_namespaces; `man 2` seccomp, setrlimit.
"""

from autograde.grading.sandbox.confined import Confined
from autograde.grading.sandbox.environment import clean_environment
from autograde.grading.sandbox.fork import foresee, fork_confined
from autograde.grading.sandbox.layers import describe, layers, summary
from autograde.grading.sandbox.limits import Limits
from autograde.settings.sandbox import LAYERS

__all__ = [
    "LAYERS",
    "Confined",
    "Limits",
    "clean_environment",
    "describe",
    "foresee",
    "fork_confined",
    "layers",
    "summary",
]
