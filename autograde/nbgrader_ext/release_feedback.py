"""``nbgrader release_feedback`` for a class in which some work was collected from zip files."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases feedback to all who handed in through the exchange, and lists the others.

    The exchange finds a learner's feedback by a secret that ``nbgrader submit`` makes. Work
    collected from a zip has none; stock nbgrader 0.9.6 ends there with a traceback, and the instructor who
    comes next gets nothing.
    """

    def copy_files(self) -> None:
        """Copy the feedback of everyone who can fetch it into the exchange."""
        folders = [Path(folder) for folder in Path("/").glob(str(self.src_path).lstrip("/")) if Path(folder).is_dir()]
        needed = ("timestamp.txt", "submission_secret.txt")
        outside = {folder.parent.name for folder in folders if not all(_is_text(folder / name) for name in needed)}
        for learner in sorted(outside):
            self.log.warning("%s did not hand in through the exchange; send this feedback another way", learner)
        given = [name for name in self.coursedir.student_id_exclude.split(",") if name]
        self.coursedir.student_id_exclude = ",".join([*given, *sorted(outside)])
        super().copy_files()


def _is_text(path: Path) -> bool:
    try:
        path.read_text()
    except (OSError, UnicodeDecodeError):
        return False
    return True
