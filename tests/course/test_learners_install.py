"""Is a learner's install small, and does the course's package come up at once?"""

import json
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
INSTRUCTORS = {"nbgrader", "dask", "distributed", "sqlalchemy", "openbadgeslib", "jupytext", "psycopg"}


def brought_by(requirements: list[str]) -> set[str]:
    """Every distribution that pip installs for ``requirements`` here, by canonical name."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        try:
            more = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another system; nothing can be asked of it
            continue
        for text in more:
            one = Requirement(text)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras):
                one.marker = None
                waiting.append(one)
    return found


def test_it_brings_neither_nbgrader_nor_dask() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = brought_by(project["dependencies"])
    assert {"tensorflow", "jupyterlab", "ipykernel", "h5py"} <= brought  # what is brought by what is brought, too
    assert brought & INSTRUCTORS == set()
    assert "nbgrader" in brought_by(project["optional-dependencies"]["instructor"])


def test_the_package_alone_imports_nothing_heavy() -> None:
    """Half a second is what ``import course`` may take; what takes long is imported where it is used."""
    program = "import sys, json, course; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=REPOSITORY, env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    heavy = {"numpy", "matplotlib", "tensorflow", "keras", "sklearn", "scipy", "ipywidgets", "IPython"}
    assert heavy & set(json.loads(run.stdout)) == set()
