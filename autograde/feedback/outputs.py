"""The outputs of a learner's cells → harmless HTML: text, tables, pictures; no scripts, links or
styles.

Outputs may attack whoever opens the page. HTML and Markdown go through nh3, SVG through
:mod:`.svg`; everything else is escaped. The page's content security policy is the second line of
defence.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import nh3
from markupsafe import Markup, escape
from nbconvert.filters import ansi2html, markdown2html, strip_ansi

from autograde.feedback.svg import safe_svg

LONGEST_TEXT = 20_000  # characters of one output
LARGEST_PICTURE = 4_000_000  # characters of base64
PICTURES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_INLINE = {"a", "abbr", "b", "br", "code", "del", "em", "i", "img", "kbd", "mark", "s", "small", "span", "strong"}
_BLOCKS = {
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "ul",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
_TABLES = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_DROPPED = {"script", "style", "template", "title", "iframe", "object", "noscript", "svg", "math", "textarea", "select"}
_DATA = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")

Hide = Callable[[str], str]
"""Removes lines that must not be shown from a text."""


class Allowance:
    """How much more markup a page parses: parsing time grows with the square of the nesting.

    Attributes:
        left: tags and formula environments, for all texts together.
    """

    MOST = 8_000  # in one text
    MOST_BEGINS = 200

    def __init__(self, left: int = 40_000) -> None:
        self.left = left

    def take(self, text: str) -> bool:
        """Count `text`; return whether it may be parsed."""
        tags, begins = len(re.findall(r"<[/A-Za-z]", text)), text.count("\\begin")
        if tags > min(self.MOST, self.left) or begins > self.MOST_BEGINS:
            return False
        self.left -= tags
        return True


def joined(text: object) -> str:
    """Return a notebook's text, a string or a list of lines, as one encodable string."""
    whole = "".join(map(str, text)) if isinstance(text, list) else str(text)
    return whole.encode("utf-8", "replace").decode("utf-8")


def plain(text: object, limit: int = LONGEST_TEXT) -> str:
    """Return a text without control and direction characters, cut off at `limit` characters."""
    whole = joined(text)
    whole = "\n".join(line.rsplit("\r", 1)[-1] for line in whole.replace("\r\n", "\n").split("\n"))
    shown = "".join(
        c if c.isprintable() or c in "\n\t\x1b\u200d" else "\N{REPLACEMENT CHARACTER}" for c in whole[:limit]
    )
    return shown + ("\n…" if len(whole) > limit else "")


def uncoloured(text: object) -> str:
    """Return a text as :func:`plain` does, also without terminal colours."""
    return str(strip_ansi(plain(text))).replace("\x1b", "\N{REPLACEMENT CHARACTER}")


def coloured(text: object) -> Markup:
    """Return a terminal's text as HTML; its colours become classes."""
    safe = nh3.clean(
        ansi2html(plain(text)).replace("\x1b", "\N{REPLACEMENT CHARACTER}"),
        tags={"span"},
        attributes={"span": {"class"}},
        attribute_filter=lambda tag, name, value: value if re.fullmatch(r"[a-z -]*", value) else None,
    )
    return Markup(safe)


def clean_html(text: str, allowance: Allowance | None = None) -> Markup:
    """Return the harmless part of HTML; beyond `allowance`, its source as text."""
    whole = joined(text)[: 10 * LONGEST_TEXT + LARGEST_PICTURE]
    if not (allowance or Allowance()).take(whole):
        return Markup("<pre>{}</pre>").format(plain(whole))
    safe = nh3.clean(
        whole,
        tags=(_INLINE | _BLOCKS | _TABLES) - {"a"},
        clean_content_tags=_DROPPED,
        attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}},
        url_schemes={"data"},
        attribute_filter=_attribute,
    )
    return Markup(safe)


def clean_markdown(text: object, allowance: Allowance | None = None) -> Markup:
    """Return Markdown as harmless HTML; formulas are unchanged."""
    words = uncoloured(text)
    allowance = allowance or Allowance()
    if not allowance.take(words):
        return Markup("<pre>{}</pre>").format(words)
    try:
        html = re.sub(r'<a class="anchor-link"[^>]*>[^<]*</a>', "", str(markdown2html(words)))
    except RecursionError:  # deeply nested quotes
        return Markup("<pre>{}</pre>").format(words)
    return clean_html(html, allowance)


def outputs(
    raw: Iterable[Mapping[str, Any]], hide: Hide = lambda text: text, allowance: Allowance | None = None
) -> list[Markup]:
    """Return the outputs of a learner's cell as HTML, in order; errors by :func:`error_lines`."""
    allowance = allowance or Allowance()
    shown = [_output(output, hide, allowance) for output in raw if isinstance(output, Mapping)]
    return [html for html in shown if html]


def error_lines(output: Mapping[str, Any], hide: Hide = lambda text: text) -> Markup:
    """Return an error: the frames in cells, then class and message.

    No frames of the grader's installation.
    """
    traceback = output.get("traceback")
    frames = [uncoloured(frame) for frame in traceback] if isinstance(traceback, list) else []
    own = [frame for frame in frames if re.match(r"\s*(Cell|Input) In ?\[", frame)]
    head = f"{output.get('ename', 'Error')}: {output.get('evalue', '')}".rstrip(": ")
    text = "\n".join([*own, uncoloured(head)])
    return Markup('<pre class="error">{}</pre>').format(hide(text))


def _output(output: Mapping[str, Any], hide: Hide, allowance: Allowance) -> Markup:
    kind = output.get("output_type")
    if kind == "stream":
        style = "err" if output.get("name") == "stderr" else "out"
        return Markup('<pre class="{}">{}</pre>').format(style, coloured(hide(plain(output.get("text", "")))))
    if kind == "error":
        return error_lines(output, hide)
    data = output.get("data")
    return _richest(data, hide, allowance) if isinstance(data, Mapping) else Markup()


def _richest(data: Mapping[str, Any], hide: Hide, allowance: Allowance) -> Markup:
    """The best form that can be shown: a picture, a table, else text."""
    for kind in PICTURES:
        if kind in data and (picture := _picture(kind, data[kind])):
            return picture
    if "image/svg+xml" in data and (picture := safe_svg(joined(data["image/svg+xml"]), hide)):
        return picture
    if "text/html" in data:
        cleaned = clean_html(joined(data["text/html"]), allowance)
        if hide(seen := cleaned.striptags()) == seen and (seen.strip() or "<img" in cleaned):
            return Markup('<div class="rich">{}</div>').format(cleaned)
    if "text/markdown" in data:
        return Markup('<div class="rich">{}</div>').format(
            clean_markdown(hide(joined(data["text/markdown"])), allowance)
        )
    for kind in ("text/latex", "text/plain"):
        if kind in data:
            return Markup('<pre class="out">{}</pre>').format(coloured(hide(plain(data[kind]))))
    return Markup()


def _picture(kind: str, data: object) -> Markup | None:
    text = re.sub(r"\s+", "", joined(data))
    if len(text) > LARGEST_PICTURE:
        return None
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not content.startswith(PICTURES[kind]):
        return None
    return Markup('<img alt="" src="data:{};base64,{}">').format(kind, text)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if len(value) <= LARGEST_PICTURE and _DATA.fullmatch(value) else None
    return str(escape(plain(value, 200))) if name == "alt" else value if value.isdigit() and len(value) < 4 else None
