"""Does an archive that a learner uploads hurt nobody, and stay that learner's?"""

import io
import logging
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from warm_command import NBGRADER, run_warm

from autograde.nbgrader_ext import zip_extract
from autograde.nbgrader_ext.zip_collect import read_name
from autograde.nbgrader_ext.zip_extract import BoundedExtractor


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def tarred(files: dict[str, bytes], **links: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return data.getvalue()


def locked(files: dict[str, bytes]) -> bytes:
    """An archive that says of each file that it has a password."""
    data = bytearray(zipped(files, zipfile.ZIP_STORED))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + place] |= 1
    return bytes(data)


NOTEBOOK = b'{"cells": []}'
DEEP = zipped({"ch91.ipynb": NOTEBOOK})
for _ in range(6):
    DEEP = zipped({"inner.zip": DEEP})
HOSTILE = {
    "mallory_7_1_rubbish.zip": b"no archive",
    "mallory_7_2_cut.zip": zipped({"ch91.ipynb": NOTEBOOK})[:-9],
    "mallory_7_3_spoiled.zip": zipped({"x": b"abcdefgh"}, zipfile.ZIP_STORED).replace(b"abcdefgh", b"abcdefgx"),
    "mallory_7_4_locked.zip": locked({"ch91.ipynb": NOTEBOOK}),
    "mallory_7_5_out.zip": zipped({"../../x_ch91.ipynb": NOTEBOOK, "/tmp/x": b"", "C:/x": b"", "..\\x": b""}),
    "mallory_7_6_clash.zip": zipped({"a": b"", "a/b": b"", "x" * 300: b""}),
    "mallory_7_7_deep.zip": DEEP,
    "mallory_7_8_ch91.ipynb.gz": b"\x1f\x8b\x08\x00",
    "mallory_7_9_linked.tar.gz": tarred({"../y": b""}, ch91_ipynb="/etc/passwd"),
    "mallory_7_10_method.zip": zipped({"x": b"x"}).replace(b"\x08\x00", b"\x63\x00"),
}


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def unpack(root: Path, files: dict[str, bytes]) -> set[str]:
    """What is there of archives that lie in a folder, once they were unpacked."""
    for name, content in files.items():
        (root / "archive" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "archive" / name).write_bytes(content)
    extractor = BoundedExtractor()
    extractor.log = logging.getLogger("zip_collect")
    (root / "extracted").mkdir()
    extractor.extract(str(root / "archive"), str(root / "extracted"))
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return {name for name in there if not name.endswith((".zip", ".gz"))}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("within", [False, True], ids=["alone", "in-the-platforms-archive"])
def test_an_archive_that_cannot_be_unpacked_is_named_and_the_others_are_there(
    tmp_path: Path, said: pytest.LogCaptureFixture, name: str, within: bool
) -> None:
    files = {name: HOSTILE[name], "ada_9_9_ch91.ipynb": b"1", "bob_8_8_work.zip": zipped({"ch91.ipynb": b"2"})}
    found = unpack(tmp_path, {"submissions.zip": zipped(files)} if within else files)
    top = "extracted/submissions" if within else "extracted"
    assert {f"{top}/ada_9_9_ch91.ipynb", f"{top}/bob_8_8_work/ch91.ipynb"} <= found
    assert all(one.startswith((f"{top}/ada", f"{top}/bob", f"{top}/mallory", "archive/ada")) for one in found)
    assert name.split(".")[0] in said.text
    assert ": not unpacked, " in said.text


def test_a_bomb_takes_no_more_than_a_submission_may_and_nobody_elses_room(
    tmp_path: Path, said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_extract, "LARGEST", 1_000_000)
    grown = {f"{number}.txt": bytes(400_000) for number in range(5)}
    many = {f"{number}.txt": b"" for number in range(1000)}
    inner = {f"{number}.zip": zipped({"big": bytes(400_000)}) for number in range(5)}
    files = {
        **{f"mallory_7_{n}_x.zip": zipped(files) for n, files in enumerate((grown, many, inner), start=1)},
        "mallory_7_5_ch91.ipynb": bytes(3_000_000),
        **{f"ada_9_{n}_ch91.ipynb": bytes(900_000) for n in range(3)},
    }
    found = unpack(tmp_path, {"submissions.zip": zipped(files)})
    for number in (1, 2, 3):
        folder = tmp_path / "extracted" / "submissions" / f"mallory_7_{number}_x"
        sizes = [max(path.stat().st_size, 4096) for path in folder.rglob("*") if path.is_file()]
        assert sum(sizes) <= 1_000_000
    assert {f"extracted/submissions/ada_9_{n}_ch91.ipynb" for n in range(3)} <= found
    assert "extracted/submissions/mallory_7_5_ch91.ipynb" not in found
    assert said.text.count("unpacked it is more than") == 6


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("submissions/mallory_74_7004_work/ch91.ipynb", "mallory"),
        ("mallory_74_7004_work/mallory_ch91.ipynb", "mallory"),
        ("Chapter 1_mallory_attempt_2026-01-05-11-00-00_work/deep/ch91.ipynb", "mallory"),
        ("Mallory_7_assignsubmission_file_work/inner/ch91.ipynb", "Mallory"),
        ("mallory_74_7004_work/ada_ch91.ipynb", None),
        ("mallory_74_7004_work/lovelaceada_9_5001_ada_20260105T110000_ch91.ipynb", None),
        ("mallory_74_7004_work/lovelaceada_9_5001_ch91.ipynb", None),
        ("mallory_74_7004_work/Ada Lovelace_1_assignsubmission_file_/ada_ch91.ipynb", None),
        ("mallory_LATE_74_7004_work/lovelaceada_9_5001_work/ada_ch91.ipynb", None),
        ("Chapter 1_mallory_attempt_2026-01-05-11-00-00_work/ada_ch91.ipynb", None),
        ("Mallory_7_assignsubmission_file_work/lovelaceada_9_5001_work/ada_ch91.ipynb", None),
    ],
)
def test_what_a_learner_packed_is_that_learners(path: str, student: str | None) -> None:
    found = read_name(PurePosixPath(path), ["ch91"])
    assert (found and found["student_id"]) == student


@pytest.mark.slow
def test_nobodys_archive_stops_the_collection(built: Path) -> None:
    archive = built / "gradebook" / "downloaded" / "ch91" / "archive"
    archive.mkdir(parents=True)
    as_ada = {"ada_20260105T110000_ch91.ipynb": b"3", "lovelaceada_9_9_ada_20260105T110000_ch91.ipynb": b"3"}
    files = {
        **HOSTILE,
        "lovelaceada_9_9_ada_20260104T110000_ch91.ipynb": b"1",
        "bob_8_8_work.zip": zipped({"ch91.ipynb": b"2"}),
        "mallory_7_11_as-ada.zip": zipped(as_ada),
    }
    (archive / "submissions.zip").write_bytes(zipped(files))
    run = run_warm(NBGRADER, ["zip_collect", "ch91"], built)
    assert run.returncode == 0, run.stderr
    submitted = built / "gradebook" / "submitted"
    found = {path.parts[-3]: path.read_bytes() for path in submitted.glob("*/ch91/ch91.ipynb")}
    assert found == {"ada": b"1", "bob": b"2"}
