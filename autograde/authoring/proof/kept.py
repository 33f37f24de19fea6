"""The proof records of a course: compare them with the current files, and write them."""

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
    """Return the path of a chapter's record, relative to the course directory."""
    return f"release/proofs/{chapter}.json"


class Standing:
    """The chapters' records compared with the current state of the course."""

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
        """The chapter's record; None if there is none or the gate did not write it."""
        return self._records[chapter]

    def depends(self, chapter: str) -> Dependencies:
        """The current dependencies of the chapter's proof."""
        return self._depends[chapter]

    def stale(self, chapter: str) -> dict[str, list[str]]:
        """Step → what has changed since it was proved; every step if there is no record."""
        record = self._records[chapter]
        return record.stale(self._depends[chapter]) if record else {step: [] for step in STEPS}

    def due(self, chapter: str) -> tuple[str, ...]:
        """The steps of the chapter's proof that must be run."""
        stale = self.stale(chapter)
        return tuple(step for step in STEPS if step in stale)

    def findings(self, committed: bool) -> list[Finding]:
        """Findings for edited records and, if `committed`, for stale and missing ones."""
        findings = []
        for name in self._depends:
            remedy = f"run `course check {name}` and commit it"
            if name in self._faults:
                action = remedy if committed else "it is proved again"
                findings.append(Finding(record_file(name), f"{name}: {self._faults[name]}; {action}"))
            elif committed and self._records[name] is None:
                findings.append(Finding(record_file(name), f"{name}: is missing; {remedy}"))
            elif committed and (stale := self.stale(name)):
                what = ", ".join(sorted({change for changes in stale.values() for change in changes}))
                findings.append(Finding(record_file(name), f"{name}: is stale, changed since: {what}; {remedy}"))
        if (
            committed
            and set(self._depends) == set(self._course.assignments)
            and _page(self._course) != _written_page(self._course)
        ):
            findings.append(Finding(PAGE, "does not match the records; run `course check` and commit it"))
        return findings


def keep(course: CourseFolder, records: dict[str, Record]) -> list[Path]:
    """Write records and the page made of them; return the files that changed."""
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
            continue  # reported by Standing.findings
    present = [record for record in records if record]
    return page(present) if present else ""


def _written_page(course: CourseFolder) -> str:
    path = course.root / PAGE
    return path.read_text(encoding="utf-8") if path.is_file() else ""
