"""The process in which ``course verify`` checks one file: JSON in, JSON out; limited memory and
CPU.

Started by verify.py, which also watches the clock; a hostile file can affect nothing beyond its
verdict.
"""

import json
import logging
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1024**3
CPU_SECONDS = 4
"""Processor time, so that a busy machine answers later, not differently."""


def main() -> None:
    """Read the request from standard input, check, write the verdict to standard output."""
    _limit()
    logging.disable(logging.CRITICAL)  # what libraries log about a file is not part of the verdict
    from autograde.certify.verify.carriers import MAX_FILE_BYTES
    from autograde.certify.verify.check import check
    from autograde.certify.verify.lookup import Lookup
    from autograde.certify.verify.sources import Sources
    from autograde.certify.verify.verdict import Verdict

    request = json.load(sys.stdin)
    files = ("trust", "dids", "status", "map", "issued")
    places: dict[str, Any] = {n: Path(p) if p and n in files else p for n, p in request["sources"].items()}
    path = Path(request["path"])
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        verdict = Verdict("unknown", (f"cannot read {path} ({error.strerror}); check the path",))
    else:
        verdict = check(data, Lookup(Sources(**places)), datetime.fromisoformat(request["now"]))
    json.dump(asdict(verdict), sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the clock of the parent is the only bound
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    if sys.platform == "linux":  # elsewhere the address space of a fresh Python is larger than that
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main()
