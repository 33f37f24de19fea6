"""A learner's SVG → a harmless picture.

It is rebuilt out of the elements and attributes that drawing programs need, and shown as an image,
in which browsers run no script and load nothing. XML that declares entities is refused by
defusedxml.
"""

import base64
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from markupsafe import Markup

LARGEST = 2_000_000  # characters
MOST_ELEMENTS = 20_000
DEEPEST = 100
_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_LEAVES = {"circle", "ellipse", "line", "path", "polygon", "polyline", "rect"}
_TAGS = _LEAVES | {"svg", "g", "defs", "clipPath", "marker", "text", "tspan", "use", "linearGradient", "radialGradient",
                   "stop", "symbol", "title", "desc"}  # fmt: skip
_ATTRIBUTE = re.compile(r"[a-z][A-Za-z0-9-]*")
_AWAY = re.compile(r"url\(\s*['\"]?\s*(?!['\"#])|@import|expression|javascript:|\\|<", re.IGNORECASE)


def safe_svg(text: str, hide: Callable[[str], str] = lambda text: text) -> Markup | None:
    """Return the picture as an ``img`` element.

    None if it is not an SVG, too large, or nothing may be shown.
    """
    if len(text) > LARGEST:
        return None
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    elements = list(root.iter())
    if root.tag != f"{_SVG}svg" or len(elements) > MOST_ELEMENTS:
        return None
    if _depth(root) > DEEPEST:
        return None
    leaves = {element.get("id") for element in elements if str(element.tag).removeprefix(_SVG) in _LEAVES}
    clean = _rebuilt(root, leaves)
    words = "\n".join("".join(element.itertext()) for element in clean.iter())
    if hide(words) != words:
        return None
    register_namespace("", _SVG.strip("{}"))
    register_namespace("xlink", _XLINK.strip("{}"))
    data = base64.b64encode(tostring(clean, encoding="utf-8")).decode()
    return Markup('<img alt="" src="data:image/svg+xml;base64,{}">').format(data)


def _depth(root: Element) -> int:
    depth, level = 0, [root]
    while level and depth <= DEEPEST:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


def _rebuilt(element: Element, leaves: set[str | None]) -> Element:
    copy = Element(element.tag)
    for name, value in element.attrib.items():
        if name in ("href", f"{_XLINK}href"):  # of a leaf only: nested uses would draw forever
            if value.startswith("#") and value[1:] in leaves:
                copy.set(name, value)
        elif _ATTRIBUTE.fullmatch(name) and not name.startswith("on") and not _AWAY.search(value):
            copy.set(name, value)
    if str(element.tag).removeprefix(_SVG) in ("text", "tspan", "title", "desc"):
        copy.text, copy.tail = element.text, element.tail
    for child in element:
        if isinstance(child.tag, str) and child.tag.startswith(_SVG) and child.tag.removeprefix(_SVG) in _TAGS:
            copy.append(_rebuilt(child, leaves))
    return copy
