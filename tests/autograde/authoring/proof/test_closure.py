"""What a proof depends on is found by reading imports, wherever the modules lie."""

from pathlib import Path

import pytest
from mini_course import SQUARE, SQUARE_BANK, write, write_mini_course

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.proof import closure
from autograde.authoring.proof.closure import closure_of
from autograde.authoring.proof.dependencies import RELEASE, SCRIPT, STEPS, TESTS, Surroundings
from autograde.settings.course_folder import CourseFolder

INTERACT = "from course.figures.style import LINE\n# what it draws\ndef explore(figure):\n    return figure\n"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small ``course`` and ``autograde`` in place of the real ones."""
    root = tmp_path / "packages"
    for package in ("course", "course/figures", "autograde", "autograde/kernels"):
        write(root / package / "__init__.py", "")
    write(root / "course/interact.py", INTERACT)
    write(root / "course/figures/style.py", "LINE = 2\n")
    write(root / "course/device.py", "import torch\n")
    write(root / "autograde/gate.py", 'import numpy\nWORKER = ["-m", "autograde.kernels.worker"]\n')
    write(root / "autograde/kernels/worker.py", "from . import fork\nfrom ..errors import CourseError\n")
    write(root / "autograde/kernels/fork.py", "def go():\n    import os, keras\n")
    write(
        root / "autograde/errors.py", '"""autograde.report is not meant here."""\nclass CourseError(Exception): ...\n'
    )
    write(root / "autograde/report.py", "import jinja2\n")
    write(root / "autograde/kernels/spec/kernel.json", "{}")
    monkeypatch.setattr(closure, "_parent", lambda package: root)
    return root


def test_imports_are_followed_also_relative_ones_and_those_that_a_string_names(packages: Path) -> None:
    found = closure_of(["from autograde import gate"])
    assert {path for path in found.files if not path.endswith("__init__.py")} == {
        "autograde/gate.py", "autograde/kernels/worker.py", "autograde/kernels/fork.py", "autograde/errors.py",
    }  # fmt: skip
    assert found.libraries == {"numpy", "keras"}
    assert {"numpy", "keras", "tensorflow"} <= {name.lower() for name in found.versions()}


def test_a_module_that_moves_takes_its_place_in_the_closure_with_it(packages: Path) -> None:
    (packages / "autograde/kernels/fork.py").rename(packages / "autograde/supervisor.py")
    write(packages / "autograde/kernels/worker.py", "from autograde.supervisor import go\n")
    assert "autograde/supervisor.py" in closure_of(["import autograde.gate"]).files


def test_files_that_are_no_modules_count_where_a_module_names_their_folder(packages: Path) -> None:
    assert "autograde/kernels/spec/kernel.json" not in closure_of(["import autograde.kernels.worker"]).files
    write(packages / "autograde/kernels/fork.py", 'FOLDER = "spec"\n')
    assert "autograde/kernels/spec/kernel.json" in closure_of(["import autograde.kernels.worker"]).files


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("return figure\n", "return figure.copy()\n", False),
        ("# what it draws\n", "", True),
        ("return figure\n", "return figure  # as it is\n", True),
        ("LINE\n", "LINE as LINE\n", False),
    ],
)
def test_a_changed_line_counts_and_a_changed_comment_does_not(packages: Path, old: str, new: str, same: bool) -> None:
    before = closure_of(["from course.interact import explore"]).files
    write(packages / "course/interact.py", INTERACT.replace(old, new))
    assert (closure_of(["from course.interact import explore"]).files == before) == same


def depends(root: Path) -> dict[str, dict[str, str]]:
    course = CourseFolder.open(root)
    chapter = parse_chapter((root / "notebooks/ch91_mini.py").read_text(encoding="utf-8"), "notebooks/ch91_mini.py")
    return Surroundings(course, {}).depends(chapter)


@pytest.mark.parametrize(
    ("path", "old", "new", "steps"),
    [
        ("notebooks/ch91_mini.py", "return answer", "return +answer", {SCRIPT, TESTS, RELEASE}),
        ("notebooks/ch91_mini.py", "is 9, see", "is nine, see", {SCRIPT, RELEASE}),
        ("notebooks/helper.py", "1", "2", {SCRIPT, TESTS, RELEASE}),
        ("tests/chapters/ch91/square.py", "2 * x", "3 * x", {TESTS}),
        ("../packages/course/interact.py", "return figure", "return None", {SCRIPT, TESTS, RELEASE}),
        ("../packages/course/figures/style.py", "2", "3", {SCRIPT, TESTS, RELEASE}),
        ("nbgrader_config.py", "c.Execute.timeout = 300", "c.Execute.timeout = 200", {RELEASE}),
        ("course.toml", 'languages = ["en", "zh"]', 'languages = ["zh", "en"]', {RELEASE}),
        ("course.toml", 'version = "1.', 'version = "2.', set()),
    ],
)
def test_each_step_depends_on_what_can_change_its_verdict(
    packages: Path, tmp_path: Path, path: str, old: str, new: str, steps: set[str]
) -> None:
    text = SQUARE.replace("import math", "import math\nimport helper\nfrom course.interact import explore")
    root = write_mini_course(tmp_path / "mini", text, SQUARE_BANK)
    write(root / "notebooks" / "helper.py", "ONE = 1\n")
    before = depends(root)
    content = (root / path).read_text(encoding="utf-8")
    assert old in content
    write(root / path, content.replace(old, new, 1))
    after = depends(root)
    assert {step for step in STEPS if after[step] != before[step]} == steps


def test_the_real_engine_is_reached_from_the_gate() -> None:
    tests = closure_of(["import autograde.authoring.proof.strength"]).files
    assert any(path.endswith("/trial_worker.py") for path in tests)
    assert any(path.endswith("/sabotage.py") for path in tests)
    config = (Path(__file__).parents[4] / "nbgrader_config.py").read_text(encoding="utf-8")
    graded = closure_of(["import autograde.authoring.proof.editions", config]).files
    assert any("examiner" in path for path in graded) and any("wire" in path for path in graded)
