"""The records of a course's chapters: how they stand to what is there now, and how they are kept."""

from pathlib import Path

from autograde.authoring.chapter import Chapter
from autograde.authoring.proof.dependencies import STEPS, Surroundings
from autograde.authoring.proof.finding import Finding
from autograde.authoring.proof.page import page
from autograde.authoring.proof.record import Dependencies, Forged, Record, read_record
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder

PAGE = "docs/proofs.md"


def record_file(chapter: str) -> str:
    """Return the path of a chapter's record below the course directory."""
    return f"release/proofs/{chapter}.json"


class Standing:
    """What the records of chapters are worth now."""

    def __init__(self, course: CourseFolder, chapters: list[Chapter], budgets: dict[str, float]) -> None:
        around = Surroundings(course, budgets)
        self._course = course
        self._depends = {chapter.name: around.depends(chapter) for chapter in chapters}
        self._records: dict[str, Record | None] = {}
        self._faults: dict[str, str] = {}
        for name in self._depends:
            try:
                self._records[name] = _read(course.root, name)
            except Forged as fault:
                self._records[name], self._faults[name] = None, str(fault)

    def record(self, chapter: str) -> Record | None:
        """Its record; None where there is none, or one that the gate did not write."""
        return self._records[chapter]

    def depends(self, chapter: str) -> Dependencies:
        """What its proof depends on, as it is now."""
        return self._depends[chapter]

    def stale(self, chapter: str) -> dict[str, list[str]]:
        """Step → what has changed since it was proved; every step where there is no record."""
        record = self._records[chapter]
        return record.stale(self._depends[chapter]) if record else {step: [] for step in STEPS}

    def due(self, chapter: str) -> tuple[str, ...]:
        """The steps of its proof that must be run."""
        stale = self.stale(chapter)
        return tuple(step for step in STEPS if step in stale)

    def findings(self, committed: bool) -> list[Finding]:
        """Records that nobody may rely on: edited ones; where they count as `committed`, also stale or missing ones."""
        found = []
        for name in self._depends:
            mend = f"run `course check {name}` and commit it"
            if name in self._faults:
                anew = mend if committed else "it is proved anew"
                found.append(Finding(record_file(name), f"{name}: {self._faults[name]}; {anew}"))
            elif committed and self._records[name] is None:
                found.append(Finding(record_file(name), f"{name}: is missing; {mend}"))
            elif committed and (stale := self.stale(name)):
                what = ", ".join(sorted({change for changes in stale.values() for change in changes}))
                found.append(Finding(record_file(name), f"{name}: is stale, since there changed: {what}; {mend}"))
        if (
            committed
            and set(self._depends) == set(self._course.assignments)
            and _page(self._course) != _there(self._course)
        ):
            found.append(Finding(PAGE, "is not what the records give; run `course check` and commit it"))
        return found


def keep(course: CourseFolder, records: dict[str, Record]) -> list[Path]:
    """Write records, and the page of all of them; return the files whose content changed."""
    texts = {course.root / record_file(name): record.text() for name, record in records.items()}
    written = _write(texts)
    text = _page(course)
    return written + (_write({course.root / PAGE: text}) if text else [])


def _write(texts: dict[Path, str]) -> list[Path]:
    new = {
        path: text.encode() for path, text in texts.items() if not path.is_file() or path.read_bytes() != text.encode()
    }
    replace_files(new)
    return list(new)


def _read(root: Path, name: str) -> Record | None:
    path = root / record_file(name)
    if not path.is_file():
        return None
    record = read_record(path.read_bytes().decode(errors="replace"))
    if record.chapter != name:
        raise Forged(f"is the record of {record.chapter}")
    return record


def _page(course: CourseFolder) -> str:
    records = []
    for name in course.assignments:
        try:
            records.append(_read(course.root, name))
        except Forged:
            continue  # a finding of its own
    there = [record for record in records if record]
    return page(there) if there else ""


def _there(course: CourseFolder) -> str:
    path = course.root / PAGE
    return path.read_text(encoding="utf-8") if path.is_file() else ""
