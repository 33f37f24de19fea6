"""A learner's id → a file name that is safe on every system. Pure."""

import re

from autograde.exact import sha256

_PLAIN_ID = re.compile(r"[a-z0-9](?:[a-z0-9_@-]|\.(?=[a-z0-9])){0,63}")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")  # names reserved by Windows


def file_stem(learner: str) -> str:
    """A file name for a learner's id: the id itself if it is safe everywhere, else part of it and a
    hash.

    Different ids give different names, even if file names ignore case; no name leaves its folder.
    """
    if _PLAIN_ID.fullmatch(learner) and not _DEVICE.fullmatch(learner):
        return learner
    readable = re.sub(r"[^a-z0-9]+", "-", learner.lower())[:32].strip("-")
    return f"{readable}~{sha256(learner.encode())[:32]}"
