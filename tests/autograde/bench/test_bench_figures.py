"""``course bench figures``: what is drawn, what is counted, and what is late."""

import json
from pathlib import Path

import mini_course
import pytest
from mini_course import Course

from autograde.authoring.chapter import parse_chapter
from autograde.bench.figures import FIRST, FURTHER, Drawn, drawn, figure_program
from autograde.errors import CourseError

EXPLORED = """
# %%
from matplotlib.figure import Figure
from course.interact import Prediction, explore, play, slider
expensive = 1 / 0 if False else "not needed"
print("shown to learners")
SIZE = 2
def fig_step(step, gain=1):
    figure = Figure(figsize=(SIZE, 1))
    figure.subplots().plot([0, square(step)])
    return figure
explore(fig_step, Prediction("?", ["a", "b"], 0, ""), alt={"en": "a line", "zh": "线"}, gain=slider(1, 3, 1), step=play(0, 4, 1))
# %%
raise SystemExit("training that no figure needs")
# %%
explore(fig_step, alt={"en": "a line", "zh": "线"}, step=slider(0, 100, 50))
"""


def chapter(text: str = EXPLORED):
    return parse_chapter(mini_course.SQUARE + text, "ch91_squares.py")


def test_only_what_the_figures_need_is_run() -> None:
    program = figure_program(chapter())
    assert all(words in program for words in ("def square", "SIZE = 2", "def fig_step", "from course.interact import"))
    assert not any(words in program for words in ("expensive", "SystemExit", "assert", "import math", "free play"))


def test_every_figure_is_drawn_first_and_at_each_step_of_its_player_or_along_its_slider(tmp_path: Path) -> None:
    player, slid = drawn(chapter(), tmp_path)
    assert (player.figure, player.control, len(player.further)) == ("fig_step", "step", 4)
    assert (slid.figure, slid.control, len(slid.further)) == ("fig_step", "step", 10)
    for row in (player, slid):
        assert row.slow >= 1
        assert 0 < row.median <= row.worst
        assert min(row.first, *row.further) > 0.001  # none of them came from the pictures drawn before


def test_a_figure_that_fails_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"ch91_squares\.py: ZeroDivisionError: division by zero"):
        drawn(chapter("# %%\nfrom course.interact import explore\nexplore(lambda: 1 / 0)\n"), tmp_path)


@pytest.mark.parametrize(
    ("first", "further", "slow", "late"),
    [
        (0.9 * FIRST, (0.9 * FURTHER,), 1, False),
        (1.1 * FIRST, (), 1, True),
        (0.1, (0.01, 1.1 * FURTHER), 1, True),
        (1.1 * FIRST, (1.1 * FURTHER,), 1.2, False),
    ],
)
def test_a_late_picture_is_one_above_its_limit_on_this_machine(first, further, slow, late) -> None:
    assert Drawn("ch91", "fig_step", "step", first, further, slow).late == late


def test_the_command_prints_a_table_and_writes_all_figures(mini: Path, course: Course, tmp_path: Path) -> None:
    (file,) = (mini / "notebooks").glob("ch91*.py")
    file.write_text(file.read_text(encoding="utf-8") + EXPLORED, encoding="utf-8")
    run = course("bench", "figures", "ch91", "--json", str(tmp_path / "figures.json"))
    assert run.returncode in (0, 1), run.stderr
    rows = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["figures"]
    assert [len(row["further"]) for row in rows] == [4, 10]
    assert run.stdout.count("fig_step") == 2
    late = any(Drawn(**row).late for row in rows)
    assert (run.returncode == 1) == ("late" in run.stdout.split("fig_step", 1)[1]) == late
