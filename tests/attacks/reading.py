"""Attacks on what is hidden: hidden tests, other learners' answers, keys, the environment, the grader's memory."""

from attacks import WRONG, attack

SCAN = """
def scan(where):
    # parts of this process's memory, with an overlap; a marker is never put together here
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            words = line.split()
            if "r" not in words[1] or words[-1] in ("[vvar]", "[vsyscall]", "[vvar_vclock]"): continue
            start, end = (int(word, 16) for word in words[0].split("-"))
            if end - start > 1 << 30: end = start + (1 << 30)
            for at in range(start, end, 1 << 24):
                try:
                    memory.seek(at)
                    if look(memory.read(min((1 << 24) + 64, end - at)), where): return True
                except (OSError, ValueError, OverflowError): break
    return False
"""

attack("own-memory-before-the-tests", code=f"{SCAN}\nscan('in memory before the tests')\n{WRONG}")

attack(
    "own-memory-while-the-tests-run",
    code=f"""{SCAN}
def square(x):
    if scan("in memory during a test"): open("found-ESC" "APED.txt", "w").write("memory")
    return 0
""",
)

attack(
    "own-memory-from-a-thread",
    code=f"""{SCAN}
import threading, time
def watch():
    while True:
        if scan("by a thread"): open("found-ESC" "APED.txt", "w").write("memory")
        time.sleep(0.05)
threading.Thread(target=watch, daemon=True).start()
{WRONG}""",
)

attack(
    "every-object",
    code="""
import gc
def every(where):
    for thing in gc.get_objects():
        try:
            if isinstance(thing, dict): [look(value, where) for value in list(thing.values()) if isinstance(value, (str, bytes)) and len(value) < 1 << 20]
            elif isinstance(thing, (list, tuple)): [look(value, where) for value in thing if isinstance(value, (str, bytes)) and len(value) < 1 << 20]
        except Exception: pass
every("before")
def square(x):
    every("during")
    return 0
""",
)

attack(
    "frames-of-all-threads",
    code="""
import sys
def frames(where):
    for frame in [sys._getframe(), *sys._current_frames().values()]:
        while frame is not None:
            for space in (dict(frame.f_locals), dict(frame.f_globals)):
                for name, value in space.items():
                    if name != "HALVES": look(repr(value)[:100_000], where)
            frame = frame.f_back
def square(x):
    frames("in a frame")
    return 0
""",
)

attack(
    "cells-read-by-a-hook",
    gains=False,
    code=f"""
def hook(info):
    look(info.raw_cell, "in a cell")
    open("cells.txt", "a").write(info.raw_cell)
get_ipython().events.register("pre_run_cell", hook)
get_ipython().events.register("pre_execute", lambda: None)
{WRONG}""",
)

attack(
    "history",
    code="""
def history(where):
    shell = get_ipython()
    look(repr(shell.history_manager.input_hist_raw), where)
    look(repr(In) + repr(Out), where)
    import linecache
    look(repr(linecache.cache), where)
def square(x):
    history("in the history")
    return 0
""",
)

attack(
    "files-of-the-course",
    code=f"""
import glob
for pattern in ("source/*/*.ipynb", "release/*/*/*.ipynb", "notebooks/*.py", "gradebook/**/*", "keys/*", "*.toml", "tests/**/*"):
    for path in glob.glob(os.path.join(ROOT, pattern), recursive=True):
        try: look(open(path, "rb").read(), path); escaped(path)
        except OSError: pass
try: escaped(os.listdir(ROOT))
except OSError: pass
{WRONG}""",
)

attack(
    "every-file-that-can-be-read",
    code=f"""
import time
until = time.monotonic() + 6
for here, folders, names in os.walk("/"):
    if here.startswith(("/usr", "/lib", "/sys", "/proc/")) or "site-packages" in here: folders[:] = []; continue
    for name in names:
        try:
            path = os.path.join(here, name)
            if os.path.getsize(path) < 1 << 22 and os.path.isfile(path): look(open(path, "rb").read(), path)
        except OSError: pass
    if time.monotonic() > until: break
{WRONG}""",
)

attack(
    "notebook-beside-the-cells",
    code=f"""
import glob
for path in glob.glob("**", recursive=True) + glob.glob("../*") + glob.glob("/tmp/**", recursive=True):
    try: look(open(path, "rb").read(), path)
    except OSError: pass
{WRONG}""",
)

attack(
    "submissions-of-others",
    code=f"""
import glob
for path in glob.glob("/tmp/submission-*") + glob.glob("/tmp/**/submission-*", recursive=True) + glob.glob(os.path.join(ROOT, "tmp/*")):
    if os.path.realpath(path) != os.getcwd(): escaped(path)
for path in glob.glob("/tmp/warm-*/*"): escaped(path)
{WRONG}""",
)

attack(
    "memory-of-other-processes",
    code=f"""
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) != os.getpid():
        for file in ("environ", "cmdline", "maps", "mem"):
            try:
                data = open(f"/proc/{{name}}/{{file}}", "rb").read(1 << 16)
                escaped((name, file))
            except OSError: pass
{WRONG}""",
)

attack(
    "environment",
    code=f"""
look(repr(dict(os.environ)), "in the environment")
look(open("/proc/self/environ", "rb").read(), "in the first environment")
import ctypes
block = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
for at in range(1000):
    if not block[at]: break
    look(block[at], "in the C library's environment")
{WRONG}""",
)

attack(
    "open-files",
    code=f"""
for number in range(3, 512):
    try: look(os.pread(number, 1 << 20, 0), number)
    except OSError: pass
    try:
        path = os.readlink(f"/proc/self/fd/{{number}}")
        if path.startswith(ROOT): escaped(path)
    except OSError: pass
{WRONG}""",
)

attack(
    "gradebook-read-and-written",
    code=f"""
import sqlite3
path = os.path.join(ROOT, "gradebook", "gradebook.db")
for name in (path, f"file:{{path}}?mode=rw"):
    try:
        with sqlite3.connect(name, uri=name.startswith("file")) as gradebook:
            gradebook.execute("UPDATE grade SET auto_score = 10, manual_score = 10")
            escaped("gradebook")
    except (sqlite3.Error, OSError): pass
for name in ("grading-log.jsonl", "grading.lock", "gradebook.db"):
    try: open(os.path.join(ROOT, "gradebook", name), "a").write("x"); escaped(name)
    except OSError: pass
{WRONG}""",
)

attack(
    "ptrace",
    code=f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for pid in {{os.getppid(), 1, *(int(name) for name in os.listdir("/proc") if name.isdigit())}} - {{os.getpid(), 0}}:
    if libc.ptrace(0x4206, pid, 0, 0) == 0: escaped(pid)
if libc.syscall(438, ctypes.c_long(-1), ctypes.c_long(0), ctypes.c_long(0)) >= 0: escaped("pidfd_getfd")
{WRONG}""",
)

attack(
    "descriptors-of-the-grader",
    code=f"""
for pid in ("1", str(os.getppid())):
    try:
        for name in os.listdir(f"/proc/{{pid}}/fd"):
            if int(pid) != os.getpid(): escaped(os.readlink(f"/proc/{{pid}}/fd/{{name}}"))
    except OSError: pass
{WRONG}""",
)

attack(
    "timing-of-the-verdict",
    code="""
import time
times = []
def square(x):
    times.append(time.perf_counter())
    return 0
def mean(values): return 0 if times else sum(values) / len(values)
""",
)
