"""A learner's process tries what it must not; the same code outside the sandbox shows that each attack is one."""

import os

import pytest
from sandbox_attacks import BEYOND_LANDLOCK, CALLS, FOR_ROOT, READS, WRITES, attempt
from sandbox_run import Supervised, everyone, supervised

from autograde.grading.sandbox import LAYERS
from autograde.grading.sandbox.linux.seccomp import REFUSED, column

pytestmark = pytest.mark.thorough

ATTACKS = {**READS, **WRITES, **CALLS}
learner = supervised()
anyone = supervised(everyone)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_works_outside_the_sandbox(learner: Supervised, name: str) -> None:
    assert "ESCAPED" in learner(attempt(ATTACKS[name]), plain=True)["output"]


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_fails_inside_the_sandbox(learner: Supervised, name: str) -> None:
    report = learner(attempt(ATTACKS[name]), readable=["open"])
    assert report["output"].endswith("tried\n")
    assert "ESCAPED" not in report["output"]
    assert (report["gradebook"], report["lair"]) == ("MARK-7d1e", ["open", "scratch", "secret"])
    assert (report["exit_code"], report["left"]) == (0, 0)


@pytest.mark.parametrize("name", FOR_ROOT)
def test_root_has_no_rights_inside_the_sandbox(learner: Supervised, name: str) -> None:
    if learner.user == "root":
        assert "ESCAPED" in learner(attempt(FOR_ROOT[name]), plain=True)["output"]
    report = learner(attempt(FOR_ROOT[name]))
    assert report["output"].endswith("tried\n")
    assert "ESCAPED" not in report["output"]


@pytest.mark.parametrize("layer", LAYERS)
def test_no_attack_gets_through_when_a_layer_is_missing(anyone: Supervised, layer: str) -> None:
    alone = layer == "mount-namespace" or (layer == "user-namespace" and anyone.user == "ordinary")
    spared = BEYOND_LANDLOCK if alone else {"the kernel's own socket"} if layer == "seccomp" else set()
    names = [name for name in ATTACKS if name not in spared]
    report = anyone("\n".join(f"print({name!r})\n{attempt(ATTACKS[name])}" for name in names), without=[layer])
    assert report["layers"][layer] == "left out"
    assert report["output"].count("tried\n") == len(names)
    assert "ESCAPED" not in report["output"]
    assert (report["gradebook"], report["left"]) == ("MARK-7d1e", 0)


def test_every_refused_call_is_refused(learner: Supervised) -> None:
    numbers = {name: pair[column()] for name, pair in REFUSED.items() if pair[column()] is not None}
    code = (
        "import ctypes, errno\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        f"for name, number in {numbers!r}.items():\n"
        "    result = libc.syscall(number, *[ctypes.c_long(-1)] * 6)\n"
        "    print(name, result, errno.errorcode.get(ctypes.get_errno()))"
    )
    assert set(learner(code)["output"].splitlines()) == {f"{name} -1 EPERM" for name in numbers}
    open_ = learner(code, without=["seccomp"])["output"].splitlines()
    assert sum(line.endswith("EPERM") for line in open_) < len(numbers) / 2  # the filter is what refuses


@pytest.mark.parametrize("flag", ["0x10000000", "0x00020000", "0x20000000", "0x40000000"])
def test_no_namespace_can_be_made_by_clone(learner: Supervised, flag: str) -> None:
    code = (
        "import ctypes, platform\n"
        "number = {'x86_64': 56, 'aarch64': 220}[platform.machine()]\n"
        f"pid = ctypes.PyDLL(None).syscall(number, ctypes.c_ulong({flag} | 17), *[ctypes.c_ulong(0)] * 4)\n"
        "if pid == 0: os._exit(0)\n"
        "print('made' if pid > 0 else 'refused')"
    )
    assert learner(code)["output"] == "refused\n"
    if flag == "0x10000000":
        assert learner(code, plain=True)["output"] == "made\n"


def test_the_parents_death_signal_cannot_be_taken_off(learner: Supervised) -> None:
    code = "import ctypes; print(ctypes.CDLL(None).prctl(1, 0, 0, 0, 0))"
    assert learner(code)["output"] == "-1\n"
    assert learner(code, plain=True)["output"] == "0\n"


def test_a_signal_to_everybody_reaches_nobody_else(anyone: Supervised) -> None:
    code = "import signal\ntry: os.kill(-1, signal.SIGKILL)\nexcept OSError as error: print(error)\nprint('tried')"
    for without in ([], ["pid-namespace"]):
        report = anyone(code, without=without)  # that there is a report says that the supervisor lives
        assert report["exit_code"] in (0, -9)


def test_only_kept_files_are_open(learner: Supervised) -> None:
    code = "for number in range(300):\n    try: os.fstat(number); print(number, end=' ')\n    except OSError: pass\n"
    numbers = [int(word) for word in learner(code)["output"].split()]
    assert numbers[:3] == [0, 1, 2]
    assert len(numbers) == 4  # the one that the supervisor's request names
    assert len(learner(code, plain=True)["output"].split()) > 8


def test_a_folder_made_beside_scratch_exists_for_the_learner_alone(learner: Supervised) -> None:
    report = learner("os.makedirs('/tmp/new/inner'); open('/tmp/new/inner/x', 'w').write('x'); print('made')")
    assert report["output"] == "made\n"
    assert not os.path.exists("/tmp/new/inner")


def test_nothing_of_another_user_namespace_is_root(learner: Supervised) -> None:
    code = "print(open('/proc/self/status').read())"
    status = dict(line.split(":\t", 1) for line in learner(code)["output"].splitlines() if ":\t" in line)
    assert status["Uid"].split() == status["Gid"].split() == ["65534"] * 4
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
