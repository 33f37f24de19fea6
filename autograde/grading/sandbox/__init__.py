"""What a learner's process may touch: the Python installation to read, one folder to write, nothing else.

The order is the point: namespaces first (they need rights), then a root folder that holds only what is allowed, then
limits, then every right is dropped, then Landlock and seccomp, which nobody can take back.

    confined = fork_confined(Limits(), scratch, readable=[], keep_fds=[channel], require=frozenset())
    if confined.pid == 0:
        run_learner_code(channel)  # ends with os._exit
    status = confined.wait(timeout=60)
    confined.kill()  # everything that the learner started is gone

`man 7` landlock, user_namespaces, pid_namespaces, mount_namespaces; `man 2` seccomp, setrlimit.
"""

from autograde.grading.sandbox.confined import Confined
from autograde.grading.sandbox.environment import clean_environment
from autograde.grading.sandbox.fork import fork_confined
from autograde.grading.sandbox.layers import describe, layers, summary
from autograde.grading.sandbox.limits import Limits
from autograde.settings.sandbox import LAYERS

__all__ = ["LAYERS", "Confined", "Limits", "clean_environment", "describe", "fork_confined", "layers", "summary"]
