"""Which namespaces are entered, who the users are in a new one, and what the supervisor is asked."""

import socket
import threading

import pytest

from autograde.grading.sandbox.linux import calls, namespaces

OFF = dict.fromkeys(namespaces.FLAGS, "off")


def test_the_machines_name_goes_with_any_namespace() -> None:
    assert namespaces.flags(OFF) == 0
    assert namespaces.flags({**OFF, "network-namespace": "on"}) == (
        calls.CLONE_NEWNET | calls.CLONE_NEWUTS | calls.CLONE_NEWCGROUP
    )
    everything = namespaces.flags(dict.fromkeys(namespaces.FLAGS, "on"))
    assert all(everything & flag for flag in namespaces.FLAGS.values())


def test_without_a_namespace_nothing_is_asked_of_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[int] = []
    monkeypatch.setattr(calls, "unshare", entered.append)
    namespaces.own_namespaces(OFF)
    namespaces.own_namespaces({**OFF, "user-namespace": "on", "pid-namespace": "on"})
    assert entered == [calls.CLONE_NEWPID | namespaces.ALSO]  # its users have theirs already


def test_each_user_keeps_the_number() -> None:
    assert namespaces.same_numbers("         0          0 4294967295\n") == "0 0 4294967295"
    assert namespaces.same_numbers("0 100000 1000\n1000 1000 1\n") == "0 0 1000\n1000 1000 1"


@pytest.mark.parametrize(
    ("answer", "error"), [(b"go on", None), (b"no such child", "no such child"), (b"", "has gone")]
)
def test_the_supervisor_agrees_refuses_or_has_gone(answer: bytes, error: str | None) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    heard: list[bytes] = []

    def supervise() -> None:
        heard.append(theirs.recv(100))
        if answer:
            theirs.send(answer)
        theirs.close()

    thread = threading.Thread(target=supervise)
    thread.start()
    if error is None:
        namespaces.ask(ours, "map")
    else:
        with pytest.raises(OSError, match=error):
            namespaces.ask(ours, "map")
    thread.join()
    ours.close()
    assert heard == [b"map"]
