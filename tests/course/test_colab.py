"""Does work from Colab come back as a file that grading accepts, and is nothing replaced that Colab has?"""

import importlib.util
import json
import subprocess
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest
from mini_course import Course, write_course
from warm_command import NBGRADER, run_warm

from autograde.authoring.chapter import parse_chapter
from autograde.demo.cohort import answered, as_colab_saves
from autograde.publish.address import Address
from autograde.publish.colab_cells import with_colab_cells
from course import colab

pytestmark = pytest.mark.long(14)

REPOSITORY = Path(__file__).parents[2]
SOLVED = "solved"


@pytest.fixture
def on_colab(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Colab's own module as far as the course uses it: the browser's notebook, and files that were downloaded."""
    seen: dict[str, Any] = {"ipynb": None, "files": []}
    package, message, files = (types.ModuleType(f"google.colab{part}") for part in ("", "._message", ".files"))
    message.blocking_request = lambda kind, request="", timeout_sec=0: {"ipynb": seen["ipynb"]}  # type: ignore[attr-defined]
    files.download = seen["files"].append  # type: ignore[attr-defined]
    package._message, package.files = message, files  # type: ignore[attr-defined]
    for module in (package, message, files):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    google = sys.modules.get("google") or types.ModuleType("google")
    monkeypatch.setitem(sys.modules, "google", google)
    monkeypatch.setattr(google, "colab", package, raising=False)
    return seen


def colab_notebook(chapter: str = "ch02") -> dict[str, Any]:
    text = (REPOSITORY / "release" / "en" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(as_colab_saves(text))
    return found


def test_submit_downloads_the_open_notebook_under_an_accepted_name(on_colab: dict[str, Any]) -> None:
    on_colab["ipynb"] = colab_notebook()
    assert colab.submit("ada") == "ada_ch02.ipynb"
    (path,) = on_colab["files"]
    assert Path(path).name == "ada_ch02.ipynb"
    assert json.loads(Path(path).read_text(encoding="utf-8")) == on_colab["ipynb"]


def test_the_id_is_asked_for_where_it_is_left_out(on_colab: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    on_colab["ipynb"] = colab_notebook("ch04")
    monkeypatch.setattr("builtins.input", lambda prompt: " 2024.李雷 ")
    assert colab.submit() == "2024.李雷_ch04.ipynb"


@pytest.mark.parametrize("learner", ["", "a_b", "../x", "a/b", "-x", "a b", ".hidden", "a\\b", "a\n"])
def test_an_id_that_no_gradebook_takes_is_refused_with_what_to_do(on_colab: dict[str, Any], learner: str) -> None:
    on_colab["ipynb"] = colab_notebook()
    if learner.strip() == "a":
        assert colab.submit(learner) == "a_ch02.ipynb"
        return
    with pytest.raises(colab.SubmitError, match="is not a learner id"):
        colab.submit(learner)
    assert on_colab["files"] == []


def test_a_notebook_that_is_no_chapter_or_two_is_refused() -> None:
    with pytest.raises(colab.SubmitError, match="no chapter of the course"):
        colab.assignment({"cells": []})
    both = {"cells": colab_notebook("ch02")["cells"] + colab_notebook("ch03")["cells"]}
    with pytest.raises(colab.SubmitError, match="cells of ch02 and ch03"):
        colab.assignment(both)


def test_a_browser_that_does_not_answer_is_an_error_that_says_what_to_do(on_colab: dict[str, Any]) -> None:
    with pytest.raises(colab.SubmitError, match=r"File → Download"):
        colab.submit("ada")


def test_outside_colab_nothing_is_installed_and_submit_says_where_to_hand_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *words, **keywords: pytest.fail("something was run"))
    colab.prepare()
    with pytest.raises(colab.SubmitError, match="this is not Colab"):
        colab.submit("ada")


def test_on_colab_only_what_is_missing_is_installed(
    on_colab: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words: list[list[str]] = []
    real = importlib.util.find_spec
    monkeypatch.setattr(colab, "gpu", lambda: None)
    monkeypatch.setattr(subprocess, "run", lambda command, **keywords: words.append(command))
    colab.prepare()
    assert words == []
    assert "No GPU" in capsys.readouterr().out
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in ("sklearn", "keras") else real(name))
    colab.prepare()
    assert [word for word in words[0] if not word.startswith("-")][3:] == ["keras>=3", "scikit-learn"]


def test_whatever_the_chapters_import_is_in_the_list_of_what_is_needed() -> None:
    import ast

    imported = set()
    for path in [*(REPOSITORY / "notebooks").glob("ch*.py"), *(REPOSITORY / "course").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    # cycler comes with matplotlib
    elsewhere = {"course", "cycler", "IPython", "google", "jax", "torch", *sys.stdlib_module_names}
    assert imported - elsewhere <= set(colab.NEEDED)


@pytest.mark.parametrize(
    ("said", "code", "found"),
    [("GPU 0: Tesla T4 (UUID: GPU-1)\n", 0, "GPU 0: Tesla T4"), ("", 0, None), ("NVIDIA-SMI has failed\n", 9, None)],
)
def test_the_gpu_is_asked_by_the_drivers_own_tool(
    monkeypatch: pytest.MonkeyPatch, said: str, code: int, found: str | None
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "nvidia-smi")
    monkeypatch.setattr(
        subprocess, "run", lambda *words, **keywords: subprocess.CompletedProcess(words, code, stdout=said)
    )
    assert colab.gpu() == found


@pytest.mark.slow
def test_the_downloaded_file_is_collected_and_graded_in_full(built: Path, on_colab: dict[str, Any]) -> None:
    chapter = parse_chapter((built / "notebooks/ch91_mini.py").read_text(encoding="utf-8"), "notebooks/ch91_mini.py")
    text = (built / "release/zh/ch91/ch91.ipynb").read_text(encoding="utf-8")
    on_colab["ipynb"] = json.loads(as_colab_saves(answered(text, chapter, {}, SOLVED)))
    name = colab.submit("ada")
    downloads = built / "gradebook/downloaded/ch91/archive"
    downloads.mkdir(parents=True)
    with zipfile.ZipFile(downloads / "lms.zip", "w") as archive:
        archive.write(on_colab["files"][0], name.replace(".ipynb", " (1).ipynb"))
    for command in (["zip_collect", "ch91"], ["autograde", "ch91"], ["export", "--to", "grades.csv"]):
        run = run_warm(NBGRADER, command, built)
        assert run.returncode == 0, run.stderr
    row = next(line for line in (built / "grades.csv").read_text(encoding="utf-8").splitlines() if ",ada," in line)
    assert row.split(",")[-2:] == ["2.0", "2.0"]


@pytest.fixture
def ch02(tmp_path: Path, course: Course) -> Path:
    """A course directory with the real chapter 2, built."""
    text = (REPOSITORY / "notebooks/ch02_losses.py").read_text(encoding="utf-8")
    root = write_course(tmp_path / "ch02", ch02=text)
    assert course("build", cwd=root).returncode == 0
    return root


@pytest.mark.slow
def test_what_is_not_clear_is_named_and_nobodys_work_is_taken_for_anothers(built: Path) -> None:
    downloads = built / "gradebook/downloaded/ch91/archive"
    downloads.mkdir(parents=True)
    work = (built / "release/en/ch91/ch91.ipynb").read_bytes()
    for name in ("ada_ch91.ipynb", "van_gogh_ch91.ipynb"):
        (downloads / name).write_bytes(work)
    run = run_warm(NBGRADER, ["zip_collect", "ch91"], built)
    assert run.returncode == 0
    assert "van_gogh_ch91.ipynb: not collected, its name does not tell whose work it is" in run.stderr
    assert [path.name for path in (built / "gradebook/submitted").iterdir()] == ["ada"]
    (downloads / "ada_ch91 (1).ipynb").write_bytes(work)
    run = run_warm(NBGRADER, ["zip_collect", "ch91", "--force"], built)
    assert run.returncode == 0
    assert (
        "ada has two files, extracted/ada_ch91 (1).ipynb and extracted/ada_ch91.ipynb, and not both say when"
        in run.stderr
    )


@pytest.mark.slow
def test_a_zip_of_twenty_downloads_with_one_from_colab_is_graded_twenty_of_twenty(
    ch02: Path, course: Course, on_colab: dict[str, Any]
) -> None:
    """As platforms give it: with a time, without, with the browser's ``(1)``; in folders; in both languages."""
    chapter = parse_chapter((ch02 / "notebooks/ch02_mini.py").read_text(encoding="utf-8"), "notebooks/ch02_mini.py")
    texts = {
        lang: answered((ch02 / f"release/{lang}/ch02/ch02.ipynb").read_text(encoding="utf-8"), chapter, {}, SOLVED)
        for lang in ("en", "zh")
    }
    on_colab["ipynb"] = worked_on_in_colab(texts["zh"])
    mine = colab.submit("colab-user")
    names = (
        "{0}_ch02.ipynb", "{0}_20260131T235900_ch02.ipynb", "{0}_ch02 (1).ipynb", "{0}_ch02-2.ipynb",
        "lovelaceada_LATE_{1}_5678_{0}_ch02.ipynb", "{0}_{1}_5678_ch02.ipynb",  # Canvas
        "Ada Lovelace_{1}_assignsubmission_file_/{0}_ch02.ipynb", "{0}_{1}_assignsubmission_file_/ch02.ipynb",  # Moodle
        "Chapter 2_{0}_attempt_2026-01-31-23-59-00_ch02.ipynb",  # Blackboard
    )  # fmt: skip
    downloads = ch02 / "gradebook/downloaded/ch02/archive"
    downloads.mkdir(parents=True)
    with zipfile.ZipFile(downloads / "Submissions - Chapter 2.zip", "w") as archive:
        archive.write(on_colab["files"][0], f"Chapter 2/{mine}")
        for number in range(19):
            name = names[number % len(names)].format(f"learner{number:02d}", 1234 + number)
            archive.writestr(f"Chapter 2/{name}", texts["zh" if number % 3 else "en"])
    collected = run_warm(NBGRADER, ["zip_collect", "ch02"], ch02)
    assert collected.returncode == 0, collected.stderr
    graded = course("grade", "ch02", "--json", "rows.json", cwd=ch02, timeout=500)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    rows = json.loads((ch02 / "rows.json").read_text(encoding="utf-8"))
    assert {row["student"] for row in rows} == {"colab-user", *(f"learner{number:02d}" for number in range(19))}
    assert {(row["student"], row["score"]) for row in rows if row["score"] != row["maximum"]} == set()
    assert {row["maximum"] for row in rows} == {20.0}


def worked_on_in_colab(text: str) -> dict[str, Any]:
    """What Colab holds after an hour of work: the published cells in front, outputs, a scratch cell, no cell ids."""
    address = Address("https://github.com/someone/course", "someone/course")
    held: dict[str, Any] = json.loads(
        as_colab_saves(with_colab_cells(text, address, "release/zh/ch02/ch02.ipynb", "zh"))
    )
    for count, cell in enumerate(cell for cell in held["cells"] if cell["cell_type"] == "code"):
        cell["execution_count"] = count
        cell["metadata"] |= {"outputId": f"{count:08x}-0000", "executionInfo": {"status": "ok", "elapsed": 7}}
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["it ran\n"]}]
    scratch = {"cell_type": "code", "metadata": {"id": "aZ09_x"}, "source": ["1 + 1\n"], "outputs": []}
    held["cells"].insert(9, {**scratch, "execution_count": None})
    return held
