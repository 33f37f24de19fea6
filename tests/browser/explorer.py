"""The interactive figures of a notebook in the browser: what a person can move, and whether the picture minds."""

import re
from collections.abc import Generator
from contextlib import closing
from typing import Any

from lab_page import PATIENCE, Notebook

WIDGETS = ("widget-play", "widget-slider", "widget-toggle-buttons", "widget-checkbox", "widget-dropdown", "widget-text",
           "widget-button")  # fmt: skip
LOCKED = "> :nth-child(n + 4) :is(button, input, select):disabled, > :nth-child(n + 4) [disabled].noUi-target"
OPENED = re.compile("Now move the controls|Compare the figure|现在拖动控件|把图和你的猜测")
DIGEST = """async image => {
    const bytes = await (await fetch(image.src)).arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}"""
IDLE = """() => document.querySelector(
        '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator').dataset.status === 'idle'"""
SETTLES = f"""async (image, patience) => {{
    const digest = {DIGEST};
    const idle = {IDLE};
    const until = performance.now() + patience;
    for (let last = null, calm = 0; performance.now() < until;) {{
        let now = null;
        try {{ now = await digest(image); }} catch (gone) {{ /* the picture is being replaced */ }}
        calm = now !== null && now === last && idle() ? calm + 1 : 0;
        if (calm >= 3) return now;
        last = now;
        await new Promise(resolve => setTimeout(resolve, 80));
    }}
    throw new Error('the picture does not come to rest');
}}"""
CHANGES = f"""async (image, [before, patience, rest]) => {{
    const digest = {DIGEST};
    const idle = {IDLE};
    const until = performance.now() + patience;
    for (let busy = performance.now(); performance.now() < until && performance.now() < busy + rest;) {{
        try {{ if (await digest(image) !== before) return true; }} catch (gone) {{ /* the picture is being replaced */ }}
        if (!idle()) busy = performance.now();
        await new Promise(resolve => setTimeout(resolve, 30));
    }}
    return false;
}}"""
"""Whether the picture becomes another one within ``patience`` ms, or until the kernel has rested for ``rest`` ms."""


def explorers(notebook: Notebook) -> list["Explorer"]:
    """The interactive figures, from top to bottom."""
    boxes = notebook.panel.locator(".jp-OutputArea-output .widget-vbox:has(> .widget-image)")
    return [Explorer(notebook.page, boxes.nth(index)) for index in range(boxes.count())]


class Explorer:
    """One interactive figure: the guess, the controls, the picture."""

    def __init__(self, page: Any, box: Any) -> None:
        self.page, self.box = page, box
        self.image = box.locator("> .widget-image")

    def settled(self) -> str:
        """A hash of the picture that is shown once the kernel rests: no late answer to a former move."""
        digest: str = self.image.evaluate(SETTLES, PATIENCE)
        return digest

    def asks(self) -> bool:
        """Whether there is a prediction."""
        return bool(self.box.locator("> .course-answer").count())

    def said(self) -> str:
        """The verdict and the explanation; empty before the guess."""
        found: str = self.box.locator("> .course-answer").inner_text()
        return found.strip()

    def guess(self, option: int = 0) -> None:
        """Commit to an answer of the prediction, where there is one, and wait until the controls unlock."""
        if self.asks():
            assert self.locked() or not self.controls(), "the controls can be moved before the guess"
            self.box.locator("> .widget-toggle-buttons").first.locator("button").nth(option).click()
            self.box.locator("> .widget-html", has_text=OPENED).wait_for(timeout=PATIENCE)
            assert not self.locked(), "the controls stay locked after the guess"

    def locked(self) -> bool:
        """Whether a control refuses to be moved."""
        return bool(self.box.locator(LOCKED).count())

    def controls(self) -> list[Any]:
        """Every widget between the prediction and the picture, also where several share a row."""
        first = 4 if self.box.locator("> .widget-html").count() else 1
        rows = f"./*[position() >= {first}][not(contains(@class, 'widget-image'))]"
        known = " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in WIDGETS)
        found: list[Any] = self.box.locator(f"xpath={rows}/descendant-or-self::*[{known}]").all()
        return found

    def place(self) -> float:
        """How far below the top of the explorer the picture begins, in pixels."""
        found: float = self.image.evaluate(
            "image => image.getBoundingClientRect().top - image.parentElement.getBoundingClientRect().top"
        )
        return found

    def hold(self, handle: Any, key: str, times: int) -> int:
        """Hold a key on a slider's handle, as a keyboard repeats it; return how many pictures came until it rests."""
        self.settled()
        self.image.evaluate(
            """image => { image.drawn = 0; new MutationObserver(() => image.drawn++).observe(
                image, {attributes: true, attributeFilter: ['src']}); }"""
        )
        handle.focus()
        for _ in range(times):
            self.page.keyboard.down(key)
            self.page.wait_for_timeout(30)
        self.page.keyboard.up(key)
        self.settled()
        drawn: int = self.image.evaluate("image => image.drawn")
        return drawn

    def moves(self, control: Any) -> Generator[str, None, None]:
        """Move one control in every way that a person would try, giving the name of each move once it is made."""
        kind = control.get_attribute("class").split()
        if "widget-play" in kind:
            start = control.locator("button").first
            start.click()
            try:
                yield "play"
            finally:
                start.click()
        elif "widget-slider" in kind:
            handle = control.locator(".noUi-handle")
            low = handle.evaluate("handle => handle.ariaValueNow === handle.ariaValueMin")
            for key in ("PageUp", "End", "PageDown", "Home") if low else ("PageDown", "Home", "PageUp", "End"):
                handle.focus()
                handle.press(key)
                yield f"slider {key}"
        elif "widget-toggle-buttons" in kind:
            for button in control.locator("button:not([disabled])").all():
                if "mod-active" not in button.get_attribute("class"):
                    button.click()
                    yield f"button {button.text_content()}"
        elif "widget-dropdown" in kind:
            menu = control.locator("select")
            first = menu.evaluate("menu => menu.selectedIndex")
            for index in range(menu.locator("option").count()):
                if index != first:
                    menu.select_option(index=index)
                    yield f"option {index}"
        elif "widget-text" in kind:
            control.locator("input").fill("1 2 1; 0 0 0; -1 -2 -1")  # the only text of the course is a kernel
            control.locator("input").press("Enter")
            yield "text"
        else:
            (control.locator("input") if "widget-checkbox" in kind else control).click()
            yield kind[-1]

    def changes(self, before: str) -> bool:
        """Whether the picture becomes another one than that with this hash, soon on an idle machine."""
        return bool(self.image.evaluate(CHANGES, [before, PATIENCE, 10_000]))

    def moved_by(self, control: Any) -> str | None:
        """Return the first move of a control after which the picture is another one; None where no move changes it."""
        before = self.settled()
        with closing(self.moves(control)) as moves:
            return next((move for move in moves if self.image.evaluate(CHANGES, [before, 10_000, 2_000])), None)

    def idle(self) -> list[str]:
        """The controls that change nothing, neither as the figure stands nor with every slider at its end.

        A year without neighbours shows none, whatever the checkbox says.
        """
        still = [control for control in self.controls() if self.moved_by(control) is None]
        if still:
            for handle in self.box.locator(".noUi-handle").all():
                handle.focus()
                handle.press("End")
            still = [control for control in still if self.moved_by(control) is None]
        return [control.text_content() for control in still]
