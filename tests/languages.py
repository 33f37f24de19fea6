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
