"""A real JupyterLab, started by ``course lab``, and the hands and eyes of a person in a real browser."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COURSE = Path(sys.executable).with_name("course")
PATIENCE = 120_000
"""Milliseconds to wait for something that must come; the machine may be busy."""

SETTINGS = {
    # Every cell keeps its outputs in the page, so that a widget far below can be moved.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # The theme follows the system: ``page.emulate_media(color_scheme="dark")``.
    "apputils-extension/themes": {"adaptive-theme": True},
}
MENUS = {"File": "文件", "Run": "运行"}
PROMPTS = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputArea-prompt"


@dataclass(frozen=True)
class Lab:
    """A running ``course lab``: the course directory it serves, its address and what signs in there."""

    root: Path
    url: str
    token: str

    def address(self, path: str = "") -> str:
        """Where JupyterLab shows a file, or begins, signed in, with nothing left open of what was done before."""
        return f"{self.url}lab{f'/tree/{path}' if path else ''}?reset&token={self.token}"

    def end_kernels(self) -> None:
        """Shut down every kernel, as a person does who is finished with a chapter."""
        for session in json.loads(self._ask("GET", "api/sessions")):
            self._ask("DELETE", f"api/sessions/{session['id']}")

    def _ask(self, verb: str, path: str) -> bytes:
        question = urllib.request.Request(
            f"{self.url}{path}", method=verb, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(question, timeout=60) as answer:
            said: bytes = answer.read()
            return said


@contextmanager
def course_lab(root: Path, scratch: Path, *words: str, **environment: str) -> Iterator[Lab]:
    """Run ``course lab --no-browser`` in ``root``; end it as Ctrl-C does."""
    runtime = scratch / "runtime"
    for plugin, settings in SETTINGS.items():
        path = scratch / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    own = {
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_DATA_DIR": str(scratch / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
        **environment,
    }
    log = scratch / "lab.log"
    with log.open("wb") as said:
        lab = subprocess.Popen(
            [str(COURSE), "lab", "--no-browser", *words], cwd=root, env={**os.environ, **own},
            stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        record = _record(runtime, lab, log)
        yield Lab(root, f"{record['url'].rstrip('/')}/", record["token"])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(lab.pid, signal.SIGINT)
        try:
            lab.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.wait(30)


def _record(runtime: Path, lab: "subprocess.Popen[bytes]", log: Path) -> dict[str, Any]:
    for _ in range(600):
        for path in runtime.glob("jpserver-*.json"):
            with suppress(OSError, ValueError):
                record: dict[str, Any] = json.loads(path.read_bytes())
                with urllib.request.urlopen(f"{record['url']}api", timeout=5):
                    return record
        assert lab.poll() is None, f"course lab ended by itself: {log.read_text(encoding='utf-8')[-2000:]}"
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not answer")


class Notebook:
    """An open notebook in JupyterLab.

    Args:
        page: Playwright's page, which shows a notebook or is about to.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.panel.locator(".jp-Cell").first.wait_for(timeout=PATIENCE)
        # JupyterLab's indicator says idle from the beginning, and cells run before there is a kernel are dropped
        page.locator("#jp-main-statusbar", has_text=re.compile(r"\| (Idle|空闲)")).wait_for(timeout=PATIENCE)

    def run_all(self, patience: int = 400_000) -> None:
        """Run all cells by the menu and wait until none waits any more; a cell that fails is the last one."""
        self.menu("Run", "runmenu:run-all")
        self.page.locator(PROMPTS, has_text=re.compile(r"\*|\d")).first.wait_for(timeout=PATIENCE)
        self.page.wait_for_function(
            "prompts => ![...document.querySelectorAll(prompts)].some(prompt => prompt.textContent.includes('*'))",
            arg=PROMPTS,
            timeout=patience,
        )

    def run_from(self, text: str) -> None:
        """Run the cell that holds ``text`` and all below it by the menu."""
        self.cell(text).locator(".cm-content").click()
        self.menu("Run", "notebook:run-all-below")

    def errors(self) -> int:
        """How many cells show an exception."""
        return int(self.panel.locator('[data-mime-type="application/vnd.jupyter.error"]').count())

    def ran_through(self) -> bool:
        """Whether the last code cell was run."""
        return self.panel.locator(".jp-CodeCell .jp-InputArea-prompt").last.text_content() != "[ ]:"

    def menu(self, name: str, command: str) -> None:
        """Choose an entry of the menu bar by its command; the menu by its English name, whatever its language."""
        label = re.compile(f"^({name}|{MENUS[name]})$")
        self.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel", has_text=label).first.click()
        self.page.locator(f'.lm-Menu li[data-command="{command}"]').first.click()

    def save(self) -> None:
        """Save by the menu and wait until the tab has no dot."""
        self.menu("File", "docmanager:save")
        self.page.wait_for_function("() => !document.querySelector('.lm-TabBar-tab.lm-mod-current.jp-mod-dirty')")

    def cell(self, text: str) -> Any:
        """The code cell whose source holds ``text``."""
        return self.panel.locator(".jp-CodeCell", has=self.page.locator(".jp-InputArea-editor", has_text=text)).first

    def write(self, text: str, source: str) -> None:
        """Replace the source of the cell that holds ``text``, as a person does: click, select all, paste."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)


def validate(page: Any, notebook: Notebook, says: str) -> None:
    """Press *Validate* above the notebook and wait for its verdict; nothing of nbgrader's own words is seen."""
    notebook.panel.locator("button, jp-button", has_text="Validate").first.click()
    page.locator(".jp-Dialog .course-validation", has_text=says).wait_for(timeout=PATIENCE)
    seen = page.locator(".jp-Dialog-content").inner_text()
    assert "following cell" not in seen and "Validation Results" not in seen
