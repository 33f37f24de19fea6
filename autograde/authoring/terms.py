"""The glossary of a course directory: read ``course/glossary.toml``, write its pages into the releases."""

from pathlib import Path

from autograde.authoring.style.glossary import FILE, Term, read_glossary
from autograde.authoring.style.glossary_page import PAGE, glossary_page
from autograde.errors import CourseError
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder


def read_terms(root: Path) -> list[Term]:
    """Return the terms of the course directory ``root``; none if it has no glossary.

    Raises:
        CourseError: the file is malformed; names its line.
    """
    path = root / FILE
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{FILE}: cannot be read as UTF-8 text ({error})") from error
    return read_glossary(text)


def glossary_pages(course: CourseFolder) -> dict[str, bytes]:
    """Return path → content of the glossary's pages, one per language; none without a glossary."""
    terms = read_terms(course.root)
    pages = {lang: glossary_page(terms, lang, course.assignments) for lang in course.languages if terms}
    return {f"release/{lang}/{PAGE}": text.encode() for lang, text in pages.items()}


def write_glossary(course: CourseFolder) -> list[Path]:
    """Write the glossary's pages into the releases; return them."""
    pages = {course.root / path: page for path, page in glossary_pages(course).items()}
    replace_files(pages)
    return list(pages)
