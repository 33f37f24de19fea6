"""What a reader's eyes and a screen reader find in an open notebook, measured in the browser."""

import re
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


OURS = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output"
NAMELESS = re.compile(r"""\s*- '?(img|slider|button|checkbox|combobox|textbox|group)\b(?! "[^"]*\w)""")

THEMES = ("light", "dark")

FAINT = """places => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const paint = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
    const light = () => {  // relative luminance of what is painted, as WCAG 2 defines it
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(
            value => value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = part => {
        const above = [];
        for (let one = part; one; one = one.parentElement) above.unshift(getComputedStyle(one).backgroundColor);
        paint('white'); above.forEach(paint);
        const behind = light();
        paint(getComputedStyle(part).color);
        const [dark, bright] = [behind, light()].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    };
    const found = [];
    for (const place of document.querySelectorAll(places)) {
        const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const part = texts.currentNode.parentElement, said = texts.currentNode.data.trim();
            if (!said || !part.checkVisibility() || part.closest('style, script, :disabled')) continue;
            if (contrast(part) < 4.5) found.push(`${contrast(part).toFixed(2)}: ${said.slice(0, 40)}`);
        }
    }
    return found;
}"""


WORDS = """places => {
    const BLOCK = 'p, li, td, th, h1, h2, h3, h4, h5, summary, pre, button, option, label, dt, dd, div, figcaption';
    const LEFT_OUT = 'script, style, mjx-container, .MathJax, .jp-InputArea, .jp-Placeholder';
    const found = [];
    for (const place of document.querySelectorAll(places)) {
        const blocks = new Map();
        const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const part = texts.currentNode.parentElement;
            if (part.closest(LEFT_OUT)) continue;
            const prose = !!part.closest('.jp-RenderedMarkdown');
            if (prose && part.closest('pre')) continue;  // a signature, a program
            const block = part.closest(BLOCK) ?? place;
            const said = prose && part.closest('code') ? '`' + texts.currentNode.data + '`' : texts.currentNode.data;
            blocks.set(block, (blocks.get(block) ?? '') + said);
        }
        for (const [block, said] of blocks) for (const line of said.split('\\n')) if (line.trim()) found.push(line.trim());
        for (const part of place.querySelectorAll('img[alt], [aria-label], input[placeholder], [title]'))
            if (!part.closest(LEFT_OUT)) for (const name of ['alt', 'aria-label', 'placeholder', 'title'])
                if (part.getAttribute(name)) found.push(part.getAttribute(name));
    }
    return found;
}"""


def too_wide(page: Any) -> list[str]:
    """The parts of outputs that stick out of their place, are cut off or need a scrollbar to be seen whole."""
    found: list[str] = page.evaluate(TOO_WIDE, PLACES)
    return found


def faint(page: Any) -> list[str]:
    """The words in outputs whose contrast with what is behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    found: list[str] = page.evaluate(FAINT, PLACES)
    return found


def nameless(page: Any) -> list[str]:
    """The pictures and controls in outputs for which a screen reader has no name, as Playwright works names out."""
    lines = [line for place in page.locator(OURS).all() for line in place.aria_snapshot().splitlines()]
    return [line.strip() for line in lines if NAMELESS.match(line)]


def words_on(page: Any) -> list[str]:
    """What can be read, or is read out, in the prose and the outputs: line by line, code in backticks, no mathematics."""
    place = ".jp-NotebookPanel:not(.lm-mod-hidden) :is(.jp-MarkdownOutput, .jp-OutputArea-output)"
    found: list[str] = page.evaluate(WORDS, place)
    return found


def pictures(page: Any) -> list[str]:
    """The alternative texts of the pictures in outputs, from top to bottom."""
    found: list[str] = page.locator(f"{OURS} img").evaluate_all("pictures => pictures.map(picture => picture.alt)")
    return found
