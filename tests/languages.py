"""Whether a sentence is whole in its language."""

import re

_CJK = re.compile(r"[\u3400-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z][a-z']*(?: [A-Za-z][a-z']*){2,}")


def is_chinese(text: str) -> bool:
    """Whether a text is Chinese, without three words of another language in a row; what stands in backticks is code."""
    bare = re.sub(r"`[^`]*`", "", text)
    return bool(_CJK.search(bare)) and not _ENGLISH.search(bare)


def is_english(text: str) -> bool:
    """Whether a text is English."""
    return bool(re.search("[A-Za-z]", text)) and not re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)


ONE_LANGUAGE = {"ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09"}
"""The chapters whose texts are given in both languages, and are read for words of the other one."""

_LATIN = r"[A-Za-z][A-Za-z’']*"
_ROW = re.compile(rf"{_LATIN}(?:[ ,]+{_LATIN}){{2,}}")
_LINKS = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "is",
    "of",
    "on",
    "the",
    "to",
    "with",
    "van",
    "von",
    "de",
}


def foreign(text: str, lang: str) -> str | None:
    """Return the first words of the other language in a text of a notebook; None if there are none.

    English: no Chinese character. Chinese: no row of three English words; what stands in backticks is code, what
    stands between dollars is mathematics, and a row of names (`Reading Digits in Natural Images`) is a name.
    """
    bare = re.sub(r"`[^`]*`|\$[^$]*\$", "·", text)
    if lang == "en":
        found = re.search(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef][^A-Za-z]*", bare)
        return found[0] if found else None
    for row in _ROW.finditer(bare):
        if sum(word[0].islower() and word not in _LINKS for word in re.findall(_LATIN, row[0])) >= 2:
            return row[0]
    return None
