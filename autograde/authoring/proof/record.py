"""The record of a chapter's proof, ``release/proofs/CH.json``: what was shown, and on what it rests. Pure.

It holds no time and no machine, so that the same proof gives the same bytes. Its seal tells an edited record from one that
the gate wrote; whoever computes a seal for an invented table is found when the chapter is proved the next time.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Dependencies = dict[str, dict[str, str]]
"""Step of the proof → what it depends on → digest."""


class Forged(ValueError):
    """A record that is not as the gate wrote it."""


@dataclass(frozen=True)
class Tried:
    """What the tests of an exercise make of one answer.

    Attributes:
        chapter, exercise, name: whose answer it is; ``reference`` is the chapter's own.
        verdict: what it is, ``wrong`` or ``right``.
        refused_by: the first test that refused it; None where all accept it.
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
    """What was proved of a chapter.

    Attributes:
        chapter: its assignment.
        depends: what each step of the proof rests on.
        tried: every answer of the banks and the references, in the order of the files.
    """

    chapter: str
    depends: Dependencies
    tried: tuple[Tried, ...]

    def stale(self, depends: Dependencies) -> dict[str, list[str]]:
        """Step → what has changed since; steps of which nothing has changed are left out."""
        found = {}
        for step, now in depends.items():
            before = self.depends.get(step, {})
            changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
            if changed:
                found[step] = changed
        return found

    def text(self) -> str:
        """The record as it is written, one answer a line."""
        head = {"chapter": self.chapter, "depends": self.depends}
        answers = [_line(one) for one in self.tried]
        lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in answers)
        seal = _seal({**head, "answers": answers})
        return f'{json.dumps(head, indent=1)[:-2]},\n "answers": [\n{lines}\n ],\n "seal": "{seal}"\n}}\n'


def read_record(text: str) -> Record:
    """Read what :meth:`Record.text` wrote.

    Raises:
        Forged: it is not what the gate writes.
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
    if bad := [one.name for one in tried if not one.as_expected]:
        raise Forged(f"says that the tests are wrong about {bad[0]!r}, and a proof would not")
    return record


def difference(recorded: Sequence[Tried], proved: Sequence[Tried]) -> str:
    """Name the first answer about which a record and a proof disagree; empty where they agree."""
    said = {(one.exercise, one.name): one for one in recorded}
    shown = {(one.exercise, one.name): one for one in proved}
    for at in [*shown, *said]:
        if said.get(at) != shown.get(at):
            return "/".join(at)
    return "" if list(said) == list(shown) else "the order of answers"


def _line(one: Tried) -> list[str | bool | None]:
    return [one.exercise, one.name, one.verdict, one.refused_by, one.passes_public]


def _seal(body: Mapping[str, object]) -> str:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"proof of a chapter\n{text}".encode()).hexdigest()
