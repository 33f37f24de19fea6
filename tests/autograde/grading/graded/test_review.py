"""Five exercises, of which one loops, one kills its process and one stops it; and a test that only a person can judge."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from exercises import RIGHT, notebook
from languages import is_chinese, is_english
from mini_course import COMMAND, write_course
from nbgrader.api import Gradebook

from autograde.grading.graded.review import review_of
from autograde.grading.reasons.reason import Reason

EXERCISE = '''\
# %% solution="f{n}"
def f{n}(x):
    """Return x + {n}."""
    ### BEGIN SOLUTION
    return x + {n}
    ### END SOLUTION
# %% test="check-f{n}" points=2
{test}
'''
TESTS = [f'assert f{n}(2) == {n} + 2, "look at `f{n}`"' for n in range(1, 5)] + ["f5(2) - 5"]
CHAPTER = '"""Five exercises."""\n# %% [markdown] lang="en"\n# # Five\n# %% [markdown] lang="zh"\n# # 五\n# %% setup\nimport math\n' + (
    "".join(EXERCISE.format(n=n, test=test) for n, test in enumerate(TESTS, 1))
)  # fmt: skip
BODIES = {
    "honest": ["return x + 1", "return x + 2", "return x + 3", "return x + 4", "return x + 5"],
    "mixed": [
        "return x + 1", "while True: x += 1", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "return x + 5",
    ],
    "doubtful": ["return x + 1", "return x + 2", "return x", "return x + 4", "return 1000"],
}  # fmt: skip
POINTS = {"honest": [2, 2, 2, 2, 2], "mixed": [2, 0, 0, 0, 2]}


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Path:
    root = write_course(tmp_path_factory.mktemp("five") / "course", ch91=CHAPTER)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.Execute.timeout = 3\nc.WarmExecute.test_timeout = 6\n")
    subprocess.run([*COMMAND, "build"], cwd=root, capture_output=True, timeout=120, check=True)
    for student, bodies in BODIES.items():
        folder = root / "gradebook" / "submitted" / student / "ch91"
        folder.mkdir(parents=True)
        nb = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if re.fullmatch(r"f\d", name):
                cell.source = f"def {name}(x):\n    {bodies[int(name[1]) - 1]}"
        nbformat.write(nb, folder / "ch91.ipynb")
    return root


@pytest.fixture(scope="module", params=["examiner", "shared"])
def graded(five: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    root = shutil.copytree(five, tmp_path_factory.mktemp("graded") / "course")
    words = ["grade", "ch91", "--isolation", request.param, "--jobs", "1", "--json", "out.json"]
    run = subprocess.run([*COMMAND, *words], cwd=root, capture_output=True, text=True, timeout=200, check=False)
    assert run.returncode == 1, run.stderr  # one needs a person
    return root


def row(root: Path, student: str) -> dict[str, Any]:
    return next(one for one in json.loads((root / "out.json").read_text()) if one["student"] == student)


@pytest.mark.parametrize("student", POINTS)
def test_each_exercise_costs_itself_alone(graded: Path, student: str) -> None:
    (cells,) = [one["cells"] for one in row(graded, student)["notebooks"]]
    assert [cell["score"] for cell in cells] == POINTS[student]
    assert row(graded, student)["status"] == "graded"


def test_each_loss_has_its_reason_in_the_log_in_both_languages(graded: Path) -> None:
    assert row(graded, "honest")["reasons"] == []
    reasons = row(graded, "mixed")["reasons"]
    for name in ("f2", "f3", "f4"):
        assert [one for one in reasons if name in one["en"] and name in one["zh"]]
    assert all(is_english(one["en"]) and is_chinese(one["zh"]) for one in reasons), reasons


def test_each_loss_has_its_reason_in_the_feedback_in_both_languages(graded: Path) -> None:
    for language, words in (("en", ("The process that ran your cells ended", "too long")), ("zh", ("进程", "超时"))):
        run = subprocess.run(
            [*COMMAND, "feedback", "ch91", "--lang", language, "--force"],
            cwd=graded, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        (page,) = (graded / "gradebook" / "feedback" / "mixed").rglob("*.html")
        text = re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))
        for word in (*words, "f3", "f4"):
            assert word in text


def test_only_the_cell_in_doubt_waits_for_a_person_and_the_formgrader_says_why(graded: Path) -> None:
    assert row(graded, "doubtful")["status"] == "review"
    with Gradebook(f"sqlite:///{graded / 'gradebook' / 'gradebook.db'}") as gradebook:
        entry = gradebook.find_submission_notebook("ch91", "ch91", "doubtful")
        assert {grade.name for grade in entry.grades if grade.needs_manual_grade} == {"check-f5"}
        comments = {one.name: one.comment or "" for one in entry.comments}
        assert "check-f5 did not work as meant" in comments["f5"]
        assert "检查 check-f5 本身有问题" in comments["f5"]
        assert not any(text for name, text in comments.items() if name != "f5")
        assert "995" not in comments["f5"]  # what the hidden test computed


def test_an_answer_in_doubt_puts_its_own_tests_in_doubt() -> None:
    nb = notebook([RIGHT] * 3)
    found = review_of(nb, [Reason("answers-differ", "`f2` differs", "`f2` 不同", ("f2",))])
    assert found.cells == {"t2"}
    assert list(found.comments) == ["f2"]
    assert found.asks_for("t2") and not found.asks_for("t1")


def test_what_names_no_cell_is_about_the_whole_notebook() -> None:
    nb = notebook([RIGHT] * 3)
    found = review_of(nb, [Reason("answers-differ", "a", "b", ("f2",)), Reason("merge-conflict", "c", "d")])
    assert found.cells is None and found.asks_for("t1")
    assert list(found.comments) == ["f2", "f1"]
    assert review_of(nb, [Reason("cell-unknown", "a", "b", ("elsewhere",))]).cells is None
    assert review_of(nb, []).cells == frozenset()
