"""The result of checking a credential. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from autograde.shown import one_line

Answer = Literal["valid", "invalid", "unknown"]


class Invalid(Exception):
    """The credential does not hold; the message is one line."""


class CannotCheck(Exception):
    """Something the check needs is missing or unusable.

    The message is one line that says what to do.
    """


@dataclass(frozen=True)
class Verdict:
    """The answer and why.

    Attributes:
        answer: ``valid``; ``invalid``: altered, not (or no longer) valid, or not from a trusted
            issuer; ``unknown``: could not be checked, so neither.
        reasons: one-liners, the weightiest first; none if it is valid.
        facts: what the credential says (``name``, ``level``, … as
            :func:`autograde.certify.credential.claims.facts` has them); empty unless its signature
            holds.
        trust: which issuers the check trusted, and why.
    """

    answer: Answer
    reasons: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    trust: str = ""

    @property
    def exit_code(self) -> int:
        """0 valid, 1 invalid, 2 could not check."""
        return {"valid": 0, "invalid": 1, "unknown": 2}[self.answer]

    @property
    def line(self) -> str:
        """The verdict as one line for a person, with the issuers it trusted."""
        return one_line(self._line + (f" [trusted: {self.trust}]" if self.trust else ""))

    @property
    def _line(self) -> str:
        if self.answer != "valid":
            word = "invalid" if self.answer == "invalid" else "could not check"
            return f"{word}: {'; '.join(self.reasons)}"
        says = self.facts
        exam = f", exam {says['exam']} %" if "exam" in says else ""
        until = f" to {says['valid_until'][:10]}" if "valid_until" in says else ""
        return (
            f"valid: {says['name']}, {says['title']}, level {says['level']}, overall {says['overall']} %{exam}, "
            f"{says['assurance']}, {says['valid_from'][:10]}{until}, issued by {says['issuer']} ({says['did']})"
        )
