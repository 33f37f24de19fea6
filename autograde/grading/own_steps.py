"""Grading steps that a course's configuration adds and the engine does not run."""

from collections.abc import Mapping
from typing import Any

from nbgrader.converters import Autograde

from autograde.errors import CourseError

ENGINE = ("autograde.nbgrader_ext.engine.EngineExecute", "autograde.nbgrader_ext.engine.SaveVerdicts",
          "autograde.grading.kernels.execute.WarmExecute")  # fmt: skip
LISTS = ("sanitize_preprocessors", "autograde_preprocessors")
HOOKS = ("pre_convert_hook", "post_convert_hook")


def refuse_own_steps(config: Mapping[str, Any], assignment: str) -> None:
    """Check that a configuration has only nbgrader's own grading steps.

    Raises:
        CourseError: the course has preprocessors or hooks of its own, without which scores would be
            wrong.
    """
    own = own_steps(config)
    if own:
        raise CourseError(
            f"nbgrader_config.py adds grading steps of its own ({', '.join(own)}), which this engine does not run; "
            f"grade with `nbgrader autograde {assignment}`, which does"
        )


def own_steps(config: Mapping[str, Any]) -> list[str]:
    """Return the names of a configuration's preprocessors and hooks that are neither nbgrader's nor the engine's."""
    stock = Autograde()
    known = {step.__name__ for name in LISTS for step in getattr(stock, name)}
    settings: dict[str, Any] = {}
    for section in ("BaseConverter", "Autograde"):
        settings.update(config.get(section, {}))
    steps = [_name(step) for name in LISTS for step in settings.get(name, ())]
    hooks = [_name(settings[name]) for name in HOOKS if settings.get(name)]
    return [step for step in steps if not (step in ENGINE or _stock(step, known))] + hooks


def _name(thing: Any) -> str:
    return thing if isinstance(thing, str) else f"{thing.__module__}.{thing.__qualname__}"


def _stock(name: str, known: set[str]) -> bool:
    """Whether it is one of nbgrader's steps, from whichever of its modules."""
    return name.startswith(("nbgrader.preprocessors.", "nbconvert.preprocessors.")) and name.rpartition(".")[2] in known
