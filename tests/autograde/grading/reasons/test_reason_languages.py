"""Every reason is whole in each language: no English sentence stands in a Chinese one, whatever a program said."""

import ast
import inspect
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from languages import is_chinese, is_english

import autograde.grading
from autograde.feedback.checks import _STOPPED
from autograde.feedback.words import FeedbackWords
from autograde.grading.kernels.client import Ended
from autograde.grading.reasons import ends, faults, losses, submitted
from autograde.grading.reasons.bounds import bound_words, too_large
from autograde.grading.reasons.reason import Reason
from autograde.grading.repair.reasons import REPAIR_CODES, REVIEW_CODES, Findings

FOLDER = Path(autograde.grading.__file__).parent
MADE_BELOW = ("reasons/losses.py", "reasons/faults.py", "reasons/submitted.py", "repair/reasons.py")
READ_BACK = ("storage/grading_log.py",)
# variables that hold what a program said, in English; names of cells and files, and numbers, may stand in any sentence
SAID = {"error", "why", "last", "detail", "message", "what", "problem", "fault", "raised", "exc", "reason"}
MESSAGE = "ValueError: the quick brown fox jumps over the lazy dog"


def constructions() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(FOLDER.rglob("*.py")):
        place = path.relative_to(FOLDER).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                place not in MADE_BELOW + READ_BACK
                and isinstance(node, ast.Call)
                and ast.unparse(node.func) == "Reason"
            ):
                yield f"{place}:{node.lineno}", node


@pytest.mark.parametrize(("place", "call"), list(constructions()), ids=lambda one: one if isinstance(one, str) else "")
def test_nothing_foreign_is_put_into_a_chinese_sentence(place: str, call: ast.Call) -> None:
    parts = [node for node in ast.walk(call.args[2]) if isinstance(node, ast.FormattedValue)]
    used = {one.id for part in parts for one in ast.walk(part.value) if isinstance(one, ast.Name)}
    assert not used & SAID, f"{place}: what these hold is English"
    words = "".join(str(node.value) for node in ast.walk(call.args[2]) if isinstance(node, ast.Constant))
    assert is_chinese(words)


def sentences() -> Iterator[Reason]:
    whys = [one for one in vars(ends).values() if isinstance(one, ends.Why)]
    whys += [ends.why_ended(Ended(status, 0.0, 0), {}) for status in (3, -9, -11, -signal.SIGSYS, -62)]
    whys += [ends.Why(*bound_words(one, {"cpu_seconds": 3})) for one in ("cpu", "memory", "scratch")]
    whys += [ends.why_crashed(MESSAGE), ends.template_gone(OSError(2, "No such file or directory"))]
    for why in whys:
        yield losses.process_died("f2", "f1", why, "in")
    for when in losses._WHEN:
        yield losses.process_died("f2", "", whys[0], when)
    for code in sorted(losses.UNJUDGED_CODES):
        yield losses.not_judged("t1", code)
    yield losses.not_defined("t1", "f1")
    yield losses.not_replaced("f2", 5)
    yield losses.cell_timeout("f2", 30)
    yield losses.notebook_timeout("f2", 30)
    yield losses.cell_skipped("f2", "skip-execution")
    yield losses.needs_skipped("f2", "images", "#7", "skip-execution")
    yield losses.files_left_out(1000, 20_000_000)
    yield losses.notebook_missing("p2")
    yield losses.cells_missing("p1.ipynb", ["t1", "t2"])
    for error in (
        "MemoryError: Unable to allocate 8 GiB", "OSError: [Errno 28] No space left on device",
        "OSError: [Errno 24] Too many open files", "RuntimeError: can't start new thread", "OSError: [Errno 27] File too large",
    ):  # fmt: skip
        found = losses.limit_met("f2", error)
        assert found
        yield found
    for start in (*faults._IN_TESTS, "something that nobody foresaw"):
        yield faults.test_fault("t1", f"{start} and so on and so on")
    for seen in (*faults._TAMPERED, "builtins.len", "a pre_run_cell hook", "IPython's QuickShell.run", MESSAGE):
        yield faults.tampering("f2", [seen])
    for make in (faults.setup_fault, faults.setup_failed, faults.unreadable_file, faults.unreadable_notebook,
                 faults.damaged_metadata):  # fmt: skip
        yield make("f2", MESSAGE)
    yield faults.engine_fault(MESSAGE)
    yield faults.not_confined(MESSAGE)
    yield faults.no_kernel("p1.ipynb", "julia-1.10")
    yield faults.worker_lost(3, "ada")
    yield faults.test_unknown("t1")
    yield submitted.no_notebook(["p1", "p2"])
    yield submitted.file_renamed("p1", "p1 (1)")
    yield submitted.copy_taken("p1", "p1-copy")
    yield submitted.copy_left_aside("p1", "p1-copy")
    yield submitted.several_copies("p1", ["a", "b"])
    yield submitted.file_replaced("helper.py")
    yield submitted.file_left_out("numpy.py", "numpy")
    yield submitted.unreadable_timestamp("x" * 99)
    for why in (
        ends.import_hangs("numpy", 300),
        ends.import_hangs("", 1),
        ends.import_ends("numpy", -11),
        ends.import_ends("", 3),
    ):
        yield faults.template_failed(why)
    full = too_large({"a": bytes(10_000)}, {"scratch_bytes": 1, "scratch_files": 1})
    assert full
    yield full
    findings = Findings()
    for code in sorted(REPAIR_CODES | REVIEW_CODES):
        findings.add(code, *(f"cell-{number}" for number in range(10)))
    yield from findings.repairs()
    yield from findings.review()


@pytest.mark.parametrize("reason", list(sentences()), ids=lambda reason: reason.code)
def test_each_is_whole(reason: Reason) -> None:
    assert is_chinese(reason.zh), reason.zh
    assert is_english(reason.en), reason.en


@pytest.mark.parametrize("code", faults.PLAIN)
def test_what_replaces_a_reason_for_learners_is_whole(code: str) -> None:
    en, zh = (text.format(cells="t1") for text in faults.PLAIN[code])
    assert is_english(en) and is_chinese(zh)


def test_each_loss_has_words_in_the_feedback() -> None:
    assert set(_STOPPED) == losses.UNJUDGED_CODES
    for code in losses.UNJUDGED_CODES:
        assert is_english(FeedbackWords("en")(f"stopped-{code}"))
        assert is_chinese(FeedbackWords("zh")(f"stopped-{code}"))


def test_each_reason_of_these_modules_is_among_them() -> None:
    made = {reason.code for reason in sentences()}
    for module in (losses, faults, submitted):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                assert isinstance(node.args[0], ast.Constant)
                assert node.args[0].value in made
