"""A real JupyterLab, started by ``course lab``, and the hands and eyes of a person in a real browser."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

COURSE = Path(sys.executable).with_name("course")
PATIENCE = 120_000
"""Milliseconds to wait for something that must come; the machine may be busy."""

# Every cell keeps its outputs in the page, so that a widget far below can be moved.
SETTINGS = {"notebook-extension/tracker": {"windowingMode": "none"}}
DIGEST = """async image => {
    const bytes = await (await fetch(image.src)).arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}"""


@contextmanager
def course_lab(root: Path, scratch: Path, *words: str, **environment: str) -> Iterator[str]:
    """Run ``course lab --no-browser`` in ``root``; give the address that signs in, and end it as Ctrl-C does."""
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
        default = "/lab" if "--instructor" in words else "/lab/tree/welcome.md"
        yield f"{record['url'].rstrip('/')}{default}?token={record['token']}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(lab.pid, signal.SIGINT)
        try:
            lab.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.wait(30)


def _record(runtime: Path, lab: "subprocess.Popen[bytes]", log: Path) -> dict[str, Any]:
    for _ in range(240):
        for path in runtime.glob("jpserver-*.json"):
            with suppress(OSError, ValueError):
                record: dict[str, Any] = json.loads(path.read_bytes())
                with urllib.request.urlopen(f"{record['url']}api", timeout=5):
                    return record
        assert lab.poll() is None, f"course lab ended by itself: {log.read_text(encoding='utf-8')[-2000:]}"
        time.sleep(0.5)
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
        page.wait_for_function(
            "() => { const kernel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) "
            ".jp-Notebook-ExecutionIndicator'); return kernel && kernel.dataset.status === 'idle'; }",
            timeout=PATIENCE,
        )

    def run_all(self, patience: int = 400_000) -> None:
        """Run all cells by the menu and wait until none waits any more."""
        self.menu("Run", "runmenu:run-all")
        last = self.panel.locator(".jp-CodeCell .jp-InputArea-prompt").last
        self.page.wait_for_function(
            "() => { const prompts = [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell "
            ".jp-InputArea-prompt')].map(prompt => prompt.textContent); "
            "return prompts.some(text => /\\d/.test(text)) && !prompts.some(text => text.includes('*')); }",
            timeout=patience,
        )
        assert last.text_content() != "[ ]:", "the last cell was not run"

    def menu(self, name: str, command: str) -> None:
        """Choose an entry of the menu bar by its command."""
        self.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel", has_text=name).first.click()
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

    def explorers(self) -> list["Explorer"]:
        """The interactive figures, from top to bottom."""
        boxes = self.panel.locator(".jp-OutputArea-output .widget-vbox:has(> .widget-image)")
        return [Explorer(self.page, boxes.nth(index)) for index in range(boxes.count())]


class Explorer:
    """One interactive figure: the guess, the controls, the picture."""

    def __init__(self, page: Any, box: Any) -> None:
        self.page, self.box = page, box
        self.image = box.locator("> .widget-image")

    def digest(self) -> str:
        """A hash of the picture that is shown."""
        digest: str = self.image.evaluate(DIGEST)
        return digest

    def guess(self) -> None:
        """Commit to the first answer of the prediction, where there is one; until then every control is locked."""
        if self.box.locator("> .widget-html").count():
            self.box.locator("> .widget-toggle-buttons").first.locator("button").first.click()

    def locked(self) -> bool:
        """Whether the first control refuses to be moved."""
        disabled = self.box.locator(
            "> *:not(:nth-child(2)) :is(button, input, select):disabled, [disabled].noUi-target"
        )
        return bool(disabled.count())

    def controls(self) -> list[Any]:
        """The rows between the prediction and the picture."""
        first = 3 if self.box.locator("> .widget-html").count() else 0
        rows = self.box.locator("> *:not(.widget-image)")
        return [rows.nth(index) for index in range(first, rows.count())]

    def moves(self, row: Any) -> Iterator[str]:
        """Move one control in every way that a person would try, giving the name of each move once it is made."""
        if row.locator(".widget-play, .jupyter-widget-play").count():
            row.locator("button").first.click()
            self.page.wait_for_timeout(1500)
            yield "play"
            row.locator("button").first.click()
        for handle in row.locator(".noUi-handle").all():
            for key in ("End", "Home", "PageUp", "ArrowRight"):
                handle.focus()
                handle.press(key)
                yield f"slider {key}"
        for button in row.locator(".widget-toggle-button, .jupyter-widget-toggle-button").all():
            button.click()
            yield f"button {button.text_content()}"
        for box in row.locator("input[type=checkbox]").all():
            box.click()
            yield "checkbox"
        for menu in row.locator("select").all():
            for index in range(menu.locator("option").count()):
                menu.select_option(index=index)
                yield f"option {index}"

    def moved_by(self, row: Any) -> str | None:
        """Return the first move of a control after which the picture is another one; None where no move changes it."""
        before = self.digest()
        for move in self.moves(row):
            for _ in range(20):
                if self.digest() != before:
                    return move
                self.page.wait_for_timeout(150)
        return None
