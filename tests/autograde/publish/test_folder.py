"""Is the learners' folder whole, clean, renewable, and never somebody else's?"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
from pathlib import Path

import mini_course
import nbformat
import pytest

from autograde.errors import CourseError
from autograde.publish import folder as publishing
from autograde.publish.folder import MARK, NotPublished, publish
from autograde.settings.course_folder import CourseFolder
from autograde.version import engine_version

REPOSITORY = Path(__file__).parents[3]
ADDRESS = "https://github.com/org/learn"


@pytest.fixture
def repository(built: Path) -> Path:
    """A built course directory with the packages that learners install, small ones."""
    for name in ("pyproject.toml", "LICENSE", "constraints.txt"):
        shutil.copyfile(REPOSITORY / name, built / name)
    for package in ("course", "autograde"):
        mini_course.write(built / package / "__init__.py", '"""Nothing."""\n')
    mini_course.write(built / "docs" / "learner.md", "# For learners\n")
    return built


def with_publication(root: Path, address: str = ADDRESS) -> CourseFolder:
    text = (root / "course.toml").read_text(encoding="utf-8")
    (root / "course.toml").write_text(text.replace('publication = ""', f'publication = "{address}"'), encoding="utf-8")
    return CourseFolder.open(root)


def test_learners_get_chapters_package_and_readme_and_nothing_else(repository: Path, tmp_path: Path) -> None:
    mini_course.write(repository / "autograde" / "__pycache__" / "x.py", "")
    mini_course.write(repository / "autograde" / ".env", "SECRET=1")
    (repository / "course" / "link.py").symlink_to(repository / "notebooks" / "ch91_mini.py")
    publish(CourseFolder.open(repository), tmp_path / "out")
    assert set(mini_course.files(tmp_path / "out")) == {
        MARK, ".gitignore", "LICENSE", "README.md", "constraints.txt", "course.toml", "pyproject.toml", "docs/learner.md",
        "course/__init__.py", "autograde/__init__.py", "release/en/ch91/ch91.ipynb", "release/zh/ch91/ch91.ipynb",
    }  # fmt: skip


def test_the_version_stands_in_the_project_that_learners_install(repository: Path, tmp_path: Path) -> None:
    """Their repository has no tags of ours, and an archive of it no git."""
    publish(CourseFolder.open(repository), tmp_path / "out")
    ours, theirs = (
        tomllib.loads((root / "pyproject.toml").read_text("utf-8")) for root in (repository, tmp_path / "out")
    )
    assert (theirs["project"]["version"], "dynamic" in theirs["project"]) == (engine_version(), False)
    assert not any("vcs" in requirement for requirement in theirs["build-system"]["requires"])
    del ours["project"]["dynamic"], ours["tool"]["hatch"]["version"], theirs["project"]["version"]
    assert (theirs["project"], theirs["tool"]) == (ours["project"], ours["tool"])


def test_without_an_address_no_badge_and_the_release_to_the_byte(repository: Path, tmp_path: Path) -> None:
    publish(CourseFolder.open(repository), tmp_path / "out")
    assert "badge" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for lang in ("en", "zh"):
        path = f"release/{lang}/ch91/ch91.ipynb"
        assert (tmp_path / "out" / path).read_bytes() == (repository / path).read_bytes()


def test_with_an_address_a_chapter_begins_with_badge_and_colab_cell_and_goes_on_unchanged(
    repository: Path, tmp_path: Path
) -> None:
    publish(with_publication(repository), tmp_path / "out")
    path = "release/zh/ch91/ch91.ipynb"
    notebook = json.loads((tmp_path / "out" / path).read_text(encoding="utf-8"))
    badge, setup, *rest = notebook["cells"]
    assert rest == json.loads((repository / path).read_text(encoding="utf-8"))["cells"]
    assert f"colab.research.google.com/github/org/learn/blob/main/{path}" in "".join(badge["source"])
    assert "".join(badge["source"]) not in "".join(setup["source"])
    nbformat.validate(nbformat.from_dict(notebook))
    assert "nbgrader" not in setup["metadata"]
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert f"git clone {ADDRESS}\ncd learn\n" in readme


def test_outside_colab_the_first_cell_does_nothing(repository: Path, tmp_path: Path) -> None:
    publish(with_publication(repository), tmp_path / "out")
    notebook = json.loads((tmp_path / "out" / "release/en/ch91/ch91.ipynb").read_text(encoding="utf-8"))
    code = "".join(notebook["cells"][1]["source"])
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_on_colab_the_first_cell_installs_the_package_alone_then_what_is_missing(
    repository: Path, tmp_path: Path
) -> None:
    publish(with_publication(repository), tmp_path / "out")
    notebook = json.loads((tmp_path / "out" / "release/en/ch91/ch91.ipynb").read_text(encoding="utf-8"))
    told = (
        "import sys, types, subprocess, importlib.util\n"
        "sys.modules['google.colab'] = types.ModuleType('google.colab')\n"
        "def install(words, **keywords):\n"
        "    print(*words[1:])\n"
        "    made = types.ModuleType('course.colab'); made.prepare = lambda: print('prepared')\n"
        "    sys.modules['course'] = types.ModuleType('course'); sys.modules['course.colab'] = made\n"
        "subprocess.run = install\n"
    )
    code = told + "".join(notebook["cells"][1]["source"])
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [f"-m pip install --quiet --no-deps git+{ADDRESS}@main", "prepared"]


def test_a_folder_that_no_publish_made_is_refused_and_stays_as_it_is(repository: Path, tmp_path: Path) -> None:
    mini_course.write(tmp_path / "out" / "thesis.txt", "years of work")
    before = mini_course.files(tmp_path / "out")
    with pytest.raises(CourseError, match="not empty and was not made by publish"):
        publish(CourseFolder.open(repository), tmp_path / "out")
    with pytest.raises(CourseError, match="not made by publish"):
        publish(CourseFolder.open(repository), repository)
    assert mini_course.files(tmp_path / "out") == before


def test_renewing_keeps_git_drops_what_is_gone_and_refuses_what_is_foreign(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(CourseFolder.open(repository), out)
    mini_course.write(out / ".git" / "HEAD", "ref: refs/heads/main\n")
    (repository / "docs" / "learner.md").unlink()
    publish(CourseFolder.open(repository), out)
    assert (out / ".git" / "HEAD").is_file()
    assert not (out / "docs").exists()
    mini_course.write(out / "work" / "en" / "mine.ipynb", "{}")
    with pytest.raises(CourseError, match=r"contains work/en/mine\.ipynb, which publish did not write"):
        publish(CourseFolder.open(repository), out)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".out")) == []


def test_a_leak_stops_everything_and_every_finding_is_named(repository: Path, tmp_path: Path) -> None:
    path = repository / "release/en/ch91/ch91.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("free play", "### BEGIN HIDDEN TESTS"), encoding="utf-8")
    with pytest.raises(NotPublished) as refusal:
        publish(CourseFolder.open(repository), tmp_path / "out")
    assert any("release/en/ch91/ch91.ipynb: contains the marker" in finding for finding in refusal.value.findings)
    assert not (tmp_path / "out").exists()


def test_stopped_between_its_renames_the_next_publish_loses_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    publish(CourseFolder.open(repository), out)
    mini_course.write(out / ".git" / "HEAD", "ref: refs/heads/main\n")
    real = os.rename
    left = 0

    def rename(old: Path, new: Path) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        real(old, new)

    for stop in (1, 2, 3):
        left = stop
        monkeypatch.setattr(publishing.os, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            publish(CourseFolder.open(repository), out)
        monkeypatch.setattr(publishing.os, "rename", real)
        publish(CourseFolder.open(repository), out)
        assert (out / ".git" / "HEAD").read_text(encoding="utf-8") == "ref: refs/heads/main\n"
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


@pytest.mark.parametrize(
    ("what", "says"),
    [("release", "run `course build`"), ("autograde", "no package autograde/"), ("LICENSE", "LICENSE: No such file")],
)
def test_what_is_missing_is_one_line_that_says_what_to_do(
    repository: Path, tmp_path: Path, what: str, says: str
) -> None:
    path = repository / what
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(CourseError, match=says):
        publish(CourseFolder.open(repository), tmp_path / "out")


def test_a_database_address_is_never_published(repository: Path, tmp_path: Path) -> None:
    text = (repository / "course.toml").read_text(encoding="utf-8")
    (repository / "course.toml").write_text('db_url = "postgresql://db/g"\n' + text, encoding="utf-8")
    with pytest.raises(CourseError, match="db_url"):
        publish(CourseFolder.open(repository), tmp_path / "out")


def learners_environment(folder: Path) -> Path:
    """A fresh environment with this one's libraries, less what only an instructor installs; return its programs' folder."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    site.mkdir(parents=True, exist_ok=True)
    (site / "libraries.pth").write_text(
        f"{sysconfig.get_path('purelib')}\nimport without_instructor\n", encoding="utf-8"
    )
    (site / "without_instructor.py").write_text(BLOCK, encoding="utf-8")
    return programs


BLOCK = """\
import sys
from importlib.machinery import PathFinder

ABSENT = {"nbgrader", "jupytext", "sqlalchemy", "rfc8785", "alembic", "distributed", "dask", "openbadgeslib"}

class Learners(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] in ABSENT else PathFinder.find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Learners
"""


@pytest.mark.slow
def test_the_readmes_commands_work_with_the_learners_install_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(CourseFolder.open(REPOSITORY), out)  # the real course: its audit finds nothing
    commands = re.findall(r"^```sh\n(.*?)^```", (out / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    make, activate, install, lab = commands[0].splitlines()
    assert (make, activate, install) == ("python3 -m venv .venv", ". .venv/bin/activate", "pip install .")
    programs = learners_environment(tmp_path / "venv")
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--no-deps", "--quiet", "."]
    installed = subprocess.run(pip, cwd=out, capture_output=True, text=True, check=False, timeout=500)
    if "hatchling" in installed.stderr and installed.returncode:
        pytest.skip("pip cannot fetch hatchling, which builds the package: no package registry here")
    assert installed.returncode == 0, installed.stderr
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    asked = subprocess.run(
        ["course", "build"], cwd=out, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert asked.returncode == 1
    assert 'pip install ".[instructor]"' in asked.stderr
    environment |= {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("RUNTIME", "CONFIG", "DATA")}
    server = subprocess.Popen([*shlex.split(lab), "--no-browser"], cwd=out, env=environment, start_new_session=True)
    try:
        for _ in range(240):
            records = list((tmp_path / "RUNTIME").glob("jpserver-*.json"))
            if records:
                break
            assert server.poll() is None, "course lab ended by itself"
            time.sleep(0.5)
        assert "Chapter 1" in (out / "work" / "en" / "welcome.md").read_text(encoding="utf-8")
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
