"""How submissions of this course are graded: ``[grading]`` of course.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograde.errors import CourseError
from autograde.grading.sandbox import LAYERS

EXAMINER, SHARED = "examiner", "shared"


@dataclass(frozen=True)
class GradingSettings:
    """What a course asks of its grading; every field is a key of ``[grading]``.

    Attributes:
        isolation: ``examiner``: tests run in a process of their own; ``shared``: in the learner's, as with nbgrader.
        require: sandbox layers without which nothing is graded.
        memory_mb: memory of one submission, beyond what the course's own imports take.
        notebook_seconds: how long all cells of a notebook may take together; 0: no limit but nbgrader's for each cell.
    """

    isolation: str = EXAMINER
    require: tuple[str, ...] = ()
    memory_mb: int = 4096
    notebook_seconds: int = 1800


def grading_settings(root: Path) -> GradingSettings:
    """Return the settings of a course directory; one without course.toml is a foreign one, graded as nbgrader does.

    Raises:
        CourseError: course.toml cannot be read, or a key or value of ``[grading]`` is unknown.
    """
    path = root / "course.toml"
    if not path.is_file():
        return GradingSettings(isolation=SHARED)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("grading", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"course.toml: {error}") from error
    known = GradingSettings.__dataclass_fields__
    unknown = sorted(set(table) - set(known)) if isinstance(table, dict) else [str(table)]
    if unknown:
        raise CourseError(f"course.toml: [grading] knows {', '.join(known)}, not {', '.join(unknown)}")
    isolation = table.get("isolation", EXAMINER)
    if isolation not in (EXAMINER, SHARED):
        raise CourseError(f'course.toml: [grading] isolation is "{EXAMINER}" or "{SHARED}", not {isolation!r}')
    require = table.get("require", [])
    wrong = [name for name in require if name not in LAYERS] if isinstance(require, list) else [require]
    if wrong:
        raise CourseError(f"course.toml: [grading] require lists layers out of {', '.join(LAYERS)}, not {wrong}")
    numbers = {name: table.get(name, getattr(GradingSettings(), name)) for name in ("memory_mb", "notebook_seconds")}
    for name, value in numbers.items():
        if type(value) is not int or value < (64 if name == "memory_mb" else 0):
            raise CourseError(f"course.toml: [grading] {name} is a whole number, not {value!r}")
    return GradingSettings(isolation, tuple(require), **numbers)
