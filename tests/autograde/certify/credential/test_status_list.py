"""The status register gives no index twice, whatever happens; the list says what the register says."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issued_course import NOW

from autograde.certify.credential.instant import instant
from autograde.certify.credential.status_list import MAX_VALID_DAYS, ListProblem, is_set, status_list
from autograde.certify.issue.status_register import ENTRIES, StatusRegister
from autograde.errors import CourseError

INDEXES = st.sets(st.integers(0, ENTRIES - 1), max_size=30)


@given(INDEXES)
def test_the_list_has_exactly_the_bits_that_were_set_the_first_being_leftmost(indexes: set[int]) -> None:
    encoded = status_list("did:web:x.org", "https://x.org/1", indexes, NOW)["credentialSubject"]["encodedList"]
    probes = indexes | {0, 1, 7, 8, ENTRIES - 1} | {index ^ 1 for index in indexes}
    assert {index for index in probes if is_set(encoded, index)} == indexes


def test_the_list_is_long_enough_and_soon_out_of_date() -> None:
    claims = status_list("did:web:x.org", "https://x.org/1", (), NOW)
    assert ENTRIES >= 131_072
    assert timedelta(0) < instant(claims["validUntil"]) - instant(claims["validFrom"]) <= timedelta(MAX_VALID_DAYS)
    with pytest.raises(ListProblem, match=f"has no index {ENTRIES}"):
        is_set(claims["credentialSubject"]["encodedList"], ENTRIES)


def test_a_crowded_list_still_gives_every_index_once(tmp_path: Path) -> None:
    draws = iter([5, 5, 5, 6, 6, 7, 5, 6, 7, 0])
    register = StatusRegister(tmp_path, lambda _: next(draws))
    assert [register.allocate(f"urn:{n}", NOW) for n in range(4)] == [5, 6, 7, 0]


def test_another_process_and_a_later_one_know_what_was_given(tmp_path: Path) -> None:
    register, other = StatusRegister(tmp_path), StatusRegister(tmp_path)
    given = [(register if n % 2 else other).allocate(f"urn:{n}", NOW) for n in range(40)]
    assert len(set(given)) == 40
    later = StatusRegister(tmp_path)
    assert [later.entry(f"urn:{n}").index for n in range(40)] == given  # type: ignore[union-attr]
    with pytest.raises(CourseError, match="has a status index already"):
        later.allocate("urn:7", NOW)


def test_indexes_are_spread_over_the_whole_list(tmp_path: Path) -> None:
    register = StatusRegister(tmp_path)
    given = [register.allocate(f"urn:{n}", NOW) for n in range(60)]
    assert min(given) < ENTRIES // 4 < 3 * ENTRIES // 4 < max(given)  # fails once in 10**7 runs


def test_the_line_that_a_crash_tore_was_never_given_out(tmp_path: Path) -> None:
    register = StatusRegister(tmp_path)
    first = register.allocate("urn:1", NOW)
    with register.path.open("ab") as file:
        file.write(b'{"at": "2026-01-31T10:00:00Z", "credential": "urn:2", "ind')
    again = StatusRegister(tmp_path)
    assert again.state("urn:2") is None
    second = again.allocate("urn:2", NOW)
    assert second != first
    assert [json.loads(line)["index"] for line in register.path.read_text().splitlines()] == [first, second]


@pytest.mark.parametrize("line", ["garbage", "{}", '{"credential": "urn:9", "index": 5}', '{"credential": "x", "index": -1}',
                                  '{"credential": "nobody", "state": "revoked", "reason": "r"}',
                                  '{"credential": "urn:1", "state": "issued", "reason": "r"}'])  # fmt: skip
def test_a_damaged_line_stops_everything(tmp_path: Path, line: str) -> None:
    register = StatusRegister(tmp_path, lambda _: 5)
    register.allocate("urn:1", NOW)
    with register.path.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(CourseError, match=r"is damaged after .*; restore it from your backup"):
        StatusRegister(tmp_path).set_indexes()


def test_a_killed_process_leaves_a_register_that_the_next_one_reads(tmp_path: Path) -> None:
    code = (
        "import sys, datetime, pathlib\n"
        "from autograde.certify.issue.status_register import StatusRegister\n"
        "register = StatusRegister(pathlib.Path(sys.argv[1]))\n"
        "for n in range(10**9):\n"
        "    print(f'urn:{n}', register.allocate(f'urn:{n}', datetime.datetime.now(datetime.UTC)), flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(20)]
        os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        lines += process.stdout.readlines()
    register = StatusRegister(tmp_path)
    for line in lines[:-1]:
        name, index = line.split()
        entry = register.entry(name)
        assert entry is not None
        assert entry.index == int(index)
    assert register.allocate("urn:next", NOW) not in {int(line.split()[1]) for line in lines[:-1]}


def test_a_revocation_is_final_and_a_suspension_ends_with_a_new_credential(tmp_path: Path) -> None:
    register = StatusRegister(tmp_path)
    bits = {name: register.allocate(name, NOW) for name in ("a", "b", "c")}
    assert register.set_indexes() == set()
    register.revoke("a", "wrong person", NOW)
    register.revoke("b", "under review", NOW, suspend=True)
    assert [register.state(name) for name in "abcd"] == ["revoked", "suspended", "issued", None]
    assert register.set_indexes() == {bits["a"], bits["b"]}
    register.lift("b", "cleared", NOW)
    assert register.state("b") == "lifted"
    assert register.set_indexes() == {bits["a"], bits["b"]}
    register.revoke("b", "after all", NOW)
    for act in (
        lambda: register.revoke("a", "again", NOW),
        lambda: register.revoke("a", "softer", NOW, suspend=True),
        lambda: register.lift("c", "nothing to lift", NOW),
        lambda: register.revoke("nobody", "who", NOW),
        lambda: register.revoke("c", " ", NOW),
        lambda: register.revoke("c", "two\nlines", NOW),
    ):
        with pytest.raises(CourseError):
            act()
    register.lift("a", "asked and granted", NOW)
    with pytest.raises(CourseError, match="lifted already"):
        register.lift("a", "again", NOW)
    assert StatusRegister(tmp_path).entry("a").past == ("issued", "revoked", "lifted")
    assert register.set_indexes() == {bits["a"], bits["b"]}


@pytest.mark.skipif(sys.platform != "linux", reason="a file size limit as a full disk")
def test_on_a_full_disk_no_index_is_given_and_the_register_stays_whole(tmp_path: Path) -> None:
    register = StatusRegister(tmp_path)
    register.allocate("urn:1", NOW)
    size = register.path.stat().st_size
    code = (
        "import sys, datetime, pathlib, resource, signal\n"
        "from autograde.certify.issue.status_register import StatusRegister\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 9}, {size + 9}))\n"
        "try:\n"
        "    StatusRegister(pathlib.Path(sys.argv[1])).allocate('urn:2', datetime.datetime.now(datetime.UTC))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=120, check=True
    )
    assert run.stdout.split() == ["CourseError"]
    assert register.path.stat().st_size == size
    assert StatusRegister(tmp_path).state("urn:2") is None
