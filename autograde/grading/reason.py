"""A plain sentence about a submission, in both languages."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Reason:
    """Why a submission got what it got, in words for its learner and its instructor.

    Attributes:
        code: kebab-case name of the kind, for programs: ``cell-deleted``.
        en, zh: one sentence each; names the cell or file that it is about.
    """

    code: str
    en: str
    zh: str

    def as_json(self) -> dict[str, str]:
        """The three fields, as the grading log has them."""
        return asdict(self)
