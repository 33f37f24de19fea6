"""Does the whole cycle run, with real nbgrader, and does it say so when it does not?"""

import csv
import io
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import mini_course
import pytest
from mini_course import Course
from rich.console import Console

from autograde.settings.course_folder import CourseFolder
from autograde.demo.cohort import as_colab_saves, read_cohort
from autograde.demo.cycle import Demo, run_demo
from autograde.demo.folder import ELSEWHERE, MARK, apart, without_places
from autograde.demo.proof import FORMS, prove
from autograde.demo.summary import show
from autograde.errors import CourseError

pytestmark = pytest.mark.long(9)

COHORT = """
[[learner]]
id = "ada"
name = "Ada Byron"
about = "all right"
expect = "distinction"
ch91 = "solved"

[[learner]]
id = "chen"
name = "陈晓明"
lang = "zh"
about = "works in Chinese"
expect = "distinction"
ch91 = "power"

[[learner]]
id = "emil"
name = "Emil Novák"
about = "a misconception"
expect = "none"
ch91 = "wrong"

[[learner]]
id = "goro"
name = "Goro Tanaka"
about = "late"
expect = "distinction"
way = "late"
ch91 = "solved"

[[learner]]
id = "ivan"
name = "Ivan Petrov"
about = "again"
expect = "distinction"
way = "again"
ch91 = { rest = "solved" }

[[learner]]
id = "julia"
name = "Júlia Ferreira"
about = "zip"
expect = "distinction"
way = "zip"
ch91 = "right"

[[learner]]
id = "kofi"
name = "Kofi Mensah"
about = "nothing handed in"
expect = "none"
"""

REAL = 'db_url = "postgresql+psycopg://real@db.example.org/grades"\n'
ISSUER = '\n[issuer]\nname = "The real one"\nurl = "https://real.example.org/ai"\nkey = "real-keys"\n'
PASSED = {"ada", "chen", "goro", "ivan", "julia"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run of the cycle on a course of one chapter, over what an earlier run left."""
    root = mini_course.write_mini_course(tmp_path_factory.mktemp("course"))
    mini_course.write(root / "tests" / "cohort" / "cohort.toml", COHORT)
    mini_course.write(root / "demo" / MARK, "")
    mini_course.write(root / "demo" / "gradebook" / "submitted" / "ghost" / "ch91" / "ch91.ipynb", "{}")
    (root / "course.toml").write_text(REAL + (root / "course.toml").read_text() + ISSUER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as real:
        for name in ELSEWHERE:
            real.setenv(name, str(root / "real"))  # nothing of the demo may end up there
        return run_demo(CourseFolder.open(root), root / "demo")


def scores(demo: Demo) -> dict[str, tuple[float, float]]:
    with (demo.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["student_id"]: (float(row["raw_score"]), float(row["late_submission_penalty"])) for row in rows}


def test_every_learner_gets_the_score_of_their_answers(demo: Demo) -> None:
    graded = {learner: raw for learner, (raw, _) in scores(demo).items()}
    assert graded == {"ada": 2, "chen": 2, "emil": 0, "goro": 2, "ivan": 2, "julia": 2, "kofi": 0}


def test_work_after_the_deadline_costs_one_started_day(demo: Demo) -> None:
    penalties = {learner: penalty for learner, (_, penalty) in scores(demo).items() if penalty}
    assert penalties == {"goro": pytest.approx(0.1), "ivan": pytest.approx(0.1)}


def test_decisions_and_feedback_are_there_for_everyone_who_handed_in(demo: Demo) -> None:
    records = {
        path.stem: json.loads(path.read_bytes()) for path in (demo.root / "certificates/decisions").glob("*.json")
    }
    assert {learner: record["level"] for learner, record in records.items()} == {
        "ada": "distinction",
        "chen": "distinction",
        "emil": None,
        "goro": "distinction",
        "ivan": "distinction",
        "julia": "distinction",
        "kofi": None,
    }
    feedback = {path.parts[-3] for path in (demo.root / "gradebook/feedback").glob("*/ch91/ch91.html")}
    assert feedback == {"ada", "chen", "emil", "goro", "ivan", "julia"}


def test_certificates_go_to_those_who_pass_and_to_no_one_else(demo: Demo) -> None:
    learners = demo.root / "certificates" / "learners"
    assert {folder.name for folder in learners.iterdir()} == PASSED
    for learner in PASSED:
        assert {path.name for path in (learners / learner).iterdir()} == {*FORMS, "index.html"}


def test_every_form_of_every_certificate_verifies(demo: Demo) -> None:
    learners = demo.root / "certificates" / "learners"
    assert {Path(file) for file in demo.verdicts} == {learners / one / form for one in PASSED for form in FORMS}
    assert all(verdict.startswith("valid: ") for verdict in demo.verdicts.values())
    assert "陈晓明" in demo.verdicts[str(learners / "chen" / "certificate.pdf")]


def test_the_command_that_the_demo_ends_with_says_what_it_says(demo: Demo, course: Course) -> None:
    console = Console(file=io.StringIO(), width=200)
    show(demo, console)
    command, verdict = [line.strip() for line in console.file.getvalue().splitlines() if line.strip()][-2:]  # type: ignore[attr-defined]
    file = command.split()[-1]
    assert command.endswith(f"&& course verify {file}")
    run = course("verify", file, cwd=demo.root)
    assert run.returncode == 0
    assert run.stdout.strip().partition(" [trusted: ")[0] == verdict


def test_every_place_that_the_demo_ends_with_exists(demo: Demo) -> None:
    console = Console(file=io.StringIO(), width=200)
    show(demo, console)
    said = console.file.getvalue().split("The results, in")[1].split("Anybody can check")[0]  # type: ignore[attr-defined]
    places = [
        place for line in said.splitlines()[1:] if line.strip() for place in line.strip().split("  ")[0].split(", ")
    ]
    assert len(places) > 8
    assert [place for place in places if not (demo.root / place).exists()] == []


def test_the_demo_keeps_away_from_the_real_gradebook_keys_and_address(demo: Demo) -> None:
    real = demo.root.parent
    assert not (real / "real").exists()
    assert not (real / "real-keys").exists()
    assert (demo.root / "gradebook" / "issuer" / "keys.json").is_file()
    assert "real" not in (demo.root / "certificates" / "did.json").read_text(encoding="utf-8")
    assert (demo.root / "gradebook" / "gradebook.db").is_file()


def test_the_environment_is_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_KEYS", "keys")
    monkeypatch.delenv("COURSE_LANG", raising=False)
    with apart():
        assert "COURSE_KEYS" not in os.environ
    assert os.environ["COURSE_KEYS"] == "keys"
    assert "COURSE_LANG" not in os.environ


def test_settings_that_cannot_be_left_out_stop_the_demo() -> None:
    assert without_places(REAL + "id = 'x'\n" + ISSUER + "[policy]\n") == "id = 'x'\n\n[policy]\n"
    with pytest.raises(CourseError, match="the demo works without issuer"):
        without_places('issuer = { url = "https://real.example.org" }\n')


def test_a_certificate_too_many_or_too_few_fails_the_demo(demo: Demo, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    copy = shutil.copytree(demo.root / "certificates", tmp_path / "certificates")
    shutil.copytree(copy / "learners" / "ada", copy / "learners" / "emil")
    with pytest.raises(CourseError, match="check emil"):
        prove(copy, demo.decisions, now)
    shutil.rmtree(copy / "learners" / "emil")
    shutil.rmtree(copy / "learners" / "ivan")
    with pytest.raises(CourseError, match="check ivan"):
        prove(copy, demo.decisions, now)


def test_a_form_that_does_not_verify_fails_the_demo(demo: Demo, tmp_path: Path) -> None:
    copy = shutil.copytree(demo.root / "certificates", tmp_path / "certificates")
    for folder in (copy / "learners").iterdir():
        if folder.name != "ada":
            shutil.rmtree(folder)
    file = copy / "learners" / "ada" / "credential.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Ada Byron", "Eve Byron"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"credential\.json: invalid"):
        prove(copy, [decision for decision in demo.decisions if decision.learner == "ada"], datetime.now(UTC))


def test_the_report_is_there_in_both_languages(demo: Demo) -> None:
    for lang in ("en", "zh"):
        assert f'lang="{lang}' in (demo.root / f"report.{lang}.html").read_text(encoding="utf-8")


def test_learners_fetch_their_feedback_from_the_exchange(demo: Demo) -> None:
    fetched = {path.parts[-5] for path in (demo.root / "learners").glob("*/ch91/feedback/*/ch91.html")}
    assert fetched == {"ada", "chen", "emil", "goro", "ivan"}


def test_nbgrader_warned_of_nothing_unexpected(demo: Demo) -> None:
    log = [line for path in demo.root.glob("nbgrader*.log") for line in path.read_text(encoding="utf-8").splitlines()]
    warnings = [line for line in log if "WARN" in line or "ERROR" in line]
    assert warnings
    # ivan handed in twice, and the first attempt has no feedback of its own
    meant = (" late", "late submission penalty", "julia did not hand in through the exchange", "not find feedback")
    assert [line for line in warnings if not any(words in line.lower() for words in meant)] == []


def test_a_learner_worked_in_chinese(demo: Demo) -> None:
    submitted = json.loads((demo.root / "gradebook/submitted/chen/ch91/ch91.ipynb").read_bytes())
    assert "平方" in "".join(submitted["cells"][0]["source"])


def test_a_run_starts_clean(demo: Demo) -> None:
    assert not (demo.root / "gradebook" / "submitted" / "ghost").exists()
    assert "ghost" not in {decision.learner for decision in demo.decisions}


def test_a_folder_that_no_demo_made_is_left_alone(mini: Path, tmp_path: Path) -> None:
    mini_course.write(mini / "tests" / "cohort" / "cohort.toml", COHORT)
    precious = mini_course.write(tmp_path / "mine" / "thesis.txt", "years of work")
    with pytest.raises(CourseError, match=r"not empty and no demo made it"):
        run_demo(CourseFolder.open(mini), tmp_path / "mine")
    assert precious.read_text(encoding="utf-8") == "years of work"


@pytest.mark.thorough
def test_a_failing_step_is_named(mini: Path, tmp_path: Path) -> None:
    cohort = COHORT.replace('expect = "none"\nch91 = "wrong"', 'expect = "merit"\nch91 = "no-such-answer"')
    mini_course.write(mini / "tests" / "cohort" / "cohort.toml", cohort)
    with pytest.raises(CourseError, match=r'the step "learners fetch, work and submit" failed: .*no-such-answer'):
        run_demo(CourseFolder.open(mini), tmp_path / "demo")


def test_a_decision_that_nobody_expected_fails_the_demo(demo: Demo) -> None:
    demo.learners[0] = read_cohort(demo.root.parent / "tests/cohort/cohort.toml")[2]
    assert demo.surprises() == []
    changed = Demo(demo.root, [*demo.learners[1:]])
    assert changed.surprises()[0].startswith("chen: decided 'nothing'")


@pytest.mark.parametrize(
    "text", ["[[learner]]\nid = 3", "nonsense", '[[learner]]\nid="a"\nname="a"\nabout=""\nexpect=""\nway="owl"']
)
def test_a_malformed_cohort_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = mini_course.write(tmp_path / "cohort.toml", text)
    with pytest.raises(CourseError, match=r"cohort\.toml:\d: "):
        read_cohort(path)


def test_colab_moves_the_cell_ids_into_metadata() -> None:
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"id": "a", "cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a"}}, "source": [], "outputs": []}
        ],
    }
    saved = json.loads(as_colab_saves(json.dumps(notebook)))
    assert saved["nbformat_minor"] == 0
    assert "id" not in saved["cells"][0]
    assert saved["cells"][0]["metadata"]["id"] == "a"
    assert saved["cells"][0]["metadata"]["nbgrader"] == {"grade_id": "a"}
