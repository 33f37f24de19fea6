"""What became of a submission. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """What became of a submission, the best first: where its notebooks differ, the last of theirs counts."""

    GRADED = "graded"
    """As it was handed in."""
    REPAIRED = "repaired"
    """After what was damaged had been restored from the release."""
    REVIEW = "review"
    """Not until a person has looked at it."""
    FAILED = "failed"
    """Not at all, for no fault of the learner's."""

    @property
    def is_settled(self) -> bool:
        """Whether its grade stands without a person."""
        return self in (Status.GRADED, Status.REPAIRED)

    @classmethod
    def of_all(cls, statuses: Iterable["Status"]) -> "Status":
        """What several of them make of the whole."""
        return max(statuses, key=list(cls).index, default=cls.GRADED)
