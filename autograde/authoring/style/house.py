"""All rules of the house style on one chapter.

Print what a chapter breaks, without anything else of the gate::

    python -m autograde.authoring.style.house notebooks/ch02_losses.py
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograde.authoring.cell import LANGUAGES
from autograde.authoring.chapter import Chapter, parse_chapter
from autograde.authoring.style.glossary import FILE, Term, read_glossary, term_faults
from autograde.authoring.style.headings import heading_faults
from autograde.authoring.style.shown import code, texts
from autograde.authoring.style.statements import statement_faults
from autograde.authoring.style.typography import chinese_faults, number_faults

_INTERNAL = re.compile(r"(?<![\w.\-])E\d{2}(?![\w])")


def style_faults(chapter: Chapter, terms: Sequence[Term] = ()) -> list[tuple[int, str]]:
    """Return (line in the chapter's file, fault) for everything that breaks the house style, in line order.

    Args:
        terms: the glossary.
    """
    shown = list(texts(chapter))
    faults = [*heading_faults(chapter), *statement_faults(chapter), *_internal_numbers(chapter)]
    faults += term_faults(terms, chapter.name, shown)
    for lang in LANGUAGES:
        faults += number_faults([text for text in shown if text.lang == lang])
    for text in shown:
        if text.lang == "zh":
            faults += chinese_faults(text)
    return sorted(set(faults))


def _internal_numbers(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Numbers of the errors in our own list, such as E01, which mean nothing to a learner."""
    for cell in chapter.cells:
        source = cell.source if cell.role == "prose" else code(cell)
        for match in _INTERNAL.finditer(source):
            line = cell.line + 1 + source.count("\n", 0, match.start())
            yield line, f"say what the error is instead of {match[0]}: learners do not have our list"


def main() -> int:
    """Print one line per fault; exit 1 if there is one."""
    count = 0
    terms = read_glossary(Path(FILE).read_text(encoding="utf-8")) if Path(FILE).is_file() else []
    for file in sys.argv[1:]:
        chapter = parse_chapter(Path(file).read_text(encoding="utf-8-sig"), file)
        for line, fault in style_faults(chapter, terms):
            print(f"{file}:{line}: {fault}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    raise SystemExit(main())
