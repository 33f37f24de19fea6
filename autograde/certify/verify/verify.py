"""A credential file → a verdict, within 5 seconds of processor time and 1 GiB whatever it holds.

The check itself is check.py; it runs in a process of its own (worker.py), because a hostile PDF or
image may crash or stall its reader, and there must still be a verdict.
"""

import importlib.util
import json
import signal
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from autograde.certify.verify.sources import Sources
from autograde.certify.verify.verdict import Verdict

__all__ = ["Sources", "Verdict", "verify"]

SECONDS = 20.0
"""Wall-clock limit, for waiting on a server with --online.

The worker limits its own CPU time to 4 s.
"""
TOO_LONG = "the check took too long and was stopped; genuine files take about a second"


def verify(path: Path, sources: Sources, now: datetime, seconds: float = SECONDS) -> Verdict:
    """Check one file: JSON, JWT, PDF, PNG or SVG.

    Args:
        path: the file.
        sources: trusted issuers, DID documents and status lists.
        now: zoned; the instant at which the credential is to be valid.
        seconds: how long the check may take by the wall clock.

    Returns:
        the verdict; ``unknown`` if the check did not finish or failed.
    """
    if importlib.util.find_spec("openbadgeslib") is None:
        return Verdict("unknown", ('this needs the instructor\'s install: pip install ".[instructor]"',))
    places = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(sources).items()}
    request = {"path": str(path), "sources": places, "now": now.isoformat()}
    # -P: a module beside the credential in a downloads folder must not be imported
    worker = [sys.executable, "-P", "-m", "autograde.certify.verify.worker"]
    try:
        run = subprocess.run(
            worker, input=json.dumps(request).encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Verdict("unknown", (TOO_LONG,))
    if run.returncode:
        if hasattr(signal, "SIGXCPU") and run.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return Verdict("unknown", (TOO_LONG,))
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines()
        last = ascii(lines[-1][:200]) if lines else f"exit {run.returncode}"
        return Verdict("unknown", (f"the check broke off on this file: {last}",))
    answer = json.loads(run.stdout)
    return Verdict(answer["answer"], tuple(answer["reasons"]), answer["facts"], answer["trust"])
