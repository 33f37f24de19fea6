"""The two cells at the top of a published notebook: badges, and the setup for Colab. Pure.

They have no nbgrader metadata, so grading ignores them.
"""

import json
from typing import Any

from autograde.publish.address import Address

BADGE_COLAB = "https://colab.research.google.com/assets/colab-badge.svg"
BADGE_BINDER = "https://mybinder.org/badge_logo.svg"
LINES = {
    "en": "Answer the exercises, run everything, then hand in. On Colab `from course.colab import submit; submit()` "
    "downloads the file to hand in.",
    "zh": "完成练习，运行全部单元格，然后提交。在 Colab 上，`from course.colab import submit; submit()` 会下载要提交的文件。",
}
SETUP = """\
# On Colab: install what is missing and nothing more. Elsewhere this cell does nothing.
# 在 Colab 上只安装缺少的部分；在其他环境中不做任何事。
import importlib.util
import subprocess
import sys

if "google.colab" in sys.modules:
    if importlib.util.find_spec("course") is None:
        package = {package}
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", package], check=True)
    from course.colab import prepare

    prepare()
"""


def badges(address: Address, path: str) -> str:
    """Return Markdown of the badges that open the notebook ``path`` of the repository."""
    colab = address.colab(path)
    shown = [f"[![Open in Colab]({BADGE_COLAB})]({colab})"] if colab else []
    return " ".join([*shown, f"[![Binder]({BADGE_BINDER})]({address.binder(path)})"])


def with_colab_cells(released: str, address: Address, path: str, lang: str) -> str:
    """Return a released notebook (JSON text) with the two cells at the top and all others unchanged."""
    notebook = json.loads(released)
    name = path.rsplit("/", 1)[-1].removesuffix(".ipynb")
    badge: dict[str, Any] = {
        "cell_type": "markdown",
        "id": f"{name}-badges",
        "metadata": {},
        "source": _lines(f"{badges(address, path)}\n\n{LINES[lang]}"),
    }
    setup: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": f"{name}-colab",
        "metadata": {"cellView": "form", "jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": _lines(SETUP.replace("{package}", json.dumps(address.pip())).rstrip()),
    }
    notebook["cells"][:0] = [badge, setup]
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
