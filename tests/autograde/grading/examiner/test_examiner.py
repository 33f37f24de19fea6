"""A verdict is nbgrader's score without the ways around it."""

import os
import signal
import socket

import numpy as np
import pytest
from wire_peers import examined

from autograde.grading.examiner.learner_side import serve
from autograde.grading.examiner.ready_cells import ends_silently
from autograde.grading.examiner.run import Examiner
from autograde.grading.examiner.verdict import partial_credit
from autograde.grading.wire.frames import Limits, WireFailure

SOFTMAX = """
import numpy as np

def softmax(z):
    if np.max(z) > 700:
        raise OverflowError("z is too large")
    e = np.exp(z)
    return e / e.sum()
"""


@pytest.mark.parametrize(
    ("value", "score"),
    [(None, 4), (0, 0), (3, 3), (4, 4), (1.5, 1.5), (np.float32(0.5), 0.5), (np.int64(2), 2), (np.array(2.5), 2.5), (-0.0, 0)],
)  # fmt: skip
def test_a_number_at_the_end_is_partial_credit(value: object, score: float) -> None:
    found = partial_credit(value, 4)
    assert found == (score, None) and type(found[0]) is float


@pytest.mark.parametrize(
    "value",
    [True, np.True_, -1, 4.1, float("nan"), float("inf"), np.nan, "4", [4], 4 + 0j, np.array([4.0]), np.array(True), np.array("4"),
     10**5000, -(10**5000), np.timedelta64(1), np.array(None), {}],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_anything_else_at_the_end_is_an_error_of_the_test_and_gives_nothing(value: object) -> None:
    score, fault = partial_credit(value, 4)
    assert score == 0 and fault and "test" in fault


@pytest.mark.parametrize(
    ("source", "silent"), [("x;", True), ("x; # why", True), ("x", False), ("';'", False), ("x # ;", False)]
)
def test_a_semicolon_at_the_end_hides_the_value(source: str, silent: bool) -> None:
    assert ends_silently(source) is silent


def test_an_assert_speaks_with_its_authors_words() -> None:
    with examined(SOFTMAX) as examiner:
        verdict = examiner.run_test("assert softmax(np.zeros(2)).sum() == 2, 'look at the sum'", 3)
        assert (verdict.score, verdict.maximum, verdict.failed_message) == (0, 3, "look at the sum")
        assert verdict.learner_error is None and verdict.author_error is None and verdict.wire_error is None
        assert verdict.outputs[-1]["ename"] == "AssertionError"
        assert (
            len(verdict.outputs[-1]["traceback"]) == 1 and "softmax(np.zeros(2))" in verdict.outputs[-1]["traceback"][0]
        )


def test_an_error_of_the_learners_is_told_apart_with_its_line() -> None:
    with examined(SOFTMAX) as examiner:
        verdict = examiner.run_test("softmax(np.array([1e4]))", 3)
    assert verdict.score == 0 and verdict.failed_message is None and verdict.learner_error
    assert (verdict.learner_error.name, verdict.learner_error.message) == ("OverflowError", "z is too large")
    assert verdict.learner_error.lines[0].startswith("softmax, line 6")


def test_an_error_of_the_learners_stays_visible_behind_the_authors_words() -> None:
    test = "try:\n    softmax(np.array([1e4]))\nexcept OverflowError as e:\n    raise AssertionError('subtract the maximum') from e"
    with examined(SOFTMAX) as examiner:
        verdict = examiner.run_test(test, 3)
    assert verdict.failed_message == "subtract the maximum"
    assert verdict.learner_error and verdict.learner_error.name == "OverflowError"


def test_an_assertion_error_of_the_learners_does_not_pass_for_the_authors_words() -> None:
    with examined("def f():\n    raise AssertionError('you passed')") as examiner:
        verdict = examiner.run_test("f()", 3)
    assert verdict.failed_message is None and verdict.learner_error and verdict.learner_error.message == "you passed"


def test_what_a_test_cannot_do_with_an_answer_costs_the_points_only() -> None:
    with examined("def f():\n    pass") as examiner:
        verdict = examiner.run_test("assert f().shape == (2,), 'shape'", 3)
    assert verdict.score == 0 and "AttributeError" in (verdict.error or "") and verdict.author_error is None


def test_text_on_stderr_and_warnings_cost_nothing() -> None:
    with examined(SOFTMAX) as examiner:
        verdict = examiner.run_test("import sys\nprint('a')\nprint('b', file=sys.stderr)", 3)
    assert verdict.score == 3
    assert [(output["name"], output["text"]) for output in verdict.outputs] == [("stdout", "a\n"), ("stderr", "b\n")]


def test_names_of_test_cells_are_the_examiners_and_last() -> None:
    with examined("x, y = 1, 2") as examiner:
        examiner.run_setup("def helper():\n    return y + 1")
        assert examiner.run_test("x = 5\ndef own():\n    return helper() + x", 1, {"x", "y"}).score == 1
        assert examiner.run_test("assert own() == 8", 1, {"y"}).score == 1


def test_a_name_that_the_learner_never_defined_is_missing_in_the_test_too() -> None:
    with examined("def f(): pass") as examiner:
        verdict = examiner.run_test("g()", 1, {"f", "g"})
    assert verdict.score == 0 and verdict.error == "NameError: name 'g' is not defined"


def test_the_learner_sees_what_is_rebound_between_cells() -> None:
    with examined("level = 1\ndef rise():\n    global level\n    level += 1") as examiner:
        assert examiner.run_test("assert level == 1\nrise()", 1).score == 1
        assert examiner.run_test("assert level == 2", 1).score == 1


@pytest.mark.parametrize("source", ["def", "!ls", "x = %pwd", "%%bash\nls", "await f()"])
def test_a_test_that_is_no_python_is_the_authors_error(source: str) -> None:
    with examined("x = 1") as examiner:
        assert examiner.run_test(source, 1).author_error


def test_setup_may_hold_magics() -> None:
    with examined("x = 1") as examiner:
        examiner.run_setup("%matplotlib inline\n!pip list\nimport math")
        assert examiner.run_test("assert math.pi > x", 1).score == 1


def test_a_message_with_a_number_of_a_million_bits_is_no_trap() -> None:
    with examined("def f():\n    return 1 << 400_000") as examiner:
        verdict = examiner.run_test("n = f()\nassert n == 3, n", 1)
        assert verdict.score == 0 and verdict.error == "AssertionError"
        assert examiner.run_test("f()", 1).author_error


def test_a_test_that_does_not_end_is_stopped() -> None:
    with examined("def f():\n    return 1", Limits(cell_seconds=0.3)) as examiner:
        verdict = examiner.run_test("while True:\n    try:\n        f\n    except Exception:\n        pass", 2)
        assert (verdict.score, verdict.wire_code) == (0, "timeout")
        assert examiner.run_test("assert f() == 1", 2).score == 2


def test_a_test_may_call_from_its_own_thread_only() -> None:
    test = "import threading\nt = threading.Thread(target=lambda: caught.append(run()))\ncaught = []\n" \
        "def run():\n    try:\n        return f()\n    except BaseException as e:\n        return str(e)\nt.start(); t.join()"  # fmt: skip
    with examined("def f(): return 1") as examiner:
        assert "thread" in (examiner.run_test(test, 2).author_error or "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "os.close(fd)"])
def test_when_the_learners_process_dies_cells_graded_before_keep_their_points(end: str) -> None:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        try:
            ours.close()
            namespace: dict[str, object] = {}
            exec(f"import os\nfd = {theirs.fileno()}\ndef f(): return 1\ndef die(): {end}", namespace)
            while True:
                serve(theirs, namespace)
        except WireFailure:
            pass
        finally:
            os._exit(0)
    theirs.close()
    try:
        examiner = Examiner(ours, Limits(call_seconds=20), {"f", "die"})
        assert examiner.run_test("assert f() == 1", 2).score == 2
        verdict = examiner.run_test("try:\n    die()\nexcept Exception:\n    pass", 2)
        assert (verdict.score, verdict.wire_code) == (0, "died")
        assert examiner.run_test("assert f() == 1", 2).wire_error == verdict.wire_error
    finally:
        ours.close()
        os.waitpid(pid, 0)


def test_a_call_that_hangs_ends_at_its_limit_and_the_alarm_is_put_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with examined("import time\ndef f(): time.sleep(2)", Limits(call_seconds=0.3)) as examiner:
        assert examiner.run_test("f()", 2).wire_code == "timeout"
    assert signal.getsignal(signal.SIGALRM) == before


KEEPS = "kept = []\ndef f(g):\n    kept[:] = [*kept, g]\n    return len(kept)\ndef later():\n    return [g(1) for g in kept]\n" \
    "def restart():\n    kept.clear()"  # fmt: skip


def test_a_function_of_a_test_ends_with_its_cell_whoever_kept_it() -> None:
    with examined(KEEPS) as examiner:
        spy = "calls = 0\ndef spy(x):\n    global calls\n    calls += 1\n    return x"
        assert examiner.run_test(f"{spy}\nassert f(spy) == 1\nassert later() == [1]", 1).score == 1
        verdict = examiner.run_test("calls = 10\nlater()", 1)
        assert (verdict.learner_error.name if verdict.learner_error else None) == "RuntimeError"
        assert examiner.run_test("assert calls == 10", 1).score == 1


def test_a_function_that_a_later_cell_hands_over_again_is_alive_again() -> None:
    with examined(KEEPS) as examiner:
        assert examiner.run_test("def spy(x):\n    return x\nassert f(spy) == 1", 1).score == 1
        assert examiner.run_test("f(spy)\nlater()", 1, {"f", "later"}).score == 0
        with_new_list = "restart()\nassert f(spy) == 1 and later() == [1]"
        assert examiner.run_test(with_new_list, 1, {"f", "later", "restart"}).score == 1
