"""The actions of the scripted learners, each in a home of their own: fetch, work, hand in, fetch feedback."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from autograde.authoring.bank import Bank
from autograde.authoring.chapter import Chapter
from autograde.settings.course_folder import CourseFolder
from autograde.demo.cohort import Answer, Learner, answered, as_colab_saves
from autograde.errors import CourseError
from autograde.nbgrader_ext.commands import Nbgrader


@dataclass
class Classroom:
    """The learners, their chapters, and the course directory.

    Attributes:
        root: the course directory.
        banks: chapter → exercise → bank of answers.
    """

    root: Path
    learners: list[Learner]
    chapters: list[Chapter] = field(default_factory=list)
    banks: dict[str, dict[str, Bank]] = field(default_factory=dict)

    def handed_in(self, learner: Learner) -> list[tuple[Chapter, Answer]]:
        """The chapters that a learner hands in, with the answers."""
        return [
            (chapter, learner.answers[chapter.name]) for chapter in self.chapters if chapter.name in learner.answers
        ]

    def enrol(self, learner: Learner) -> None:
        """Make a learner's home, with the settings that an instructor gives: the exchange and the course."""
        home = self._home(learner)
        home.mkdir(parents=True)
        course = CourseFolder.open(self.root)
        (home / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            f"c.Exchange.root = {str(self.root / 'exchange')!r}\n"
            f"c.Exchange.cache = {str(home / '.cache')!r}\n"
            f"c.CourseDirectory.course_id = {course.exchange_id(learner.lang)!r}\n"
            f"c.CourseDirectory.student_id = {learner.id!r}\n",
            encoding="utf-8",
        )

    def work_on_time(self, nbgrader: Nbgrader) -> None:
        """All learners fetch through the exchange; those on time hand in."""
        for learner in self.learners:
            self.enrol(learner)
            for chapter, answer in self.handed_in(learner):
                if learner.way != "zip":
                    nbgrader("fetch_assignment", chapter.name, folder=self._home(learner))
                if learner.way == "again":
                    self._submit(nbgrader, learner, chapter, learner.first)
                elif learner.way == "exchange":
                    self._submit(nbgrader, learner, chapter, answer)

    def work_late(self, nbgrader: Nbgrader) -> None:
        """The others hand in: late, again, or as a file for the instructor's download folder."""
        for learner in self.learners:
            for chapter, answer in self.handed_in(learner):
                if learner.way in ("late", "again"):
                    self._submit(nbgrader, learner, chapter, answer)
                elif learner.way == "zip":
                    self._zip(learner, chapter, answer)

    def fetch_feedback(self, nbgrader: Nbgrader) -> None:
        """The learners who handed in through the exchange fetch their feedback there."""
        for learner in self.learners:
            for chapter, _ in self.handed_in(learner):
                if learner.way != "zip":
                    nbgrader("fetch_feedback", chapter.name, folder=self._home(learner))

    def _home(self, learner: Learner) -> Path:
        return self.root / "learners" / learner.id

    def _answered(self, learner: Learner, chapter: Chapter, answer: Answer) -> str:
        released = self.root / "release" / learner.lang / chapter.name / f"{chapter.name}.ipynb"
        return answered(released.read_text(encoding="utf-8"), chapter, self.banks[chapter.name], answer)

    def _submit(self, nbgrader: Nbgrader, learner: Learner, chapter: Chapter, answer: Answer) -> None:
        fetched = self._home(learner) / chapter.name / f"{chapter.name}.ipynb"
        text = self._answered(learner, chapter, answer)
        if not fetched.is_file():
            raise CourseError(f"{learner.id} fetched no {fetched.name}")
        fetched.write_text(text, encoding="utf-8")
        nbgrader("submit", chapter.name, folder=self._home(learner))

    def _zip(self, learner: Learner, chapter: Chapter, answer: Answer) -> None:
        """Put the learner's Colab notebook where an instructor puts downloads from the LMS."""
        notebook = as_colab_saves(self._answered(learner, chapter, answer))
        folder = self.root / "gradebook" / "downloaded" / chapter.name / "archive"
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(folder / "submissions.zip", "a") as archive:
            archive.writestr(f"{learner.id}_{chapter.name} (1).ipynb", json.dumps(json.loads(notebook)))
