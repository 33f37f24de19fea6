"""A drawing as inline SVG: every text escaped, a title and a description for those who cannot see
it.

Colours and fonts are classes of ``templates/report.css``, so no element carries a style of its own.
"""

from markupsafe import Markup, escape

Number = int | float


class Drawing:
    """Elements on a canvas of `width` × `height` CSS pixels, y downwards.

    Args:
        name: id on the page, unique.
        title, description: what it is and what it shows; a screen reader reads both.
    """

    def __init__(self, width: Number, height: Number, name: str, title: str, description: str) -> None:
        self._parts = [
            Markup(
                '<svg class="plot" role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}"'
                ' aria-labelledby="{n}-t {n}-d"><title id="{n}-t">{t}</title><desc id="{n}-d">{d}</desc>'
            ).format(w=_plain(width), h=_plain(height), n=name, t=title, d=description)
        ]

    def rect(self, x: Number, y: Number, width: Number, height: Number, style: str, tip: str = "") -> None:
        """Add a rectangle; `tip` shows under the pointer."""
        self._add("rect", {"x": x, "y": y, "width": max(width, 0), "height": max(height, 0), "class": style}, tip=tip)

    def line(self, x1: Number, y1: Number, x2: Number, y2: Number, style: str) -> None:
        self._add("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": style})

    def circle(self, x: Number, y: Number, radius: Number, style: str, tip: str = "") -> None:
        self._add("circle", {"cx": x, "cy": y, "r": radius, "class": style}, tip=tip)

    def path(self, points: list[tuple[Number, Number]], style: str, tip: str = "") -> None:
        """Add an open polygon."""
        self._add(
            "polyline", {"points": " ".join(f"{_plain(x)},{_plain(y)}" for x, y in points), "class": style}, tip=tip
        )

    def text(self, x: Number, y: Number, words: str, style: str = "", anchor: str = "start") -> None:
        self._add("text", {"x": x, "y": y, "class": style, "text-anchor": anchor}, words)

    def markup(self) -> Markup:
        """The drawing, ready for the page."""
        return Markup("").join([*self._parts, Markup("</svg>")])

    def _add(self, tag: str, attributes: dict[str, Number | str], words: str = "", tip: str = "") -> None:
        given = Markup("").join(
            Markup(' {}="{}"').format(key, value if isinstance(value, str) else _plain(value))
            for key, value in attributes.items()
            if value != ""
        )
        inner = Markup("<title>{}</title>").format(tip) if tip else escape(words)
        self._parts.append(Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), given, inner))


def _plain(number: Number) -> str:
    return f"{number:.1f}".removesuffix(".0")
