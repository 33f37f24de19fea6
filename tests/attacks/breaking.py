"""Attacks on the machine and on the batch: bombs, floods, processes that stay, files that fill, sockets that call home."""

from attacks import WRONG, attack

attack(
    "fork-bomb",
    code=f"""
import time
until = time.monotonic() + 2
while time.monotonic() < until:
    try: os.fork()
    except OSError: pass
{WRONG}""",
)

attack(
    "thread-bomb",
    errors=("RuntimeError",),
    code=f"""
import threading, time
for _ in range(5000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
{WRONG}""",
)

attack(
    "memory-bomb",
    errors=("MemoryError",),
    code=f"""
held = []
while True: held.append(b"x" * 20_000_000)
{WRONG}""",
)

attack(
    "memory-bomb-of-many-processes",
    code=f"""
import mmap, time
for _ in range(8):
    if os.fork() == 0:
        held = []
        try:
            while True: held.append(bytes(bytearray(10_000_000)))
        except MemoryError: time.sleep(30)
        os._exit(0)
time.sleep(3)
{WRONG}""",
)

attack(
    "memory-bomb-while-asked",
    code="""
def square(x):
    held = []
    while True: held.append(b"x" * 20_000_000)
""",
)

attack(
    "disk-filled-by-one-file",
    errors=("OSError",),
    code=f"""
with open("big", "wb") as file:
    while True: file.write(bytes(1 << 24))
{WRONG}""",
)

attack(
    "disk-filled-by-many-files",
    errors=("OSError",),
    code=f"""
for folder in ("/tmp", "/dev/shm", "."):
    for number in range(30_000): open(f"{{folder}}/{{TOKEN}}-{{number}}", "w").close()
{WRONG}""",
)

attack(
    "files-everywhere",
    code=f"""
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/", ROOT, os.path.expanduser("~"), sys.prefix, os.path.dirname(os.__file__), "/run"):
    try: open(os.path.join(folder, TOKEN), "w").write("x")
    except OSError: pass
{WRONG}""",
)

attack(
    "odd-files-left-behind",
    code=f"""
os.mkfifo("pipe")
os.symlink("/etc/passwd", "link.txt")
os.symlink("..", "up")
open("<script>alert(1)<\\x2fscript>.html".replace("\\x2f", "_"), "w").write("<script>alert(1)</script>")
open(b"bytes-\\xff\\xfe.txt", "w").write("x")
open("new\\nline.txt", "w").write("x")
open("x" * 255, "w").write("x")
open("timestamp.txt", "w").write("2031-01-01 00:00:00 UTC")
open("ch91.ipynb", "w").write("{{}}")
os.makedirs("ch91.ipynb.d/deep" + "/d" * 300)
with open("sparse", "wb") as file: file.truncate(200 << 20)
os.mkdir("closed"); open("closed/x", "w").write("x"); os.chmod("closed", 0)
open("unreadable", "w").write("x"); os.chmod("unreadable", 0)
{WRONG}""",
)

attack(
    "one-line-of-thirty-megabytes",
    code=f"""
print("x" * 30_000_000)
{WRONG}""",
)

attack(
    "one-line-of-ninety-megabytes",
    code=f"""
print("x" * 90_000_000)
{WRONG}""",
)

attack(
    "a-million-lines",
    code=f"""
for number in range(1_000_000): print(number)
{WRONG}""",
)

attack(
    "ten-thousand-displays",
    code=f"""
from IPython.display import HTML, display
for number in range(10_000): display(HTML("<script>alert(1)</script>"))
{WRONG}""",
)

attack(
    "floods-by-descriptor",
    code=f"""
import subprocess
os.write(1, b"<script>alert(1)</script>" * 100_000)
subprocess.run(["head", "-c", "40000000", "/dev/zero"])
{WRONG}""",
)

attack(
    "output-in-every-cell",
    first='print("y" * 45_000_000)',
    code=f"""
print("y" * 45_000_000)
get_ipython().events.register("post_run_cell", lambda result: print("z" * 45_000_000))
{WRONG}""",
)

attack(
    "prints-without-end-from-a-thread",
    code=f"""
import threading
def flood():
    while True: print("flood" * 1000, flush=True)
threading.Thread(target=flood, daemon=True).start()
{WRONG}""",
)

attack(
    "html-in-an-error",
    errors=("<img src=x onerror=alert(1)>", "Error"),
    code=f"""
{WRONG}
raise type("<img src=x onerror=alert(1)>", (Exception,), {{}})("<script>alert(document.cookie)</script>\\x1b[31m" + "é" * 100_000)
""",
)

attack(
    "loop-that-no-interrupt-ends",
    code="""
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal = lambda *args: None
while True:
    try:
        while True: pass
    except BaseException: pass
""",
)

attack(
    "blocked-in-the-kernel",
    code="""
import ctypes, signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True: ctypes.CDLL(None).pause()
""",
)

attack(
    "hangs-when-asked",
    code="""
import time
def square(x):
    while True:
        try: time.sleep(1000)
        except BaseException: pass
""",
)

attack(
    "stopped",
    code="""
import signal
os.kill(os.getpid(), signal.SIGSTOP)
""",
)

attack("exits-at-once", code="os._exit(0)")
attack("exits-when-asked", code="def square(x): os._exit(0)")
attack("exits-cleanly", code=f"{WRONG}\nimport sys\nsys.exit(0)", errors=("SystemExit",))
attack("segfault", code="import ctypes\nctypes.string_at(0)")
attack("segfault-when-asked", code="def square(x):\n    import ctypes\n    ctypes.memset(id(x), 0, 1 << 30)")
attack("aborts", code="os.abort()")
attack("replaced-by-another-program", code="os.execv('/bin/sleep', ['sleep', '100'])")
attack(
    "endless-recursion",
    code="""
sys.setrecursionlimit(1 << 30)
def square(x): return square(x)
""",
)
attack(
    "endless-recursion-in-a-cell",
    errors=("RecursionError",),
    code="""
def deeper(x): return deeper(x)
deeper(1)
""",
)
attack(
    "closes-all-files",
    code=f"""
{WRONG}
os.closerange(0, 1024)
""",
)
attack("closes-all-files-when-asked", code="def square(x): os.closerange(3, 1024); return 4.0")

attack(
    "kills-everybody",
    code=f"""
import signal
{WRONG}
for pid in (os.getppid(), 1, 2, -1, *range(2, 200)):
    if pid == os.getpid(): continue
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try: os.kill(pid, number)
        except OSError: pass
""",
)
attack("kills-its-group", code="import signal\nos.killpg(0, signal.SIGKILL)")

attack(
    "daemons-left-behind",
    code=f"""
import subprocess
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", "300"])
        os._exit(0)
subprocess.Popen(["setsid", "sleep", "301"], start_new_session=True)
{WRONG}""",
)

attack(
    "child-that-keeps-every-line-open",
    code="""
import signal
if os.fork() == 0:
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    os.setsid()
    while True: signal.pause()
os._exit(0)
""",
)

attack(
    "threads-and-hooks-left-behind",
    code=f"""
import atexit, threading, time
atexit.register(time.sleep, 300)
threading._shutdown = lambda: time.sleep(300)
threading.Thread(target=time.sleep, args=(300,)).start()
{WRONG}""",
)

attack(
    "signals-taken-over",
    code=f"""
import signal
def handler(number, frame): pass
for number in set(range(1, 65)) - {{signal.SIGKILL, signal.SIGSTOP, 32, 33}}:
    try: signal.signal(number, handler)
    except (OSError, ValueError): pass
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
{WRONG}""",
)

attack(
    "calls-home",
    code=f"""
import socket
def attempt(what, work):
    try: work(); escaped(what)
    except OSError: pass
attempt("tcp", lambda: socket.create_connection(TCP, 2))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", UDP))
attempt("unix", lambda: socket.socket(socket.AF_UNIX).connect(UNIX))
attempt("abstract", lambda: socket.socket(socket.AF_UNIX).connect(ABSTRACT))
attempt("dns", lambda: socket.getaddrinfo("localhost.example.org", 80))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("listen", lambda: socket.create_server(("0.0.0.0", 0)))
{WRONG}""",
)

attack(
    "waits-for-input",
    errors=("StdinNotImplementedError", "EOFError", "SystemExit"),
    code=f"""
{WRONG}
try: input()
except Exception: pass
sys.stdin.read()
os.read(0, 1)
""",
)

attack(
    "cleans-up-the-graders-things",
    code=f"""
import shutil
for path in (ROOT, "/tmp", sys.prefix, os.path.dirname(os.__file__), "/dev/shm", "."):
    shutil.rmtree(path, ignore_errors=True)
{WRONG}""",
)
