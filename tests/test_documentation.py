"""Every command of the documents runs as it stands there, as whoever runs the tests and as an ordinary user."""

import ast
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

from autograde.authoring.style.glossary import read_glossary
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent
DOCUMENTS = sorted(
    [
        *REPOSITORY.glob("README*.md"),
        REPOSITORY / "CONTRIBUTING.md",
        REPOSITORY / "RELEASING.md",
        REPOSITORY / "SECURITY.md",
        *(REPOSITORY / "docs").glob("*.md"),
    ]
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
    (INSTRUCTOR, "course check --records"),
    (INSTRUCTOR, "python -m autograde.authoring.trial notebooks/ch02_losses.py --exercise mse"),
    (INSTRUCTOR, "python -m autograde.authoring.trial notebooks/ch02_losses.py"),
    (INSTRUCTOR, "chmod 700 notebooks source tests gradebook .git"),
    (INSTRUCTOR, "nbgrader db student add ada --first-name=Ada --last-name=Byron --email=ada@example.org"),
    (INSTRUCTOR, "nbgrader db student list"),
    (INSTRUCTOR, 'nbgrader db assignment add ch02 --duedate="2030-01-31 23:59:59 UTC"'),
    (INSTRUCTOR, "nbgrader db assignment list"),
    (INSTRUCTOR, "nbgrader release_assignment ch02"),
    (INSTRUCTOR, "COURSE_LANG=zh nbgrader release_assignment ch02"),
    (LEARNER, "nbgrader list"),
    (LEARNER, "nbgrader fetch_assignment ch02"),
    (LEARNER, "nbgrader validate ch02/ch02.ipynb"),
    (INSTRUCTOR, "course doctor work/en/ch02/ch02.ipynb"),  # a learner who has the course's folder
    (INSTRUCTOR, "course doctor work/en/ch02/ch02.ipynb --write repaired.ipynb"),
    (INSTRUCTOR, "course doctor work/zh/ch02/ch02.ipynb --lang zh"),
    (INSTRUCTOR, "course doctor work/zh/ch02/ch02.ipynb --lang zh --write 修好的.ipynb"),
    (LEARNER, "nbgrader submit ch02"),
    (LEARNER, "nbgrader list --inbound"),
    (INSTRUCTOR, "nbgrader list"),
    (INSTRUCTOR, "nbgrader collect ch02"),
    (INSTRUCTOR, "COURSE_LANG=zh nbgrader collect ch02"),
    (INSTRUCTOR, "course grade ch02"),
    (INSTRUCTOR, "course feedback ch02"),
    (INSTRUCTOR, "nbgrader release_feedback ch02"),
    (INSTRUCTOR, "COURSE_LANG=zh nbgrader release_feedback ch02"),
    (INSTRUCTOR, "nbgrader zip_collect ch02"),
    (INSTRUCTOR, "nbgrader autograde ch02"),
    (INSTRUCTOR, "course grade ch02 --student ada --force"),
    (INSTRUCTOR, "course grade ch02 --isolation shared --force"),
    (INSTRUCTOR, "course grade ch02 --isolation shared --allow-unconfined"),
    (INSTRUCTOR, "course grade ch02 --force --json grades-ch02.json"),
    (INSTRUCTOR, "course grade ch02 --course-dir ."),
    (INSTRUCTOR, "jupyter kernelspec list"),
    (INSTRUCTOR, "course feedback ch02"),
    (INSTRUCTOR, "nbgrader export --to grades.csv"),
    (INSTRUCTOR, "course certify"),
    (INSTRUCTOR, "course certify --lang zh"),
    (INSTRUCTOR, "course certify --as-of 2030-06-30 --lang zh"),
    (INSTRUCTOR, "course report"),
    (INSTRUCTOR, "course report --lang zh --out report.html"),
    (LEARNER, "nbgrader fetch_feedback ch02"),
    (INSTRUCTOR, "course rederive certificates/decisions/ada.json"),
    (INSTRUCTOR, "course verify certificates/learners/ada/certificate.pdf"),
    (INSTRUCTOR, "course verify certificates/learners/ada/certificate.pdf --issued gradebook/audit.jsonl"),
    (
        INSTRUCTOR,
        "course verify certificates/learners/ada/badge.png --trust certificates/trusted.txt "
        "--did certificates/did.json --status certificates/status",
    ),
    (INSTRUCTOR, "course share ada"),
    (INSTRUCTOR, "course share ada --stop"),
    (INSTRUCTOR, "course issuer"),
    (INSTRUCTOR, "course issuer --publish"),
    (INSTRUCTOR, "course issuer --rotate"),
    (
        INSTRUCTOR,
        'course revoke certificates/learners/ada/credential.json --reason "issued to the wrong person"',
    ),
    (
        INSTRUCTOR,
        'course revoke certificates/learners/ada/credential.json --lift --reason "it was hers after all"',
    ),
    (INSTRUCTOR, "course issuer --remove key-2026-01"),
    (INSTRUCTOR, "nbgrader db student remove ada --force"),
    (INSTRUCTOR, "course erase ada"),
]
AUTHORING = ("python", "course build ch02", "course check")
EXPECTED_WARNINGS = (
    "No submissions of 'ch02' for course 'ai-practitioner-zh'",  # nobody in this walk works in Chinese
    "Removing existing assignment",  # what --force asks for
    "Removing associated grades",  # ada is forgotten
)

NOT_RUN = {
    # command: why, and what shows instead that it exists
    "course check --all": ("minutes; course check is run here, on a chapter", "course check --all --help"),
    "make demo": ("minutes; tests/autograde/demo runs the cycle", "make -n demo"),
    "make test": ("would run this test", "make -n test"),
    "course roster import roster.csv": (
        "needs a file; tests/autograde/grading/storage/test_roster.py imports some",
        "course roster import --help",
    ),
    "course roster import roster.csv --dry-run": (
        "needs a file; tests/autograde/grading/storage/test_roster.py imports some",
        "course roster import --help",
    ),
    "course --install-completion": (
        "writes into the settings of a person's shell; tests/autograde/test_help.py completes",
        "bash -c 'course --show-completion; true'",
    ),
    "make bench": ("many minutes; tests/autograde/bench runs a small one", "make -n bench && course bench --help"),
    "make rehearse": ("minutes; tests/autograde/bench rehearses with a few", "make -n rehearse"),
    "make thorough": ("would run this test", "make -n thorough"),
    "make lint": ("the tools of developers, not of the course", "make -n lint"),
    "make build": ("installs; course build is run here", "make -n build"),
    ". .venv/bin/activate": ("the tests already run in it", f"test -f '{PROGRAMS}/activate'"),
    "python3 -m venv .venv": ("the tests already run in one", "python -m venv --help"),
    "pip install .": ("needs a package registry; make does the same", "python -c 'import course, autograde'"),
    'pip install ".[cluster]"': ("needs a package registry; so does make", "python -c 'import distributed, psycopg'"),
    "course lab": ("waits for a person", "course lab --help"),
    "course lab --lang zh": ("waits for a person", "course lab --lang zh --help"),
    "course lab --instructor": ("waits for a person", "course lab --instructor --help"),
    "course doctor --sandbox": (
        "the answer is the machine's, and exit code 1 where a layer is missing; tests/autograde/grading tries each",
        "course doctor --sandbox --help",
    ),
    "course publish ../course-for-learners": (
        "copies the packages of the repository, which this walk has not; tests/autograde/publish runs it",
        "course publish --help",
    ),
    "pytest -s tests/attacks/test_memory.py": (
        "a minute; make thorough runs it",
        "test -f tests/attacks/test_memory.py",
    ),
    "python tests/autograde/grading/examiner/examiner_worker.py notebooks/ch02_losses.py few": (
        "minutes; tests/autograde/grading/examiner/test_examiner_chapters.py runs it",
        "test -f tests/autograde/grading/examiner/examiner_worker.py",
    ),
    "python -m autograde.authoring.style.house notebooks/ch02_losses.py": (
        "exit code 1 where a chapter breaks a rule; tests/chapters/test_style.py holds them all to the rules",
        "python -c 'import autograde.authoring.style.house'",
    ),
    "dask scheduler --port 8786": (
        "waits; tests/autograde/grading/test_cluster.py starts one",
        "dask scheduler --help",
    ),
    "dask worker tcp://scheduler.example.org:8786 --nworkers 4 --nthreads 1": (
        "needs a second machine; tests/autograde/grading/test_cluster.py starts two",
        "dask worker --help | grep -e --nworkers && dask worker --help | grep -e --nthreads",
    ),
    "course grade ch02 --scheduler tcp://scheduler.example.org:8786": (
        "needs a second machine; tests/autograde/grading/test_cluster.py grades on two workers",
        "course grade ch02 --scheduler tcp://scheduler.example.org:8786 --help",
    ),
    'export COURSE_DB_URL="postgresql+psycopg://course:PASSWORD@db.example.org/gradebook"': (
        "needs a server; tests/autograde/grading/test_grading_postgres.py starts one and sets this",
        "python -c 'import psycopg'",
    ),
}


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of a document in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(document: Path) -> list[str]:
    return [line for block in blocks(document, "sh") for line in block.splitlines() if line]


def authors_steps() -> list[tuple[str, str, str]]:
    """(the line above it, its language, its text) of each block of what tests/test_author_walk.py runs as it stands."""
    text = (REPOSITORY / "docs" / "author.md").read_text(encoding="utf-8")
    section = text.split("\n## A chapter, step by step\n")[1].split("\n## ")[0]
    return re.findall(r"^([^\n]*)\n\n```(\w+)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def test_every_documented_command_is_run_here_or_named_with_a_reason() -> None:
    documented = {command for document in DOCUMENTS for command in commands(document)}
    by_authors = {command for _, language, text in authors_steps() if language == "sh" for command in text.splitlines()}
    known = {command for _, command in WALK} | set(NOT_RUN) | by_authors
    assert documented == known


@pytest.mark.parametrize("command", NOT_RUN)
def test_a_command_that_is_not_run_exists(command: str) -> None:
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(
        NOT_RUN[command][1], shell=True, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def sections(document: Path) -> set[str]:
    """The names by which links lead to a document's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if not link.startswith(("http://", "https://")):
            name, _, section = link.partition("#")
            target = document.parent / name if name else document
            assert target.exists(), link
            assert not section or section in sections(target), link


def test_whatever_an_attack_found_names_a_test_that_tries_it() -> None:
    """That the files exist is tested above; here, that each row has one of tests/."""
    text = (REPOSITORY / "docs/security.md").read_text(encoding="utf-8")
    table = text.partition("## Attacks found so far")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 24
    assert [row for row in rows if not re.search(r"\]\(\.\./tests/[\w/]+\.py\)", row)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_no_place_of_one_machine(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.:/])/(?:root|home|tmp|work|usr|opt|srv|var)/\S*", text) == []


def map_of_modules() -> dict[str, list[Path]]:
    """Each name in the map of docs/architecture.md, and the files or folders that it stands for."""
    text = (REPOSITORY / "docs/architecture.md").read_text(encoding="utf-8")
    named = {}
    for row in re.findall(r"^\|[^|]+\| (`(?:autograde|course)/.*) \|$", text, re.M):
        first, *others = re.findall(r"`([^`]+)`", row)
        folder = (REPOSITORY / first).parent
        for name in (first, *others):
            whole = name if name.startswith(("autograde/", "course/")) else f"{folder.relative_to(REPOSITORY)}/{name}"
            named[whole] = list(REPOSITORY.glob(whole))
    return named


def test_the_map_of_modules_names_files_that_exist() -> None:
    assert [name for name, found in map_of_modules().items() if not found] == []


def test_every_module_is_on_the_map() -> None:
    there = {path for found in map_of_modules().values() for path in found}
    modules = [
        path
        for package in ("autograde", "course")
        for path in (REPOSITORY / package).rglob("*.py")
        if path.name != "__init__.py"
    ]
    missing = [path for path in modules if path not in there and not there.intersection(path.parents)]
    assert [path.relative_to(REPOSITORY).as_posix() for path in missing] == []


def test_the_table_of_commands_is_that_of_the_command() -> None:
    from typer.main import get_command

    from autograde.cli import app

    text = (REPOSITORY / "docs/architecture.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `course ([a-z]+)` \|", text, re.M)) == set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_settings_and_programs_in_a_document_are_understood(document: Path, tmp_path: Path) -> None:
    for block in blocks(document, "toml"):
        if block.startswith("[[term]]"):
            assert read_glossary(block)
            continue
        course = mini_course.write_mini_course(tmp_path)
        settings = (course / "course.toml").read_text(encoding="utf-8")
        top, tables = (block, "") if block.startswith("db_url") else ("", block)
        if block.startswith("id = "):  # a whole course.toml; its first chapter comes by `course new`
            settings = '[[chapter]]\nassignment = "ch91"\n'
            top, tables = block, ""
        (course / "course.toml").write_text(f"{top}\n{settings}\n{tables}", encoding="utf-8")
        found = CourseFolder.open(course)
        assert found.grading.isolation == "examiner"
        assert gradebook_url(found, {}).startswith("postgresql" if top.startswith("db_url") else "sqlite")
        assert found.issuer.name
    for block in blocks(document, "python"):
        ast.parse(block)
    for block in blocks(document, "json"):
        json.loads(block)


def test_the_table_of_findings_quotes_what_the_gate_says() -> None:
    sources = (REPOSITORY / "autograde/authoring").rglob("*.py")
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
    issuer = next(block for block in blocks(REPOSITORY / "docs" / "operator.md", "toml") if "[issuer]" in block)
    with (root / "course.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n{issuer}")
    (root / "notebooks" / "ch02_mini.py").rename(root / "notebooks" / "ch02_losses.py")
    mini_course.write(root / "tests" / "chapters" / "ch02" / "mse.py", bank)
    (root / ".git").mkdir()


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

    The user must be able to enter this Python's folders without a right of root's: so must the sandbox that grades.
    """
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; the walk above was an ordinary user's")
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv here (util-linux)")
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    # alembic, which nbgrader starts, asks os.access
    code = (
        "import importlib.util, os, autograde, traitlets; "
        "assert os.access(importlib.util.find_spec('nbgrader').origin, os.R_OK)"
    )
    probe = [*user, "sh", "-c", shlex.join([sys.executable, "-c", code])]
    if subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode:
        pytest.skip(
            f"an ordinary user cannot enter {sys.prefix} or {sys.base_prefix}; install both where others may read"
        )
    return user


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


def before(command: str, root: Path, shell: Shell) -> str:
    """Do what a person does before a command; return the command as that person types it."""
    course, learner = root / INSTRUCTOR, root / LEARNER
    if command.startswith("nbgrader validate"):
        answer(learner / "ch02" / "ch02.ipynb")
    elif command == "course doctor work/en/ch02/ch02.ipynb":
        shell(course, "mkdir work && cp -r release/en release/zh work/")  # as `course lab` does
    elif command.startswith("nbgrader zip_collect"):
        archive = course / "gradebook" / "downloaded" / "ch02" / "archive"
        shell(course, f"mkdir -p {archive} && cp release/zh/ch02/ch02.ipynb '{archive}/ada_ch02 (1).ipynb'")
        answer(archive / "ada_ch02 (1).ipynb")
    elif "key-2026-01" in command:
        return command.replace("key-2026-01", re.findall(r"^(key-\S+) ", shell(course, "course issuer"), re.M)[0])
    return command


@pytest.mark.thorough
def test_the_commands_of_the_documents_work_without_a_warning(place: tuple[Path, Shell, bool]) -> None:
    root, shell, everything = place
    course, learner = root / INSTRUCTOR, root / LEARNER
    settings = settings_of_a_learner(REPOSITORY / "docs" / "learner.md")
    (learner / "nbgrader_config.py").write_text(
        settings.replace("PATH FROM YOUR INSTRUCTOR", str(course / "exchange")), encoding="utf-8"
    )
    verdicts = []
    for who, command in WALK:
        if not everything and command.startswith(AUTHORING):
            continue
        said = shell(root / who, before(command, root, shell))
        warnings = [line for line in said.splitlines() if "warn" in line.lower()]
        surprises = [line for line in warnings if not any(expected in line for expected in EXPECTED_WARNINGS)]
        assert surprises == [], f"`{command}`: {surprises}"
        if command.startswith("course verify"):
            verdicts.append(said)

    submitted = sorted(path.name for path in (course / "gradebook" / "submitted").iterdir())
    someone = next(name for name in submitted if name != "ada")
    grades = {line.split(",")[3]: line.split(",")[-2:] for line in (course / "grades.csv").read_text().splitlines()}
    assert grades[someone] == grades["ada"] == ["2.0", "2.0"]
    assert [said.startswith("valid: Ada Byron") for said in verdicts] == [True] * 3
    assert {path.stem for path in (course / "certificates" / "decisions").iterdir()} == {someone}  # ada is forgotten
    assert list((learner / "ch02" / "feedback").rglob("ch02.html"))
    rows = json.loads((course / "grades-ch02.json").read_text(encoding="utf-8"))
    assert {row["student"]: (row["status"], row["isolation"]) for row in rows} == {
        someone: ("graded", "examiner"),
        "ada": ("graded", "examiner"),
    }
