"""JupyterHub for one course on one host: system users, nbgrader's exchange, an instructor with the formgrader.

    jupyterhub --config jupyterhub_config.py

Who may sign in is who is in the system's groups ``learners`` and ``instructors``. README.md says how to set them up, who
can read what, and what changes on Kubernetes. ``tests/deploy`` runs this file.
"""

import grp
import os
import pwd
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub puts it there
here = Path(__file__).resolve().parent
EXCHANGE = os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange")

os.umask(0o077)  # what a user's server writes is that user's; nbgrader opens by itself what others must read

c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"learners", "instructors"}
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = "~"
c.Spawner.http_timeout = 120  # a server's first start reads half an installation from disk
c.Spawner.start_timeout = 120


def roles(name):
    """Return the groups of a system user."""
    first = grp.getgrgid(pwd.getpwnam(name).pw_gid).gr_name
    return {first} | {group.gr_name for group in grp.getgrall() if name in group.gr_mem}


def settle(spawner):
    """Give a server the settings of its user's role: learners get no formgrader, which would only fail for them."""
    role = "instructor" if "instructors" in roles(spawner.user.name) else "learner"
    kept = os.environ.get("JUPYTER_CONFIG_PATH")
    spawner.environment = {
        **spawner.environment,
        "COURSE_EXCHANGE": EXCHANGE,
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(here / role), *([kept] if kept else [])]),
    }


c.Spawner.pre_spawn_hook = settle
