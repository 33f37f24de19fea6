"""A course directory of one or two tiny chapters, real in every part: what the tests of authoring and grading work on."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("course"))]

Course = Callable[..., subprocess.CompletedProcess[str]]
"""The fixture ``course`` runs the real command."""

REPOSITORY = Path(__file__).parents[1]

SQUARE = '''\
"""A chapter of one exercise."""
# %% [markdown] lang="en"
# # Squares
#
# The square of $x$ is $$x^2$$ and `square(3)` is 9, see [the page](https://example.org/square).
# %% [markdown] lang="zh"
# # 平方
#
# $x$ 的平方是 $$x^2$$，`square(3)` 等于 9，见[此页](https://example.org/square)。
# %% setup
import math
# %% solution="square"
def square(x):
    """Return x squared."""
    ### BEGIN SOLUTION
    answer = x * x
    return answer
    ### END SOLUTION
# %% test="square-of-two" points=2
assert square(2) == 4 and square(3) == 9, "[ch91-SQUARE] 再看看 `square` 返回了什么 / look again at what `square` returns"
### BEGIN HIDDEN TESTS
assert math.isclose(square(-3.5), 12.25), "[ch91-SIGN] `square` 对负数不对 / `square` is wrong for negative numbers"
assert square(0) == 0, "[ch91-ZERO] `square` 在 0 处不对 / `square` is wrong at nought"
### END HIDDEN TESTS
# %%
print("free play")
'''

SQUARE_BANK = """\
# %%
import math
# %% wrong="double"
# Doubles instead of squaring; right at 2.
def square(x):
    return 2 * x
# %% wrong="signed"
# Keeps the sign.
def square(x):
    return x * abs(x)
# %% wrong="nothing"
# Forgets the return.
def square(x):
    x * x
# %% right="power"
# By the power operator.
def square(x):
    return x ** 2
# %% right="math-pow"
# By the library.
def square(x):
    return math.pow(x, 2)
"""

CUBE = (
    SQUARE.replace("square", "cube")
    .replace("x * x", "x * x * x")
    .replace("== 4", "== 8")
    .replace("== 9", "== 27")
    .replace("12.25", "-42.875")
)


def write_course(root: Path, **chapters: str) -> Path:
    """Write a course directory whose chapters are ``name=text``; policy and levels as in ``four_chapters.toml``."""
    root.mkdir(parents=True, exist_ok=True)
    settings = (REPOSITORY / "tests" / "four_chapters.toml").read_text(encoding="utf-8")
    head, tail = settings[: settings.index("[[chapter]]")], settings[settings.index("[[level]]") :]
    entries = [
        f'[[chapter]]\nassignment = "{name}"\nweight = "1"\nmin = "0.60"\nrequired = true\n\n' for name in chapters
    ]
    (root / "course.toml").write_text(head + "".join(entries) + tail, encoding="utf-8")
    shutil.copyfile(REPOSITORY / "nbgrader_config.py", root / "nbgrader_config.py")
    for name, text in chapters.items():
        write(root / "notebooks" / f"{name}_mini.py", text)
    return root


def write_mini_course(root: Path, text: str = SQUARE, bank: str = SQUARE_BANK) -> Path:
    """Write the course directory of the single chapter ch91, with its bank."""
    write_course(root, ch91=text)
    write(root / "tests" / "chapters" / "ch91" / "square.py", bank)
    return root


def write(path: Path, text: str) -> Path:
    """Write a text file, folders included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def files(root: Path) -> dict[str, str]:
    """Return path → hash of every file below ``root``, so that two states can be compared."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
