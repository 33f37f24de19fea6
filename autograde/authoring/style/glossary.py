"""The glossary: the terms of the course in both languages, and a check that the chapters use them. Pure.

Its file is ``course/glossary.toml``; its first lines explain the keys.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograde.authoring.cell import LANGUAGES
from autograde.authoring.style.shown import Text
from autograde.settings.toml_tables import Table, read_tables

FILE = "course/glossary.toml"

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Term:
    """A term: its name and one sentence that explains it in each language.

    Attributes:
        chapter: the assignment that introduces it.
        means: language → its explanation.
        also: language → other names that may be used.
        forbidden: language → names that may not.
    """

    names: dict[str, str]
    chapter: str
    means: dict[str, str]
    also: dict[str, list[str]] = field(default_factory=dict)
    forbidden: dict[str, list[str]] = field(default_factory=dict)

    def allowed(self, lang: str) -> list[str]:
        """All names that may be used in a language, the main one first."""
        return [self.names[lang], *self.also.get(lang, [])]


def read_glossary(text: str, file: str = FILE) -> list[Term]:
    """Read a glossary.

    Raises:
        SettingsError: it is malformed, a term is named twice, or a forbidden name is a term's own; names the line.
    """
    top = read_tables(text, file)
    top.allow("term")
    terms, seen = list[Term](), dict[str, str]()
    for table in top.tables("term", 'en = "loss"'):
        table.allow(*LANGUAGES, "chapter", "means", "also", "not")
        names = {lang: table.text(lang) for lang in LANGUAGES}
        means = table.table("means", 'means = { en = "…", zh = "…" }')
        means.allow(*LANGUAGES)
        said = {lang: means.text(lang) for lang in LANGUAGES}
        term = Term(names, table.text("chapter"), said, _names(table, "also"), _names(table, "not"))
        for lang in LANGUAGES:
            for name in term.allowed(lang):
                if seen.setdefault(f"{lang}:{name.lower()}", names["en"]) != names["en"]:
                    raise table.error(f"{name!r} is also a name of {seen[f'{lang}:{name.lower()}']!r}", lang)
        terms.append(term)
    for table, term in zip(top.tables("term"), terms, strict=True):
        for lang in LANGUAGES:
            for name in term.forbidden.get(lang, []):
                if f"{lang}:{name.lower()}" in seen:
                    raise table.error(f"{name!r} is the name of a term, so it cannot be forbidden", "not")
    return terms


def _names(table: Table, key: str) -> dict[str, list[str]]:
    if not table.has(key):
        return {}
    names = table.table(key, f'{key} = {{ en = ["…"], zh = ["…"] }}')
    names.allow(*LANGUAGES)
    return {lang: names.texts(lang) for lang in names.values}


def term_faults(terms: Sequence[Term], name: str, shown: Sequence[Text]) -> Iterator[tuple[int, str]]:
    """Yield (line, fault) where a chapter uses a forbidden name, or lacks a term that it introduces.

    Args:
        name: the chapter's assignment.
        shown: what learners read of it.
    """
    for lang in LANGUAGES:
        texts = [text for text in shown if text.lang == lang and not text.references]
        bad = {found: term for term in terms for found in term.forbidden.get(lang, [])}
        good = [allowed for term in terms for allowed in term.allowed(lang)]
        for text in texts:
            yield from _forbidden(text, bad, _pattern(good, lang))
        whole = "\n".join(text.source for text in texts)
        for term in terms:
            if term.chapter == name and not _pattern(term.allowed(lang), lang).search(whole):
                names = " or ".join(repr(allowed) for allowed in term.allowed(lang))
                yield 1, f"{lang}: the glossary says that this chapter introduces {names}; use it, or change {FILE}"


def _forbidden(text: Text, bad: dict[str, Term], good: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    masked = text.masked
    if not bad:
        return
    allowed = [match.span() for match in good.finditer(masked)]
    for match in _pattern(bad, text.lang).finditer(masked):
        inside = any(start <= match.start() and match.end() <= end for start, end in allowed)
        if not inside:
            term = next(term for name, term in bad.items() if _pattern([name], text.lang).fullmatch(match[0]))
            yield (
                text.at(match.start()),
                f"write {term.names[text.lang]!r} instead of {' '.join(match[0].split())!r} (glossary)",
            )


def _pattern(names: Sequence[str] | dict[str, Term], lang: str) -> re.Pattern[str]:
    """Names in a text: English ones as whole words, in the singular or plural; the longest first."""
    parts = []
    for name in sorted(names, key=len, reverse=True):
        words = re.escape(name).replace(r"\ ", r"\s+")
        whole = lang == "en" or not _CHINESE.search(name)
        parts.append(rf"(?<![A-Za-z]){words}(?:e?s)?(?![A-Za-z])" if whole else words)
    return re.compile("|".join(parts), re.IGNORECASE)
