"""``course new``: a chapter that runs, builds and passes the gate, for its author to overwrite."""

import re
from pathlib import Path

from autograde.authoring.chapter import assignment_name
from autograde.errors import CourseError, UsageProblem
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder
from autograde.settings.course_keys import assignments
from autograde.settings.toml_tables import read_tables

BUDGET = 10
"""Seconds that the skeleton may take; an author who trains networks raises it."""

CHAPTER = '''\
# %% [markdown] lang="en"
# # Chapter @NUMBER@ · @TITLE@
#
# Say in two sentences why this matters, then let something run.

# %% [markdown] lang="zh"
# # 第 @NUMBER@ 章 · @TITLE_ZH@
#
# 先用两句话说明为什么值得学，再让读者马上运行一段代码。

# %% setup
import numpy as np

# %% [markdown] lang="en"
# ## 1 · The first section
#
# ### Exercise 1 · `double_all` (1 point)
#
# `double_all(x)` takes an array of any shape and returns a new one with every entry doubled: `[1.0, -2.0]` gives `[2.0, -4.0]`. It leaves `x` unchanged.
#
# <details><summary>What hidden tests also use</summary>
#
# Other shapes, negative numbers, integers and float32.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Shape and dtype stay; only the values change.
#
# <details><summary>Hint 2 · which step</summary>
#
# NumPy computes with a whole array at once.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `return ___ * x`
#
# </details></details></details>

# %% [markdown] lang="zh"
# ## 1 · 第一节
#
# ### 练习 1 · `double_all`（1 分）
#
# `double_all(x)` 接收任意形状的数组，返回每个元素都加倍的新数组：`[1.0, -2.0]` 得到 `[2.0, -4.0]`。`x` 保持不变。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 其他形状、负数、整数和 float32。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 形状和类型不变，变的只有数值。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# NumPy 可以一次计算整个数组。
#
# <details><summary>提示 3 · 填空</summary>
#
# `return ___ * x`
#
# </details></details></details>

# %% solution="double-all"
def double_all(x):
    """Return a new array with every entry of x doubled; same shape and dtype."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% test="double-all-doubles-every-entry" points=1
def _example():
    y = double_all(np.array([1.0, -2.0]))
    assert isinstance(y, np.ndarray) and y.shape == (2,), (
        "[@NAME@-SHAPE] `double_all` 应返回形状相同的数组 / `double_all` must return an array of the same shape")
    assert np.array_equal(y, [2.0, -4.0]), "[@NAME@-DOUBLE] 每个元素乘以 2 / multiply every entry by 2"


_example()
### BEGIN HIDDEN TESTS
def _check():
    for x in (np.arange(-6, 6).reshape(3, 4), np.full((1, 5), 0.25), np.ones((2, 1, 3), np.float32)):
        expected, before = 2 * x, x.copy()
        y = double_all(x)
        assert isinstance(y, np.ndarray) and y.shape == expected.shape and y.dtype == expected.dtype, (
            "[@NAME@-SHAPE] 形状和类型应与输入相同 / shape and dtype must be those of the input")
        assert np.array_equal(y, expected), "[@NAME@-DOUBLE] 每个元素乘以 2 / multiply every entry by 2"
        assert np.array_equal(x, before), "[@NAME@-INPUT] `double_all` 改动了输入 / `double_all` changed its input"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2 · Check yourself
#
# Ask for a diagnosis, and let every option explain itself.

# %% [markdown] lang="zh"
# ## 2 · 自测
#
# 让读者作判断，每个选项都附上解释。

# %% [markdown] lang="en"
# ## References

# %% [markdown] lang="zh"
# ## 参考文献
'''

BANK = '''\
"""double_all: what learners write, right and wrong."""

# %%
import numpy as np

# %% wrong="squares"
# Right at 2 and at 0 only.
def double_all(x):
    return x**2

# %% wrong="in-place"
# The input is changed as well.
def double_all(x):
    x *= 2
    return x

# %% wrong="forgets-the-sign"
# The size of each entry is doubled.
def double_all(x):
    return 2 * np.abs(x)

# %% right="sum"
# Adds the array to itself.
def double_all(x):
    return x + x

# %% right="multiply"
# By the library's function.
def double_all(x):
    return np.multiply(x, 2, dtype=x.dtype)
'''

_ENTRY = '[[chapter]]\nassignment = "{name}"\nweight = "1"\nmin = "0.60"\nrequired = false\n'
_TABLE = re.compile(r"^\[+[^\[\]]+\]+", re.MULTILINE)


def new_chapter(course: CourseFolder, name: str, title: str, title_zh: str = "", topic: str = "") -> list[Path]:
    """Write the text, bank, budget and course.toml entry of a new chapter; return these files.

    Either all are written or none; existing files are never overwritten.

    Args:
        name: the assignment, such as ``ch05``.
        title, title_zh: the chapter's title in English and Chinese; the English one is the default
            for both.
        topic: last part of the file name, ``ch05_TOPIC.py``; by default made from the title.

    Raises:
        UsageProblem: the name or the topic is malformed, or the chapter already exists.
        CourseError: no place for it was found in course.toml.
    """
    topic = topic or "_".join(re.findall("[a-z0-9]+", title.lower())[:3])
    if not re.fullmatch("[a-z]+[0-9]+", name) or not re.fullmatch("[a-z0-9_]+", topic):
        raise UsageProblem(
            f'cannot make a file name from {name!r} and the topic {topic!r}; write course new ch05 "Back-propagation"'
        )
    if name in course.assignments:
        raise UsageProblem(f"course.toml already has the chapter {name!r}")
    number = str(int(re.sub("[a-z]", "", name)))
    words = {"@NUMBER@": number, "@NAME@": name, "@TITLE@": title, "@TITLE_ZH@": title_zh or f"{title}（请译成中文）"}
    text = CHAPTER
    for mark, word in words.items():
        text = text.replace(mark, " ".join(word.split()))
    chapter = course.root / "notebooks" / f"{name}_{topic}.py"
    assert assignment_name(chapter.name) == name
    bank = course.root / "tests" / "chapters" / name / "double_all.py"
    for path in (chapter, bank):
        if path.exists():
            raise UsageProblem(f"{path.relative_to(course.root)} already exists; choose another name or remove it")
    settings, budgets = course.root / "course.toml", course.root / "tests" / "chapters" / "budgets.toml"
    files = {
        chapter: text.encode(),
        bank: BANK.encode(),
        settings: _with_entry(course, name).encode(),
        budgets: (f"{_text(budgets).rstrip()}\n{name} = {BUDGET}\n").lstrip().encode(),
    }
    replace_files(files)
    return list(files)


def _with_entry(course: CourseFolder, name: str) -> str:
    """Return course.toml with a table for the chapter after those of the others, otherwise unchanged."""
    settings = course.text
    tables = list(_TABLE.finditer(settings))
    chapters = [number for number, table in enumerate(tables) if table[0] == "[[chapter]]"]
    start = tables[chapters[-1]].end() if chapters else len(settings)
    after = tables[chapters[-1] + 1].start() if chapters and chapters[-1] + 1 < len(tables) else len(settings)
    lines = settings[start:after].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()  # comments above the next table belong to it
    end = start + len("\n".join(lines))
    written = f"{settings[:end]}\n\n{_ENTRY.format(name=name)}{settings[end:].removeprefix(chr(10))}"
    try:
        named = assignments(read_tables(written))
    except CourseError:
        named = ()
    if name not in named:
        message = f'found no place for the chapter; add a table [[chapter]] with assignment = "{name}" by hand'
        raise course.error(message, "chapter")
    return written


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
