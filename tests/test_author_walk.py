"""docs/author.md, step by step: from an empty folder to a graded notebook of a new chapter, each block as it stands."""

import json
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from mini_course import COMMAND
from test_documentation import REPOSITORY, Shell, authors_steps, shell_of

LAB = "course lab"


def open_lab(course: Path) -> None:
    """`course lab` until the learner's copy is there; then what Ctrl-C does."""
    lab = subprocess.Popen([*COMMAND, "lab", "--no-browser"], cwd=course, stderr=subprocess.DEVNULL)
    copy = course / "work" / "en" / "ch05" / "ch05.ipynb"
    deadline = time.monotonic() + 120
    while not copy.is_file() and lab.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    lab.send_signal(signal.SIGINT)
    lab.wait(60)
    assert copy.is_file()


def answer(notebook: Path) -> None:
    """Solve one exercise right and the other by half."""
    answers = {
        "double-all": "def double_all(x):\n    return x + x",
        "relu-grad": "def relu_grad(x, dout):\n    return np.where(x >= 0, dout, 0.0)",
    }
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    notebook.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.slow
def test_an_author_comes_from_an_empty_folder_to_a_graded_notebook(tmp_path: Path) -> None:
    course, repository = tmp_path / "my-course", tmp_path / "ai-practitioner"
    course.mkdir()
    repository.symlink_to(REPOSITORY)
    shell: Shell = shell_of([], tmp_path)
    said: dict[str, str] = {}
    for above, language, text in authors_steps():
        if language == "sh":
            for command in text.splitlines():
                if command == LAB:
                    open_lab(course)
                    # Run All of the copy, nothing answered yet
                    run = shell(course, "jupyter nbconvert --execute --to notebook --stdout work/en/ch05/ch05.ipynb")
                    assert run.count("not answered yet") >= 2
                    answer(course / "work" / "en" / "ch05" / "ch05.ipynb")
                else:
                    said[command] = shell(course, command)
            continue
        path = course / (re.findall(r"`([^`]+)`", above)[-1])
        if "At the end of" in above:
            text = path.read_text(encoding="utf-8") + text
        elif text.startswith("[[chapter]]"):
            assert text in path.read_text(encoding="utf-8")  # what `course new` wrote
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    assert "0 not as expected" in said["python -m autograde.authoring.trial notebooks/ch05_back_propagation.py"]
    assert "Nothing to fix; the chapters may go to learners." in said["course check ch05"]
    assert re.search(r"relu-grad +│ 4 of 4 +│ 3 of 3", said["course check ch05"])
    assert (course / "exchange" / "my-course" / "outbound" / "ch05" / "ch05.ipynb").is_file()
    score = shell(course, f"{sys.executable} -c {SCORE!r}")
    assert score.split() == ["1.0", "3.0"]  # the one exercise is right, the other passes at nought
    (page,) = (course / "gradebook" / "feedback" / "ada" / "ch05").glob("*.html")
    assert "the sign of `x` decides" in page.read_text(encoding="utf-8").replace("<code>", "`").replace("</code>", "`")


SCORE = (
    "from nbgrader.api import Gradebook; "
    'book = Gradebook("sqlite:///gradebook/gradebook.db"); '
    'work = book.find_submission("ch05", "ada"); print(work.score, work.max_score)'
)


def test_the_entry_of_a_chapter_is_explained_key_by_key() -> None:
    (entry,) = (text for _, _, text in authors_steps() if text.startswith("[[chapter]]"))
    keys = set(tomllib.loads(entry)["chapter"][0])
    page = (REPOSITORY / "docs" / "author.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert keys <= explained
