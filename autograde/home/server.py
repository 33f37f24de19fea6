"""The start page on an instructor's Jupyter server, ``/course/en`` or ``/course/zh``.

A Jupyter server extension that `course lab --instructor` enables. The page is rendered at each
request.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from sqlalchemy.exc import SQLAlchemyError
from tornado import web

from autograde.home.page import render
from autograde.home.steps import steps
from autograde.settings.course_folder import CourseFolder

PAGE = "/course/(en|zh)"


class CoursePage(JupyterHandler):
    """The start page."""

    @web.authenticated
    def get(self, language: str) -> None:
        root = Path(self.settings["course_root"])
        course = CourseFolder.open(root)
        try:
            rows, fault = steps(course), ""
        except SQLAlchemyError as error:
            rows, fault = (), str(getattr(error, "orig", None) or error).splitlines()[0]
        reports = sorted((root / "gradebook" / "report").glob("*.html"), key=lambda path: path.stat().st_mtime)
        self.set_header("Cache-Control", "no-store")
        self.finish(
            render(
                course.title(language),
                rows,
                language,
                self.base_url,
                course.languages,
                quote(reports[-1].relative_to(root).as_posix()) if reports else "",
                sum(1 for _ in (root / "certificates" / "decisions").glob("*.json")),
                fault,
            )
        )


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "autograde.home.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.web_app.settings["course_root"] = server.root_dir
    server.web_app.add_handlers(".*$", [(url_path_join(server.base_url, PAGE), CoursePage)])
