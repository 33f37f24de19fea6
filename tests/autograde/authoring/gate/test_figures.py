"""The gate asks that every figure says what it shows, in both languages."""

import pytest

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate.figures import figure_faults

PROSE = '# %% [markdown] lang="en"\n# Look.\n# %% [markdown] lang="zh"\n# 看。\n'
GOOD = '{"en": "a line that rises", "zh": "一条上升的线"}'


def faults(code: str) -> list[str]:
    chapter = parse_chapter(f"{PROSE}# %%\n{code}\n", "notebooks/ch91_mini.py")
    return [f"{line}: {fault}" for line, fault in figure_faults(chapter)]


@pytest.mark.parametrize(
    "code",
    [
        f"explore(fig_line, x=slider(0, 9, 3), alt={GOOD})",
        f"interact.explore(fig_line, alt={GOOD})",
        f"explore_in_turn(fig_line, Round(guess), Round(other), alt={GOOD})",
        'explore(fig_line, alt={"en": "a line " "that rises", "zh": "一条" "上升的线"})',
        'explore(fig_line, alt=say(en="a line that rises", zh="一条" "上升的线"))',
        'explore(fig_line, alt=say(en="{n} lines", zh="{n} 条线", n=3))',
        "figure = fig_line(3)",
        "print(fig_line)",
        "1 + 1",
    ],
)
def test_a_figure_with_a_description_in_both_languages_is_fine(code: str) -> None:
    assert faults(code) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("explore(fig_line, x=slider(0, 9, 3))", "fig_line has no description"),
        ("interact.explore(fig_line)", "fig_line has no description"),
        ("with when_solved('f'):\n    explore(fig_line)", "fig_line has no description"),
        ("def later():\n    explore(lambda x: x)", "has no description"),
        ("explore_in_turn(fig_line, Round(guess))", "fig_line has no description"),
        ("explore(fig_line, alt=ALT)", "not a literal in both languages"),
        ('explore(fig_line, alt="a line")', "not a literal in both languages"),
        ('explore(fig_line, alt={"en": "a line"})', "lacks 'zh'"),
        ('explore(fig_line, alt={"en": " ", "zh": "线"})', "lacks 'en'"),
        ('explore(fig_line, alt={"en": "a line", "zh": "a line"})', "under 'zh' is in another language"),
        ('explore(fig_line, alt={"en": "a line 线", "zh": "线"})', "under 'en' is in another language"),
        ("explore(fig_line, alt=say(en=TEXT, zh=TEXT))", "not a literal in both languages"),
        ('explore(fig_line, alt=say("ch91-line"))', "not a literal in both languages"),
        ('explore(fig_line, alt=say(en=f"{n} lines", zh="线"))', "not a literal in both languages"),
        ('explore(fig_line, alt=say(en="a line"))', "lacks 'zh'"),
        ('explore(fig_line, alt=say(en="a line", zh="a line"))', "under 'zh' is in another language"),
        ('explore(fig_line, alt=say(en="线", zh="线"))', "under 'en' is in another language"),
        ("fig_line(3)", "fig_line is shown as a picture without a description"),
        ("display(figures.fig_line(3))", "figures.fig_line is shown as a picture"),
    ],
)
def test_a_figure_without_one_is_a_finding_with_its_line(code: str, said: str) -> None:
    (fault,) = faults(code)
    assert said in fault
    line = next(number for number, text in enumerate(code.split("\n"), 6) if "explore" in text or "fig_" in text)
    assert fault.startswith(f"{line}: cell 'ch91-free-1'")
