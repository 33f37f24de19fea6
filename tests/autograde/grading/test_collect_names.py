"""Is work that comes back through a learning platform credited to its learner, and to nobody by a guess?"""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograde.grading.collect_names import read_name

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
        ("x/Chapter 2_lovelace_attempt_2030-01-31-23-59-00_ada_ch02.ipynb", "ada", AT),
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
