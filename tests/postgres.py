"""A PostgreSQL of the tests' own: a server in a temporary folder, reached through a socket in it, gone at the end."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_NUMBERS = count(1)
UNPRIVILEGED = "nobody"  # initdb refuses root


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``: of PATH, or the newest where Debian keeps them."""
    found = shutil.which("initdb")
    if found and (Path(found).parent / "postgres").exists():
        return Path(found).parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def why_not() -> str:
    """Why no server can be started here; empty if one can."""
    if sys.platform == "win32":
        return "the tests start PostgreSQL on Linux and macOS only"
    if binaries() is None:
        return "there is no PostgreSQL server here (initdb); install the package postgresql"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and there is no runuser"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "the Python package psycopg is missing"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """Start a server; give the folder of its socket. Trusts whoever reaches that folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket's path holds 107 characters at most
    programs = binaries()
    assert programs is not None
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)
        as_user = ["runuser", "-u", UNPRIVILEGED, "--"]

    def run(*words: str) -> None:
        done = subprocess.run([*as_user, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    data = folder / "data"
    run(str(programs / "initdb"), "-D", str(data), "-U", "course", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "100"]
    run(*control, "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start")
    try:
        yield str(folder)
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The folder of the socket of a server that lives as long as the tests; skipped with the reason without one."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with server() as folder:
        yield folder


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty database."""
    import psycopg

    name = f"book{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(host=postgres_server, user="course", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://course@/{name}?host={postgres_server}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
