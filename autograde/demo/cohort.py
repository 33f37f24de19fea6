"""The scripted learners and what each of them hands in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.settings.toml_tables import Table, read_tables
from autograde.authoring.bank import Bank
from autograde.authoring.chapter import Chapter, Exercise
from autograde.authoring.regions import BEGIN_SOLUTION, END_SOLUTION
from autograde.errors import CourseError

Answer = str | Mapping[str, str]
WAYS = ("exchange", "late", "again", "zip")


@dataclass(frozen=True)
class Learner:
    """One scripted learner; see ``tests/cohort/cohort.toml`` for what the fields mean."""

    id: str
    name: str
    about: str
    expect: str
    answers: Mapping[str, Answer]
    lang: str = "en"
    way: str = "exchange"
    first: Answer = "blank"


def read_cohort(path: Path) -> list[Learner]:
    """Read the learners from a TOML file.

    Raises:
        CourseError: the file is missing or malformed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot read the cohort ({error!r})") from error
    return [_learner(table) for table in read_tables(text, str(path)).tables("learner")]


def answered(released: str, chapter: Chapter, banks: Mapping[str, Bank], answer: Answer) -> str:
    """Return a released notebook (JSON text) with a learner's answers in its solution cells."""
    notebook = json.loads(released)
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for exercise in chapter.exercises:
        choice = answer if isinstance(answer, str) else answer.get(exercise.id, answer.get("rest", "blank"))
        text = _solution(exercise, banks.get(exercise.id), choice)
        if text is not None:
            cells[exercise.id]["source"] = text.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def as_colab_saves(text: str) -> str:
    """Return a notebook as Colab saves it: format 4.0, cell ids in metadata, Colab's own settings."""
    notebook = json.loads(text)
    notebook |= {"nbformat": 4, "nbformat_minor": 0}
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    for cell in notebook["cells"]:
        cell["metadata"]["id"] = cell.pop("id")
        if cell["cell_type"] == "code":
            cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/"}
    return json.dumps(notebook, ensure_ascii=False)


def _learner(table: Table) -> Learner:
    values: dict[str, Any] = dict(table.values)
    fields = {key: values.pop(key) for key in ("id", "name", "about", "expect", "lang", "way", "first") if key in values}
    for key in ("id", "name", "about", "expect"):
        if not isinstance(fields.get(key), str):
            raise table.error(f'a learner of the cohort needs {key} = "…"', key)
    if fields.get("way", "exchange") not in WAYS:
        raise table.error(f"way must be one of {', '.join(WAYS)}, not {fields['way']!r}", "way")
    return Learner(answers=values, **fields)


def _solution(exercise: Exercise, bank: Bank | None, choice: str) -> str | None:
    if choice == "blank":
        return None
    if choice == "solved":
        lines = exercise.solution.source.split("\n")
        return "\n".join(line for line in lines if BEGIN_SOLUTION not in line and END_SOLUTION not in line)
    for variant in bank.variants if bank else ():
        if choice in (variant.name, variant.verdict):
            return f"{bank.preamble}\n\n{variant.source}" if bank and bank.preamble else variant.source
    raise CourseError(f"tests/cohort: no answer {choice!r} to {exercise.id!r} in its bank")
