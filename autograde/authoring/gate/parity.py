"""Compare the English and the Chinese twin of a prose cell. Pure.

Formulas, links, code and heading levels must agree.
"""

import re
from collections import Counter

from autograde.authoring.cell import Cell

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_DISPLAY = re.compile(r"(?<!\\)\$\$(.+?)\$\$", re.DOTALL)
_INLINE = re.compile(r"(?<![\\$])\$(?!\$)(.+?)(?<!\\)\$", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.+?\\end\{\1\}", re.DOTALL)
# the last form is a bare address, which ends at a space, a bracket or a Chinese character
_LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)|(?:src|href)=[\"']([^\"']+)[\"']|<(https?://[^>\s]+)>"
    r"|(https?://[^\s<>()\[\]\"'\u2e80-\u9fff\uff00-\uffef]*[^\s<>()\[\]\"'\u2e80-\u9fff\uff00-\uffef.,;:!?])"
)
_HEADING = re.compile(r"^(#{1,6})\s", re.MULTILINE)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")


def differences(english: Cell, chinese: Cell) -> list[str]:
    """Return one line for each kind of content in which the twins differ."""
    lines = []
    parts_en, parts_zh = _parts(english.source), _parts(chinese.source)
    for kind in parts_en:
        only_en = list((Counter(parts_en[kind]) - Counter(parts_zh[kind])).elements())
        only_zh = list((Counter(parts_zh[kind]) - Counter(parts_en[kind])).elements())
        if only_en or only_zh:
            where = [f"only in English: {item}" for item in only_en[:2]] + [
                f"only in Chinese: {item}" for item in only_zh[:2]
            ]
            lines.append(f"{kind} differs from its twin; {'; '.join(where)}")
    if len(_WORD.findall(_prose(english.source))) > 3 and not _CJK.search(chinese.source):
        lines.append("the Chinese twin contains no Chinese")
    return lines


def _parts(text: str) -> dict[str, list[str]]:
    fences = [match[0].strip() for match in _FENCE.finditer(text)]
    text = _FENCE.sub("", text)
    code = [match[2].strip() for match in _CODE.finditer(text)]
    text = _CODE.sub("", text)
    display = ["$$" + " ".join(match[1].split()) + "$$" for match in _DISPLAY.finditer(text)]
    text = _DISPLAY.sub("", text)
    display += [" ".join(match[0].split()) for match in _ENVIRONMENT.finditer(text)]
    text = _ENVIRONMENT.sub("", text)
    inline = ["$" + " ".join(match[1].split()) + "$" for match in _INLINE.finditer(text)]
    links = [next(filter(None, match.groups())) for match in _LINK.finditer(text)]
    headings = [match[1] for match in _HEADING.finditer(text)]
    return {"formula": display + inline, "code": fences + code, "link": links, "heading level": headings}


def _prose(text: str) -> str:
    for pattern in (_FENCE, _CODE, _DISPLAY, _INLINE, _LINK):
        text = pattern.sub("", text)
    return text
