"""Find the language of the open notebook: both editions share their code, which may have to show text."""

import re
from collections.abc import Mapping

from course.progress_panel import open_notebook

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_known: dict[str, str] = {}  # a kernel has one notebook, and a notebook one language


def language() -> str | None:
    """Return the language of the open notebook's prose, ``"en"`` or ``"zh"``; None if no notebook is found."""
    if "language" not in _known:
        notebook = open_notebook() or {}
        prose = next((cell for cell in notebook.get("cells", []) if cell.get("cell_type") == "markdown"), None)
        if prose is None:
            return None
        _known["language"] = "zh" if _CHINESE.search("".join(prose.get("source", ""))) else "en"
    return _known["language"]


def spoken(texts: Mapping[str, str]) -> str:
    """Return the text in the notebook's language, or all texts in a row if the language is unknown.

    Args:
        texts: language → text.
    """
    return texts.get(language() or "") or " ".join(texts.values())
