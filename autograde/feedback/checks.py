"""A check's message to the learner, from the engine's record or from nbgrader's outputs."""

import builtins
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograde.feedback.words import FeedbackWords
from autograde.grading.graded.feedback_record import Check, authored_message
from autograde.grading.wire.errors import clean

_TAG = re.compile(r"\[[A-Za-z0-9]+-[A-Z0-9_-]+\]\s*")
_CJK = re.compile(r"[\u3400-\u9fff]")
_STOPPED = ("died", "timeout", "violation", "flood", "result", "left-out", "lost", "memory", "process", "time")
# errors that the engine puts in place of a cell's own, or after it
_NOT_THE_CODES = {"CellTimeoutError": "timeout", "DeadKernelError": "died", "NotebookTimeoutError": "time"}
_LONGEST = 1_000  # characters of a message


@dataclass(frozen=True)
class Message:
    """A check in words.

    Attributes:
        state: ``passed``, ``partial``, ``failed``, ``unanswered`` or ``open``: colour and sign.
        lines: our sentences.
        hint: the author's message, in the learner's language if it has both.
        error: class and message of the learner's own exception; "" without one.
        frames: where in the learner's cells it was raised, outermost first.
    """

    state: str
    lines: tuple[str, ...] = ()
    hint: str = ""
    error: str = ""
    frames: tuple[str, ...] = ()


def say(check: Check, t: FeedbackWords) -> Message:
    """Return a check in words."""
    hint = in_language(check.message or "", t.language)[:_LONGEST]
    error = ""
    frames: tuple[str, ...] = ()
    if check.error:
        error = f"{check.error['name']}: {check.error.get('message', '')}".rstrip(": ")[:_LONGEST]
        frames = tuple(map(str, check.error.get("lines", ())))
    if check.kind in ("passed", "partial"):
        return Message(check.kind, () if check.kind == "passed" else (t("partial-about"),))
    if check.kind == "fault":
        return Message("open", (t("fault-about"),))
    if check.kind == "unanswered":
        return Message("unanswered", (t("unanswered-about"),))
    if check.kind == "error":
        return Message("failed", (t("error-about"),), hint, error, frames)
    if check.kind == "undefined":
        return Message("failed", (t("undefined-about", name=check.detail),))
    if check.kind == "unusable":
        lines = (t("unusable-about"), *([t("none-returned")] if check.detail == "NoneType" else []))
        return Message("failed", lines)
    if check.kind == "stopped":
        key = f"stopped-{check.detail}" if check.detail in _STOPPED else "stopped"
        return Message("failed", (t(key),), "", error, frames)
    return Message("failed", () if hint else (t("failed-about"),), hint, error, frames)


def check_of_outputs(outputs: Iterable[Mapping[str, Any]], full: bool, some: bool, public: Iterable[str]) -> Check:
    """Return the check of a test cell that ran in the learner's own process, whose outputs may be
    forged.

    Args:
        full, some: whether it earned all, or any, of its points.
        public: sources whose messages learners have seen.
    """
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if not errors:
        return Check("passed" if full else "partial" if some else "failed")
    stopped = [detail for error in errors if (detail := _NOT_THE_CODES.get(str(error.get("ename"))))]
    if stopped:
        return Check("stopped", detail=stopped[0])
    name, text = str(errors[0].get("ename", "")), str(errors[0].get("evalue", ""))
    if name == "AssertionError":
        return Check("failed", authored_message(text, public, exact=True))
    if name == "NotImplementedError":
        return Check("unanswered")
    return Check("error", error={"name": known_error(name)})


def without_secrets(check: Check, own: Iterable[str], knows: bool) -> Check:
    """Return a check without what only a learner's process can have written, which may be false.

    Args:
        own: sources of the learner's cells; a line shown as theirs must be in them.
        knows: whether the process may know a hidden test; then none of its text is passed on.
    """
    if not check.error:
        return replace(check, message=check.bare or check.message) if knows else check
    cells = [source.split("\n") for source in own]
    names = set(re.findall(r"\w+", "\n".join(map("\n".join, cells))))
    lines = [line for line in map(str, check.error.get("lines", ())) if _is_own(line, cells, names)]
    error = {**check.error, "lines": lines}
    if not knows:
        return replace(check, error=error)
    text = str(check.error.get("message", ""))
    written = any(f"{quote}{text}{quote}" in line for line in lines for quote in "\"'")  # the source has it, too
    error["name"], error["message"] = known_error(str(check.error["name"])), text if written else ""
    return replace(check, error=error, message=check.bare or check.message)


def _is_own(line: str, cells: Iterable[list[str]], names: Container[str]) -> bool:
    """Whether ``function, line N: text`` is a line of a cell."""
    match = re.fullmatch(
        r"(\w+|<(?:module|lambda|listcomp|setcomp|dictcomp|genexpr)>), line (\d{1,6}): (.*)", line, re.DOTALL
    )
    if not match or (match[1][0] != "<" and match[1] not in names):
        return False
    number, text = int(match[2]), match[3]
    return any(
        0 < number <= len(cell) and text and clean(cell[number - 1].strip(), len(text)) == text for cell in cells
    )


def known_error(name: str) -> str:
    """Return the name of a built-in exception; a general word for any other."""
    kind = getattr(builtins, name, None)
    return name if isinstance(kind, type) and issubclass(kind, BaseException) else "Exception"


def in_language(message: str, language: str) -> str:
    """Return the `language` half of ``[ch02-MEAN] 中文 / English``, else the message without its tag."""
    message = _TAG.sub("", message, count=1) if _TAG.match(message) else message
    parts = message.split(" / ")
    for at in range(1, len(parts)):
        left, right = " / ".join(parts[:at]).strip(), " / ".join(parts[at:]).strip()
        if bool(_CJK.search(left)) != bool(_CJK.search(right)):
            return left if bool(_CJK.search(left)) == (language == "zh") else right
    return message
