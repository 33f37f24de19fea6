"""A plain sentence about a submission, in both languages."""

from dataclasses import dataclass

from autograde.shown import one_line


@dataclass(frozen=True)
class Reason:
    """Why a submission got what it got, in words for its learner and its instructor.

    Attributes:
        code: kebab-case name of the kind, for programs: ``cell-deleted``.
        en, zh: one sentence each; names the cell or file that it is about. Names are the learner's: what no log, no
            terminal and no database takes is replaced, and what is too long is cut.
        cells: grade_ids of the cells that it puts in doubt; empty where that is the whole notebook, or none.
    """

    code: str
    en: str
    zh: str
    cells: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("en", "zh"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def as_json(self) -> dict[str, str]:
        """Code and sentences, as the grading log has them."""
        return {"code": self.code, "en": self.en, "zh": self.zh}
