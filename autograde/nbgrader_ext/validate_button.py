"""A Jupyter server extension that answers nbgrader's *Validate* button in place of nbgrader's own.

``course lab`` enables it for learners. A worker waits with a kernel that has done its imports, so
that an answer takes only as long as the notebook's own cells; the next worker starts while the
learner reads.
"""

import asyncio
import atexit
import json
import subprocess
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.validate_assignment.handlers import NbGraderVersionHandler
from tornado import web

LANGUAGE = "course_language"
"""The key in the server's ``tornado_settings`` for the language of the answer."""
WORKER = "autograde.nbgrader_ext.validate_worker"


class Workers:
    """A waiting worker; :meth:`ask` gives it a notebook and starts the next one."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._waiting = self._start()
        self._turn = asyncio.Lock()
        atexit.register(self.end)

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER, self._lang], stdin=PIPE, stdout=PIPE, start_new_session=True
        )

    async def ask(self, path: Path) -> bytes:
        """Return the answer for a notebook as JSON; empty if the worker died.

        One notebook at a time.
        """
        async with self._turn:
            worker = self._waiting
            answer, _ = await asyncio.to_thread(worker.communicate, json.dumps(str(path)).encode() + b"\n")
            self._waiting = self._start()
            return answer

    def end(self) -> None:
        """End the waiting worker and its kernel."""
        if self._waiting.stdin:
            self._waiting.stdin.close()
        self._waiting.wait(30)


class ValidateHandler(JupyterHandler):
    """Replaces nbgrader's handler for the same address."""

    @web.authenticated
    async def post(self) -> None:
        """Validate the notebook that the request names by its path in the server's folder."""
        path = self.get_argument("path", None) or (self.get_json_body() or {})["path"]
        root = Path(self.settings["server_root_dir"]).expanduser().resolve()
        target = (root / path).resolve()
        if not target.is_relative_to(root):
            raise web.HTTPError(403, "this path is outside the server's folder")
        answer = await self.settings["course_validation"].ask(target)
        if not answer:
            raise web.HTTPError(500, "the check of the notebook ended without an answer")
        self.finish(answer)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    settings, base = server.web_app.settings, server.web_app.settings["base_url"]
    settings["course_validation"] = Workers(settings.get(LANGUAGE, "en"))
    handlers = [(r"/assignments/validate", ValidateHandler), (r"/nbgrader_version", NbGraderVersionHandler)]
    server.web_app.add_handlers(".*$", [(url_path_join(base, path), handler) for path, handler in handlers])
