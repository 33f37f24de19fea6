"""The record of a chapter's proof, ``release/proofs/CH.json``: its verdicts and dependencies. Pure.

It names no time or machine, so the same proof gives the same bytes. The seal reveals records edited
by hand; an invented table with a valid seal is found when the chapter is next proved.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograde.exact import sha256

Dependencies = dict[str, dict[str, str]]
"""Step of the proof → what it depends on → digest."""


class Forged(ValueError):
    """A record that the gate did not write."""


@dataclass(frozen=True)
class Tried:
    """The tests' verdict on one answer.

    Attributes:
        chapter, exercise, name: the answer; ``reference`` is the chapter's own.
        verdict: the expected verdict, ``wrong`` or ``right``.
        refused_by: the first test that refused it; None if all accept it.
        passes_public: whether the public parts of the tests alone accept it.
    """

    chapter: str
    exercise: str
    name: str
    verdict: str
    refused_by: str | None
    passes_public: bool

    @property
    def as_expected(self) -> bool:
        """Whether a wrong answer was refused, or a right one accepted."""
        return (self.refused_by is not None) == (self.verdict == "wrong")


@dataclass(frozen=True)
class Record:
    """The proof of a chapter.

    Attributes:
        chapter: its assignment.
        depends: the dependencies of each step.
        tried: every answer of the banks and the references, in file order.
    """

    chapter: str
    depends: Dependencies
    tried: tuple[Tried, ...]

    def stale(self, depends: Dependencies) -> dict[str, list[str]]:
        """Step → changed dependencies; unchanged steps are left out."""
        stale = {}
        for step, now in depends.items():
            before = self.depends.get(step, {})
            changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
            if changed:
                stale[step] = changed
        return stale

    def text(self) -> str:
        """The text of the record, one answer per line."""
        head = {"chapter": self.chapter, "depends": self.depends}
        answers = [_line(answer) for answer in self.tried]
        lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in answers)
        seal = _seal({**head, "answers": answers})
        return f'{json.dumps(head, indent=1)[:-2]},\n "answers": [\n{lines}\n ],\n "seal": "{seal}"\n}}\n'


def read_record(text: str) -> Record:
    """Read what :meth:`Record.text` wrote.

    Raises:
        Forged: the gate did not write it.
    """
    try:
        data = json.loads(text)
        tried = [Tried(data["chapter"], *line) for line in data["answers"]]
        record = Record(str(data["chapter"]), dict(data["depends"]), tuple(tried))
        same = record.text() == text
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Forged("cannot be read as a record") from None
    if not same:
        raise Forged("was edited by hand")
    if bad := [answer.name for answer in tried if not answer.as_expected]:
        raise Forged(f"has a wrong verdict on {bad[0]!r}, which a proof would not record")
    return record


def difference(recorded: Sequence[Tried], proved: Sequence[Tried]) -> str:
    """Name the first answer on which a record and a proof disagree; empty if they agree."""
    before = {(answer.exercise, answer.name): answer for answer in recorded}
    now = {(answer.exercise, answer.name): answer for answer in proved}
    for key in [*now, *before]:
        if before.get(key) != now.get(key):
            return "/".join(key)
    return "" if list(before) == list(now) else "the order of answers"


def _line(answer: Tried) -> list[str | bool | None]:
    return [answer.exercise, answer.name, answer.verdict, answer.refused_by, answer.passes_public]


def _seal(body: Mapping[str, object]) -> str:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(f"proof of a chapter\n{text}".encode())
