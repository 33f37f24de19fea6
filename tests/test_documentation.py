"""Every command of the documents runs as it stands there, as whoever runs the tests and as an ordinary user."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import mini_course
import pytest

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent
DOCUMENTS = sorted(
    [*REPOSITORY.glob("README*.md"), REPOSITORY / "CONTRIBUTING.md", *(REPOSITORY / "docs").glob("*.md")]
)
NOBODY = 65534

INSTRUCTOR, LEARNER = "course", "learner"
WALK = [
    # (who, command), in an order in which a course happens; each stands in some document
    (INSTRUCTOR, "python notebooks/ch02_losses.py"),
    (INSTRUCTOR, "course build"),
    (INSTRUCTOR, "course build ch02"),
    (INSTRUCTOR, "course check"),
    (INSTRUCTOR, "course check ch02"),
    (INSTRUCTOR, "python -m autograde.authoring.trial notebooks/ch02_losses.py --exercise mse"),
    (INSTRUCTOR, "python -m autograde.authoring.trial notebooks/ch02_losses.py"),
    (
        INSTRUCTOR,
        "git archive --format=zip --output=course-for-learners.zip HEAD "
        "course autograde release course.toml pyproject.toml README.md LICENSE",
    ),
    (INSTRUCTOR, "chmod 700 notebooks source tests gradebook .git"),
    (INSTRUCTOR, "nbgrader db student add ada --first-name=Ada --last-name=Byron"),
    (INSTRUCTOR, "nbgrader db student list"),
    (INSTRUCTOR, 'nbgrader db assignment add ch02 --duedate="2030-01-31 23:59:59 UTC"'),
    (INSTRUCTOR, "nbgrader db assignment list"),
    (INSTRUCTOR, "nbgrader release_assignment ch02"),
    (INSTRUCTOR, "COURSE_LANG=zh nbgrader release_assignment ch02"),
    (LEARNER, "nbgrader list"),
    (LEARNER, "nbgrader fetch_assignment ch02"),
    (LEARNER, "nbgrader validate ch02/ch02.ipynb"),
    (LEARNER, "nbgrader submit ch02"),
    (LEARNER, "nbgrader list --inbound"),
    (INSTRUCTOR, "nbgrader list"),
    (INSTRUCTOR, "nbgrader collect ch02"),
    (INSTRUCTOR, "COURSE_LANG=zh nbgrader collect ch02"),
    (INSTRUCTOR, "nbgrader autograde ch02"),
    (INSTRUCTOR, "nbgrader generate_feedback ch02"),
    (INSTRUCTOR, "nbgrader release_feedback ch02"),
    (INSTRUCTOR, "COURSE_LANG=zh nbgrader release_feedback ch02"),
    (INSTRUCTOR, "nbgrader zip_collect ch02"),
    (INSTRUCTOR, "nbgrader autograde ch02 --student ada --force"),
    (INSTRUCTOR, "nbgrader generate_feedback ch02"),
    (INSTRUCTOR, "nbgrader export --to grades.csv"),
    (INSTRUCTOR, "course certify"),
    (INSTRUCTOR, "course certify --lang zh"),
    (INSTRUCTOR, "course certify --as-of 2030-06-30 --lang zh"),
    (LEARNER, "nbgrader fetch_feedback ch02"),
]
EXPECTED_WARNINGS = (
    "No submissions of 'ch02' for course 'ai-practitioner-zh'",  # nobody in this walk works in Chinese
    "Removing existing assignment",  # what --force asks for
)

NOT_RUN = {
    # command: why, and what shows instead that it exists
    "make demo": ("minutes; tests/autograde/demo runs the cycle", "make -n demo"),
    "make test": ("would run this test", "make -n test"),
    "make lint": ("the tools of developers, not of the course", "make -n lint"),
    "make build": ("installs; course build is run here", "make -n build"),
    ". .venv/bin/activate": ("the tests already run in it", f"test -f '{PROGRAMS}/activate'"),
    "python3 -m venv .venv": ("the tests already run in one", "python -m venv --help"),
    "pip install .": ("needs a package registry; make does the same", "python -c 'import course, autograde'"),
    "course lab": ("waits for a person", "course lab --help"),
    "course lab --lang zh": ("waits for a person", "course lab --lang zh --help"),
    "jupyter lab": ("waits for a person", "jupyter lab --version"),
}


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of a document in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(document: Path) -> list[str]:
    return [line for block in blocks(document, "sh") for line in block.splitlines() if line]


def test_every_documented_command_is_run_here_or_named_with_a_reason() -> None:
    documented = {command for document in DOCUMENTS for command in commands(document)}
    known = {command for _, command in WALK} | set(NOT_RUN)
    assert documented == known


@pytest.mark.parametrize("command", NOT_RUN)
def test_a_command_that_is_not_run_exists(command: str) -> None:
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(
        NOT_RUN[command][1], shell=True, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    local = [link.split("#")[0] for link in links if not link.startswith(("http://", "https://"))]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_no_place_of_one_machine(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.:/])/(?:root|home|tmp|work|usr|opt|srv|var)/\S*", text) == []


def test_the_map_of_modules_names_files_that_exist() -> None:
    rows = re.findall(
        r"^\|[^|]+\| (`(?:autograde|course)/.*) \|$", (REPOSITORY / "docs/architecture.md").read_text(), re.M
    )
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row)
        folder = (REPOSITORY / first).parent
        assert [name for name in (REPOSITORY / first, *(folder / name for name in others)) if not name.exists()] == []
    assert len(rows) > 20


def test_the_table_of_findings_quotes_what_the_gate_says() -> None:
    sources = [*(REPOSITORY / "autograde/authoring").glob("*.py"), REPOSITORY / "autograde/grading/stock.py"]
    code = " ".join(path.read_text(encoding="utf-8") for path in sources)
    code = re.sub(r"['\"]\s*\n\s*f?['\"]", "", code)
    section = (REPOSITORY / "docs/author.md").read_text(encoding="utf-8").split("## What the gate finds")[1]
    quotes = [quote for row in re.findall(r"^\| (`.*?) \|", section, re.M) for quote in re.findall(r"`([^`]+)`", row)]
    pieces = [piece.strip(" `,") for quote in quotes for piece in quote.split("…")]
    assert [piece for piece in pieces if piece not in code] == []
    assert len(quotes) > 25


def settings_of_a_learner(document: Path) -> str:
    """The nbgrader_config.py that a document gives a learner."""
    return next(block for block in blocks(document, "python") if "c.Exchange.root" in block)


def test_both_learners_pages_give_the_same_settings() -> None:
    english, chinese = (settings_of_a_learner(REPOSITORY / "docs" / name) for name in ("learner.md", "learner.zh.md"))
    keys = [re.findall(r"^(\S+) = ", text, re.M) for text in (english, chinese)]
    assert keys[0] == keys[1]
    assert '"ai-practitioner"' in english
    assert 'course_id = "ai-practitioner-zh"' in chinese


def write_course(root: Path) -> None:
    """A course directory that the documents' commands fit: one small chapter ch02 with one exercise, mse, under git."""
    text, bank = (part.replace("square", "mse") for part in (mini_course.SQUARE, mini_course.SQUARE_BANK))
    mini_course.write_course(root, ch02=text)
    (root / "notebooks" / "ch02_mini.py").rename(root / "notebooks" / "ch02_losses.py")
    mini_course.write(root / "tests" / "chapters" / "ch02" / "mse.py", bank)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copyfile(REPOSITORY / name, root / name)
    for name in ("course", "autograde"):
        mini_course.write(root / name / "here.txt", "no __init__.py: that would hide the installed package\n")


def commit(root: Path, shell: "Shell") -> None:
    identity = "-c user.name=Author -c user.email=author@example.org"
    shell(root, f"git init --quiet && git add --all && git {identity} commit --quiet --message=course")


def answer(notebook: Path) -> None:
    """Solve the exercise as a learner does, in the solution cell."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cell = next(cell for cell in content["cells"] if cell["id"] == "mse")
    cell["source"] = ["def mse(x):\n", "    return x * x"]
    notebook.write_text(json.dumps(content), encoding="utf-8")


Shell = Callable[[Path, str], str]


def shell_of(prefix: list[str], home: Path) -> Shell:
    """A function that runs a command in a folder, with nothing of the tests' environment, and returns what it says."""
    environment = {
        "HOME": str(home),
        "PATH": f"{PROGRAMS}{os.pathsep}/usr/local/bin{os.pathsep}/usr/bin{os.pathsep}/bin",
        "LANG": "C.UTF-8",
    }

    def run(folder: Path, command: str) -> str:
        done = subprocess.run(
            [*prefix, "sh", "-c", command],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"`{command}` in {folder.name}/ exits {done.returncode}:\n{said[-4000:]}"
        return said

    return run


def become_nobody() -> list[str]:
    """The words before a command that run it as an ordinary user who may run this Python.

    Where Python lies in root's own folder the user gets the one right to read it; every write is an ordinary user's.
    """
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; the walk above was an ordinary user's")
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv here (util-linux)")
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    # alembic, which nbgrader starts, asks os.access, and that heeds no capability: the folders must be open to others
    code = (
        "import importlib.util, os, autograde, traitlets; "
        "assert os.access(importlib.util.find_spec('nbgrader').origin, os.R_OK)"
    )
    for rights in ([], ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]):
        probe = [*user, *rights, "sh", "-c", shlex.join([sys.executable, "-c", code])]
        if subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode == 0:
            return [*user, *rights]
    pytest.skip(f"an ordinary user cannot enter {sys.prefix}; clone into a folder that others may read")


@pytest.fixture(params=["who runs the tests", "an ordinary user"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Path, Shell, bool]]:
    """A folder with a course in ``course/``, a shell there of the same user, and whether to run every command.

    The second user runs the cycle only: authoring asks nothing of the machine's users.
    """
    prefix = [] if request.param == "who runs the tests" else become_nobody()
    with tempfile.TemporaryDirectory(prefix="documentation-") as scratch:
        root = Path(scratch)
        write_course(root / INSTRUCTOR)
        (root / LEARNER).mkdir()
        (root / "home").mkdir()
        if prefix:
            for path in (root, *root.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        yield root, shell_of(prefix, root / "home"), not prefix


@pytest.mark.slow
def test_the_commands_of_the_documents_work_without_a_warning(place: tuple[Path, Shell, bool]) -> None:
    root, shell, everything = place
    walk = [
        step for step in WALK if everything or step[1] in ("course build", "course certify") or "nbgrader" in step[1]
    ]
    course, learner = root / INSTRUCTOR, root / LEARNER
    settings = settings_of_a_learner(REPOSITORY / "docs" / "learner.md")
    for who, command in walk:
        if command.startswith("git archive"):
            commit(course, shell)
        elif (who, command) == (LEARNER, "nbgrader list"):
            (learner / "nbgrader_config.py").write_text(
                settings.replace("PATH FROM YOUR INSTRUCTOR", str(course / "exchange")), encoding="utf-8"
            )
        elif command.startswith("nbgrader validate"):
            answer(learner / "ch02" / "ch02.ipynb")
        elif command.startswith("nbgrader zip_collect"):
            shell(course, "mkdir -p gradebook/downloaded/ch02/archive")
            shell(course, 'cp release/zh/ch02/ch02.ipynb "gradebook/downloaded/ch02/archive/ada_ch02 (1).ipynb"')
        said = shell(root / who, command)
        warnings = [line for line in said.splitlines() if "warn" in line.lower()]
        surprises = [line for line in warnings if not any(expected in line for expected in EXPECTED_WARNINGS)]
        assert surprises == [], f"`{command}`: {surprises}"

    submitted = sorted(path.name for path in (course / "gradebook" / "submitted").iterdir())
    someone = next(name for name in submitted if name != "ada")
    grades = {line.split(",")[3]: line.split(",")[-2:] for line in (course / "grades.csv").read_text().splitlines()}
    assert grades[someone] == ["2.0", "2.0"]
    assert grades["ada"] == ["0.0", "2.0"]
    assert {path.stem for path in (course / "certificates" / "decisions").iterdir()} == {"ada", someone}
    assert list((learner / "ch02" / "feedback").rglob("ch02.html"))
    if everything:
        listed = shell(course, "python -m zipfile -l course-for-learners.zip")
        assert "release/zh/ch02/ch02.ipynb" in listed
        assert not re.search(r"^(notebooks|source|tests|gradebook)/", listed, re.MULTILINE)
