"""The chapters hold the exercises of the syllabus, with its points, and their releases are in step with the text."""

from pathlib import Path

import pytest

from autograde.authoring.bank import bank_file
from autograde.authoring.chapter import Chapter
from autograde.authoring.release import build, read_chapters
from autograde.settings.course_folder import CourseFolder

REPOSITORY = Path(__file__).parents[2]
COURSE = CourseFolder.open(REPOSITORY)

EXERCISES = {
    "ch01": {
        "dense-forward": 4,
        "count-params": 4,
        "memory-bytes": 4,
        "preprocess": 2,
        "audit-seeds": 3,
        "diagnose-install": 3,
    },
    "ch02": {
        "mse": 3,
        "cheapest-forecast": 2,
        "softmax": 2,
        "log-softmax": 2,
        "cross-entropy-from-logits": 2,
        "cross-entropy-grad": 3,
        "binary-ce-with-logits": 3,
        "diagnose": 3,
    },
    "ch03": {
        "numerical-gradient": 3,
        "linreg-grad": 3,
        "gradient-descent": 4,
        "minibatches": 3,
        "max-stable-lr": 3,
        "sgd-linear": 4,
    },
    "ch04": {
        "conv2d": 5,
        "maxpool2d": 3,
        "build-cnn": 2,
        "train-classifier": 2,
        "fit-throughput": 2,
        "train-resumable": 3,
        "predict-labels": 1,
        "audit-log": 2,
    },
    "ch05": {
        "value": 6,
        "affine-backward": 3,
        "relu-backward": 1,
        "sigmoid-backward": 2,
        "mlp-loss-and-grads": 5,
        "train-mlp": 3,
    },
    "ch06": {
        "momentum-step": 4,
        "adam-step": 4,
        "adamw-step": 3,
        "lr-schedule": 3,
        "clip-by-global-norm": 3,
        "pick-lr": 3,
    },
    "ch08": {
        "split-indices": 4,
        "confusion-matrix": 3,
        "prf": 4,
        "roc-auc": 3,
        "wilson-ci": 1,
        "is-different": 2,
        "honest-evaluation": 3,
    },
    "ch09": {
        "l2-penalty": 3,
        "dropout": 4,
        "augment": 4,
        "early-stopping": 5,
        "smooth-labels": 2,
        "run-epoch": 2,
    },
}


@pytest.fixture(scope="module", params=COURSE.assignments)
def chapter(request: pytest.FixtureRequest) -> Chapter:
    """Each chapter of course.toml."""
    return read_chapters(COURSE, [request.param])[0]


def test_a_chapter_has_the_exercises_of_the_syllabus_with_their_points(chapter: Chapter) -> None:
    assert {exercise.id: exercise.points for exercise in chapter.exercises} == EXERCISES[chapter.name]
    assert chapter.points == 20


def test_an_exercise_has_one_to_three_tests_each_with_a_public_part(chapter: Chapter) -> None:
    for exercise in chapter.exercises:
        assert 1 <= len(exercise.tests) <= 3, exercise.id
        for test in exercise.tests:
            assert "assert" in test.public.lower(), test.id


def test_ids_are_unique_in_the_course() -> None:
    ids = [cell.id for chapter in read_chapters(COURSE) for cell in chapter.cells if cell.role in ("solution", "test")]
    assert len(ids) == len(set(ids))


def test_every_exercise_has_a_bank(chapter: Chapter) -> None:
    folder = Path(__file__).parent / chapter.name
    assert {path.name for path in folder.glob("*.py")} == {bank_file(exercise.id) for exercise in chapter.exercises}


def test_only_chapters_that_need_tensorflow_import_it(chapter: Chapter) -> None:
    code = "\n".join(cell.source for cell in chapter.cells if cell.role != "prose")
    assert (("import keras" in code) or ("import tensorflow" in code)) == (chapter.name in ("ch01", "ch04", "ch09"))


def test_the_release_is_what_the_chapters_give(tmp_path: Path) -> None:
    released = build(COURSE, into=tmp_path)
    assert len(released) == len(COURSE.assignments) * len(COURSE.languages)
    for path in released:
        committed = REPOSITORY / path.relative_to(tmp_path)
        assert committed.read_bytes() == path.read_bytes(), f"{committed} is out of step: run `course build`"
