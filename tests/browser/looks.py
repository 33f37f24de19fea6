"""What a reader's eyes and a screen reader find in an open notebook, measured in the browser."""

from typing import Any

WIDTHS = (1280, 1024, 800)
"""Widths of windows in which nothing may stick out; 1280 is what a small laptop has."""

PLACES = ".jp-NotebookPanel:not(.lm-mod-hidden) :is(.jp-OutputArea-output, .jp-RenderedMarkdown table)"
"""Outputs and tables. A long formula of the prose may scroll: it cannot be broken."""

TOO_WIDE = """places => [...document.querySelectorAll(places)].flatMap(place => {
    const room = place.closest('.jp-OutputArea-output, .jp-RenderedMarkdown').getBoundingClientRect();
    return [place, ...place.querySelectorAll('*')].filter(part => {
        const seen = part.getBoundingClientRect(), style = getComputedStyle(part);
        if (!seen.width || part.closest('.noUi-base')) return false;  // the handle's own geometry
        const cut = style.overflowX !== 'visible' && part.scrollWidth > part.clientWidth;
        return cut && style.display !== 'inline' || seen.right > room.right + 1;
    }).map(part => `${part.tagName} ${part.className}: ${part.scrollWidth} px in ${part.clientWidth} px, ends `
        + `${Math.round(part.getBoundingClientRect().right - room.right)} px beyond: ${part.textContent.trim().slice(0, 40)}`);
})"""


def too_wide(page: Any) -> list[str]:
    """The parts of outputs that stick out of their place, are cut off or need a scrollbar to be seen whole."""
    found: list[str] = page.evaluate(TOO_WIDE, PLACES)
    return found
