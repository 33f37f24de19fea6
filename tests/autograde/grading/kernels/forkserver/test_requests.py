"""What comes over the sockets of the template and the examiner, in pieces, with descriptors, or not at all."""

import os
import socket
from collections.abc import Iterator

import pytest

from autograde.grading.kernels.forkserver.kinds import _bare, _orders
from autograde.grading.kernels.forkserver.template import receive


@pytest.fixture
def packets() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def lines() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_request_comes_with_its_descriptors(packets: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = packets
    reader, writer = os.pipe()
    socket.send_fds(ours, [b'{"kind": "kernel"}'], [writer])
    os.close(writer)
    request, (descriptor,) = receive(theirs)
    os.write(descriptor, b"!")
    assert (request, os.read(reader, 1)) == ({"kind": "kernel"}, b"!")
    os.close(descriptor), os.close(reader)


@pytest.mark.parametrize("said", [b"", b"not JSON", b"\xff"])
def test_what_is_no_request_starts_nothing(packets: tuple[socket.socket, socket.socket], said: bytes) -> None:
    ours, theirs = packets
    if said:
        ours.send(said)
    ours.close()
    assert receive(theirs) == (None, [])


def test_an_order_is_a_line_however_it_was_cut(lines: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = lines
    orders = _orders(theirs)
    ours.sendall(b'{"setup": "a"}\n{"se')
    assert next(orders) == ({"setup": "a"}, [])
    ours.sendall(b'tup": "b"}\n')
    assert next(orders) == ({"setup": "b"}, [])
    ours.close()
    assert list(orders) == []


def test_a_socket_belongs_to_the_order_that_it_came_with(lines: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = lines
    near, far = socket.socketpair()
    with near:
        with far:
            socket.send_fds(ours, [b'{"wire": true}\n{"settle": 1}\n'], [far.fileno()])
        orders = _orders(theirs)
        order, (passed,) = next(orders)
        with passed:
            passed.sendall(b"!")
        assert (order, near.recv(1)) == ({"wire": True}, b"!")
        assert next(orders) == ({"settle": 1}, [])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_the_benchmarks_floor_runs_every_cell_and_goes_on_after_an_error() -> None:
    """In a fork: it silences its standard streams."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = os.fork()
        if child == 0:
            try:
                ours.close()
                _bare({}, [os.dup(theirs.fileno())])
            finally:
                os._exit(0)
        theirs.close()
        ours.sendall(b'{"cells": ["x = 1", "1 / 0", "assert x == 1"]}\n')
        assert ours.recv(100) == b'{"msg_type": "done"}\n'
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
