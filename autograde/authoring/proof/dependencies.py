"""What each step of a chapter's proof depends on, as digests.

The version of Python is left out, so a record is valid for all supported versions; the versions of
libraries count, since verdicts depend on them.
"""

import ast
import json
from pathlib import Path

from autograde.authoring.chapter import Chapter
from autograde.authoring.proof.closure import Closure, closure_of, digest
from autograde.authoring.proof.editions import editions
from autograde.authoring.proof.record import Dependencies
from autograde.authoring.proof.script import run_within
from autograde.authoring.proof.strength import bank_folder, strength
from autograde.authoring.release import TEXTS, build
from autograde.authoring.source import source_notebook
from autograde.settings.course_folder import CourseFolder

SCRIPT, TESTS, RELEASE = STEPS = ("script", "tests", "release")
"""Run the chapter as a script; try its tests on the bank; grade its release, blank and solved."""

_ENGINE = {SCRIPT: (run_within,), TESTS: (strength,), RELEASE: (build, source_notebook, editions)}
_OTHERS = {"GenerateFeedback", "ExportApp", "ZipCollectApp", "Exchange", "ExchangeFactory", "Application"}
"""nbgrader classes that neither build nor grade a release, so that their settings cannot change a verdict."""


class Surroundings:
    """The dependencies shared by the proofs of all chapters of a course, read once."""

    def __init__(self, course: CourseFolder, budgets: dict[str, float]) -> None:
        self._course, self._budgets = course, budgets
        config = course.root / "nbgrader_config.py"
        settings = config.read_text(encoding="utf-8", errors="replace") if config.is_file() else ""
        sources = {step: [f"import {function.__module__}" for function in does] for step, does in _ENGINE.items()}
        sources[RELEASE].append(_for_grading(settings))
        self._engine = {step: closure_of(texts) for step, texts in sources.items()}
        self._settings = digest(json.dumps([settings, course.languages, course.top.values.get("grading")], default=str))

    def depends(self, chapter: Chapter) -> Dependencies:
        """Return what each step of a chapter's proof depends on."""
        root = self._course.root
        text = (root / chapter.file).read_text(encoding="utf-8-sig")
        folder = bank_folder(root, chapter.name)
        banks = {path.name: path.read_text(encoding="utf-8-sig", errors="replace") for path in _files(folder)}
        tried = [cell for cell in chapter.cells if cell.role not in ("prose", "free")]
        release = {
            path.relative_to(root).as_posix(): digest(path.read_bytes())
            for lang in self._course.languages
            for path in _files(root / "release" / lang / chapter.name)
        }
        texts = root / TEXTS / f"{chapter.name}.json"
        if texts.is_file():
            release[texts.relative_to(root).as_posix()] = digest(texts.read_bytes())
        return {
            SCRIPT: {
                "chapter": digest(text),
                "budget": str(self._budgets.get(chapter.name)),
                **self._code(SCRIPT, [text]),
            },
            TESTS: {
                "chapter": digest(json.dumps([(cell.id, cell.role, cell.source) for cell in tried])),
                "bank": digest(json.dumps(banks, sort_keys=True)),
                **self._code(TESTS, [*(cell.source for cell in tried), *banks.values()]),
            },
            RELEASE: {
                "chapter": digest(text),
                "release": digest(json.dumps(release, sort_keys=True)),
                "settings": self._settings,
                **self._code(RELEASE, [text]),
            },
        }

    def _code(self, step: str, sources: list[str]) -> dict[str, str]:
        engine, used = self._engine[step], closure_of(sources, self._course.root / "notebooks")
        both = Closure({**engine.files, **used.files}, engine.libraries | used.libraries)
        own = __name__.split(".")[0]
        return {
            # a chapter's own texts count as its release, those of others not at all
            "course": _digest({path: of for path, of in both.others(own).items() if Path(path).parent != TEXTS}),
            "engine": _digest(both.of(own)),
            "libraries": _digest(both.versions()),
        }


def _digest(table: dict[str, str]) -> str:
    return digest(json.dumps(table, sort_keys=True))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _for_grading(config: str) -> str:
    """nbgrader_config.py without the settings of other programs."""
    try:
        tree = ast.parse(config)
    except SyntaxError:  # reported when the release is built
        return ""
    tree.body = [node for node in tree.body if not (isinstance(node, ast.Assign) and _of_others(node.targets[0]))]
    return ast.unparse(tree)


def _of_others(target: ast.expr) -> bool:
    match target:
        case ast.Attribute(value=ast.Attribute(value=ast.Name("c"), attr=name)):
            return name in _OTHERS
    return False
