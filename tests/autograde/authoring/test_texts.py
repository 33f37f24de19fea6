"""Texts in two languages leave the public code of a chapter, and nothing hidden goes with them."""

import ast
import json

import pytest
from mini_course import SQUARE

import course.language as spoken_here
from autograde.authoring.chapter import Chapter, parse_chapter
from autograde.authoring.texts.extract import extract, texts_json
from autograde.authoring.texts.faults import text_faults

PROSE = '# %% [markdown] lang="en"\n# Look.\n# %% [markdown] lang="zh"\n# 看。\n'


def chapter(code: str) -> Chapter:
    return parse_chapter(f"{PROSE}# %%\n{code}\n", "notebooks/ch91_mini.py")


def extracted(code: str) -> tuple[str, dict[str, dict[str, str]]]:
    made, texts = extract(chapter(code))
    return made.cells[-1].source, texts


@pytest.mark.parametrize(
    ("code", "expected", "key", "entry"),
    [
        ('say(en="a loss", zh="损失")', 'say("ch91-a-loss")', "ch91-a-loss", {"en": "a loss", "zh": "损失"}),
        (
            'print(say(zh="{n:,} 个点", n = len( x ), en="{n:,} points"))  # 点',
            'print(say("ch91-points", n = len( x )))  # 点',
            "ch91-points",
            {"en": "{n:,} points", "zh": "{n:,} 个点"},
        ),
        (
            'f(say(en="one "\n      "two", zh="一"\n "二", **values), 3)',
            'f(say("ch91-one-two", **values), 3)',
            "ch91-one-two",
            {"en": "one two", "zh": "一二"},
        ),
        ('say(en="$x^2$ falls", zh="下降")', 'say("ch91-falls")', "ch91-falls", {"en": "$x^2$ falls", "zh": "下降"}),
        ('say(en="$x$", zh="$x$")', 'say("ch91-text")', "ch91-text", {"en": "$x$", "zh": "$x$"}),
        (
            'assert 量 == 1, "[ch91-MEAN] 取平均 / take the mean"',
            'assert 量 == 1, say("ch91-MEAN")',
            "ch91-MEAN",
            {"en": "take the mean", "zh": "取平均", "tag": "[ch91-MEAN]"},
        ),
        (
            'assert y, (\n    "[ch91-SET] 用 {0} / "\n    "use {0}"\n)\nz',
            'assert y, say("ch91-SET")\nz',
            "ch91-SET",
            {"en": "use {0}", "zh": "用 {0}", "tag": "[ch91-SET]"},
        ),
        (
            'raise AssertionError(\n    f"[ch91-SHAPE] {got.shape} 而不是 {n:>{w}} {{}} / {got.shape}, not {n!r:.2}")',
            'raise AssertionError(\n    say("ch91-SHAPE", got.shape, n, w))',
            "ch91-SHAPE",
            {"en": "{0}, not {1!r:.2}", "zh": "{0} 而不是 {1:>{2}} {{}}", "tag": "[ch91-SHAPE]"},
        ),
        (
            'check(x, "[ch17-OWN] 一 / one")',
            'check(x, say("ch91-OWN"))',
            "ch91-OWN",
            {"en": "one", "zh": "一", "tag": "[ch17-OWN]"},
        ),
    ],
)
def test_a_text_becomes_a_key(code: str, expected: str, key: str, entry: dict[str, str]) -> None:
    assert extracted(code) == (expected, {key: entry})


@pytest.mark.parametrize(
    "code",
    [
        "say(text)",
        'say("ch91-known")',
        "say(en=ENGLISH, zh=CHINESE)",
        'self.say(en="a", zh="甲")',
        'print("loss", "损失 / loss", "[ch91-MEAN]", "[ch91-MEAN] only English / or this")',
        '"""[ch91-DOC] 文档 / a docstring"""',
        '"[ch91-A] 用 {} / use {}".format(3)',
        '"[ch91-A] 用 %s / use %s" % (3, 3)',
        '"[ch91-A] 用 / use " + name',
        "f\"{say(en='a', zh='甲')}\"",
    ],
)
def test_everything_else_stays_as_it_is(code: str) -> None:
    assert extracted(code) == (code, {})


def test_texts_inside_a_call_are_taken_out_too() -> None:
    code, texts = extracted('say(en="a {b}", zh="甲 {b}", b=say(en="b", zh="乙"))')
    assert code == 'say("ch91-a", b=say("ch91-b"))'
    assert set(texts) == {"ch91-a", "ch91-b"}


def test_equal_texts_share_a_key_and_others_of_the_same_name_are_numbered() -> None:
    code, texts = extracted(
        'say(en="loss", zh="损失")\nsay(en="loss", zh="损失")\nsay(en="Loss", zh="代价")\n'
        'assert a, "[ch91-X] 一 / one"\nassert b, "[ch91-X] 二 / two"'
    )
    assert code.split("\n")[:3] == ['say("ch91-loss")', 'say("ch91-loss")', 'say("ch91-loss-2")']
    assert code.endswith('assert a, say("ch91-X")\nassert b, say("ch91-X-2")')
    assert texts["ch91-X"]["tag"] == texts["ch91-X-2"]["tag"] == "[ch91-X]"


def test_nothing_hidden_is_among_the_texts() -> None:
    parsed = parse_chapter(SQUARE, "ch91_mini.py")
    made, texts = extract(parsed)
    assert list(texts) == ["ch91-SQUARE"]
    (test,) = (cell for cell in made.cells if cell.role == "test")
    (before,) = (cell for cell in parsed.cells if cell.role == "test")
    assert test.source.split("\n")[0] == 'assert square(2) == 4 and square(3) == 9, say("ch91-SQUARE")'
    assert test.source.split("\n")[1:] == before.source.split("\n")[1:]
    assert [cell.source for cell in made.cells if cell.role == "solution"] == [
        cell.source for cell in parsed.cells if cell.role == "solution"
    ]
    assert "[ch91-SIGN]" not in texts_json(texts) and "[ch91-ZERO]" not in texts_json(texts)


def test_a_hidden_text_stays_hidden_where_a_public_one_begins_like_it() -> None:
    hidden = SQUARE.replace("[ch91-SIGN]", "[ch91-SQUARE]").replace(
        "    return answer\n", '    say(en="the answer", zh="答案")\n    return answer\n'
    )
    _, texts = extract(parse_chapter(hidden, "ch91_mini.py"))
    assert list(texts) == ["ch91-SQUARE"]
    assert "negative" not in texts_json(texts)


def test_the_same_chapter_gives_the_same_bytes() -> None:
    code = 'say(en="b", zh="乙")\nsay(en="a", zh="甲")'
    made = [texts_json(extracted(code)[1]) for _ in range(2)]
    assert made[0] == made[1]
    assert list(json.loads(made[0])) == ["ch91-a", "ch91-b"]


@pytest.mark.parametrize("value", [3, 12345.678, "两", (3, 1)])
def test_a_message_by_key_reads_like_the_f_string_that_it_was(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    code = 'message = f"[ch91-GOT] 得到 {value!r:>12}，{{{value}}} / got {value!r:>12}, {{{value}}}"'
    by_key, texts = extracted(code)
    monkeypatch.setattr(spoken_here, "_texts", lambda chapter: texts)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    old, new = {"value": value}, {"value": value, "say": spoken_here.say}
    exec(code, old)
    exec(by_key, new)
    assert by_key == 'message = say("ch91-GOT", value)'
    assert old["message"] == new["message"]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("say(text)", "takes both texts as literals"),
        ('say("ch91-x")', "takes both texts as literals"),
        ('say(en="one")', "takes both texts as literals"),
        ("say(en=f'{n}', zh='一')", "takes both texts as literals"),
        ('say(en="一", zh="一")', "has Chinese in the English text"),
        ('say(en="take the mean", zh="take the mean")', "has the English text in place of the Chinese"),
        ('say(en="{n} and {m}", zh="{n}", n=1)', "has no value for {m} in the text 'en'"),
        ('say(en="a", zh="甲 {m:.{w}f}", m=1)', "has no value for {w} in the text 'zh'"),
        ('say(en="a", zh="甲", m=1)', "shows the value 'm' in neither language"),
        ('say(en="a {", zh="甲", m=1)', "cannot be formatted"),
        ("f\"{say(en='a', zh='甲')}\"", "stands inside an f-string"),
        ('assert x, "[ch91-S] 1 / 2，不是 2 / 1 / 1 / 2"', "the message [ch91-S] has ' / ' inside"),
        ('assert x, f"[ch91-S] x / y 不对：{x} / a half of x / y: {x}"', "the message [ch91-S] has ' / ' inside"),
        ('assert x, (\n"[ch91-S] 减半 / "\n"take 1 / 2")', "the message [ch91-S] has ' / ' inside"),
        ("say = print", "gives the name `say` another meaning"),
        ("def say(text): pass", "gives the name `say` another meaning"),
        ("def f(say): pass", "gives the name `say` another meaning"),
        ("from cow import say", "gives the name `say` another meaning"),
        ("import cow as say", "gives the name `say` another meaning"),
        ("for say in (): pass", "gives the name `say` another meaning"),
    ],
)
def test_what_cannot_be_shown_is_a_finding_with_its_line(code: str, fault: str) -> None:
    found = list(text_faults(chapter(f"pass\n{code}")))
    assert any(fault in text and line in (7, 8) for line, text in found), found


@pytest.mark.parametrize(
    "code",
    [
        "from course.language import say",
        'say(en="loss {", zh="损失")',
        'say(en="{n:>{w}} in {m.name}", zh="{n}", n=1, w=2, m=m)',
        'say(en="ReLU", zh="ReLU")',
        "dashboard(say=print)",
        'assert x, f"[ch91-S] σ(z) = 1/(1 + e⁻ᶻ)，{x} / σ(z) = 1/(1 + e⁻ᶻ), {x}"',
        "'[ch91-S] 1 / 2 / 3'",
        "'a / b / 丙'",
        "x.say = 3",
    ],
)
def test_what_can_be_shown_is_none(code: str) -> None:
    assert list(text_faults(chapter(code))) == []


def test_a_chapter_with_a_say_of_its_own_keeps_its_texts() -> None:
    code = 'def say(text):\n    print(text)\nassert x, "[ch91-X] 一 / one"'
    assert extracted(code) == (code, {})


def test_every_cell_of_the_repositorys_chapters_is_still_python() -> None:
    from pathlib import Path

    from autograde.authoring.release import read_chapter

    root = Path(__file__).parents[3]
    for path in sorted((root / "notebooks").glob("ch*.py")):
        made, texts = extract(read_chapter(root, path.name.split("_")[0]))
        assert texts
        for cell in made.cells:
            if cell.role != "prose":
                ast.parse(cell.source)
