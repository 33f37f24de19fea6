"""A collector plugin for ``nbgrader zip_collect``: whose work is a file from a learning platform?

    c.ZipCollectApp.collector_plugin = "autograde.nbgrader_ext.zip_collect.LmsCollector"

A name is ``LEARNER_ch02.ipynb`` or ``LEARNER_20300131T235900_ch02.ipynb``; what follows the chapter
is ignored. Canvas, Moodle and Blackboard add a prefix, which gives the learner's id if the file
name does not. The prefix is the platform's; the rest is the learner's, who may have written
another's name, so the prefix takes precedence. An ambiguous name is never guessed: the file stays
where it is, and the log says so.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin
from sqlalchemy.exc import SQLAlchemyError

from autograde.grading.intake.timestamp import read_time
from autograde.settings.gradebook_address import database_file
from autograde.shown import one_line

TIME = re.compile(r"\d{8}T\d{6}|\d{4}(?:-\d{2}){5}")
MOODLE = re.compile(r"(?P<learner>[^_]+)_(?P<person>\d+)_assignsubmission_file(?:_|$)")
"""``Ada Lovelace_1234_assignsubmission_file_``, before a file's name or its folder's."""
PLATFORMS = (
    MOODLE,
    # Canvas: lovelaceada_LATE_1234_5678_…
    re.compile(r"(?P<learner>[^_]+)_(?P<late>LATE_)?(?P<person>\d+)_\d+(?:_|$)"),
    # Blackboard: Chapter 2_ada_attempt_2030-01-31-23-59-00_…
    re.compile(r"(?:[^_]+_)?(?P<learner>[^_]+)_attempt_(?P<time>\d{4}(?:-\d{2}){5})(?:_|$)"),
)
"""Prefixes that platforms add to the name of an uploaded file."""
ANONYMOUS = frozenset(
    ["participant", "teilnehmer", "teilnehmerin", "participante", "deelnemer", "partecipante", "参与者", "參與者",
     "anonymous", "anon", "student"]
)  # fmt: skip
"""What platforms call an anonymous learner, without the number."""
COPY = re.compile(r"(?:copy of|kopie von|copie de|copia de|cópia de)\s+|^[“\"「]", re.IGNORECASE)
"""Prefixes that Colab and others add to the name of a copy."""


@dataclass(frozen=True)
class Upload:
    """What a file's path tells about it.

    Attributes:
        time: UTC, as nbgrader reads it; empty if no name has it.
        is_late: whether the platform calls it late.
        name: the platform's name for the learner; empty without a platform.
        person: the platform's number for the learner; empty without one.
    """

    student: str
    notebook: str
    time: str = ""
    is_late: bool = False
    name: str = ""
    person: str = ""


def read_name(path: PurePath, notebooks: Collection[str]) -> dict[str, str] | None:
    """Return ``student_id``, ``file_id`` and, if known, ``timestamp`` (UTC) of a file; None if
    unclear.

    Args:
        path: a notebook's; its folder may have the platform's prefix, as in an archive.
        notebooks: the assignment's, without ``.ipynb``.
    """
    upload = read_upload(path, notebooks)
    return _info(upload) if upload else None


def read_upload(path: PurePath, notebooks: Collection[str]) -> Upload | None:
    """Return what a path tells; None if that is unclear. See :func:`read_name`."""
    parts = [unicodedata.normalize("NFC", part) for part in path.parts]
    names = "|".join(map(re.escape, notebooks))  # also "Copy of ch02", as Colab calls it
    meant = re.compile(rf"(?:.*[^A-Za-z0-9])?({names})(?![A-Za-z0-9]).*", re.DOTALL)
    words = parts[-1].removesuffix(".ipynb").split("_")
    places = [(place, match[1]) for place, word in enumerate(words) if (match := meant.fullmatch(word))]
    if not places:
        return None
    place, notebook = places[-1]
    before = "_".join(words[:place])
    # outer prefixes were added later: a learner's own text is inside the platform's
    match = next((match for part in parts[:-1] if (match := platform_words(part))), None)
    if match is None:
        match = next((match for match in (platform.match(before) for platform in PLATFORMS) if match), None)
        before = before[match.end() :] if match else before
    own = [word for word in (COPY.sub("", word).strip() for word in before.split("_")) if word]
    while own and own[-1] in notebooks:  # ada_ch02_ch02.ipynb
        own.pop()
    stamp = own.pop() if own and TIME.fullmatch(own[-1]) else ""
    groups: Mapping[str, str | None] = match.groupdict() if match else {}
    stamp = groups.get("time") or stamp
    name = groups.get("learner") or ""
    if len(own) > 1 or not (own or match) or (own and _contradicts(own[0], name)):
        return None
    student = own[0] if own else re.sub(r"[^\w.]+", "-", name).strip("-.")
    if not re.fullmatch(r"[^\W_][^/\\\s\x00-\x1f\x7f]*", student) or (not own and _is_anonymous(name)):
        return None
    try:
        time = _utc(stamp) if stamp else ""
    except ValueError:  # digits that are not a time
        return None
    return Upload(student, notebook, time, bool(groups.get("late")), name, groups.get("person") or "")


def platform_words(folder: str) -> re.Match[str] | None:
    """The platform's prefix of a folder's name, or of the archive that was unpacked into it.

    Canvas's and Blackboard's precede a learner's own name, so ``submissions_12_34`` is nobody's.
    """
    prefix = next((match for match in (platform.match(folder) for platform in PLATFORMS) if match), None)
    return prefix if prefix and (prefix.re is MOODLE or prefix.end() < len(folder)) else None


def _contradicts(own: str, name: str) -> bool:
    """Whether a learner's own text is a name in the same script as the platform's, but another one."""
    if not name or _is_anonymous(name):
        return False
    own_letters, listed_letters = ("".join(filter(str.isalnum, text.casefold())) for text in (own, name))
    if not own_letters.isalpha() or not listed_letters.isalpha() or own_letters.isascii() != listed_letters.isascii():
        return False  # for example a student number: no name tells whose it is
    return own_letters not in listed_letters and listed_letters not in own_letters


def _is_anonymous(name: str) -> bool:
    return re.sub(r"\W+.*|\d+$", "", name.casefold()) in ANONYMOUS


def _info(upload: Upload) -> dict[str, str]:
    info = {"student_id": upload.student, "file_id": upload.notebook}
    return {**info, "timestamp": upload.time} if upload.time else info


def _utc(text: str) -> str:
    time = f"{datetime.strptime(re.sub('[^0-9]', '', text), '%Y%m%d%H%M%S')} UTC"
    if read_time(time) is None:
        raise ValueError(f"{text} is not a time of a hand-in")
    return time


def settle(uploads: Mapping[Path, Upload]) -> dict[Path, str]:
    """Return why files that are clear on their own are ambiguous together, by path. Pure.

    Two people of a platform whose names give one id; one id that several people claim, unless the
    platform calls only one of them so; two files of one learner that do not both have a time.
    """
    faults: dict[Path, str] = {}
    claims: dict[str, dict[Path, Upload]] = defaultdict(dict)
    for path, upload in uploads.items():
        claims[upload.student.casefold()][path] = upload
    for files in claims.values():
        people = {upload.person or upload.name for upload in files.values() if upload.name}
        if len(people) > 1:
            chosen_files = {path for path, upload in files.items() if _is_called(upload)}
            if len({files[path].person or files[path].name for path in chosen_files}) != 1:
                chosen_files = set()
            for path in files.keys() - chosen_files:
                faults[path] = _of_several(files)
            files = {path: files[path] for path in chosen_files}
        by_notebook: dict[str, list[Path]] = defaultdict(list)
        for path, upload in files.items():
            by_notebook[upload.notebook].append(path)
        spelled = {upload.student for upload in files.values()}
        for paths in by_notebook.values():
            if len(paths) > 1 and (len(spelled) > 1 or not all(files[path].time for path in paths)):
                shown = " and ".join(one_line(f"{path.parent.name}/{path.name}", 120) for path in paths[:3])
                who = " and ".join(sorted(spelled))
                for path in paths:
                    faults[path] = (
                        f"{who} has {_count(len(paths))} files, {shown}, and not both say when: delete the older one, "
                        f"or name them {files[path].student}_20300131T235900_{files[path].notebook}.ipynb, and repeat "
                        f"with --force"
                    )
    return faults


def _is_called(upload: Upload) -> bool:
    """Whether the platform's own name for a learner is, or contains, the id."""
    own_letters, listed_letters = (
        "".join(filter(str.isalnum, text.casefold())) for text in (upload.student, upload.name)
    )
    return bool(listed_letters) and own_letters in listed_letters


def _of_several(files: Mapping[Path, Upload]) -> str:
    who = ", ".join(
        sorted({f"{file.name} ({file.person})" if file.person else file.name for file in files.values() if file.name})
    )
    first = next(iter(files.values()))
    where = ", ".join(one_line(f"{path.parent.name}/{path.name}", 120) for path in list(files)[:4])
    return (
        f"several people are {first.student} here: {who}; these are different learners' files ({where}), so delete none: "
        f"rename each to LEARNER_{first.notebook}.ipynb, with an id that only one of them has, and repeat with --force"
    )


def _count(number: int) -> str:
    return "two" if number == 2 else str(number)


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Tells ``nbgrader zip_collect`` whose work a file is; see :func:`read_name`.

    It reads all files before it answers for the first, since what one of them means depends on the
    others.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._uploads: dict[Path, Upload] | None = None
        self._faults: dict[Path, str] = {}

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return nbgrader's data on a file, or None to skip it. See ``FileNameCollectorPlugin``."""
        path = Path(submitted_file)
        if self._is_other(path):
            return None
        if self._uploads is None:
            self._uploads = self._read_all()
            self._faults = settle(self._uploads)
        assignment = self.parent.coursedir.assignment_id
        shown = one_line(f"{path.parent.name}/{path.name}", 200)
        if path not in self._uploads:
            self.log.warning(
                "%s: not collected, its name does not tell whose work it is; rename it to LEARNER_%s.ipynb and repeat",
                shown, assignment,
            )  # fmt: skip
            return None
        if path in self._faults:
            self.log.warning("%s: not collected, %s", shown, self._faults[path])
            return None
        return _info(self._uploads[path])

    def _is_other(self, path: Path) -> bool:
        """Whether a learner did not mean to hand in a file: copies that systems and editors keep."""
        below = path.relative_to(self._folder).parts if path.is_relative_to(self._folder) else path.parts[-2:]
        hidden = any(part.startswith(".") or part.casefold() == "__macosx" for part in below)
        return hidden or path.suffix not in self.valid_ext

    @property
    def _folder(self) -> Path:
        """Where zip_collect put the extracted files."""
        app = self.parent
        return Path(app.coursedir.root) / str(app.collect_directory_structure).format(
            downloaded=app.downloaded_directory,
            assignment_id=app.coursedir.assignment_id,
            collect_step=app.extracted_directory,
        )

    def _read_all(self) -> dict[Path, Upload]:
        folders = self.parent.coursedir
        released = Path(folders.format_path(folders.release_directory, ".", folders.assignment_id))
        notebooks = sorted(notebook.stem for notebook in released.glob("*.ipynb"))
        files = [path for path in sorted(self._folder.rglob("*")) if path.is_file() and not self._is_other(path)]
        read = {path: read_upload(path.relative_to(self._folder), notebooks) for path in files if notebooks}
        uploads = {path: upload for path, upload in read.items() if upload}
        if any(upload.is_late for upload in uploads.values()):
            uploads = dict(_late(uploads, _due(folders)))
        return uploads


def _late(uploads: Mapping[Path, Upload], due: datetime | None) -> Iterable[tuple[Path, Upload]]:
    """The uploads; those that the platform calls late get a time after the due date."""
    for path, upload in uploads.items():
        time = read_time(upload.time)
        if upload.is_late and due and (time is None or time <= due):
            after = (due + timedelta(seconds=1)).replace(microsecond=0)
            yield path, replace(upload, time=f"{after} UTC")
        else:
            yield path, upload


def _due(coursedir: Any) -> datetime | None:
    """The assignment's due date; None if there is none, or no gradebook yet."""
    path = database_file(coursedir.db_url)
    if path and not path.is_file():
        return None
    try:
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            due: datetime | None = gradebook.find_assignment(coursedir.assignment_id).duedate
            return due
    except (MissingEntry, SQLAlchemyError):
        return None
