"""Where a text that is too wide for one line is broken. Pure."""


def balanced(text: str, count: int) -> list[str]:
    """`text` on up to `count` lines of about one length, broken where :func:`_places` allows."""
    lines: list[str] = []
    rest = text
    for left in range(count, 1, -1):
        aim = units(rest) / left
        places = _places(rest)
        if not places:
            break
        cut = min(places, key=lambda place: abs(units(rest[:place]) - aim))
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*lines, rest]


def units(text: str) -> int:
    """How wide `text` is, in Latin letters; a Chinese character takes the place of two."""
    return sum(2 if c >= "\u2e80" else 1 for c in text)


def _places(text: str) -> list[int]:
    """Where a line may end: after a space, a hyphen or a name's middle dot; else between Chinese characters; else
    anywhere."""
    inner = range(1, len(text))
    parted = [place for place in inner if text[place - 1] in " -·•・，。；" and text[place] not in " -·"]
    if parted and all(len(part) <= 24 for part in text.replace("·", " ").split()):
        return parted
    dense = [
        place for place in inner if min(text[place - 1 : place + 1]) >= "\u2e80" and text[place] not in "，。；：、）"
    ]
    return sorted({*parted, *dense}) or list(inner)
