"""Hostile and honest learners of one course, from the learning platform to the certificate: who they are, what they send."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

HIDDEN = ("31337", "27182")
"""Digits of the hidden tests' inputs."""
CHAPTER = '''\
"""A chapter whose second test is hidden."""
# %% [markdown] lang="en"
# # Squares
# %% [markdown] lang="zh"
# # 平方
# %%
print("before any test")
# %% solution="square"
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
# %% test="square-public" points=2
assert square(2) == 4, "[ch91-OPEN] 公开 / look again at `square`"
# %% test="square-hidden" points=4
### BEGIN HIDDEN TESTS
for x in (31337.5, 27182.5):
    assert square(x) == x * x, "[ch91-MANY] 平方不对 / `square` is wrong for many numbers"
### END HIDDEN TESTS
# %% solution="cube"
def cube(x):
    ### BEGIN SOLUTION
    return x * x * x
    ### END SOLUTION
# %% test="cube-public" points=2
assert cube(2) == 8, "[ch91-CUBE] 立方 / look again at `cube`"
# %%
print("free play")
'''
DUE = "2026-01-05 12:00:00 UTC"
IN_TIME = "2026-01-04 10:00:00 UTC"
POINTS = 8.0

RIGHT = "def square(x):\n    return x * x"
WRONG = "def square(x):\n    return 4"
KEEP = "seen = []\ndef square(x):\n    seen.append(x)\n    return x * x"
SEEN = "' '.join(map(str, globals().get('seen', [])))"
CUBE = "def cube(x):\n    return x * x * x"
NONE = "def cube(x):\n    return 0"


@dataclass(frozen=True)
class Work:
    """One notebook, and what lies beside it.

    Attributes:
        last: the free cell at the end.
        prose: a text cell of the learner's own.
        stamp: content of timestamp.txt; None without one.
        beside: changes the folder of the submission.
    """

    square: str = RIGHT
    cube: str = CUBE
    last: str = "pass"
    prose: str = ""
    stamp: str | None = IN_TIME
    beside: Callable[[Path], None] = lambda folder: None
    lang: str = "en"


POOR = Work(WRONG, NONE)
LATER = "2026-01-04 11:00:00 UTC"
POOR_LATER = replace(POOR, stamp=LATER)


@dataclass(frozen=True)
class Hostile:
    """A learner, or a name that is none, and two hand-ins.

    Attributes:
        kind: what is attacked.
        points: what the decision may count, after all.
        status: that the newest hand-in ends with; empty: the name is no learner's.
        level: that it may reach.
        shared: whether the first hand-in is graded beside the learner's code.
        again: whether a person asks for the second to be graded, which has no later time than the first.
    """

    kind: str
    first: Work
    second: Work | None = None
    points: float = 0.0
    status: str = "graded"
    level: str | None = None
    shared: bool = False
    again: bool = False


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def _stamp_pipe(folder: Path) -> None:
    os.mkfifo(folder / "timestamp.txt")


def _stamp_link(folder: Path) -> None:
    (folder / "timestamp.txt").symlink_to("../../ada/ch91/timestamp.txt")


def _files(*names: str) -> Callable[[Path], None]:
    def beside(folder: Path) -> None:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("{}")

    return beside


CHEAT = """
import sys
def square(x):
    frame = sys._getframe(1)
    frame.f_globals["square"] = type("Any", (), {"__eq__": lambda *_: True, "__call__": lambda self, x: self})()
    return frame.f_globals["square"]
"""
NESTED = {
    "quotes": "> " * 20_000 + "deep",
    "spans": "<b><i><u>" * 20_000 + "deep",
    "tables": "<table><tr><td>" * 10_000 + "deep",
    "brackets": "[![" * 20_000 + "deep",
}
DUMPS = {
    "counts-a-cell": f"import re\nget_ipython().execution_count = int(float({SEEN}.split()[-1]))",
    "asks-for-a-cell": f"get_ipython().set_next_input({SEEN})",
    "names-a-file": f"exec(compile('1 / 0', {SEEN}, 'exec'))",
    "draws-itself": f"class Seen:\n    def _repr_html_(self): return {SEEN}\n    def _repr_latex_(self): return {SEEN}\nSeen()",
    "opens-a-line": f"from ipykernel.comm import Comm\nComm(target_name='x', data={{'seen': {SEEN}}})",
    "names-a-class": f"type('E' + re.sub(r'\\W', '_', {SEEN}), (Exception,), {{}})\nraise type('E' + {SEEN}, (Exception,), {{}})",
}  # fmt: skip

HOSTILE: dict[str | bytes, Hostile] = {
    # facts of an attempt that the next one takes the place of
    "tampered-then-poor": Hostile("superseded", Work(CHEAT, NONE), POOR_LATER, points=2.0, shared=True),
    "piped-then-poor": Hostile("superseded", Work(beside=_pipe), POOR_LATER, points=2.0),
    "undated-then-poor": Hostile("superseded", Work(stamp="yesterday"), POOR_LATER, points=2.0),
    "late-then-early": Hostile("superseded", Work(stamp="2026-01-25 10:00:00 UTC"), Work(stamp="2026-01-25 10:00:01 UTC")),
    # what is no time of a hand-in
    "arabic-digits": Hostile("time", Work(stamp="٠٠٠١-٠١-٣١ ١٠:٠٠:٠٠ UTC"), status="review"),
    "year-2999": Hostile("time", Work(stamp="2999-12-31 23:59:59.999999 -9999"), status="review"),
    "far-future": Hostile("time", Work(stamp="2999-12-31 23:59:59 UTC")),
    "leap-second": Hostile("time", Work(stamp="2016-12-31 23:59:60 UTC"), status="review"),
    "before-the-first-year": Hostile("time", Work(stamp="0001-01-01 00:00:00 +2359"), status="review"),
    "time-of-a-pipe": Hostile("time", Work(stamp=None, beside=_stamp_pipe), status="review"),
    "time-of-another": Hostile("time", Work(stamp=None, beside=_stamp_link), status="review"),
    # more attempts than there are
    "a-microsecond-later": Hostile(
        "attempts", Work(WRONG, NONE, stamp="2026-01-04 10:00:00.000001 UTC"), Work(stamp="2026-01-04 10:00:00.000002 UTC"), points=2.0
    ),
    "the-same-moment": Hostile("attempts", POOR, Work(), points=2.0, again=True),
    "never": Hostile("attempts", Work(WRONG, NONE, stamp=None), Work(stamp=None), points=2.0, again=True),
    "since-2001": Hostile("attempts", Work(WRONG, NONE, stamp="2001-01-01 10:00:00 UTC"), Work(), points=2.0),
    "before-the-first": Hostile("attempts", POOR, Work(stamp="2001-01-01 10:00:00 UTC"), points=2.0, again=True),
    # names that are no text
    b"ada\xed\xa0\x80": Hostile("bytes", Work(), status=""),
    b"\xc3\x28": Hostile("bytes", Work(), status=""),
    b"\xfe\xff\x01a": Hostile("bytes", Work(), status=""),
    # what a terminal or a shell would obey
    "\u202eada": Hostile("ids", Work(), points=POINTS, level="distinction"),
    "$(touch owned)`touch owned`": Hostile("ids", Work(), points=POINTS, level="distinction"),
    "-rf": Hostile("ids", Work(), points=POINTS, level="distinction"),
    "a'b;touch owned": Hostile("ids", Work(), points=POINTS, level="distinction"),
    # names of nbgrader's own
    "other-notebooks": Hostile(
        "files", Work(beside=_files("OTHER.IPYNB", "sub/other.ipynb", "other.ipynb"), last="open('late.ipynb', 'w').write('{}')"),
        points=POINTS, level="distinction",
    ),
    "forged-secret": Hostile(
        "files", Work(beside=_files("submission_secret.txt", "sub/nbgrader_config.py"), last="open('submission_secret.txt', 'w').write('x')"),
        points=POINTS, level="distinction",
    ),
    # hidden inputs, and pages that take long
    **{name: Hostile("inputs", Work(KEEP, last=last), points=POINTS, level="distinction") for name, last in DUMPS.items()},
    **{f"nested-{name}": Hostile("nested", Work(prose=text), points=POINTS, level="distinction") for name, text in NESTED.items()},
}  # fmt: skip

HONEST = {
    "ada": ("lovelaceada_9_5001_ada_20260104T100000_ch91.ipynb", (Work(),)),
    "bob": ("Bob Byron_10_assignsubmission_file_/bob_20260104T110000_ch91.ipynb", (Work(WRONG),)),
    "cara": ("Chapter 1_cara_attempt_2026-01-0{}-10-00-00_ch91.ipynb", (POOR, Work())),
    "dan": ("dan_LATE_11_5002_dan_20260106T100000_ch91.ipynb", (Work(),)),
    "李雷": ("李雷_12_assignsubmission_file_/ch91.ipynb", (Work(lang="zh"),)),
}
"""What the platform calls each honest learner's file, and the hand-ins."""

AS_ADA = (
    "mallory_70_7000_ADA_20260105T110000_ch91.ipynb",
    "mallory_71_7001_ada_ch91_20260105T110000_ch91.ipynb",
    "Mallory M_72_assignsubmission_file_/lovelaceada_9_5001_ada_20260105T110000_ch91.ipynb",
    "mallory_73_7003_Copy of ada_20260105T110000_ch91.ipynb",
    "Chapter 1_mallory_attempt_2026-01-05-11-00-00_lovelaceada_9_5001_ada_ch91.ipynb",
)
"""Mallory's files, each as if it were Ada's."""
PACKED = {
    "mallory_76_7006_as-ada.zip": (
        "ada_20260105T110000_ch91.ipynb",
        "lovelaceada_9_5001_ada_20260105T110000_ch91.ipynb",
    ),
    "Mallory_77_assignsubmission_file_x.zip": (
        "李雷_12_assignsubmission_file_/ch91.ipynb",
        "../../submitted/bob/ch91/ch91.ipynb",
    ),
    "mallory_78_7008_broken.zip": (),
}
"""Mallory's archives, and files of others' names in them."""
LOOKALIKES = {"mallory_74_7004_аda_20260105T110000_ch91.ipynb": "аda", "mallory_75_7005_ａｄａ_ch91.ipynb": "ａｄａ"}
"""Files that are whose they say, who is not Ada."""
