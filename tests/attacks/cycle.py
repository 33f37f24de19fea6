"""A course that all learners go through, by the real commands: collected, graded, told, decided on, reported."""

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import nbformat
from mini_course import write_course
from nbgrader.api import Gradebook
from warm_command import COURSE, NBGRADER, run_warm

from attacks.hostile import AS_ADA, CHAPTER, DUE, HONEST, LOOKALIKES, PACKED, POOR, Hostile, Work


def notebook(root: Path, work: Work) -> bytes:
    nb = nbformat.read(root / "release" / work.lang / "ch91" / "ch91.ipynb", as_version=4)
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = {"square": work.square, "cube": work.cube}.get(name, cell.source)
    nb.cells[-1].source = work.last
    if work.prose:
        nb.cells.append(nbformat.v4.new_markdown_cell(work.prose, id="prose"))
    return json.dumps(nb).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def uploads_of_mallory(root: Path) -> dict[str, bytes]:
    """All of :data:`AS_ADA`, :data:`PACKED` and :data:`LOOKALIKES`, with poor answers."""
    poor = notebook(root, POOR)
    packed = {name: zipped(dict.fromkeys(names, poor)) if names else b"PK" for name, names in PACKED.items()}
    return {**dict.fromkeys((*AS_ADA, *LOOKALIKES), poor), **packed}


@dataclass
class Cycle:
    """A course through which all learners went.

    Attributes:
        said: what each command said, by its words.
        codes: its exit code.
        rows: of the last `course grade`, by learner.
        at_first: of the one before.
    """

    root: Path
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict] = field(default_factory=dict)
    at_first: dict[str, dict] = field(default_factory=dict)

    def run(self, name: str, *words: str, program: str = COURSE) -> None:
        done = run_warm(program, words, self.root, {"NO_COLOR": "1", "COLUMNS": "200"}, 200)
        self.said[name], self.codes[name] = done.stdout + done.stderr, done.returncode

    def hand_in(self, student: str | bytes, work: Work) -> None:
        folder = Path(
            os.fsdecode(os.fsencode(self.root / "gradebook/submitted") + b"/" + os.fsencode(student) + b"/ch91")
        )
        for path in folder.rglob("*") if folder.exists() else ():
            if not path.is_dir():
                path.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ch91.ipynb").write_bytes(notebook(self.root, work))
        if work.stamp is not None:
            (folder / "timestamp.txt").write_text(work.stamp, encoding="utf-8")
        work.beside(folder)

    def collect(self, name: str, files: Mapping[str, bytes], *words: str) -> None:
        archive = self.root / "gradebook" / "downloaded" / "ch91" / "archive"
        archive.mkdir(parents=True, exist_ok=True)
        (archive / "submissions.zip").write_bytes(zipped(files))
        self.run(name, "zip_collect", "ch91", *words, program=NBGRADER)

    def grade(self, name: str, *words: str) -> dict[str, dict]:
        self.run(name, "grade", "ch91", "--jobs", "2", "--json", f"{name}.json", *words)
        return {row["student"]: row for row in json.loads((self.root / f"{name}.json").read_text())}

    def page(self, student: str) -> str:
        return (self.root / "gradebook" / "feedback" / student / "ch91" / "ch91.html").read_text(encoding="utf-8")

    def decision(self, student: str) -> dict:
        found = [json.loads(path.read_bytes()) for path in (self.root / "certificates/decisions").glob("*.json")]
        return next(one for one in found if one["learner"] == student)


def go_through(cycle: Cycle, hostile: Mapping[str | bytes, Hostile], extra: Mapping[str, bytes]) -> Cycle:
    """Every command once, on honest learners, `hostile` ones and `extra` files of the platform's."""
    root = cycle.root
    with Gradebook(f"sqlite:///{root}/gradebook/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment("ch91", duedate=DUE)
    for turn in (0, 1):
        mine = {
            name.format(turn + 3): notebook(root, works[turn]) for name, works in HONEST.values() if len(works) > turn
        }
        cycle.collect(f"collect-{turn}", {**mine, **(extra if turn == 0 else {})}, *["--force"] * turn)
        for student, one in hostile.items():
            work = (one.first, one.second)[turn]
            if work:
                cycle.hand_in(student, work)
        if turn == 0 and hostile:
            shared = [word for student, one in hostile.items() if one.shared for word in ("--student", str(student))]
            cycle.grade("grade-shared", "--isolation", "shared", *shared)
        rows = cycle.grade(f"grade-{turn}")
        cycle.at_first, cycle.rows = (rows, rows) if turn == 0 else (cycle.at_first, rows)
    again = [word for student, one in hostile.items() if one.again for word in ("--student", str(student))]
    if again:  # what has no later time is not graded again by itself
        cycle.rows |= cycle.grade("grade-again", "--force", *again)
    names = "".join(
        f"{student},{student.title()},Byron,{number}@example.org\n" for number, student in enumerate(HONEST)
    )
    (root / "names.csv").write_text("id,first_name,last_name,email\n" + names, encoding="utf-8")
    cycle.run("roster", "roster", "import", "names.csv")
    cycle.run("feedback", "feedback", "ch91")
    cycle.run("certify", "certify")
    cycle.run("report", "report", "--out", "report.html")
    return cycle


def new_course(root: Path) -> Path:
    write_course(root, ch91=CHAPTER)
    run = run_warm(COURSE, ["build"], root)
    assert run.returncode == 0, run.stderr
    return root
