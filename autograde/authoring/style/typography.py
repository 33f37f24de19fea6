"""Numbers, and the marks of Chinese text. Pure."""

import re
from collections.abc import Iterator, Sequence

from autograde.authoring.style.shown import CJK, CODE, FORMULA, Text

_MARKS = "，。；：？！、（）“”《》"
_FULL_WIDTH = dict(zip(",;:?!().", "，；：？！（）。", strict=True))
_SPACED = re.compile(rf"(?<![\w.,\-{CODE}])\d{{1,3}}(?:[ \u00a0\u2009\u202f]\d{{3}})+(?!\w)")
_LONG = re.compile(rf"(?<![\w.,\-−/:#{CODE}])\d{{5,}}(?!\w)")
_FOUR = re.compile(rf"(?<![\w.,\-−/:#{CODE}])\d{{4}}(?![\w,])")
_WITH_COMMA = re.compile(r"(?<![\w,.])\d{1,3}(?:,\d{3})+(?!\w)")
_EMPHASIS = re.compile(
    r"(?<![*\\])\*(?![*\s])[^*\n]+?(?<!\s)\*(?!\*)|(?<![\w\\])_(?![_\s])[^_\n]+?(?<!\s)_(?!\w)", re.ASCII
)
_TAG = re.compile(r"<(?:em|i)>")
_AFTER_CHINESE = re.compile(rf"(?<=[{CJK}])[ ]?[,;:?!]|(?<=[{CJK}])\.(?=\s|$)")
_BEFORE_CHINESE = re.compile(rf"(?<=\S)[,;:?!](?= ?[{CJK}])")
_BRACKETS = re.compile(r"\([^()\n]*\)")
_PERCENT = re.compile(r"(?<=\d) +%(?! *[\w(])", re.ASCII)
_FORMULA_TOO_NEAR = re.compile(rf"[{CJK}]{FORMULA}|{FORMULA}[{CJK}]")
_TOO_FAR = re.compile(
    rf"[{_MARKS}] +[{FORMULA}{CODE}{CJK}]|[{FORMULA}{CODE}{CJK}] +[{_MARKS}]|(?<=\S)  +[{FORMULA}{CODE}]"
)


def number_faults(shown: Sequence[Text]) -> Iterator[tuple[int, str]]:
    """Yield (line, fault) for numbers that are not written as 60,000, in all texts of one edition."""
    with_comma = {match[0] for text in shown for match in _WITH_COMMA.finditer(text.masked)}
    for text in shown:
        if text.references:
            continue
        masked = text.masked
        for match in _SPACED.finditer(masked):
            yield text.at(match.start()), f"write {re.sub('[^0-9]', ',', match[0])} instead of {match[0]!r}"
        for match in _LONG.finditer(masked):
            yield text.at(match.start()), f"write {int(match[0]):,} instead of {match[0]!r}"
        for match in _FOUR.finditer(masked):
            if f"{int(match[0]):,}" in with_comma:
                yield text.at(match.start()), f"write {int(match[0]):,}, as elsewhere in the chapter, not {match[0]!r}"


def chinese_faults(text: Text) -> Iterator[tuple[int, str]]:
    """Yield (line, fault) for quotes, emphasis, punctuation and spaces in a Chinese text."""
    masked = text.masked
    for match in re.finditer('["「」『』]', masked):
        yield text.at(match.start()), f"write “…” instead of {match[0]} around {_near(text, match.start())!r}"
    if text.prose:
        for match in [*_EMPHASIS.finditer(masked), *_TAG.finditer(text.source)]:
            inner = text.source[match.start() : match.end()]
            if text.references and not re.search(f"[{CJK}]", inner):
                continue  # the title of a book or a paper
            yield text.at(match.start()), f"write **{inner.strip('*_')}** instead of {inner}: Chinese is never slanted"
    for match in [*_AFTER_CHINESE.finditer(masked), *_BEFORE_CHINESE.finditer(masked)]:
        mark = match[0].strip()
        yield text.at(match.start()), f"write {_FULL_WIDTH[mark]} instead of {mark} at {_near(text, match.start())!r}"
    for match in _BRACKETS.finditer(masked):
        beside = masked[max(match.start() - 1, 0) : match.start()] + masked[match.end() : match.end() + 1]
        if re.search(f"[{CJK}]", match[0] + beside):
            yield text.at(match.start()), f"write （…） instead of (…) at {_near(text, match.start())!r}"
    for match in _PERCENT.finditer(masked):
        yield text.at(match.start()), f"write 5% instead of 5 % at {_near(text, match.start())!r}"
    for match in _FORMULA_TOO_NEAR.finditer(masked):
        yield text.at(match.start()), f"put a space between Chinese and the formula at {_near(text, match.start())!r}"
    for match in _TOO_FAR.finditer(masked):
        yield text.at(match.start()), f"remove the space at {_near(text, match.start())!r}"


def _near(text: Text, offset: int) -> str:
    """The text around an offset, for a message."""
    return " ".join(text.source[max(offset - 8, 0) : offset + 12].split())
