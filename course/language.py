"""Say a text in the language of the open notebook.

Both editions of a chapter share their code, so what the code shows is written in both languages and
chosen when it is shown: ``say(en="loss", zh="损失")``. The first code cell of an edition names its
language with :func:`speak`.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from course.open_notebook import open_notebook

Language = Literal["en", "zh"]

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_known: dict[str, Language] = {}  # a kernel has one notebook, and a notebook one language


def speak(language: Language) -> None:
    """Make every later text of this kernel speak ``language``.

    Raises:
        ValueError: the course has no such language.
    """
    if language not in ("en", "zh"):
        raise ValueError(f"the course speaks 'en' and 'zh', not {language!r}")
    _known["language"] = language


def language() -> Language | None:
    """Return the notebook's language, ``"en"`` or ``"zh"``: as :func:`speak` was told, else that of its prose.

    None if no notebook is found, as in a script, and while nbgrader grades.
    """
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return None  # a grade is read in either language
    if "language" not in _known:
        notebook = open_notebook() or {}
        prose = next((cell for cell in notebook.get("cells", []) if cell.get("cell_type") == "markdown"), None)
        if prose is None:
            return None
        _known["language"] = "zh" if _CHINESE.search("".join(prose.get("source", ""))) else "en"
    return _known["language"]


def say(key: str = "", /, *places: Any, en: str = "", zh: str = "", **fields: Any) -> str:
    """Return a text in the notebook's language; in English if the language is not known.

    Authors write both languages: ``say(en="{n} points", zh="{n} 个点", n=7)``. In a released chapter
    ``course build`` has replaced them by a key of ``course/texts``, ``say("ch02-points", 7)``, so
    that a notebook shows one language. The message of a check, whose key has a tag such as
    ``[ch02-MEAN]``, is given in both languages while the language is not known, since a grade is
    read in either.

    Args:
        key: the name of a text of a released chapter.
        places, fields: values for ``{0}`` … and ``{name}`` in the text, formatted as by
            ``str.format``; without any, braces are left alone.
        en, zh: the text in both languages.
    """
    tag = ""
    if key:
        entry = _texts(key.partition("-")[0]).get(key)
        if entry is None:
            return key  # from a later version of the course than the one installed
        en, zh, tag = entry["en"], entry["zh"], entry.get("tag", "")
    if places or fields:
        en, zh = en.format(*places, **fields), zh.format(*places, **fields)
    chosen = {"en": en, "zh": zh, None: f"{zh} / {en}" if tag else en}[language()]
    return f"{tag} {chosen}" if tag else chosen


def spoken(texts: Mapping[str, str]) -> str:
    """Return the text in the notebook's language; the first one if there is none in it, or it is not known.

    Args:
        texts: language → text.
    """
    return texts.get(language() or "") or next(iter(texts.values()), "")


def one_language(message: str) -> str:
    """Return the half of a check's message ``[ch02-MEAN] 中文 / English`` that is in the notebook's language."""
    spoken = language()
    tag, words = re.match(r"(\[[^\]]*\] )?(.*)", message, re.DOTALL).groups(default="")  # type: ignore[union-attr]
    parts = words.split(" / ")
    for at in range(1, len(parts)):
        zh, en = " / ".join(parts[:at]), " / ".join(parts[at:])
        if spoken and _CHINESE.search(zh) and not _CHINESE.search(en):
            return str(tag) + (zh if spoken == "zh" else en)
    return message


@cache
def _texts(chapter: str) -> dict[str, dict[str, str]]:
    path = files("course") / "texts" / f"{chapter}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
