"""A course folder → decision records: what ``course certify`` does."""

import hashlib
import re
from datetime import date
from pathlib import Path

from autograde.certify.decision import Decision, decide, to_json
from autograde.certify.load import load_policy
from autograde.certify.snapshot import take_snapshot
from autograde.errors import CourseError
from autograde.replace import replace_files

_PLAIN_ID = re.compile(r"[a-z0-9](?:[a-z0-9_@-]|\.(?=[a-z0-9])){0,63}")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")  # names that Windows keeps for itself


def certify(root: Path, out: Path, as_of: date, gradebook: Path | str | None = None) -> tuple[Decision, ...]:
    """Decide on every learner and write the records.

    Args:
        root: course folder, which holds course.toml.
        out: where ``snapshot.json`` and ``decisions/LEARNER.json`` go; nothing else there is touched.
        as_of: the day of the decision, recorded in it.
        gradebook: path or SQLAlchemy URL; default ``gradebook/gradebook.db`` below `root`.

    Returns:
        the decisions, by learner id.

    Raises:
        CourseError: course.toml or the gradebook is at fault, or a record cannot be written; nothing has changed.
    """
    load_policy(root / "course.toml")  # a fault there is told before one of the gradebook
    snapshot, _ = take_snapshot(gradebook or root / "gradebook" / "gradebook.db")
    policy = load_policy(root / "course.toml", snapshot.assignments)
    decisions = decide(policy, snapshot, as_of)
    records = {out / "decisions" / f"{file_stem(d.learner)}.json": to_json(d) for d in decisions}
    try:
        replace_files({out / "snapshot.json": snapshot.json, **records})
    except OSError as error:
        message = f"cannot write {error.filename or out} ({error.strerror}); free the place or choose another --out"
        raise CourseError(message) from None
    return decisions


def file_stem(learner: str) -> str:
    """A file name for a learner's id: the id itself where that is safe everywhere, else a part and a hash of it.

    Different ids give different names, also where file names ignore case; no name leaves its folder.
    """
    if _PLAIN_ID.fullmatch(learner) and not _DEVICE.fullmatch(learner):
        return learner
    readable = re.sub(r"[^a-z0-9]+", "-", learner.lower())[:32].strip("-")
    return f"{readable}~{hashlib.sha256(learner.encode()).hexdigest()[:32]}"
