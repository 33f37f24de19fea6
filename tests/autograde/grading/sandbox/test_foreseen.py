"""What is settled before the forks: once, and the same as a fork would find by itself."""

import socket
import sys
from pathlib import Path

import pytest

from autograde.grading.sandbox import Limits, foresee
from autograde.grading.sandbox.fork import make_plan
from autograde.grading.sandbox.installation import holds_socket
from autograde.grading.sandbox.layers import layers
from autograde.grading.sandbox.linux import seccomp

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


@linux_only
@pytest.mark.parametrize("loopback", [False, True])
def test_a_fork_compiles_no_filter_of_its_own(tmp_path: Path, loopback: bool) -> None:
    if layers()["seccomp"] != "on":
        pytest.skip("no seccomp here")
    course, scratch = tmp_path / "course", tmp_path / "scratch"
    course.mkdir()
    scratch.mkdir()
    foresee([course], loopback)
    before = seccomp.encoded.cache_info().misses
    plan = make_plan(Limits(), scratch, [course], [], layers(), loopback)
    assert seccomp.encoded.cache_info().misses == before
    assert plan.readable == (course.resolve(),)
    assert plan.filter == seccomp.encoded.__wrapped__(plan.unix_sockets, None, plan.loopback)


@linux_only
def test_a_folder_that_comes_later_is_laid_out_as_a_folder(tmp_path: Path) -> None:
    course = tmp_path / "course"
    foresee([course])
    with pytest.raises(ValueError, match="there is no"):
        make_plan(Limits(), tmp_path, [course], [], layers())
    course.mkdir()
    (scratch := tmp_path / "scratch").mkdir()
    plan = make_plan(Limits(), scratch, [course], [], layers())
    assert plan.layouts[1].files == ()


def test_a_socket_is_found_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "course" / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "module.py").write_text("")
    (deep / "loop").symlink_to(tmp_path / "course")
    assert not holds_socket(tmp_path / "course")
    monkeypatch.chdir(deep)  # paths of sockets are short
    with socket.socket(socket.AF_UNIX) as service:
        service.bind("service")
        assert holds_socket(tmp_path / "course")
        assert holds_socket(deep / "service")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "link").symlink_to(deep / "service")
        assert holds_socket(tmp_path / "other")
    assert not holds_socket(tmp_path / "missing")
