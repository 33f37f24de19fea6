"""Is work that comes back through a learning platform credited to its learner, and to nobody by a guess?"""

import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from warm_command import NBGRADER, run_warm

from autograde.nbgrader_ext.zip_collect import read_name

AT = "2030-01-31 23:59:00 UTC"


@pytest.mark.parametrize(
    ("path", "student", "timestamp"),
    [
        ("x/ada_ch02.ipynb", "ada", None),
        ("x/ada_ch02 (1).ipynb", "ada", None),
        ("x/ada_ch02-2.ipynb", "ada", None),
        ("x/ada_ch02_final.ipynb", "ada", None),
        ("x/ada_ch02_ch02.ipynb", "ada", None),
        ("x/ada_Copy of ch02.ipynb", "ada", None),
        ("x/ada_“ch02.ipynb”的副本.ipynb", "ada", None),
        ("x/2024.李雷_ch02.ipynb", "2024.李雷", None),
        ("x/2024001_ch02.ipynb", "2024001", None),
        ("x/ada_20300131T235900_ch02.ipynb", "ada", AT),
        # Canvas, without and with an id of the learner's own
        ("x/lovelaceada_1234_5678_ch02.ipynb", "lovelaceada", None),
        ("x/lovelaceada_LATE_1234_5678_ch02-1.ipynb", "lovelaceada", None),
        ("x/lovelaceada_1234_5678_Copy of ch02.ipynb", "lovelaceada", None),
        ("x/lovelaceada_1234_5678_ada_ch02.ipynb", "ada", None),
        ("x/lovelaceada_1234_5678_2024001_ch02.ipynb", "2024001", None),
        ("x/lovelaceada_1234_5678_ada_20300131T235900_ch02.ipynb", "ada", AT),
        # Moodle, with folders and without
        ("x/Ada Lovelace_1234_assignsubmission_file_/ch02.ipynb", "Ada-Lovelace", None),
        ("x/Ada Lovelace_1234_assignsubmission_file_/ada_ch02.ipynb", "ada", None),
        ("x/Ada Lovelace_1234_assignsubmission_file_ch02.ipynb", "Ada-Lovelace", None),
        ("x/Ada Lovelace_1234_assignsubmission_file_ada_ch02.ipynb", "ada", None),
        ("x/李雷_1234_assignsubmission_file/ch02.ipynb", "李雷", None),
        # Blackboard
        ("x/Chapter 2_ada_attempt_2030-01-31-23-59-00_ch02.ipynb", "ada", AT),
        ("x/ch02_ada_attempt_2030-01-31-23-59-00_ch02.ipynb", "ada", AT),
        ("x/Chapter 2_adal_attempt_2030-01-31-23-59-00_ada_20200131T235900_ch02.ipynb", "ada", AT),
        # anonymous marking says nothing of the learner's own id
        ("Participant_11_assignsubmission_file_/ada_ch02.ipynb", "ada", None),
        # names as a Mac writes them into a zip
        (unicodedata.normalize("NFD", "x/José García_7_assignsubmission_file_/ch02.ipynb"), "José-García", None),
        (unicodedata.normalize("NFD", "x/josé_ch02.ipynb"), "josé", None),
        # as Colab calls a copy
        ("x/Copy of ada_ch02.ipynb", "ada", None),
        ("x/Copy of Copy of ada_ch02.ipynb", "ada", None),
        ("x/“ada_ch02.ipynb”的副本.ipynb", "ada", None),
        ("x/ada_ch02.ipynb 的副本.ipynb", "ada", None),
        ("Ada Lovelace_1_assignsubmission_file_/Copy of ch02 (1).ipynb", "Ada-Lovelace", None),
        ("Ada Lovelace_1_assignsubmission_file_/work/ch02.ipynb", "Ada-Lovelace", None),
    ],
)
def test_a_name_tells_the_learner(path: str, student: str, timestamp: str | None) -> None:
    expected = {"student_id": student, "file_id": "ch02", **({"timestamp": timestamp} if timestamp else {})}
    assert read_name(PurePosixPath(path), ["ch02"]) == expected


@pytest.mark.parametrize(
    "path",
    [
        "x/ch02.ipynb",
        "x/van_gogh_ch02.ipynb",
        "x/ada-ch02.ipynb",
        "x/ada_ch03.ipynb",
        "x/ada_ch021.ipynb",
        "x/.._ch02.ipynb",
        "x/-rf_ch02.ipynb",
        "x/_ch02.ipynb",
        "x/ada\x01_ch02.ipynb",
        "x/ada_20301399T235900_ch02.ipynb",
        "submissions_12_34/ch02.ipynb",
        "x/notes.ipynb",
        # anonymous marking
        "Participant_11_assignsubmission_file_/ch02.ipynb",
        "Teilnehmer-in_11_assignsubmission_file_ch02.ipynb",
        "参与者_11_assignsubmission_file_/ch02.ipynb",
        "anonymous_11_5678_ch02.ipynb",
        # somebody else's name inside the platform's words
        "mallory_1234_5678_ada_20261101T100001_ch02.ipynb",
        "Mallory_1234_assignsubmission_file_/ada_ch02.ipynb",
        "Chapter 2_mallory_attempt_2030-01-31-23-59-00_ada_ch02.ipynb",
        "Chapter 2_mallory_attempt_2030-01-31-23-59-00_ada_attempt_2029-01-31-23-59-00_ch02.ipynb",
        "Mallory_99_assignsubmission_file_/Ada Lovelace_1234_assignsubmission_file_ch02.ipynb",
        "mallory_1_2_lovelaceada_1234_5678_ch02.ipynb",
        "Chapter_2_van_gogh_attempt_2030-01-31-23-59-00_ch02.ipynb",
        "x/ada lovelace_ch02.ipynb",
        "x/ada_00010101T000000_ch02.ipynb",
    ],
)
def test_what_could_be_anybodys_is_nobodys(path: str) -> None:
    assert read_name(PurePosixPath(path), ["ch02"]) is None


def test_an_assignment_of_several_notebooks_takes_each_by_its_name() -> None:
    found = [read_name(PurePosixPath(f"ada_{name}.ipynb"), ["p1", "p10"]) for name in ("p1", "p10", "p10-1")]
    assert [one and one["file_id"] for one in found] == ["p1", "p10", "p10"]


@given(st.lists(st.sampled_from(["ada", "ch02", "", "..", "1234", "LATE", "attempt", "assignsubmission", "file", " ",
                                 "2030-01-31-23-59-00", "20300131T235900", "李雷", "a/b"]), max_size=7))  # fmt: skip
def test_whatever_the_name_the_id_is_no_path(words: list[str]) -> None:
    found = read_name(PurePosixPath("_".join(words) + "_ch02.ipynb"), ["ch02"])
    if found:
        assert PurePosixPath(found["student_id"]).name == found["student_id"] not in ("", ".", "..")
        assert found["file_id"] == "ch02"


def collect(built: Path, *names: str) -> tuple[dict[str, str], str]:
    """Collect files of these names, each with its name in it: what lies in submitted/ then, and what was said."""
    archive = built / "gradebook" / "downloaded" / "ch91" / "archive"
    for name in names:
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).write_text(name)
    run = run_warm(NBGRADER, ["zip_collect", "ch91"], built)
    assert run.returncode == 0, run.stderr
    found = {path.parts[-3]: path.read_text() for path in (built / "gradebook" / "submitted").glob("*/ch91/ch91.ipynb")}
    return found, run.stderr


@pytest.mark.slow
def test_names_that_mean_two_learners_are_named_and_all_others_collected(built: Path) -> None:
    with Gradebook(f"sqlite:///{built}/gradebook/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment("ch91", duedate="2026-01-05 12:00:00 UTC")
    found, said = collect(
        built,
        # anonymous, two of them
        "Participant_11_assignsubmission_file_/ch91.ipynb", "Participant_22_assignsubmission_file_/ch91.ipynb",
        # two people of one name
        "Wei Zhang_1111_assignsubmission_file_/ch91.ipynb", "Wei Zhang_2222_assignsubmission_file_/ch91.ipynb",
        "zhangwei_101_5001_ch91.ipynb", "zhangwei_202_5002_ch91.ipynb",
        # Mallory, as Ada, in every way; Ada herself
        "mallory_7_5003_ada_20261101T100001_ch91.ipynb", "Mallory_8_assignsubmission_file_/ada_ch91.ipynb",
        "lovelaceada_9_5004_ada_20260104T100000_ch91.ipynb",
        # a number that two people claim
        "bob_10_5005_2024001_ch91.ipynb", "eve_11_5006_2024001_ch91.ipynb",
        # two files of one learner, without times
        "carl_ch91.ipynb", "carl_ch91 (1).ipynb",
        # late by Canvas, in time by the name; late and without a time; late by both
        "dora_LATE_12_5007_dora_20260101T100000_ch91.ipynb", "emil_LATE_13_5008_ch91.ipynb",
        "fay_LATE_14_5009_fay_20260107T100000_ch91.ipynb",
        # what systems leave beside
        "gil_ch91.ipynb", ".ipynb_checkpoints/gil_ch91-checkpoint.ipynb", "__MACOSX/._gil_ch91.ipynb", "__MACOSX/gil_ch91.ipynb",
        # the same letters, written in two ways
        "José García_15_assignsubmission_file_/ch91.ipynb",
    )  # fmt: skip
    assert found == {
        "ada": "lovelaceada_9_5004_ada_20260104T100000_ch91.ipynb",
        "dora": "dora_LATE_12_5007_dora_20260101T100000_ch91.ipynb",
        "emil": "emil_LATE_13_5008_ch91.ipynb",
        "fay": "fay_LATE_14_5009_fay_20260107T100000_ch91.ipynb",
        "gil": "gil_ch91.ipynb",
        "José-García": "José García_15_assignsubmission_file_/ch91.ipynb",
    }
    stamp = {
        name: (built / "gradebook" / "submitted" / name / "ch91" / "timestamp.txt").read_text()
        for name in ("dora", "emil", "fay")
    }
    assert stamp == {"dora": "2026-01-05 12:00:01", "emil": "2026-01-05 12:00:01", "fay": "2026-01-07 10:00:00"}
    refused = [line for line in said.splitlines() if ": not collected, " in line]
    assert len(refused) == 12
    assert "several people are Wei-Zhang here: Wei Zhang (1111), Wei Zhang (2222)" in said
    assert "so delete none" in said
    assert "several people are 2024001 here: bob (10), eve (11)" in said
    assert "carl has two files" in said
    assert sum("does not tell whose work it is" in line for line in refused) == 4
