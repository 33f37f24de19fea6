"""Does `course doctor` tell a learner, in plain words, whether a notebook can be handed in?"""

import random
from pathlib import Path

import pytest
from damage import DAMAGES
from damage.small import RELEASES, answered, released, written
from mini_course import Course


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder in a course directory with both editions of one chapter."""
    for lang, raw in zip(("en", "zh"), RELEASES, strict=True):
        path = tmp_path / "release" / lang / "ch50" / "ch50.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(raw)
    return tmp_path


def damaged(name: str) -> bytes:
    return next(damage for damage in DAMAGES if damage.name == name).apply(answered(), random.Random(1))


def test_a_whole_notebook_may_be_handed_in(folder: Path, course: Course) -> None:
    (folder / "my copy.ipynb").write_bytes(answered("zh"))
    run = course("doctor", "my copy.ipynb", cwd=folder)
    assert (run.returncode, run.stdout, run.stderr) == (0, "my copy.ipynb is whole. Hand it in as it is.\n", "")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            "blank.ipynb is whole. Not answered yet: square, essay, total, cube, mean. "
            "Answer these first, or hand it in without them.\n",
        ),
        ("zh", "blank.ipynb 完好。尚未作答：square, essay, total, cube, mean。可以先作答，也可以就这样提交。\n"),
    ],
)
def test_a_whole_one_with_open_exercises_is_not_called_finished(
    folder: Path, course: Course, lang: str, said: str
) -> None:
    (folder / "blank.ipynb").write_bytes(written(released()))
    run = course("doctor", "blank.ipynb", "--lang", lang, cwd=folder)
    assert (run.returncode, run.stdout) == (0, said)


def test_a_damaged_one_is_explained_and_saved_beside(folder: Path, course: Course) -> None:
    mine = folder / "ch50.ipynb"
    mine.write_bytes(damaged("test-deleted"))
    run = course("doctor", "ch50.ipynb", "--write", "mended.ipynb", cwd=folder)
    assert run.returncode == 1 and "These cells were missing and are back as released" in run.stdout
    assert mine.read_bytes() == damaged("test-deleted")
    assert course("doctor", "mended.ipynb", cwd=folder).returncode == 0
    again = course("doctor", "ch50.ipynb", "--write", "ch50.ipynb", cwd=folder)
    assert again.returncode == 2 and "--force" in again.stderr
    assert mine.read_bytes() == damaged("test-deleted")
    assert course("doctor", "ch50.ipynb", "--write", "ch50.ipynb", "--force", cwd=folder).returncode == 1
    assert course("doctor", "ch50.ipynb", cwd=folder).returncode == 0


def test_what_cannot_be_read_is_said_in_chinese_too(folder: Path, course: Course) -> None:
    (folder / "page.ipynb").write_bytes(damaged("web-page-instead"))
    run = course("doctor", "page.ipynb", "--lang", "zh", "--write", "x.ipynb", cwd=folder)
    assert run.returncode == 1 and "文件是网页而不是 notebook" in run.stdout
    assert not (folder / "x.ipynb").exists()


def test_words_that_are_off_exit_2(folder: Path, course: Course, tmp_path: Path) -> None:
    (folder / "ch50.ipynb").write_bytes(answered())
    (folder / "broken.ipynb").write_bytes(b"{")
    for words in (["nothing.ipynb"], ["ch50.ipynb", "--release", "broken.ipynb"], []):
        run = course("doctor", *words, cwd=folder)
        assert run.returncode == 2 and len(run.stderr.strip().splitlines()) == 1, words


def test_a_release_may_be_named(folder: Path, course: Course, tmp_path: Path) -> None:
    blank = written(released())
    (folder / "r.ipynb").write_bytes(blank)
    (folder / "mine.ipynb").write_bytes(blank)
    run = course("doctor", "mine.ipynb", "--release", "r.ipynb", cwd=folder)
    assert run.returncode == 0 and "Not answered yet: square, essay, total, cube, mean." in run.stdout
