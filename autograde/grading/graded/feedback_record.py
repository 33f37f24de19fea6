"""The feedback for a notebook's learner, kept in the notebook's metadata so that it travels with
it.

The engine overwrites whatever a learner put there, and seals it: nbgrader alone would keep a
learner's own record, and a record decides which outputs are shown. The key derives from what the
seal protects, the hidden tests; whoever knows them gains nothing. A record holds nothing of a
hidden test but the message that its author wrote for learners.
"""

import ast
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograde.grading.graded.written_out import written_out
from autograde.grading.plan.cell_names import UNREADABLE, without_magics
from autograde.grading.plan.roles import PlannedCell
from autograde.grading.reasons.reason import Reason
from autograde.grading.status import Status

KEY = "feedback"
_ENOUGH = 8  # literal letters that an f-string needs; with fewer it would match any message


@dataclass(frozen=True)
class Check:
    """The result of a test cell, with nothing of the test but its authored message.

    Attributes:
        kind: ``passed``, ``partial``, ``failed`` (an assert of the test), ``error`` (the learner's
            own exception), ``unanswered`` (NotImplementedError), ``undefined`` (a name is missing),
            ``unusable`` (what came back cannot be used), ``stopped`` (the learner's process could
            not be asked), ``fault`` (the test's own).
        message: the author's words; None if there are none to show.
        bare: the same without what the learner's process put into them; None if that is nothing.
        error: ``name``, ``message``, ``lines`` of the learner's own exception; None without one.
        detail: the missing name; ``NoneType`` if None was returned; of ``stopped``, the wire's
            code.
    """

    kind: str
    message: str | None = None
    error: Mapping[str, Any] | None = None
    detail: str = ""
    bare: str | None = None


def check_of(verdict: Mapping[str, Any], cell: PlannedCell, authored: Iterable[str]) -> Check:
    """Return what a learner may know of an examiner's verdict (:class:`.examiner_verdict.Verdict`
    as a dict).

    Args:
        authored: sources of the course's own cells that may hold the message, the test among them.
    """
    error = verdict.get("learner_error")
    text = verdict.get("error") or ""
    if verdict.get("author_error"):
        return Check("fault")
    if verdict.get("wire_error"):
        return Check("stopped", error=error, detail=verdict.get("wire_code") or "")
    if not text:
        full = verdict["score"] >= verdict["maximum"]
        return Check("passed" if full else "partial" if verdict["score"] > 0 else "failed")
    message = verdict.get("failed_message")
    if message is not None:
        shown, bare = (authored_message(message, authored, hide=hide) for hide in (frozenset[str](), cell.remote))
        return Check("failed", shown, error, bare=bare if bare != shown else None)
    if error:
        return Check("unanswered" if error["name"] == "NotImplementedError" else "error", error=error)
    if verdict.get("undefined"):
        return Check("undefined", detail=verdict["undefined"])
    return Check("unusable", detail="NoneType" if "NoneType" in text else "")


def checks_of(verdicts: Mapping[str, Mapping[str, Any]], plan: Mapping[str, PlannedCell]) -> dict[str, Check]:
    """Return the check of each verdict, by grade_id."""
    trusted = [cell.source for cell in plan.values() if cell.role in ("setup", "test")]
    return {name: check_of(verdict, plan[name], trusted) for name, verdict in verdicts.items()}


def authored_message(
    message: str, sources: Iterable[str], exact: bool = False, hide: Collection[str] = ()
) -> str | None:
    """Return the part of an AssertionError's message that is an author's text in `sources`, or
    None.

    A message that a library made of the compared values (``numpy.testing``) is not an author's: it
    reveals what was expected. Only the author's ``err_msg`` in it is shown.

    Args:
        exact: ignore f-strings, whose fields are not the author's text.
        hide: names of a learner's objects; f-string fields that depend on them become ``…``.
    """
    for source in sources:
        try:
            tree = written_out(ast.parse(without_magics(source)))
        except UNREADABLE:
            continue
        learners = _coming_from(tree, hide) if hide else frozenset[str]()
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value == message and message.strip():
                return message
            if (
                isinstance(node, ast.JoinedStr)
                and not exact
                and (text := _f_string_text(node, message, learners)) is not None
            ):
                return text
            if (
                isinstance(node, ast.keyword)
                and node.arg in ("err_msg", "msg")
                and isinstance(node.value, ast.Constant)
            ):
                authored = node.value.value
                if isinstance(authored, str) and len(authored.strip()) >= _ENOUGH and authored in message:
                    return authored
    return None


def _f_string_text(node: ast.JoinedStr, message: str, hide: Collection[str]) -> str | None:
    """The text an f-string produced, if `message` can be it.

    Matched from left to right in linear time.
    """
    texts, hidden = [""], list[bool]()  # whether a field between two texts is to be hidden
    for part in node.values:
        if isinstance(part, ast.Constant):
            texts[-1] += str(part.value)
        elif texts[-1] or not hidden:
            hidden.append(_loads(part, hide))
            texts.append("")
        else:
            hidden[-1] = hidden[-1] or _loads(part, hide)
    if len(re.findall(r"\w", "".join(texts))) < _ENOUGH or not message.startswith(texts[0]):
        return None
    at, end, shown = len(texts[0]), len(message) - len(texts[-1]), texts[0]
    if not hidden or at > end or not message.endswith(texts[-1]):
        return message if not hidden and message == texts[0] else None
    for count, (is_hidden, text) in enumerate(zip(hidden, texts[1:], strict=True), 1):
        start = end if count == len(hidden) else message.find(text, at, end)
        if start < 0:
            return None
        shown += ("…" if is_hidden else message[at:start]) + text
        at = start + len(text)
    return shown


def _coming_from(tree: ast.AST, names: Collection[str]) -> frozenset[str]:
    """Return `names` and every name that assignments, loops or functions derive from them."""
    derived = set(names)
    while True:
        before = len(derived)
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    pass
                case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                    targets = [target]
                case (
                    ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value)
                ):
                    targets = [target]
                case ast.AugAssign(target=target, value=value):
                    targets = [target]
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    targets = [target]
                case ast.FunctionDef(name=name):
                    derived |= {name} if _loads(node, derived) else set()
                    continue
                case _:
                    continue
            if _loads(value, derived):
                derived |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        if len(derived) == before:
            return frozenset(derived)


def _loads(tree: ast.AST, names: Collection[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(tree))


def secret_of(cells: Iterable[tuple[str, str]]) -> bytes:
    """Return the key of an assignment's records, from (name, source) of nbgrader's stored cells."""
    return hashlib.sha256(b"feedback" + json.dumps(sorted(cells)).encode()).digest()


def write_record(
    nb: NotebookNode,
    isolation: str,
    status: Status,
    reasons: Iterable[Reason],
    checks: Mapping[str, Check],
    secret: bytes,
    carried: bool = False,
) -> None:
    """Put the record into a graded notebook, replacing any that is there.

    Args:
        isolation: ``examiner`` or ``shared``: whether the learner's process ever held a test.
        status: of the notebook.
        secret: see :func:`secret_of`.
        carried: whether files beside it were written by a learner's process that knew an earlier
            notebook's tests.
    """
    record = {
        "isolation": isolation,
        "status": status,
        "carried": carried,
        "reasons": [reason.as_json() for reason in reasons],
        "checks": {name: _plain(check) for name, check in checks.items()},
    }
    # as it will be read: text that cannot be encoded is lost when written
    text = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    nb.metadata[KEY] = {**json.loads(text), "seal": _seal(json.loads(text), secret)}


def read_record(nb: Mapping[str, Any], secret: bytes) -> dict[str, Any]:
    """Return the record of a graded notebook; {} if there is none that the engine wrote."""
    stored = nb["metadata"].get(KEY)
    if not isinstance(stored, Mapping):
        return {}
    record = {name: value for name, value in stored.items() if name != "seal"}
    return record if hmac.compare_digest(str(stored.get("seal", "")).encode(), _seal(record, secret).encode()) else {}


def _seal(record: Mapping[str, Any], secret: bytes) -> str:
    return hmac.new(secret, json.dumps(record, sort_keys=True).encode(), "sha256").hexdigest()


def _plain(check: Check) -> dict[str, Any]:
    plain = {
        "kind": check.kind,
        "message": check.message,
        "error": check.error,
        "detail": check.detail,
        "bare": check.bare,
    }
    return {name: value for name, value in plain.items() if value}


def read_checks(record: Mapping[str, Any]) -> dict[str, Check]:
    """Return the checks of a record, by grade_id."""
    return {name: Check(**fields) for name, fields in record.get("checks", {}).items()}
