"""The rules of docs/architecture.md, held against the code."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
# folders, without those below them, and single modules
KNOW_NBGRADER = {
    "autograde.nbgrader_ext", "autograde.feedback", "autograde.grading", "autograde.grading.storage",
    "autograde.grading.intake", "autograde.grading.kernels.execute", "autograde.authoring.release",
    "autograde.authoring.stock", "autograde.certify.decide.snapshot", "autograde.certify.decide.snapshot_records",
    "autograde.home.steps",
}  # fmt: skip
CORE = {"authoring.chapter", "authoring.source", "authoring.bank", "authoring.gate.parity", "authoring.gate.leaks",
        "settings.policy", "certify.decide.decision", "certify.decide.sheet", "certify.decide.tally", "certify.decide.attempts", "certify.decide.history",
        "certify.decide.reasons", "exact", "certify.decide.grades", "grading.plan.roles", "report.gather", "report.items"}  # fmt: skip
TOUCHING = {"os", "io", "time", "socket", "subprocess", "shutil", "tempfile", "random", "secrets", "sqlite3"}
TOUCHES = {"now", "today", "utcnow", "uuid1", "uuid4", "urlopen", "default_rng", "open", "glob", "rglob", "iterdir",
           "read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file", "is_dir", "stat"}  # fmt: skip


def modules(package: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((REPOSITORY / package).rglob("*.py")):
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def tops(tree: ast.Module) -> set[str]:
    return {name.split(".")[0] for name in imported(tree)}


def test_the_two_packages_never_import_each_other() -> None:
    for name, tree in modules("course"):
        assert "autograde" not in tops(tree), name
    for name, tree in modules("autograde"):
        assert "course" not in tops(tree), name


def test_only_some_modules_know_nbgrader() -> None:
    knowing = {name for name, tree in modules("autograde") if "nbgrader" in tops(tree)}
    assert {name if name in KNOW_NBGRADER else name.rpartition(".")[0] for name in knowing} == KNOW_NBGRADER


def says_that_it_is_pure(tree: ast.Module) -> bool:
    return "Pure" in (ast.get_docstring(tree) or "").split("\n\n")[0]


PURE = {name.removeprefix("autograde."): tree for name, tree in modules("autograde") if says_that_it_is_pure(tree)}


def test_what_decides_says_that_it_is_pure() -> None:
    assert set(PURE) >= CORE


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_module_that_says_it_is_pure_touches_nothing(module: str) -> None:
    tree = PURE[module]
    assert tops(tree) & TOUCHING == set()
    assert "urllib.request" not in imported(tree)
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {func.id for func in called if isinstance(func, ast.Name)}
    names |= {func.attr for func in called if isinstance(func, ast.Attribute)}
    assert names & TOUCHES == set()


def test_there_is_no_grab_bag() -> None:
    assert [path.name for path in REPOSITORY.glob("[ac]*/**/util*.py")] == []


def test_importing_course_loads_nothing_heavy() -> None:
    code = (
        "import sys, course; print(*(m for m in ('tensorflow', 'keras', 'sklearn', 'ipywidgets') if m in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
