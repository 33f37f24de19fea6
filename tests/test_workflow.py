"""The workflow proves what pyproject.toml promises, by the script that anyone can run."""

import os
import tomllib
from pathlib import Path

import yaml
from packaging.specifiers import SpecifierSet

REPOSITORY = Path(__file__).parents[1]
JOBS = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]


def test_it_calls_the_script_of_ci() -> None:
    assert ".ci/run" in [step.get("run") for step in JOBS["all"]["steps"]]
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)


def test_every_python_that_is_promised_is_tried() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = SpecifierSet(project["requires-python"])
    used = [step["with"]["python-version"] for step in JOBS["all"]["steps"] if "python-version" in step.get("with", {})]
    tried = {*used, *JOBS["pythons"]["strategy"]["matrix"]["python"]}
    assert tried == {f"3.{minor}" for minor in range(30) if f"3.{minor}" in promised}


def test_a_checkout_brings_the_tags_that_name_the_version() -> None:
    for job in JOBS.values():
        checkout = next(step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout"))
        assert checkout["with"]["fetch-depth"] == 0
