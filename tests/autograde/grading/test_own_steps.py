"""A course whose configuration adds grading steps of its own is told so, not graded without them."""

import re
from pathlib import Path

import foreign_course
import pytest
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from autograde.errors import CourseError
from autograde.grading.batch import Grading
from autograde.grading.own_steps import own_steps
from autograde.settings.course_folder import CourseFolder

MINE = """
from nbgrader.preprocessors import ClearOutput
class Mine(ClearOutput):
    pass
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput", Mine]
c.Autograde.post_convert_hook = "their_package.hook"
"""


def test_nbgraders_own_steps_and_the_engines_are_no_courses_own() -> None:
    steps = ["nbgrader.preprocessors.Execute", "nbgrader.preprocessors.execute.Execute", Execute]
    engine = ["autograde.nbgrader_ext.engine.EngineExecute", "autograde.nbgrader_ext.engine.SaveVerdicts"]
    assert own_steps(Config({"Autograde": {"autograde_preprocessors": [*steps, *engine]}})) == []
    assert own_steps(Config()) == []


def test_steps_and_hooks_of_a_courses_own_are_named() -> None:
    config = Config(
        {"Autograde": {"autograde_preprocessors": ["their.Step"]}, "BaseConverter": {"pre_convert_hook": "their.hook"}}
    )
    assert own_steps(config) == ["their.Step", "their.hook"]


def test_such_a_course_gets_one_line_before_anything_runs(tmp_path: Path) -> None:
    root = foreign_course.build(tmp_path)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(MINE)
    with pytest.raises(CourseError, match=re.escape("their_package.hook")) as told:
        Grading(CourseFolder.of(root), "ps1")
    assert "Mine" in str(told.value)
    assert "`nbgrader autograde ps1`" in str(told.value)
