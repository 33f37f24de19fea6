"""Attacks on memory that no single limit counts: in the kernel, in many processes, and where the tests run."""

from attacks import WRONG, attack

FILL = """
import socket, time
def fill(one):
    one.setblocking(False)
    try:
        while True: one.send(b"x" * 60_000)
    except OSError: pass
"""

attack(
    "memory-in-sockets",
    code=f"""
{FILL}
for _ in range(10):
    if os.fork() == 0:
        pile = [socket.socketpair() for _ in range(100)]
        for pair in pile:
            for one in pair:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30); fill(one)
        time.sleep(60)
time.sleep(60)
{WRONG}""",
)

attack(
    "memory-in-sockets-of-nobody",
    code=f"""
{FILL}
for _ in range(8):
    if os.fork() == 0:
        line = socket.socketpair()
        for _ in range(240):
            pair = socket.socketpair()
            for one in pair: fill(one)
            try: socket.send_fds(line[0], [b"x"], [one.fileno() for one in pair])
            except OSError: pass
            for one in pair: one.close()
        time.sleep(60)
time.sleep(60)
{WRONG}""",
)

attack(
    "memory-in-pipes",
    code=f"""
import time
for _ in range(100):
    if os.fork() == 0:
        pile = [os.pipe() for _ in range(240)]
        for _, end in pile: os.set_blocking(end, False); os.write(end, bytes(1 << 16))
        time.sleep(60)
time.sleep(60)
{WRONG}""",
)

attack(
    "memory-in-page-tables",
    code=f"""
import mmap, time
for _ in range(40):
    if os.fork() == 0:
        far = mmap.mmap(-1, 7 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
        for at in range(0, len(far), 1 << 21): far[at]
        time.sleep(60)
time.sleep(60)
{WRONG}""",
)

attack("memory-of-an-axis-of-no-length", code="import numpy as np\ndef square(x): return np.zeros((1 << 27, 0))\n")
attack("memory-of-a-column-beside-a-row", code="import numpy as np\ndef square(x): return np.zeros((1 << 22, 1))\n")
attack("memory-of-a-range", code="def square(x): return range(10 ** 9)\n")
attack("memory-of-a-broadcast", code="import numpy as np\ndef square(x): return np.broadcast_to(1.0, (1 << 27,))\n")
attack("memory-of-nested-lists", code="def square(x): return [[[1.0] * 90] * 90] * 120\n")
