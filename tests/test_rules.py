"""The rules of docs/architecture.md, held against the code."""

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
# folders, without those below them, and single modules
KNOW_NBGRADER = {
    "autograde.nbgrader_ext", "autograde.feedback", "autograde.grading", "autograde.grading.storage",
    "autograde.grading.intake", "autograde.grading.kernels.execution_settings", "autograde.authoring.release",
    "autograde.authoring.stock", "autograde.certify.decide.snapshot", "autograde.certify.decide.snapshot_records",
    "autograde.home.steps",
}  # fmt: skip
CORE = {"authoring.chapter", "authoring.source", "authoring.bank", "authoring.gate.parity", "authoring.gate.leaks",
        "settings.policy", "settings.policy_table", "settings.course_keys", "settings.issuer", "certify.decide.decision", "certify.decide.sheet", "certify.decide.tally", "certify.decide.attempts", "certify.decide.history",
        "certify.decide.reasons", "exact", "certify.decide.grades", "grading.plan.roles", "report.gather", "report.items"}  # fmt: skip
TOUCHING = {"os", "io", "time", "socket", "subprocess", "shutil", "tempfile", "random", "secrets", "sqlite3"}
TOUCHES = {"now", "today", "utcnow", "uuid1", "uuid4", "urlopen", "default_rng", "open", "glob", "rglob", "iterdir",
           "read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file", "is_dir", "stat"}  # fmt: skip


def modules(package: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((REPOSITORY / package).rglob("*.py")):
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def tops(tree: ast.Module) -> set[str]:
    return {name.split(".")[0] for name in imported(tree)}


PLANTED = {
    "nothing": ("autograde/errors.py", "import sys", ""),
    "a layer above": ("autograde/grading/assignment.py", "import autograde.report.words", "imports go down BROKEN"),
    "a layer above, in a function": (
        "autograde/settings/grading.py",
        "def late():\n    from autograde.grading import steps",
        "imports go down BROKEN",
    ),
    "a neighbour in its layer": (
        "autograde/publish/audit.py",
        "import autograde.certify.table",
        "imports go down BROKEN",
    ),
    "a folder without a layer": ("autograde/extra/new.py", "", "imports go down BROKEN"),
    "a circle in a folder": (
        "autograde/grading/wire/frames.py",
        "import autograde.grading.wire.link",
        "no circle, in a folder or between folders BROKEN",
    ),
    "a circle of folders": (
        "autograde/grading/wire/frames.py",
        "import autograde.grading.examiner.run",
        "no circle, in a folder or between folders BROKEN",
    ),
    "the grader's code in a learner's": (
        "course/data.py",
        "import autograde.errors",
        "know nothing of each other BROKEN",
    ),
    "a learner's code in the grader's": (
        "autograde/exact.py",
        "import course.data",
        "know nothing of each other BROKEN",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_wrong_import_breaks_its_rule(what: str, tmp_path: Path) -> None:
    file, text, rule = PLANTED[what]
    for package in ("autograde", "course"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "site"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    planted = tmp_path / file
    planted.parent.mkdir(exist_ok=True)
    (planted.parent / "__init__.py").touch()
    with planted.open("a", encoding="utf-8") as module:
        module.write(f"\n\n{text}\n")
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    run = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    broken = [line for line in run.stdout.splitlines() if line.endswith(" BROKEN")]
    assert (run.returncode, bool(broken)) == ((1, True) if rule else (0, False)), run.stdout + run.stderr
    assert rule in " ".join(broken)


def test_a_folder_holds_at_most_fifteen_modules() -> None:
    count = Counter(path.parent for path in (REPOSITORY / "autograde").rglob("*.py"))
    assert {path.relative_to(REPOSITORY).as_posix(): n for path, n in count.items() if n > 15} == {}


def test_only_some_modules_know_nbgrader() -> None:
    knowing = {name for name, tree in modules("autograde") if "nbgrader" in tops(tree)}
    assert {name if name in KNOW_NBGRADER else name.rpartition(".")[0] for name in knowing} == KNOW_NBGRADER


TOML_READERS = {"tomllib", "tomli", "tomlkit", "toml", "rtoml", "pytoml"}


def reading_toml(package: Path) -> set[str]:
    """Modules outside of settings/ that parse TOML by themselves."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")}
    own = package / "settings"
    return {path.relative_to(package).as_posix() for path, tree in trees.items()
            if tops(tree) & TOML_READERS and own not in path.parents}  # fmt: skip


def test_course_toml_is_parsed_in_settings_alone() -> None:
    assert reading_toml(REPOSITORY / "autograde") == set()


@pytest.mark.parametrize(
    "text", ["import tomllib", "def late():\n    from tomllib import loads", "import tomli as toml"]
)
def test_a_planted_parser_of_toml_is_found(text: str, tmp_path: Path) -> None:
    for name in ("settings/own.py", "report/planted.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert reading_toml(tmp_path) == {"report/planted.py"}


def climbing(package: Path) -> set[str]:
    """Modules that walk up from a folder by themselves: ``(start, *start.parents)``."""
    return {path.relative_to(package).as_posix() for path in package.rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Tuple) and any(
                isinstance(item, ast.Starred) and isinstance(item.value, ast.Attribute) and item.value.attr == "parents"
                for item in node.elts)}  # fmt: skip


def test_one_function_walks_up_to_the_course_directory(tmp_path: Path) -> None:
    others = {"grading/sandbox/installation.py"}  # links above a place
    assert climbing(REPOSITORY / "autograde") - others == {"settings/places.py"}
    (tmp_path / "planted.py").write_text("for folder in (start, *start.parents): pass", encoding="utf-8")
    assert climbing(tmp_path) == {"planted.py"}


def says_that_it_is_pure(tree: ast.Module) -> bool:
    return "Pure" in (ast.get_docstring(tree) or "").split("\n\n")[0]


PURE = {name.removeprefix("autograde."): tree for name, tree in modules("autograde") if says_that_it_is_pure(tree)}


def test_what_decides_says_that_it_is_pure() -> None:
    assert set(PURE) >= CORE


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_module_that_says_it_is_pure_touches_nothing(module: str) -> None:
    tree = PURE[module]
    assert tops(tree) & TOUCHING == set()
    assert "urllib.request" not in imported(tree)
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {func.id for func in called if isinstance(func, ast.Name)}
    names |= {func.attr for func in called if isinstance(func, ast.Attribute)}
    assert names & TOUCHES == set()


CHINESE = re.compile("[\u3400-\u9fff]")
# modules that hold words and nothing else; where people write both languages into a file of the course's, or an example
WORDS = ("words", "reasons", "autograde.grading.reasons.")
WRITE = {"autograde.authoring.skeleton", "autograde.settings.issuer"}


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:]
    return tree


def words_in_logic(tree: ast.Module) -> list[str]:
    """Chinese text inside functions, and text that a comparison with a language chooses."""
    found = []
    for function in ast.walk(without_docstrings(tree)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in (node for part in function.body for node in ast.walk(part)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
                found.append(node.value)
            elif isinstance(node, ast.IfExp) and {"en", "zh"} & values(node.test):
                found += sorted((values(node.body) | values(node.orelse)) - {"en", "zh"})
    return found


def values(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_words_stand_in_tables_and_not_in_logic() -> None:
    found = {
        name: said
        for name, tree in modules("autograde")
        if name.rpartition(".")[2] not in WORDS and not name.startswith(WORDS) and name not in WRITE
        if (said := words_in_logic(tree))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        'def late(lang):\n    return "迟交" if lang == "zh" else "late"',
        'def late(lang):\n    return ", " if lang == "en" else "; "',
        'class A:\n    def late(self, name):\n        return {"zh": f"{name} 迟交"}',
    ],
)
def test_words_in_logic_are_found(text: str) -> None:
    assert words_in_logic(ast.parse(text))
    assert not words_in_logic(ast.parse('"""中文"""\nWORDS = {"zh": "迟交"}\ndef late():\n    """迟交"""'))


def twice(tests: Path) -> list[str]:
    """Names that two test files have: pytest imports both as the same module."""
    count = Counter(path.name for path in tests.rglob("test_*.py"))
    return [name for name, number in count.items() if number > 1]


def test_no_two_test_files_have_one_name(tmp_path: Path) -> None:
    assert twice(REPOSITORY / "tests") == []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "test_same.py").touch()
    assert twice(tmp_path) == ["test_same.py"]


def test_there_is_no_grab_bag() -> None:
    assert [path.name for path in REPOSITORY.glob("[ac]*/**/util*.py")] == []


def test_importing_course_loads_nothing_heavy() -> None:
    code = (
        "import sys, course; print(*(m for m in ('tensorflow', 'keras', 'sklearn', 'ipywidgets') if m in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
