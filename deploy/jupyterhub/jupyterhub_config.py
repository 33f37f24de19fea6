"""JupyterHub for one course on one host: system users, nbgrader's exchange, an instructor with the formgrader.

    jupyterhub --config jupyterhub_config.py

Members of the system groups ``learners`` and ``instructors`` may sign in. README.md says how to set them up, who can
read what, and what changes on Kubernetes. ``tests/deploy`` runs this file.
"""

import grp
import os
import pwd
from pathlib import Path

c = get_config()  # noqa: F821 - defined by JupyterHub
here = Path(__file__).resolve().parent
EXCHANGE = os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange")

os.umask(0o077)  # files are private to their user; nbgrader itself grants access to what others must read

c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"learners", "instructors"}
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = "~"
c.Spawner.http_timeout = 120  # the first start of a server reads much of the installation from disk
c.Spawner.start_timeout = 120


def roles(name):
    """Return the groups of a system user."""
    first = grp.getgrgid(pwd.getpwnam(name).pw_gid).gr_name
    return {first} | {group.gr_name for group in grp.getgrall() if name in group.gr_mem}


def settle(spawner):
    """Give a server the settings of its user's role; learners get no formgrader, which would only fail for them."""
    role = "instructor" if "instructors" in roles(spawner.user.name) else "learner"
    inherited = os.environ.get("JUPYTER_CONFIG_PATH")
    spawner.environment = {
        **spawner.environment,
        "COURSE_EXCHANGE": EXCHANGE,
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(here / role), *([inherited] if inherited else [])]),
    }


c.Spawner.pre_spawn_hook = settle
