"""What a learner's process says is bounded in values, not only in bytes: the grader's memory and time with it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograde.grading.kernels.bounded_json import DEPTH, TooMany, loads, weigh
from autograde.grading.kernels.messages import VALUES, Room

JSON = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('a,"\\[{]}\n\u00e9')),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from('a,"\\{')), inner),
)


def values(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(values, value.values()))
    return 1 + sum(map(values, value)) if isinstance(value, list) else 1


@given(JSON, st.integers(0, 40))
def test_no_value_escapes_the_count(value: Any, most: int) -> None:
    raw = json.dumps(value).encode()
    if values(value) > most:
        with pytest.raises(TooMany):
            weigh(raw, most)
    else:
        try:
            assert values(value) <= weigh(raw, most)
        except TooMany:  # an empty container may count for two, a key for one
            assert most < 4 * values(value) + 4


@pytest.mark.parametrize("text", ["[" * 5000, '{"a":' * 5000, '["\\\\",' * 5000, '["\\"",' * 5000])
def test_depth_is_bounded_before_anything_is_made(text: str) -> None:
    with pytest.raises(TooMany):
        weigh(text.encode(), 10**9)


def test_brackets_and_commas_in_text_are_text() -> None:
    raw = json.dumps({"text": '[{,"\\' * 100_000}).encode()
    assert weigh(raw, 1000) < 10
    assert loads(b'{"a": NaN, "b": "\\ud83d"}') == {"a": "NaN", "b": "\ufffd"}
    assert weigh(b"[" * DEPTH + b"]" * DEPTH, 1000) <= 2 * DEPTH


def test_what_decides_about_points_is_kept_when_there_is_no_more_room() -> None:
    room = Room()
    shown = {"msg_type": "display_data", "content": {}}
    assert room.take(shown, VALUES, hooked=False)
    assert not room.take(shown, 1, hooked=False)
    assert room.take({"msg_type": "error", "content": {}}, 100, hooked=False)
    assert room.take({"msg_type": "execute_result", "content": {}}, 100, hooked=False)
    assert room.left_out == {"stdout"}
    assert room.take({"msg_type": "clear_output", "content": {}}, 1, hooked=False)
    assert room.take(shown, VALUES, hooked=False)
    for _ in range(3):
        room.enter()
        assert room.take(shown, VALUES, hooked=False)
    room.enter()
    assert not room.take(shown, VALUES, hooked=False)


BOMBS = {
    "json": """display({"application/json": [{}] * 1_000_000}, raw=True)""",
    "numbers": """display({"application/json": list(range(3_000_000))}, raw=True)""",
    "metadata": """display({"text/plain": "x"}, metadata={"a": [[]] * 1_000_000}, raw=True)""",
    "deep": """
line = get_ipython().kernel.session.put.__self__
parent = get_ipython().kernel.get_parent()["header"]["msg_id"]
line.control.sendall(b'{"msg_type": "display_data", "parent_header": {"msg_id": "%s"}, "content": {"data": {"application/json": %s}}}\\n'
                     % (parent.encode(), b'[' * 900 + b']' * 900))""",
    "displays": "for _ in range(30_000): display(1)",
    "below the limit, again and again": """for _ in range(30): display({"application/json": [{}] * 45_000}, raw=True)""",
    "comms": """
import comm
for n in range(20): comm.create_comm(target_name="jupyter.widget", data={"state": {"a": [{}] * 45_000}})""",
    "comms behind cleared outputs": """
import comm
from IPython.display import clear_output
for n in range(20): comm.create_comm(target_name="jupyter.widget", data={"state": {"a": [{}] * 45_000}}); clear_output()""",
    "a long line": "print('x' * 30_000_000)",
    "a long message": "display({'text/plain': 'x' * 30_000_000}, raw=True)",
    "a long error": "raise ValueError('x' * 12_000_000)",
    "an output widget": """
import ipywidgets
out = ipywidgets.Output()
with out:
    for n in range(3000): print(n); display(n)""",
}
SCRIPT = """
import json, resource, sys, time, nbformat
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.kernels.messages import shorten
from autograde.grading.graded.notebook_bytes import notebook_bytes
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
cells = [nbformat.v4.new_code_cell(source) for one in json.load(sys.stdin) for source in (one, "6 * 7")]
step = WarmExecute(timeout=60, allow_errors=True)
step(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), {"metadata": {"path": sys.argv[1]}})
before, started = peak(), time.process_time()
done, _ = step(nbformat.v4.new_notebook(cells=cells), {"metadata": {"path": sys.argv[1]}})
shorten(done.cells)
said = [[output.output_type for output in cell.outputs] for cell in done.cells]
names = [[output.get("ename") for output in cell.outputs] for cell in done.cells]
size = len(notebook_bytes(done))
print(json.dumps({"more": peak() - before, "seconds": time.process_time() - started, "said": said, "names": names, "size": size,
                  "reasons": [reason.en for reason in step.reasons]}))
"""


SUBMITTED = """
import resource, sys
from autograde.grading.repair.read import read
from autograde.grading.repair.reasons import Findings
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
raw = b'{"cells": [], "metadata": {"a": [' + b"{}," * 5_000_000 + b'0]}, "nbformat": 4, "nbformat_minor": 5}' + sys.argv[1].encode()
found = Findings()
assert read(raw, "", found) is None or sys.argv[1]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
assert sys.argv[1] or "file-too-large" in found._cells
"""


@pytest.mark.parametrize("end", ["", "]"], ids=["valid", "damaged"])
def test_a_file_of_millions_of_values_is_not_made_into_them(end: str) -> None:
    ran = subprocess.run([sys.executable, "-c", SUBMITTED, end], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) < 700


@pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")
def test_the_graders_process_stays_small_whatever_is_displayed(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        input=json.dumps(list(BOMBS.values())), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["reasons"] == []
    assert [said[:1] for said in told["said"][1::2]] == [["execute_result"]] * len(BOMBS)
    assert "ValueError" in told["names"][2 * list(BOMBS).index("a long error")]
    assert told["more"] < 500
    assert told["seconds"] < 60
    assert told["size"] < 40_000_000
