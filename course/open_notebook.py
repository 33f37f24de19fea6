"""Find the notebook that this kernel runs."""

import json
import os
import sys
from pathlib import Path
from typing import Any


def open_notebook() -> dict[str, Any] | None:
    """Return the JSON of this kernel's notebook, as last saved; None if it cannot be found."""
    if on_colab():
        return from_colab(timeout=10)
    named = os.environ.get("JPY_SESSION_NAME", "")  # set by the Jupyter server
    paths = [Path(named)] if named.endswith(".ipynb") else sorted(Path.cwd().glob("*.ipynb"))
    if len(paths) != 1:
        return None
    try:
        content = json.loads(paths[0].read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def on_colab() -> bool:
    """Whether this kernel runs on Colab."""
    return "google.colab" in sys.modules


def from_colab(timeout: float) -> dict[str, Any] | None:
    """Return the JSON of the open Colab notebook, from the browser; None if it does not answer in ``timeout`` seconds."""
    from google.colab import _message

    answer = _message.blocking_request("get_ipynb", request="", timeout_sec=timeout)
    content = answer.get("ipynb") if isinstance(answer, dict) else None
    return content if isinstance(content, dict) and "cells" in content else None
