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

from autograde.authoring.chapter import parse_chapter
from autograde.demo.cohort import answered, as_colab_saves
from course import colab

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
    with pytest.raises(colab.SubmitError, match="is no learner id"):
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
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command], cwd=built, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
    row = next(line for line in (built / "grades.csv").read_text(encoding="utf-8").splitlines() if ",ada," in line)
    assert row.split(",")[-2:] == ["2.0", "2.0"]
