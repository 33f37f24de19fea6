"""The glossary as a page that learners open beside the chapters, ``release/LANG/glossary.md``. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from autograde.authoring.style.glossary import Term

PAGE = "glossary.md"

ALPHABETICAL = ("en",)
"""Languages whose pages are in alphabetical order; the others go by chapter."""

WORDS = {
    "en": {
        "title": "# Glossary",
        "lead": "{count} terms of the course, in alphabetical order, each with the chapter that introduces it.",
        "chapter": "chapter {number}",
        "also": "also: {names}",
        "comma": ", ",
    },
    "zh": {
        "title": "# 术语表",
        "lead": "本课程的 {count} 个术语，按首次讲解的章排列，附英文名称。",
        "chapter": "第 {number} 章",
        "also": "又作：{names}",
        "comma": "、",
    },
}


def glossary_page(terms: Sequence[Term], lang: str, chapters: Sequence[str]) -> str:
    """Return the page's Markdown in one language.

    A heading for each term, so that a link such as ``../glossary.md#learning-rate`` leads to it and
    JupyterLab lists them all beside the page. In English the terms are in alphabetical order, in
    Chinese by chapter.

    Args:
        chapters: the assignments of the course; terms of later chapters have no link.
    """
    words = WORDS[lang]
    ordered = sorted(terms, key=_letter) if lang in ALPHABETICAL else sorted(terms, key=lambda term: term.chapter)
    groups = [(title, list(group)) for title, group in groupby(ordered, key=lambda term: _group(term, lang, words))]
    index = " · ".join(f"[{title}](#{_anchor(group[0].names[lang])})" for title, group in groups)
    parts = [words["title"], words["lead"].format(count=len(terms)), index]
    for title, group in groups:
        parts.append(f"## {title}")
        for term in group:
            parts += _entry(term, lang, chapters, words)
    return "\n\n".join(parts) + "\n"


def _entry(term: Term, lang: str, chapters: Sequence[str], words: Mapping[str, str]) -> Iterator[str]:
    name = term.names[lang]
    chapter = words["chapter"].format(number=_number(term.chapter))
    notes = [f"[{chapter}]({term.chapter}/{term.chapter}.ipynb)" if term.chapter in chapters else chapter]
    if lang not in ALPHABETICAL and term.names["en"].lower() != name.lower():
        notes.insert(0, term.names["en"])
    others = [other for other in term.also.get(lang, []) if other.lower() != term.names["en"].lower()]
    if others:
        notes.append(words["also"].format(names=words["comma"].join(others)))
    yield f"### {name}"
    yield term.means[lang]
    yield f"<small>{' · '.join(notes)}</small>"


def _group(term: Term, lang: str, words: Mapping[str, str]) -> str:
    return _letter(term)[0].upper() if lang in ALPHABETICAL else words["chapter"].format(number=_number(term.chapter))


def _letter(term: Term) -> str:
    return term.names["en"].lower()


def _number(chapter: str) -> str:
    return chapter.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0") or chapter


def _anchor(heading: str) -> str:
    return heading.replace(" ", "-")
