"""Which variables a learner's process sees."""

from pathlib import Path

import pytest

from autograde.grading.sandbox.environment import clean_environment

SECRETS = {"AWS_SECRET_ACCESS_KEY": "s", "COURSE_DB_URL": "s", "TF_VAR_token": "s", "LD_PRELOAD": "s", "PYTHONPATH": "s", "SSH_AUTH_SOCK": "s"}  # fmt: skip


def test_secrets_stay_outside() -> None:
    assert set(clean_environment(Path("/scratch"), SECRETS)) & set(SECRETS) == set()
    assert "s" not in clean_environment(Path("/scratch"), SECRETS).values()


@pytest.mark.parametrize("name", ["LANG", "LC_ALL", "OMP_NUM_THREADS", "KERAS_BACKEND", "TZ"])
def test_what_changes_only_words_and_speed_is_kept(name: str) -> None:
    assert clean_environment(Path("/scratch"), {name: "x"})[name] == "x"


def test_home_and_temporary_files_lie_in_the_scratch_folder() -> None:
    found = clean_environment(Path("/scratch"), {"HOME": "/elsewhere", "TMPDIR": "/elsewhere", "USER": "instructor"})
    for name in ("HOME", "IPYTHONDIR", "MPLCONFIGDIR", "TMPDIR"):
        assert Path(found[name]).is_relative_to("/scratch"), name
    assert found["USER"] == found["LOGNAME"] == "learner"
