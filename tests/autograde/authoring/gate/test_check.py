"""The release gate opens for a sound course, and names the place of every fault."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mini_course import CUBE, SQUARE, SQUARE_BANK, Course, files, write, write_course
from rich.console import Console

from autograde.authoring.bank import parse_bank
from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate import check as gate
from autograde.authoring.gate.check import Report, check
from autograde.authoring.gate.table import show
from autograde.authoring.proof import editions as under_nbgrader
from autograde.authoring.proof import script
from autograde.authoring.proof import strength as tests_strength
from autograde.authoring.proof.strength import tried
from autograde.authoring.release import build
from autograde.authoring.stock import Graded
from autograde.authoring.trial import run_all, run_trials
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder

pytestmark = pytest.mark.long(12)

EN, ZH = "release/en/ch91/ch91.ipynb", "release/zh/ch91/ch91.ipynb"
HIDDEN = 'assert square(0) == 0, "[ch91-ZERO] `square` 在 0 处不对 / `square` is wrong at nought"'
Check = Callable[..., list[str]]


def line(text: str, start: str) -> int:
    return next(number for number, found in enumerate(text.split("\n"), start=1) if found.startswith(start))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    write(path, text.replace(old, new))


def leak_by_hand(root: Path) -> None:
    """Plant a hidden test in the metadata of the English release."""
    notebook = json.loads((root / EN).read_text(encoding="utf-8"))
    notebook["cells"][2]["metadata"]["note"] = HIDDEN
    write(root / EN, json.dumps(notebook))


def change_a_formula(root: Path) -> None:
    change(root / "notebooks" / "ch91_mini.py", "的平方是 $$x^2$$", "的平方是 $$x^3$$")


def print_to_stderr(root: Path) -> None:
    change(
        root / "notebooks" / "ch91_mini.py",
        "### END HIDDEN",
        'import sys\nprint("psst", file=sys.stderr)\n### END HIDDEN',
    )


def weaken_the_hidden_test(root: Path) -> None:
    change(root / "notebooks" / "ch91_mini.py", "square(-3.5)", "square(3.5)")


FORMULA = "notebooks/ch91_mini.py:6: formula differs from its twin; only in English: $$x^2$$; only in Chinese: $$x^3$$"
NOISE = f"notebooks/ch91_mini.py:{line(SQUARE, '# %% test')}: test 'square-of-two' is not silent, it prints: psst"
LEAK = f"{EN}: contains a hidden line of cell 'square-of-two': {HIDDEN[:60]}"
ZH_CELL = '# %% [markdown] lang="zh"'
SIGNED = line(SQUARE_BANK, '# %% wrong="signed"')
WEAK = f"square.py:{SIGNED}: exercise 'square': its tests accept the wrong solution 'signed'"


def test_the_gate_opens_for_a_sound_course_and_writes_the_record_of_its_proof(built: Path, course: Course) -> None:
    before = files(built)
    run = course("check", cwd=built)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Nothing to fix; the chapters may go to learners." in run.stdout
    assert re.search(r"ch91 +│ square +│ 3 of 3 +│ 3 of 3 +│ 1 of 3", run.stdout)
    after = files(built)
    assert sorted(set(after) - set(before)) == ["docs/proofs.md", "release/proofs/ch91.json"]
    assert {path: after[path] for path in before} == before


def test_the_gate_names_the_place_of_every_fault(built: Path, course: Course) -> None:
    for fault in (leak_by_hand, change_a_formula, print_to_stderr, weaken_the_hidden_test):
        fault(built)
    before = files(built)
    run = course("check", cwd=built)
    assert (run.returncode, run.stderr) == (1, "")
    for finding in (FORMULA, NOISE, LEAK, WEAK):
        assert finding in run.stdout
    assert f"{ZH}: differs from a fresh build of notebooks/ch91_mini.py" in run.stdout
    for edition in (EN, ZH):
        assert f"{edition}: solved, cell 'square-of-two' writes to standard error: psst" in run.stdout
    assert files(built) == before


def test_a_missing_twin_is_named_and_nothing_changes(built: Path, course: Course) -> None:
    change(built / "notebooks" / "ch91_mini.py", '# %% [markdown] lang="zh"', "# %%\nx = 1\n'''")
    text = (built / "notebooks" / "ch91_mini.py").read_text(encoding="utf-8")
    write(built / "notebooks" / "ch91_mini.py", text.replace("# %% setup", "'''\n# %% setup"))
    before = files(built)
    run = course("check", cwd=built)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("course: notebooks/ch91_mini.py:2: this English cell has no Chinese twin")
    assert run.stderr.count("\n") == 1
    assert files(built) == before


def test_every_fault_of_format_in_every_file_is_a_line_of_one_run(built: Path, course: Course) -> None:
    chapter = built / "notebooks" / "ch91_mini.py"
    change(chapter, 'lang="zh"', 'lang="fr"')
    change(chapter, "    ### END SOLUTION\n", "")
    change(chapter, "points=2", "points=0")
    change(chapter, 'print("free play")', "%matplotlib inline")
    write(built / "notebooks" / "ch95_stray.py", "# %%\n")
    write(built / "tests" / "chapters" / "budgets.toml", 'ch91 = "soon"\n')
    change(built / "tests" / "chapters" / "ch91" / "square.py", '# %% wrong="signed"', "# %% almost")
    change(built / "tests" / "chapters" / "ch91" / "square.py", "    return x ** 2", "    return x **")
    places = [
        'notebooks/ch95_stray.py:1: course.toml has no [[chapter]] with assignment = "ch95"; add it',
        "tests/chapters/budgets.toml:1: ch91 must be a number of seconds",
        f"notebooks/ch91_mini.py:{line(SQUARE, ZH_CELL)}: prose cells read",
        f"notebooks/ch91_mini.py:{line(SQUARE, '# %% solution')}: `### BEGIN SOLUTION` without",
        f"notebooks/ch91_mini.py:{line(SQUARE, '# %% test') - 1}: a test cell needs points=N",
        f"notebooks/ch91_mini.py:{line(SQUARE, 'print') - 1}: invalid syntax",
        f"tests/chapters/ch91/square.py:{SIGNED}: mark the cell",
        f"tests/chapters/ch91/square.py:{line(SQUARE_BANK, '    return x ** 2')}: invalid syntax",
    ]
    before = files(built)
    run = course("check", cwd=built)
    assert (run.returncode, run.stdout) == (1, "")
    assert all(
        found.startswith(f"course: {place}") for found, place in zip(run.stderr.splitlines(), places, strict=True)
    )
    assert files(built) == before

    change(built / "course.toml", 'weight = "1"', "weight = 1")
    broken = course("check", cwd=built)
    at = line((built / "course.toml").read_text(encoding="utf-8"), "weight = 1")
    assert broken.stderr.startswith(f"course: course.toml:{at}: [[chapter]] weight is a bare number")
    assert broken.stderr.splitlines()[2:7] == run.stderr.splitlines()[2:7]  # what is there is read all the same


def test_a_chapter_without_an_entry_is_told_where_it_belongs(built: Path, course: Course) -> None:
    write(built / "notebooks" / "ch95_stray.py", SQUARE)
    run = course("check", "ch95", cwd=built)
    assert run.returncode == 2
    assert run.stderr == (
        "course: no chapter 'ch95' in course.toml; it has ch91; "
        'for ch95_stray.py add [[chapter]] with assignment = "ch95"\n'
    )


@pytest.fixture
def quick(built_once: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The gate's findings without the minutes of nbgrader: the rebuild gives the release of the sound chapter."""

    def rebuild(fresh: CourseFolder, names: list[str]) -> None:
        shutil.copytree(built_once / "release", fresh.root / "release")

    monkeypatch.setattr(gate, "build", rebuild)
    graded = {
        f"{kind}-{lang}": Graded(2.0 if kind == "solved" else 0.0, 2.0)
        for kind in ("blank", "solved")
        for lang in ("en", "zh")
    }

    def run(root: Path, names: list[str] | None = None, **changed: Graded) -> list[str]:
        results = {**graded, **{name.replace("_", "-"): result for name, result in changed.items()}}
        monkeypatch.setattr(under_nbgrader, "grade_blank_and_solved", lambda course, chapter, languages: results)
        return [str(finding).replace(f"{root}/", "") for finding in check(CourseFolder.open(root), names).findings]

    return run


def test_a_sound_course_has_no_findings(built: Path, quick: Check) -> None:
    assert quick(built) == []


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (leak_by_hand, LEAK),
        (change_a_formula, FORMULA),
        (print_to_stderr, NOISE),
        (weaken_the_hidden_test, f"tests/chapters/ch91/{WEAK}"),
    ],
)
def test_each_fault_alone_is_found(built: Path, quick: Check, fault: Callable[[Path], None], finding: str) -> None:
    fault(built)
    found = quick(built)
    assert finding in found
    others = [other for other in found if other != finding]
    assert all("differs from a fresh build" in other or "run as a script" in other for other in others)


def test_a_leak_is_found_in_every_language_and_in_files_that_should_not_be_there(built: Path, quick: Check) -> None:
    write(built / "release/zh/ch91/.ipynb_checkpoints/ch91-checkpoint.ipynb", f'{{"a": {json.dumps(HIDDEN)}}}')
    write(built / "release/zh/ch91/notes.txt", "### BEGIN SOLUTION\n")
    found = quick(built)
    assert any(
        finding.startswith("release/zh/ch91/.ipynb_checkpoints/ch91-checkpoint.ipynb: contains a hidden line")
        for finding in found
    )
    assert "release/zh/ch91/notes.txt: contains the marker 'BEGIN SOLUTION'" in found
    assert "release/zh/ch91/notes.txt: is not part of the release; delete it" in found


def test_a_release_that_is_missing_stale_or_left_over_is_found(built: Path, quick: Check) -> None:
    (built / EN).unlink()
    write(built / ZH, (built / ZH).read_text(encoding="utf-8") + "\n")
    write(built / "release/en/ch90/ch90.ipynb", "{}")
    assert quick(built) == [
        "release/en/ch90/ch90.ipynb: belongs to no chapter of course.toml; delete it",
        f"{EN}: is missing; run `course build` and commit it",
        f"{ZH}: differs from a fresh build of notebooks/ch91_mini.py; run `course build` and commit it",
    ]


def test_chapters_that_were_not_asked_for_are_left_out(built: Path, quick: Check) -> None:
    write(built / "release/en/ch90/ch90.ipynb", "{}")
    assert quick(built, ["ch91"]) == []


def test_the_script_must_run_silently_within_its_budget(built: Path, quick: Check) -> None:
    chapter = built / "notebooks" / "ch91_mini.py"
    write(built / "tests" / "chapters" / "budgets.toml", "ch91 = 1e-6\n")
    change(chapter, 'print("free play")', 'import sys\nprint("oh", file=sys.stderr)')
    assert quick(built) == ["notebooks/ch91_mini.py: run as a script, it writes to standard error: oh"]
    change(chapter, ", file=sys.stderr", "")
    (slow,) = quick(built)
    assert slow.startswith("notebooks/ch91_mini.py: takes 0 s, its budget is 1e-06 s")
    change(chapter, 'print("oh")', 'raise ValueError("no")')
    assert quick(built) == ["notebooks/ch91_mini.py: does not run as a script: ValueError: no"]


def test_a_script_that_never_ends_is_a_finding(built: Path, quick: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "LIMIT", 1.0)
    change(built / "notebooks" / "ch91_mini.py", 'print("free play")', "while True:\n    pass")
    assert quick(built) == ["notebooks/ch91_mini.py: run as a script, it does not end within 1 s"]


def test_a_bank_that_is_missing_or_short_is_found_with_the_line_of_the_exercise(built: Path, quick: Check) -> None:
    bank, place = (
        built / "tests" / "chapters" / "ch91" / "square.py",
        f"notebooks/ch91_mini.py:{line(SQUARE, '# %% solution')}",
    )
    write(bank, SQUARE_BANK.split('# %% right="math-pow"')[0])
    assert quick(built) == [f"{place}: exercise 'square': 3 wrong and 1 right solutions; at least 3 and 2 are needed"]
    bank.unlink()
    assert quick(built) == [f"{place}: exercise 'square': no bank of right and wrong solutions in tests/chapters"]


def test_a_right_answer_that_is_rejected_is_found(built: Path, quick: Check) -> None:
    change(built / "tests" / "chapters" / "ch91" / "square.py", "math.pow(x, 2)", "[x * x]")
    (finding,) = quick(built)
    assert finding.startswith("tests/chapters/ch91/square.py:")
    assert "test 'square-of-two' rejects the right solution 'math-pow': AssertionError" in finding


def test_public_tests_that_let_most_wrong_answers_through_are_found(built: Path, quick: Check) -> None:
    change(built / "notebooks" / "ch91_mini.py", " and square(3) == 9", "")
    change(built / "notebooks" / "ch91_mini.py", "square(0) == 0", "square(0) == 0 and square(5) == 25")
    found = [finding for finding in quick(built) if "differs from a fresh build" not in finding]
    assert found == [
        f"notebooks/ch91_mini.py:{line(SQUARE, '# %% solution')}: exercise 'square': its public part lets 2 of 3 wrong"
        " answers through (double, signed); at most one in three may pass: make public, for each rule that is graded,"
        " one check of a number that these answers get wrong"
    ]


def test_the_style_is_checked_where_course_toml_asks_for_it(built: Path, quick: Check) -> None:
    headless = (
        f"notebooks/ch91_mini.py:{line(SQUARE, '# # Squares')}: the chapter's one title is `# Chapter 91 · Title`"
    )
    assert not [finding for finding in quick(built) if finding.startswith(headless)]
    change(built / "course.toml", 'languages = ["en", "zh"]', 'languages = ["en", "zh"]\nhouse_style = true')
    assert [finding for finding in quick(built) if finding.startswith(headless)]


@pytest.mark.parametrize(
    ("name", "graded", "finding"),
    [
        ("blank_en", Graded(1, 2), f"{EN}: blank, nbgrader gives it 1 of 2 points, not 0 of 2"),
        ("solved_zh", Graded(1.5, 2), f"{ZH}: solved, nbgrader gives it 1.5 of 2 points, not 2 of 2"),
        ("solved_en", Graded(2 - 1e-15, 2 + 1e-15), None),
        (
            "solved_en",
            Graded(2, 2, [("ch91-free-1", "NameError: x")]),
            f"{EN}: solved, cell 'ch91-free-1' fails: NameError: x",
        ),
        ("solved_en", Graded(2, 2, [], [("a", "one\ntwo\n")]), f"{EN}: solved, cell 'a' writes to standard error: two"),
        ("solved_en", Graded(2, 2, [], [("a", "\n")]), f"{EN}: solved, cell 'a' writes to standard error: blank lines"),
        ("blank_zh", Graded(0, 2, [("square-of-two", "NotImplementedError: …")]), None),
        (
            "blank_zh",
            Graded(0, 2, [("ch91-free-1", "NotImplementedError: …")]),
            f"{ZH}: blank, cell 'ch91-free-1' fails although it is not a test: NotImplementedError: …",
        ),
        (
            "blank_zh",
            Graded(0, 2, [("square-of-two", "NameError: x")]),
            f"{ZH}: blank, test 'square-of-two' does not say that the answer is missing: NameError: x",
        ),
    ],
)
def test_what_nbgrader_says_of_blank_and_solved_is_judged(
    built: Path, quick: Check, name: str, graded: Graded, finding: str | None
) -> None:
    assert quick(built, **{name: graded}) == ([finding] if finding else [])


def test_a_notebook_that_nbgrader_does_not_grade_is_a_finding(
    built: Path, quick: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(built)

    def refuse(*_: object) -> None:
        raise CourseError("nbgrader autograde ch91 gave no grade")

    monkeypatch.setattr(under_nbgrader, "grade_blank_and_solved", refuse)
    (finding,) = check(CourseFolder.open(built)).findings
    assert str(finding) == "notebooks/ch91_mini.py: nbgrader autograde ch91 gave no grade"


def test_the_report_keeps_the_order_of_the_files(built: Path, quick: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tests_strength, "run_all", lambda *given: reversed(list(run_all(*given))))
    quick(built)
    names = [trial.name for trial in check(CourseFolder.open(built)).trials]
    assert names == ["reference", "double", "signed", "nothing", "power", "math-pow"]


def test_a_narrow_table_cuts_no_name_short(capsys: pytest.CaptureFixture[str]) -> None:
    chapter = parse_chapter(SQUARE.replace(" and square(3) == 9", ""), "ch91_mini.py")
    bank = SQUARE_BANK.replace('"double"', '"doubles-where-it-should-square"')
    trials = list(run_trials(chapter, {"square": parse_bank(bank, "square", "square.py")}))
    show(Report(trials=[tried(trial) for trial in trials]), Console(width=80))
    printed = capsys.readouterr().out
    (line,) = [line for line in printed.splitlines() if line.startswith("  square: ")]
    assert sorted(line.removeprefix("  square: ").strip().split(", ")) == ["doubles-where-it-should-square", "signed"]
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("tests/chapters/budgets.toml", "ch91 = \n", r"tests/chapters/budgets\.toml:1: "),
        ("tests/chapters/ch91/square.py", "# %% almost\n", r"square\.py:1: mark the cell"),
        ("nbgrader_config.py", None, r"nbgrader_config\.py: "),
    ],
)
def test_what_cannot_be_read_is_one_error(built: Path, quick: Check, path: str, text: str | None, words: str) -> None:
    write(built / path, text) if text else (built / path).unlink()
    with pytest.raises(CourseError, match=words):
        quick(built)


def test_the_table_says_where_a_slow_machine_gave_more_time(capsys: pytest.CaptureFixture[str]) -> None:
    show(
        Report(seconds={"ch91": 41.2, "ch92": 39.0}, slow={"ch91": 1.3}, budgets={"ch91": 40, "ch92": 40}),
        Console(width=160),
    )
    printed = capsys.readouterr().out
    assert "ch91 runs top to bottom in 41.2 s of 40 s times 1.3: importing TensorFlow took" in printed
    assert "ch92 runs top to bottom in 39.0 s of 40 s\n" in printed


def test_the_table_counts_every_exercise(tmp_path: Path, quick: Check, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_course(tmp_path / "two", ch91=SQUARE, ch92=CUBE)
    write(root / "tests" / "chapters" / "ch91" / "square.py", SQUARE_BANK)
    quick(root)  # puts the quick rebuild in place
    report = check(CourseFolder.open(root))
    show(report, Console(width=160))
    printed = capsys.readouterr().out
    assert re.search(r"ch91 +│ square +│ 3 of 3 +│ 3 of 3 +│ 1 of 3", printed)
    assert re.search(r"ch92 +│ cube +│ 0 of 0 +│ 1 of 1 +│ 0 of 0", printed)
    assert "chapters: 2, exercises: 2. " in printed
    for finding in report.findings:
        assert str(finding) in printed


def test_texts_are_compared_with_a_fresh_build(built: Path, quick: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "build", build)
    place = built / "course" / "texts"
    place.mkdir(parents=True)
    build(CourseFolder.open(built))
    assert quick(built) == []
    change(place / "ch91.json", "look again", "look away")
    write(place / "ch77.json", "{}")
    assert sorted(quick(built)) == [
        "course/texts/ch77.json: belongs to no chapter of course.toml; delete it",
        "course/texts/ch91.json: differs from a fresh build of notebooks/ch91_mini.py; run `course build` and commit it",
    ]
    (place / "ch77.json").unlink()
    write(place / "ch91.json", json.dumps({"ch91-X": {"en": HIDDEN, "zh": "一"}}))
    assert f"course/texts/ch91.json: contains a hidden line of cell 'square-of-two': {HIDDEN[:60]}" in quick(built)
