"""Every rule of the house style finds what breaks it, names the line, and says what to write."""

import subprocess
import sys
from pathlib import Path

import pytest
from styled import CHAPTER

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.style.house import style_faults


def faults(text: str) -> list[str]:
    return [f"{line}: {fault}" for line, fault in style_faults(parse_chapter(text, "ch91_mini.py"))]


def changed(old: str, new: str) -> list[str]:
    assert CHAPTER.count(old) == 1, CHAPTER.count(old)
    return faults(CHAPTER.replace(old, new))


def line(text: str, at: int = 0) -> int:
    """The line of the chapter that contains a text; the number `at` of them."""
    return [number for number, found in enumerate(CHAPTER.split("\n"), start=1) if text in found][at]


def test_a_chapter_in_the_house_style_has_no_fault() -> None:
    assert faults(CHAPTER) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("# ## 1 · The first", "# ## 1.1 The first", "number the section: `## 1 · Title` instead of ## 1.1 The first section"),
        ("# ## 1 · 第一节", "# ## 1 第一节", "number the section: `## 1 · 标题` instead of ## 1 第一节"),
        ("# ## 2 · Depth", "# ## 3 · Depth", "this section is number 2, not 3: number them 1, 2, 3 …"),
        ("# ## 3 · Check yourself", "# ## 3 · Three-minute quiz", "call the quiz `## 3 · Check yourself` instead of ## 3 · Three-minute quiz"),
        ("# ## 3 · 自测", "# ## 三分钟小测（不计分）", "call the quiz `## 3 · 自测` instead of ## 三分钟小测（不计分）"),
        ("# ## 3 · 自测", "# ## 3 · 思考", "zh: a chapter has one section `## N · 自测`, not 0"),
        ("Depth (optional)", "Optional depth", "end the heading in `(optional)`: ## 2 · Optional depth"),
        ("深入（选读）", "深入（选做）", "end the heading in `（选读）`: ## 2 · 深入（选做）"),
        ("# # Chapter 91 · Squares", "# # Squares", "the chapter's one title is `# Chapter 91 · Title`; not # Squares"),
        ("# # 第 91 章 · 平方", "# # 第 90 章 · 平方", "the chapter's one title is `# 第 91 章 · 标题`; not # 第 90 章 · 平方"),
        ("`square` (2 points)", "`square` (3 points)", "write `### Exercise 1 · `square` (2 points)` instead of ### Exercise 1 · `square` (3 points)"),
        ("### 练习 1 · `square`（2 分）", "### 练习 `square` · 2 分", "write `### 练习 1 · `square`（2 分）` instead of ### 练习 `square` · 2 分"),
        ("# ### Exercise 1 · `square` (2 points)\n", "#\n", "en: 0 of 1 exercises have a heading; write one for 'square'"),
        ("# ## 参考文献", "# ## 4 · 文献", "zh: a chapter ends in one section `## 参考文献`, not 0"),
    ],
)  # fmt: skip
def test_headings(old: str, new: str, found: str) -> None:
    at = {"en: ": line("# ## References"), "zh: ": line("# ## 参考文献")}.get(found[:4], line(old.splitlines()[0]))
    assert f"{at}: {found}" in changed(old, new)


HEAD = {"en": line("# %% [markdown]", 2), "zh": line("# %% [markdown]", 3)}


@pytest.mark.parametrize(
    ("old", "new", "at", "found"),
    [
        ("<details><summary>What hidden tests also use</summary>\n#\n# Negative numbers.\n#\n# </details>", "Hidden tests also use: negative numbers.", HEAD["en"], "fold the list"),
        ("# Negative numbers.", "# Negative numbers.\n#\n# </details>\n#\n# Hidden tests also use zero.\n# <details><summary>More</summary>", HEAD["en"], "fold the list"),
        ("隐藏测试还会用到</summary>", "测试</summary>", HEAD["zh"], "fold the list"),
        ("Hint 1 · what to look at", "Hint", line("Hint 1"), "write three hints"),
        ("提示 2 · 哪一步", "提示 2 · 步骤", line("提示 1"), "write three hints"),
        ("# The name of the function.\n#\n# <details>", "# The name of the function.\n#\n# </details>\n# <details>", line("Hint 1"), "write three hints"),
        ("# The name of the function.", "# </details></details>", line("The name"), "this </details> closes nothing"),
        ("Multiply, then return.", "Multiply: `return answer`, `answer = x * x`.", line("Hint 2"), "a hint is not the answer; remove lines of it: answer=x*x"),
    ],
)  # fmt: skip
def test_the_statement_folds_its_list_and_has_three_nested_hints(old: str, new: str, at: int, found: str) -> None:
    said = changed(old, new)
    assert any(fault.startswith(f"{at}: exercise `square`: {found}") for fault in said), said


def test_the_third_hint_may_show_what_stands_around_the_gap_but_not_most_of_the_answer() -> None:
    longer = CHAPTER.replace("    answer = x * x\n", "    check(x, 1)\n    factor = x + 0\n    answer = x * factor\n")
    assert faults(longer.replace("# answer = x * ___", "# check(x, 1)\n# answer = x * ___")) == []
    said = faults(longer.replace("# answer = x * ___", "# check(x, 1)\n# factor = x + 0\n# answer = x * ___"))
    assert len(said) == 2 and all("remove lines of it: check(x,1), factor=x+0" in fault for fault in said)


def test_an_exercise_of_two_functions_names_both() -> None:
    two = CHAPTER.replace("`square` (2 points)", "`square` and `cube` (2 points)")
    assert faults(two.replace("`square`（2 分）", "`square` 与 `cube`（2 分）")) == []


def test_the_third_hint_has_a_gap_in_both_languages() -> None:
    said = faults(CHAPTER.replace("answer = x * ___", "answer = x ** 2"))
    assert said == [
        f"{at}: exercise `square`: the third hint has a gap, ___, where the answer belongs"
        for at in (line("Hint 3"), line("提示 3"))
    ]


@pytest.mark.parametrize(
    ("written", "better"),
    [("60 000", "60,000"), ("60\u2009000", "60,000"), ("60\u202f000", "60,000"), ("1 797", "1,797"), ("60000", "60,000"),
     ("1 000 000", "1,000,000")],
)  # fmt: skip
@pytest.mark.parametrize("at", [line("60,000"), line("60,000", 1)])
def test_numbers_have_commas_in_both_languages(written: str, better: str, at: int) -> None:
    lines = CHAPTER.split("\n")
    lines[at - 1] = lines[at - 1].replace("60,000", written)
    assert faults("\n".join(lines)) == [f"{at}: write {better} instead of {written!r}"]


@pytest.mark.parametrize(
    "text",
    ["`60000` and `10 000`", "$60000$ and $10\\,000$", "version 3.15.12345", "sha a12345", "0.12345", "in 1986", "1797",
     "16×16, 28 by 28", "<https://example.org/12345>", "[arXiv:1412.69801](https://example.org/100 000)", "ResNet-50 152"],
)  # fmt: skip
def test_what_is_no_large_number_is_left_alone(text: str) -> None:
    assert changed("in 2024 and", f"{text} and") == []


def test_a_number_with_a_comma_has_it_everywhere() -> None:
    assert changed("in 2024 and", "1,797 of 1797 and") == [
        "4: write 1,797, as elsewhere in the chapter, not '1797'"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ('"平方"', "write “…” instead of \""),
        ("「平方」", "write “…” instead of 「"),
        ("*平方*", "write **平方** instead of *平方*"),
        ("_平方_", "write **平方** instead of _平方_"),
        ("*Adam*", "write **Adam** instead of *Adam*"),
        ("平方,立方", "write ， instead of ,"),
        ("平方, `x`", "write ， instead of ,"),
        ("`x`: 平方", "write ： instead of :"),
        ("平方!", "write ！ instead of !"),
        ("平方. 立方", "write 。 instead of ."),
        ("平方(立方)", "write （…） instead of (…)"),
        ("平方(x)", "write （…） instead of (…)"),
        ("平方$x$", "put a space between Chinese and the formula"),
        ("$x$平方", "put a space between Chinese and the formula"),
        ("平方，  $x$ 平方", "remove the space"),
        ("平方  $x$ 平方", "remove the space"),
        ("平方占 50 %，", "write 5% instead of 5 %"),
        ("对了 99.5 % 的平方", "write 5% instead of 5 %"),
    ],
)  # fmt: skip
def test_the_marks_of_chinese(new: str, found: str) -> None:
    said = changed("“平方”", new)
    assert said and all(fault.startswith("8: ") for fault in said)
    assert any(found in fault for fault in said), said


@pytest.mark.parametrize(
    "text",
    ["“平方”", "**平方**", "f(x) 的值", "(0.9, 0.1) 的熵", "`a, b` 与 `f(x)`", "$f(x, y)$ 处", "2 * 3 * 4 等于 24",
     "snake_case_name", "（*not* 不斜）".replace("*not* ", ""), "10:30 开始", "README.md 文件", "50% 的", "余数 `7 % 3`", "7 % 3 等于 1"],
)  # fmt: skip
def test_good_chinese_is_left_alone(text: str) -> None:
    assert changed("“平方”", f" {text}" if text[0].isascii() else text) == []


def test_a_call_in_a_text_of_the_code_is_code() -> None:
    assert changed('zh="完成：{n}"', "zh='请写 submit(\"学号\")'") == []


def test_texts_that_the_code_says_keep_the_rules_of_their_language() -> None:
    assert list(changed('zh="完成：{n}"', 'zh="完成: {n} 共 60000"')) == [
        f"{line('完成')}: write 60,000 instead of '60000'",
        f"{line('完成')}: write ： instead of : at '完成: {{n}} 共 6000'",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## 2 · Depth", "## 2 · Depth of E01"),
        ("look again at `square`", "E52: look again at `square`"),
        ('en="done: {n}"', 'en="E07: {n}"'),
    ],
)
def test_no_number_of_our_own_list_of_errors_reaches_a_learner(old: str, new: str) -> None:
    (fault,) = changed(old, new)
    assert fault.startswith(f"{line(old)}: say what the error is instead of E")


def test_the_command_prints_file_and_line(tmp_path: Path) -> None:
    chapter = tmp_path / "ch91_mini.py"
    chapter.write_text(CHAPTER.replace("“平方”", '"平方"'), encoding="utf-8")
    command = [sys.executable, "-m", "autograde.authoring.style.house", str(chapter)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.startswith(f"{chapter}:8: write “…” instead of")
    chapter.write_text(CHAPTER, encoding="utf-8")
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0
