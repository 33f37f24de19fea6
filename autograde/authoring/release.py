"""Build the releases of chapters with ``nbgrader generate_assignment``, one per language."""

import copy
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograde.authoring.chapter import Chapter, parse_chapter
from autograde.authoring.source import release_text, source_notebook
from autograde.authoring.texts.extract import extract, texts_json
from autograde.errors import CourseError, raise_all
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder
from autograde.settings.places import chapter_file


class SelectLanguage(NbGraderPreprocessor):
    """Keep the prose of one language, and the cell that names it, in a source notebook that has both."""

    lang = Unicode("en", help="Language to keep").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Drop the cells of other languages, and give all editions the same cell ids."""
        nb.cells = [cell for cell in nb.cells if cell.metadata.get("course", {}).get("lang", self.lang) == self.lang]
        for cell in nb.cells:
            if cell.metadata.get("course", {}).get("lang") == self.lang:
                cell.id = cell.id.removesuffix(f"-{self.lang}")
        return nb, resources


TEXTS = Path("course", "texts")
"""Where a course's texts are, relative to its root, if it has the package ``course``."""

PREPROCESSORS = [SelectLanguage, *GenerateAssignment().preprocessors]
"""nbgrader's preprocessors of generate_assignment, after the choice of a language."""


def read_chapters(course: CourseFolder, names: list[str] | None = None) -> list[Chapter]:
    """Parse the chapters ``names`` (all by default).

    Raises:
        CourseError: a chapter is missing or malformed.
        SeveralErrors: several faults, in one chapter or in many.
    """
    chapters: list[Chapter] = []
    faults: list[CourseError] = []
    for name in course.chosen(names):
        try:
            chapters.append(read_chapter(course.root, name))
        except CourseError as error:
            faults.append(error)
    raise_all(faults)
    return chapters


def read_chapter(root: Path, name: str) -> Chapter:
    """Parse one chapter of the course directory `root`; course.toml is not read.

    Raises:
        CourseError, SeveralErrors: as for :func:`read_chapters`.
    """
    path = chapter_file(root, name)
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{file}: cannot be read as UTF-8 text ({error})") from error
    return parse_chapter(text, file)


def build(
    course: CourseFolder,
    names: list[str] | None = None,
    into: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> list[Path]:
    """Write ``source/`` and the release of every language; return the released notebooks.

    A course with a folder ``course/texts`` has its texts there (:mod:`autograde.authoring.texts.extract`);
    elsewhere they stay in the code. Nothing is written if a chapter is malformed. The same chapters give the same bytes.

    Args:
        course: the course directory.
        names: chapters to build, all by default.
        into: write ``source/`` and ``release/`` below this folder and leave the gradebook alone; by
            default the course directory, with the chapters registered in its gradebook as
            ``nbgrader generate_assignment`` does.
        progress: called with one line per step.

    Raises:
        CourseError: see :func:`read_chapters`; or nbgrader rejects a notebook.
    """
    chapters = read_chapters(course, names)
    settings = _settings(course)
    target = into or course.root
    released = []
    for chapter in chapters:
        source = target / "source" / chapter.name / f"{chapter.name}.ipynb"
        files = {}
        if (course.root / TEXTS).is_dir():
            chapter, texts = extract(chapter)
            files[target / TEXTS / f"{chapter.name}.json"] = texts_json(texts).encode()
        replace_files({source: release_text(source_notebook(chapter)).encode(), **files})
        for lang in course.languages:
            progress(f"{chapter.name} {lang}")
            with tempfile.TemporaryDirectory(dir=target, prefix=".build-") as staging:
                _generate(settings, chapter.name, lang, target, Path(staging), register=into is None)
                made = Path(staging) / chapter.name / f"{chapter.name}.ipynb"
                path = target / "release" / lang / chapter.name / f"{chapter.name}.ipynb"
                replace_files({path: made.read_bytes()})
                released.append(path)
    return released


def _settings(course: CourseFolder) -> Config:
    try:
        with course.lent():
            return PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    except Exception as error:  # the file is a program and may raise anything
        raise CourseError(f"nbgrader_config.py: {type(error).__name__}: {error}") from error


def _generate(settings: Config, name: str, lang: str, target: Path, staging: Path, register: bool) -> None:
    """Run nbgrader's own generate_assignment with the course's settings, for one edition."""
    config = copy.deepcopy(settings)
    config.merge(Config({"SelectLanguage": {"lang": lang}}))
    folder = CourseDirectory(config=config)
    folder.root, folder.assignment_id, folder.student_id = str(target), name, "."
    folder.source_directory, folder.release_directory = "source", str(staging)
    converter = GenerateAssignment(coursedir=folder, config=config)
    converter.force, converter.no_database = True, not register
    if not register:
        converter.preprocessors = [step for step in converter.preprocessors if step.__name__ != "SaveCells"]
    report = _Report()
    converter.log = report.logger
    try:
        converter.start()
    except (Exception, SystemExit) as error:  # nbgrader raises bare exceptions and calls sys.exit
        raise CourseError(f"nbgrader generate_assignment {name} ({lang}): {report.cause() or error}") from error


class _Report(logging.Handler):
    """Collects nbgrader's error messages, so that one line of them can be shown."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        self.logger = logging.Logger(__name__)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    def cause(self) -> str:
        """The last line of the first traceback, else the first message."""
        tracebacks = [message for message in self.messages if message.startswith("Traceback")]
        text = (tracebacks or self.messages or [""])[0].strip()
        return text.splitlines()[-1] if text else ""
