"""Every package that is imported is declared, and every package that is declared was tested."""

import ast
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = [Requirement(text) for texts in (PROJECT["dependencies"], *EXTRAS.values()) for text in texts]
# what a learner's computer runs without the extra `instructor`
LEARNERS = ("course", "autograde/cli.py", "autograde/lab.py", "autograde/welcome", "autograde/errors.py", "autograde/shown.py",
            "autograde/files.py", "autograde/commands/learn.py", "autograde/commands/doctor.py")  # fmt: skip
ELSEWHERE = {"google", "jax", "torch"}  # Colab's own, and Keras's other backends: asked for only where they are


def pinned() -> dict[str, str]:
    """Distribution -> the version in constraints.txt."""
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    lines_of = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in lines_of}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found - set(sys.stdlib_module_names) - {"autograde", "course"}


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_what_is_declared_has_an_oldest_version_and_was_tested(requirement: Requirement) -> None:
    if requirement.name == PROJECT["name"]:  # an extra that includes another
        assert requirement.extras <= set(EXTRAS)
        return
    operators = {specifier.operator for specifier in requirement.specifier}
    assert operators == {">="}, "no hard pins: constraints.txt holds the tested set"
    assert requirement.specifier.contains(pinned()[canonicalize_name(requirement.name)])


def test_what_learners_import_comes_with_their_install() -> None:
    files = [
        file for place in LEARNERS for file in (sorted((REPOSITORY / place).rglob("*.py")) or [REPOSITORY / place])
    ]
    imported = {package for file in files for package in imported_packages(file)} - ELSEWHERE
    homes = {package: {canonicalize_name(one) for one in packages_distributions()[package]} for package in imported}
    assert {package for package, home in homes.items() if not home & names(PROJECT["dependencies"])} == set()


@pytest.mark.parametrize("planted", ["", "import yaml"], ids=["nothing", "a package that another one brings"])
def test_an_undeclared_import_is_found(planted: str, tmp_path: Path) -> None:
    for package in ("autograde", "course"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "site"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    with (tmp_path / "course" / "data.py").open("a", encoding="utf-8") as module:
        module.write(f"\n\n{planted}\n")
    deptry = [str(Path(sys.executable).with_name("deptry")), "--no-ansi", "autograde", "course"]
    run = subprocess.run(deptry, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == (1 if planted else 0), run.stderr
    assert ("'yaml' imported but it is a transitive dependency" in run.stderr) == bool(planted)
