"""``course publish``: write the folder of the learners' public repository, all of it or nothing."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograde.authoring.release import read_chapters
from autograde.authoring.style.glossary_page import PAGE
from autograde.errors import CourseError
from autograde.publish.address import Address
from autograde.publish.audit import audit
from autograde.publish.colab_cells import with_colab_cells
from autograde.publish.readme import Listed, readme
from autograde.publish.versioned import with_version
from autograde.settings.course_folder import CourseFolder
from autograde.version import engine_version

MARK = ".course-published.json"
KEPT = ".git"
WHOLE = ("course.toml", "pyproject.toml", "LICENSE")
WHERE_THERE = (
    "constraints.txt",
    "docs/learner.md",
    "docs/learner.zh.md",
    ".binder/requirements.txt",
    ".binder/runtime.txt",
    ".devcontainer/devcontainer.json",
)
PACKAGES = ("course", "autograde")
SUFFIXES = {".py", ".pyi", ".typed", ".json", ".jsonld", ".toml", ".html", ".css", ".js", ".svg", ".ttf", ".otf", ".txt", ".c", ".h"}  # fmt: skip
GITIGNORE = ".venv/\n__pycache__/\n.ipynb_checkpoints/\n/work/\n/build/\n"


class NotPublished(CourseError):
    """The folder would contain what learners must not see; ``findings`` lists it, one line each."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__(f"nothing published: {len(findings)} findings, the first: {findings[0]}")
        self.findings = findings


def publish(course: CourseFolder, target: Path) -> list[str]:
    """Create or update the folder ``target``; return the paths in it.

    Its ``.git`` is kept, so that an update can be committed and pushed.

    Raises:
        NotPublished: the audit found something; the folder is unchanged.
        CourseError: no release, a package missing, or a folder with files that publish did not
            write.
    """
    target = target.resolve()
    _recover(target)
    _ours(target)
    files = learners_files(course)
    findings = audit(files, read_chapters(course))
    if findings:
        raise NotPublished(findings)
    files[MARK] = (json.dumps(sorted(files), indent=1) + "\n").encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as staging:
        fresh = Path(staging) / "new"
        for name, data in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _swap(fresh, target)
    return sorted(files)


def learners_files(course: CourseFolder) -> dict[str, bytes]:
    """Return path → content of everything that learners get. Nothing else is published.

    Raises:
        CourseError: a required file is missing.
    """
    if course.top.has("db_url"):
        message = "db_url must stay private; move it to the environment variable COURSE_DB_URL, then publish"
        raise course.error(message, "db_url")
    try:
        address = Address.parse(course.publication)
    except ValueError as error:
        raise course.error(f"publication {error}", "publication") from None
    files = {name: _read(course.root / name) for name in WHOLE}
    files["pyproject.toml"] = with_version(files["pyproject.toml"].decode(), engine_version()).encode()
    files |= {name: _read(course.root / name) for name in WHERE_THERE if (course.root / name).is_file()}
    for package in PACKAGES:
        modules = {path.relative_to(course.root).as_posix(): _read(path) for path in _code(course.root / package)}
        if f"{package}/__init__.py" not in modules:
            raise CourseError(
                f"no package {package}/ in {course.root}: learners install it; publish from the repository"
            )
        files |= modules
    listed: dict[str, list[Listed]] = {}
    for lang in course.languages:
        for name in course.assignments:
            files |= _chapter(course, lang, name, address)
            path = f"release/{lang}/{name}/{name}.ipynb"
            listed.setdefault(lang, []).append(Listed(path, _heading(files[path]) or name))
        glossary = f"release/{lang}/{PAGE}"
        if (course.root / glossary).is_file():
            files[glossary] = _read(course.root / glossary)
            listed.setdefault(lang, []).append(Listed(glossary, files[glossary].decode().splitlines()[0].lstrip("# ")))
    files["README.md"] = readme(course.titles, listed, address).encode()
    files[".gitignore"] = GITIGNORE.encode()
    return files


def _chapter(course: CourseFolder, lang: str, name: str, address: Address | None) -> dict[str, bytes]:
    folder = course.root / "release" / lang / name
    main = folder / f"{name}.ipynb"
    if not main.is_file():
        raise CourseError(f"no {main.relative_to(course.root)}; run `course build`, then publish")
    files = {}
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            files[path.relative_to(course.root).as_posix()] = _read(path)
    if address:
        key = main.relative_to(course.root).as_posix()
        files[key] = with_colab_cells(files[key].decode(), address, key, lang).encode()
    return files


def _code(package: Path) -> Iterator[Path]:
    for path in sorted(package.rglob("*")):
        regular = path.is_file() and not path.is_symlink()
        private = any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(package).parts)
        if path.suffix in SUFFIXES and regular and not private:
            yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path.name}: {error.strerror}; the learners' repository needs it") from error


def _heading(notebook: bytes) -> str | None:
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] == "markdown":
            for line in "".join(cell["source"]).splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return None


def _ours(target: Path) -> None:
    """Refuse a folder with files that publish did not write, other than ``.git`` and Python's caches."""
    if not target.exists():
        return
    if not target.is_dir():
        raise CourseError(f"{target} is a file; name a folder")
    present = {
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if not path.is_dir() and "__pycache__" not in path.parts and path.relative_to(target).parts[0] != KEPT
    }
    if not present:
        return
    try:
        published = {MARK, *json.loads((target / MARK).read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError):
        raise CourseError(f"{target} is not empty and was not made by publish; name another folder") from None
    foreign = sorted(present - published)
    if foreign:
        raise CourseError(f"{target} contains {foreign[0]}, which publish did not write; move it away first")


def _backup(target: Path) -> Path:
    return target.with_name(f".{target.name}.before")


def _swap(fresh: Path, target: Path) -> None:
    before = _backup(target)
    if target.exists():
        os.rename(target, before)
    try:
        os.rename(fresh, target)
    except OSError:
        if before.exists():
            os.rename(before, target)
        raise
    _recover(target)


def _recover(target: Path) -> None:
    """Complete a publish that was stopped between its renames; ``.git`` is never lost."""
    before = _backup(target)
    if not before.exists():
        return
    if not target.exists():
        os.rename(before, target)
        return
    if (before / KEPT).exists() and not (target / KEPT).exists():
        os.rename(before / KEPT, target / KEPT)
    shutil.rmtree(before)
