"""Which sandbox layers work on this machine, found by trying each in its own process."""

import functools
import os
import sys
from collections.abc import Mapping

from autograde.errors import CourseError
from autograde.settings.sandbox import LAYERS

WORDS = {
    "en": ("sandbox: {on}", "; missing: {off}", "{name} ({reason})", "nothing", ", "),
    "zh": ("沙箱：{on}", "；缺少：{off}", "{name}（{reason}）", "无", "、"),
}


def layers(without: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return for each of :data:`LAYERS` ``on`` or the reason why it is off; tried once per process.

    Args:
        without: layers to leave out, to test the others without them.
    """
    return dict(_tried(without, os.geteuid() if hasattr(os, "geteuid") else -1))


def required(require: frozenset[str], without: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return :func:`layers` if all of `require` are on.

    Raises:
        CourseError: a required layer is missing, or there is no layer of that name.
    """
    if unknown := sorted(require - set(LAYERS)):
        raise CourseError(f"[grading] require names no layer: {', '.join(unknown)}; the layers are {', '.join(LAYERS)}")
    states = layers(without)
    if missing := [f"{name} ({states[name]})" for name in LAYERS if name in require and states[name] != "on"]:
        raise CourseError(
            f"nothing was graded: the sandbox lacks {', '.join(missing)}; grade on a machine that has it, "
            "or take it out of [grading] require in course.toml"
        )
    return states


def describe(states: Mapping[str, str], lang: str = "en") -> str:
    """Return one line that says which layers are on and why others are not."""
    start, missing, item, nothing, comma = WORDS[lang]
    on = comma.join(name for name, state in states.items() if state == "on")
    off = comma.join(item.format(name=name, reason=state) for name, state in states.items() if state != "on")
    return start.format(on=on or nothing) + (missing.format(off=off) if off else "")


def summary(states: Mapping[str, str]) -> str:
    """Return a few words: all on, or what is missing; :func:`describe` has the reasons."""
    off = [name for name, state in states.items() if state != "on"]
    if not off:
        return "sandbox: on"
    return (
        f"sandbox: {len(states) - len(off)} of {len(states)} layers, not {', '.join(off)}; why: course doctor --sandbox"
    )


@functools.cache
def _tried(without: frozenset[str], user: int) -> dict[str, str]:
    if sys.platform != "linux":
        here = dict.fromkeys(LAYERS, f"needs Linux, this is {sys.platform}")
        if os.name == "posix":
            here["rlimits"] = "on"
        return {name: "left out" if name in without else state for name, state in here.items()}
    from autograde.grading.sandbox.trial import try_layers

    return try_layers(without)
