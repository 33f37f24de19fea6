"""A real JupyterHub with system users who exist for its time only, and what those users do in their servers.

Users and mounts live in a mount namespace of their own: the machine's list of users is never touched.
"""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
USERS = {"alice": ("learners", 61001), "bob": ("learners", 61002), "teacher": ("instructors", 61003)}
GROUPS = {"learners": 61101, "instructors": 61102}
PATIENCE = 150.0
"""Seconds until a server must have started."""

# What the operator has set up otherwise: sign-in by PAM, a port for the world.
SETTINGS = """
load_subconfig({example!r})
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.allow_all = True
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.db_url = "sqlite:///{scratch}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{scratch}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = "{scratch}/proxy.pid"
c.Spawner.env_keep.append("JUPYTER_PATH")
c.Spawner.environment = {{"COURSE_ID": "ai-practitioner", "COURSE_DIRECTORY": "course"}}
c.JupyterHub.services = [{{"name": "test", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "access:servers"]}}
]
"""


class Hub:
    """The hub's users at work, each by their own server."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self.kernels: dict[str, str] = {}

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Ask the hub or a user's server; return its JSON.

        Raises:
            urllib.error.HTTPError: it refuses.
        """
        data = None
        headers = {"Authorization": f"token {self.token}"}
        if isinstance(body, dict):
            data = json.dumps(body).encode()
        elif isinstance(body, str):
            data = body.encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=300) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def start(self, *users: str) -> None:
        """Make the hub's users, start their servers, wait until all are ready."""
        for user in users:
            self.ask(f"hub/api/users/{user}", {}, "POST")
            self.ask(f"hub/api/users/{user}/server", {}, "POST")
        waiting = set(users)
        for _ in range(int(PATIENCE)):
            waiting = {
                user for user in waiting if not self.ask(f"hub/api/users/{user}")["servers"].get("", {}).get("ready")
            }
            if not waiting:
                return
            time.sleep(1)
        raise AssertionError(f"the servers of {waiting} did not start")

    def assignments(self, user: str, action: str, assignment: str) -> Any:
        """What the buttons of nbgrader's assignment list do: ``fetch``, ``submit``, ``fetch_feedback``."""
        words = urllib.parse.urlencode({"course_id": "ai-practitioner", "assignment_id": assignment})
        answer = self.ask(f"user/{user}/assignments/{action}", words, "POST")
        assert answer["success"], answer
        return answer

    def formgrader(self, user: str, path: str) -> Any:
        """What the buttons of the formgrader do."""
        answer = self.ask(f"user/{user}/formgrader/api/{path}", "", "POST")
        assert answer["success"], answer
        return answer

    def shell(self, user: str, command: str) -> tuple[int, str]:
        """Run a command in a kernel of the user's server; return its exit status and what it said."""
        code = (
            "import json, subprocess\n"
            f"done = subprocess.run({command!r}, shell=True, capture_output=True, text=True)\n"
            'print("ANSWER" + json.dumps([done.returncode, done.stdout + done.stderr]))'
        )
        status, said = json.loads(self._run(user, code).split("ANSWER", 1)[1])
        return status, said

    def _run(self, user: str, code: str) -> str:
        import websocket

        if user not in self.kernels:
            self.kernels[user] = self.ask(f"user/{user}/api/kernels", {"name": "python3"}, "POST")["id"]
        where = self.address.replace("http:", "ws:") + f"user/{user}/api/kernels/{self.kernels[user]}/channels"
        # a connection for each call: the server ends one that has long been silent
        channel = websocket.create_connection(where, header=[f"Authorization: token {self.token}"], timeout=300)
        message = uuid.uuid4().hex
        header = {"msg_id": message, "msg_type": "execute_request", "session": user, "username": user, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        channel.send(json.dumps(request))
        said = ""
        while True:
            answer = json.loads(channel.recv())
            if answer["parent_header"].get("msg_id") != message:
                continue
            if answer["msg_type"] == "stream":
                said += answer["content"]["text"]
            elif answer["msg_type"] == "error":
                raise AssertionError("\n".join(answer["content"]["traceback"]))
            elif answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle" and "ANSWER" in said:
                channel.close()
                return said


@contextmanager
def running_hub(scratch: Path, proxy: list[str]) -> Iterator[Hub]:
    """Run ``deploy/jupyterhub`` with the users in ``scratch/home``; end every process of it afterwards."""
    port, hub_port, proxy_port = free_ports(3)
    token = uuid.uuid4().hex
    example = scratch / "deploy" / "jupyterhub_config.py"
    (scratch / "hub_config.py").write_text(
        SETTINGS.format(
            example=str(example), port=port, hub_port=hub_port, proxy_port=proxy_port, proxy=proxy,
            scratch=scratch / "hub", token=token,
        ),
        encoding="utf-8",
    )  # fmt: skip
    (scratch / "hub").mkdir(mode=0o700)
    script = namespace_script(scratch)
    script += shlex.join([sys.executable, "-m", "jupyterhub", "--config", str(scratch / "hub_config.py")])
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "COURSE_EXCHANGE": str(scratch / "exchange"),
        "LANG": "C.UTF-8",
    }
    log = scratch / "hub.log"
    with log.open("wb") as said:
        # a PID namespace of its own: when its first process ends, all the others do
        hub = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc",
             "sh", "-e", "-c", script],
            cwd=scratch / "hub", env=environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{address}hub/api", timeout=5):
                    break
            except (OSError, urllib.error.URLError):
                assert hub.poll() is None, log.read_text(encoding="utf-8")[-3000:]
                time.sleep(1)
        yield Hub(address, token)
    except BaseException as error:
        error.add_note("\n".join(log.read_text(encoding="utf-8").splitlines()[-60:]))
        raise
    finally:
        hub.kill()
        hub.wait(30)


def namespace_script(scratch: Path) -> str:
    """Shell lines that give the namespace its users, and let them reach this Python and its packages in closed folders."""
    passwd = Path("/etc/passwd").read_text(encoding="utf-8")
    group = Path("/etc/group").read_text(encoding="utf-8")
    for name, (group_name, uid) in USERS.items():
        passwd += f"{name}:x:{uid}:{GROUPS[group_name]}::{scratch / 'home' / name}:/bin/sh\n"
    for name, gid in GROUPS.items():
        group += f"{name}:x:{gid}:\n"
    (scratch / "passwd").write_text(passwd, encoding="utf-8")
    (scratch / "group").write_text(group, encoding="utf-8")
    lines = [
        shlex.join(["mount", "--bind", str(scratch / name), f"/etc/{name}"]) + "\n" for name in ("passwd", "group")
    ]
    closed: dict[Path, list[Path]] = {}
    for place in (Path(sys.base_prefix), REPOSITORY):
        shut = next((folder for folder in reversed(place.parents) if not folder.stat().st_mode & 0o001), None)
        if shut is not None:
            closed.setdefault(shut, []).append(place)
    for folder, places in closed.items():
        seen = {place: scratch / f"seen-{place.name}" for place in places}
        for place, copy in seen.items():
            copy.mkdir()
            lines.append(shlex.join(["mount", "--bind", str(place), str(copy)]) + "\n")
        lines.append(shlex.join(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(folder)]) + "\n")
        for place, copy in seen.items():
            lines.append(shlex.join(["mkdir", "-p", str(place)]) + "\n")
            lines.append(shlex.join(["mount", "--bind", str(copy), str(place)]) + "\n")
            lines.append(shlex.join(["umount", str(copy)]) + "\n")
    return "".join(lines)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def give(path: Path, user: str, mode: int | None = None) -> None:
    """Make a file or a whole folder a user's own."""
    group, uid = USERS[user]
    for each in (path, *(path.rglob("*") if path.is_dir() else ())):
        os.chown(each, uid, GROUPS[group], follow_symlinks=False)
    if mode is not None:
        path.chmod(mode)
