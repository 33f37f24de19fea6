"""Every chapter's tests say under the examiner what they say in one process: right answers full, wrong ones not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

WORKER = Path(__file__).with_name("examiner_worker.py")
REPOSITORY = WORKER.parents[4]
NUMPY_ONLY = ("ch02", "ch03")


def grade(chapter: str, *words: str) -> list[dict]:
    path = next((REPOSITORY / "notebooks").glob(f"{chapter}_*.py"))
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(REPOSITORY)}
    run = subprocess.run(
        [sys.executable, str(WORKER), str(path), *words], capture_output=True, text=True, check=True, env=environment
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def wrongly_judged(records: list[dict]) -> list[dict]:
    assert {record["verdict"] for record in records} == {"right", "wrong"}
    full = [all(score == maximum for score, maximum, *_ in record["tests"].values()) for record in records]
    return [
        record
        for record, right in zip(records, full, strict=True)
        if right != (record["verdict"] == "right") or any(author for *_, author in record["tests"].values())
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("chapter", NUMPY_ONLY)
def test_a_right_and_a_wrong_answer_to_each_exercise(chapter: str) -> None:
    assert wrongly_judged(grade(chapter, "few")) == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    "chapter", sorted(path.name.split("_")[0] for path in (REPOSITORY / "notebooks").glob("ch*.py"))
)
def test_every_answer_of_the_banks(chapter: str) -> None:
    assert wrongly_judged(grade(chapter)) == []
