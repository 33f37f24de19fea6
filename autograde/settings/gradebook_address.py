"""The database that holds a course's gradebook: an SQLAlchemy URL, from the environment or from course.toml."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder


def gradebook_url(course: CourseFolder, environ: Mapping[str, str] = os.environ) -> str:
    """Return the SQLAlchemy URL of the course's gradebook.

    ``COURSE_DB_URL`` in `environ` comes first, then ``db_url`` of course.toml, then the SQLite file
    ``gradebook/gradebook.db``. A relative path in a ``sqlite:`` URL starts at the course's root, not where the command
    runs.

    Raises:
        CourseError: the address is not a URL, or course.toml, which others can read, holds a password.
    """
    wanted = "write sqlite:///FILE or postgresql+psycopg://user@host/NAME"
    url = environ.get("COURSE_DB_URL", "").strip()
    if url and not _is_address(url):
        raise CourseError(f"COURSE_DB_URL is not a database address; {wanted}")
    if not url and course.top.values.get("db_url", "") != "":
        url = course.top.text("db_url")
        if _holds_password(url):
            raise course.error(
                "db_url holds a password, and this file is shared; "
                "remove it there and set the environment variable COURSE_DB_URL instead",
                "db_url",
            )
        if not _is_address(url):
            raise course.error(f"db_url is not a database address; {wanted}", "db_url")
    return absolute_url(url or "sqlite:///gradebook/gradebook.db", course.root)


def absolute_url(url: str, root: Path) -> str:
    """Return the address of a database, a relative path of an SQLite file in it taken from `root`."""
    scheme, _, path = url.partition(":///")
    if scheme.split("+")[0] == "sqlite" and path and not path.startswith((":memory:", "file:")):
        return f"{scheme}:///{(root / path).as_posix()}"
    return url


def database_file(url: str) -> Path | None:
    """Return the file of an SQLite database; None for another database, or if the path is not that of a plain file."""
    scheme, _, path = url.partition(":///")
    if scheme.split("+")[0] != "sqlite" or not path or path.startswith((":memory:", "file:")):
        return None
    return Path(path.partition("?")[0])


def _is_address(url: str) -> bool:
    return re.match(r"[a-z][a-z0-9_+]*://", url) is not None


def _holds_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
        keys = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return parts.password is not None or "password" in keys
    except ValueError:  # a mangled address: better a false alarm than a secret in a shared file
        return "@" in url
