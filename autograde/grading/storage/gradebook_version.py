"""Whether a gradebook's tables are those of the installed nbgrader."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import nbgrader
from nbgrader.api import Gradebook
from sqlalchemy import inspect, text

from autograde.errors import CourseError


def check_version(gradebook: Gradebook, place: str) -> None:
    """See that the tables are those of the installed nbgrader.

    Raises:
        CourseError: they are older, newer or none.
    """
    if "alembic_version" not in inspect(gradebook.engine).get_table_names():
        raise CourseError(f"{place} is not an nbgrader gradebook; name another one")
    with gradebook.engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    folder = Path(os.path.dirname(nbgrader.__file__)) / "alembic" / "versions"
    revisions: Mapping[str, str | None] = dict(filter(None, map(_revision, folder.glob("*.py"))))
    newest = set(revisions) - set(revisions.values())
    if found in newest:
        return
    if found in revisions:
        raise CourseError(f"{place} is from an older nbgrader; back it up, then run `nbgrader db upgrade`")
    raise CourseError(
        f"{place} is from a newer nbgrader than the installed {nbgrader.__version__} (revision {found}); upgrade nbgrader"
    )


def _revision(path: Path) -> tuple[str, str | None] | None:
    script = path.read_text(encoding="utf-8")
    here = re.search(r"^revision\s*=\s*['\"](\w+)['\"]", script, re.MULTILINE)
    below = re.search(r"^down_revision\s*=\s*['\"](\w+)['\"]", script, re.MULTILINE)
    return (here[1], below[1] if below else None) if here else None
