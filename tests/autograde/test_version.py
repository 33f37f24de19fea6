"""Does every grading name the code that graded, and nothing else than that code?"""

import importlib.metadata
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograde.grading import cluster
from autograde.grading.storage.journal import row_of
from autograde.grading.submission import Outcome
from autograde.version import NAME, UNKNOWN, engine_version, version_of


@pytest.mark.parametrize(
    ("described", "digest", "version"),
    [
        ("v1.2.0-0-g0de154e1a", "", "1.2.0"),
        ("v1.2.0-12-g0de154e1a", "", "1.2.1.dev12+g0de154e1a"),
        ("v1.2.9-12-g0de154e1a", "", "1.2.10.dev12+g0de154e1a"),
        ("v1.3.0rc1-2-g0de154e1a", "", "1.3.0rc2.dev2+g0de154e1a"),
        ("v1.2.0-0-g0de154e1a", "1a2b3c4d", "1.2.1.dev0+g0de154e1a.dirty.1a2b3c4d"),
        ("0de154e1a", "", "0.0+g0de154e1a"),
        ("0de154e1a", "1a2b3c4d", "0.0+g0de154e1a.dirty.1a2b3c4d"),
    ],
)
def test_a_commit_has_the_version_that_a_build_would_give_it(described: str, digest: str, version: str) -> None:
    assert version_of(described, digest) == version


def git(root: Path, *arguments: str) -> str:
    identity = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = ["git", "-C", str(root), *arguments]
    run = subprocess.run(command, env={**os.environ, **identity}, capture_output=True, text=True, check=True)
    return run.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "autograde").mkdir(parents=True)
    (root / "autograde" / "engine.py").write_text("points = 1\n", encoding="utf-8")
    (root / "course.toml").write_text("", encoding="utf-8")
    git(tmp_path, "init", "--quiet", str(root))
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "first")
    return root


def now(root: Path) -> str:
    engine_version.cache_clear()
    return engine_version(root)


def test_a_checkout_is_called_by_tag_and_commit(checkout: Path) -> None:
    assert now(checkout) == f"{UNKNOWN}+g{git(checkout, 'rev-parse', '--short=9', 'HEAD')}"
    git(checkout, "tag", "v0.1.0")
    git(checkout, "tag", "unrelated")
    assert now(checkout) == "0.1.0"
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "second")
    assert now(checkout) == f"0.1.1.dev1+g{git(checkout, 'rev-parse', '--short=9', 'HEAD')}"


def test_changed_code_has_a_name_of_its_own_and_the_same_code_the_same(checkout: Path) -> None:
    git(checkout, "tag", "v0.1.0")
    engine = checkout / "autograde" / "engine.py"
    engine.write_text("points = 2\n", encoding="utf-8")
    changed = now(checkout)
    assert changed.startswith("0.1.1.dev0+g")
    assert ".dirty." in changed
    engine.write_text("points = 3\n", encoding="utf-8")
    assert now(checkout) not in (changed, "0.1.0")
    engine.write_text("points = 2\n", encoding="utf-8")
    assert now(checkout) == changed
    engine.write_text("points = 1\n", encoding="utf-8")
    assert now(checkout) == "0.1.0"
    (checkout / "autograde" / "new.py").write_text("", encoding="utf-8")
    assert ".dirty." in now(checkout)


def test_what_an_instructor_edits_beside_the_engine_changes_no_version(checkout: Path) -> None:
    git(checkout, "tag", "v0.1.0")
    (checkout / "course.toml").write_text('title = "mine"\n', encoding="utf-8")
    (checkout / "gradebook").mkdir()
    assert now(checkout) == "0.1.0"


def test_a_shallow_clone_without_tags_names_its_commit(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "tag", "v0.1.0")
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", checkout.as_uri(), "clone")
    assert now(tmp_path / "clone") == f"{UNKNOWN}+g{git(checkout, 'rev-parse', '--short=9', 'HEAD')}"


def test_a_hook_of_another_repository_asks_for_this_one(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(checkout, "tag", "v0.1.0")
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert now(checkout) == "0.1.0"


def test_without_git_it_is_the_version_that_was_installed(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert now(tmp_path) == importlib.metadata.version(NAME)  # no checkout
    monkeypatch.setenv("PATH", str(tmp_path))
    assert now(checkout) == importlib.metadata.version(NAME)  # no git


def test_the_name_of_the_distribution_is_that_of_the_project() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nname = "{NAME}"\n' in text


def test_a_row_names_the_engine_of_the_machine_that_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    graded = Outcome("ann", "ch01", "graded")
    assignment: Any = SimpleNamespace(hashes={}, isolation="examiner", notebooks={})
    assert row_of(graded, assignment)["engine"] == f"{NAME} {engine_version()}"
    with monkeypatch.context() as worker:
        worker.setattr(cluster, "grade", lambda submission, assignment: graded)
        worker.setattr(cluster, "engine_version", lambda: "0.0.9")
        outcome = cluster.grade_here(None, assignment)  # type: ignore[arg-type]
    assert row_of(outcome, assignment)["engine"] == f"{NAME} 0.0.9"
