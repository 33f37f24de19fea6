"""What a learner prints, displays or raises costs nothing, and becomes notebooks that every program reads."""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograde.grading.graded.notebook_bytes import notebook_bytes
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.kernels.messages import fit, joined, readable

linux = pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")

SAID = {
    "half a pair": r'print("\ud83d")',
    "half a pair on stderr": r'import sys; print("\ud83d", file=sys.stderr)',
    "an undecodable file name": r'import os; open(b"caf\xe9", "w").close(); print(os.listdir())',
    "a repr": r"class R:" "\n" r'    def __repr__(self): return "\udc80 \ud83d"' "\nR()",
    "displayed": r'display({"text/plain": "\ud83d", "text/html": "\udcff", "application/json": {"k\ud83d": ["\ud83d"]}}, metadata={"m\ud83d": "\ud83d"}, raw=True)',
    "raised": r'raise ValueError("\ud83d \udce9")',
    "a note": 'e = ValueError("a")\n' r'e.add_note("\ud83d")' "\nraise e",
    "a group": r'raise BaseExceptionGroup("\ud83d", [KeyboardInterrupt(), ValueError("\ud83d")])',
    "a display id": r'from IPython.display import update_display; display("x", display_id="\ud83d"); update_display("y", display_id="\ud83d")',
    "a stream's name": r'get_ipython().kernel.send_response(None, "stream", {"name": "other\ud83d", "text": ["a", "b"]});',
    "a stream's text": 'get_ipython().kernel.send_response(None, "stream", {"name": "stdout", "text": {"a": None}});',
    "a comm": r'import comm; comm.create_comm(target_name="\ud83d", data={"state": "\ud83d"}, buffers=[b"x"]);',
    "comm data that is none": 'import comm; comm.create_comm(target_name="t", data="state");',
    "a payload": 'get_ipython().payload_manager.write_payload({"source": "x", "data": object()})',
    "a logged line": r'import logging; logging.error("\ud83d")',
    "a warning": r'import warnings; warnings.warn("\ud83d")',
    "bytes of a program": r"""!printf '\377\376'""",
    "bytes below": r'import os; os.write(1, b"\xff\xfe\n");',
    "control characters": r'print("\0\x01\x1b[31m\x7f\x85\u2028"); "\0"',
    "numbers that are none": 'display({"application/json": {"a": float("nan"), "b": -float("inf")}}, metadata={"x": float("nan"), 5: 6}, raw=True)',
    "a bundle of rubbish": "class M:\n"
    '    def _repr_mimebundle_(self, **more): return {"text/plain": 5, "text/html": None, "image/png": b"x", 7: ["a"], ("t",): {1: 2}}\nM()',
    "no bundle": "class N:\n    def _repr_mimebundle_(self, **more): return 7\nN()",
    "a png that is none": 'class P:\n    def _repr_png_(self): return "not base64"\nP()',
    "a repr that raises": "class A:\n    def __repr__(self): raise ValueError\nA()",
    "a repr that is no text": "class B:\n    def __repr__(self): return 5\nB()",
    "a repr that leaves": "class C:\n    def __repr__(self): raise SystemExit(1)\nC()",
    "a repr without end": "class D:\n    def __repr__(self): return repr(self)\nD()",
    "a str that raises": "class E(Exception):\n    def __str__(self): raise ValueError\nraise E()",
    "a str that is no text": "class F(Exception):\n    def __str__(self): return 5\nraise F()",
    "a class without a name": "class G(type):\n    @property\n    def __name__(self): raise ValueError\n"
    "class H(Exception, metaclass=G): pass\nraise H()",
    "too deep": 'top = deep = {}\nfor _ in range(3000): deep["a"] = {}; deep = deep["a"]\ndisplay({"application/json": top}, raw=True)',
    "deep": 'top = deep = {}\nfor _ in range(150): deep["a"] = {}; deep = deep["a"]\ndisplay({"application/json": top}, raw=True)',
    "itself": 'l = []; l.append(l)\ndisplay({"application/json": l}, raw=True)',
    "cancelled": "import asyncio\nfor task in asyncio.all_tasks(): task.cancel()",
    "the loop stopped": "import asyncio; asyncio.get_event_loop().stop()",
    "an exit": "quit()",
    "an exit of a task": "import asyncio\nasync def leave(): sys.exit(1)\nasyncio.create_task(leave()); await asyncio.sleep(0.1)",
    "a child that stays": "import os; os.fork();",
    "a child that displays": "import os\nchild = os.fork()\nif child == 0: display('of the child'); print('said'); os._exit(0)\nos.waitpid(child, 0);",
    "a closed stream": "import sys; out = sys.stdout; sys.stdout = open('f', 'w'); sys.stdout.close()",
    "back": "sys.stdout = out; print('back')",
    "a long line": "print('a' * 3_000_000)",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[NotebookNode, WarmExecute]:
    cells = [nbformat.v4.new_code_cell(source) for one in SAID.values() for source in (one, "6 * 7")]
    step = WarmExecute(timeout=60, allow_errors=True)
    done, _ = step(nbformat.v4.new_notebook(cells=cells), {"metadata": {"path": str(tmp_path_factory.mktemp("ran"))}})
    return done, step


@linux
def test_whatever_a_cell_says_the_next_one_runs(ran: tuple[NotebookNode, WarmExecute]) -> None:
    done, step = ran
    assert step.reasons == []
    silent = {"a closed stream"}  # there IPython itself cannot flush
    after = {name: done.cells[2 * place + 1].outputs for place, name in enumerate(SAID) if name not in silent}
    results = {name: [o["data"]["text/plain"] for o in outputs if "data" in o] for name, outputs in after.items()}
    assert {name: result for name, result in results.items() if result != ["42"]} == {}


@linux
def test_what_was_said_is_there_with_what_no_file_takes_replaced(ran: tuple[NotebookNode, WarmExecute]) -> None:
    done, _ = ran
    outputs = {name: done.cells[2 * place].outputs for place, name in enumerate(SAID)}
    assert outputs["half a pair"] == [{"output_type": "stream", "name": "stdout", "text": "\ufffd\n"}]
    assert outputs["half a pair on stderr"] == [{"output_type": "stream", "name": "stderr", "text": "\ufffd\n"}]
    assert (
        "caf\ufffd" in outputs["an undecodable file name"][0].text
        or "caf\\udce9" in outputs["an undecodable file name"][0].text
    )
    assert outputs["a repr"][0]["data"]["text/plain"] == "\ufffd \ufffd"
    assert outputs["raised"][0].ename == "ValueError"
    assert outputs["raised"][0].evalue == "\ufffd \ufffd"
    assert outputs["a display id"][0]["data"]["text/plain"] == "'y'"
    assert outputs["a bundle of rubbish"][0]["data"]["text/plain"] == "5"
    assert "said" in "".join(o.get("text", "") for o in outputs["a child that displays"])
    assert not [o for o in outputs["a child that displays"] if "data" in o]
    assert [o.output_type for o in outputs["a str that raises"]] != []
    assert outputs["back"][0].text == "back\n"
    assert len("".join(o.text for o in outputs["a long line"])) == 3_000_001


@linux
def test_the_notebook_is_valid_and_strict_json(ran: tuple[NotebookNode, WarmExecute], tmp_path: Path) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    done = nbformat.from_dict(json.loads(json.dumps(ran[0])))
    nbformat.validate(done)
    nbformat.write(done, tmp_path / "done.ipynb")
    raw = notebook_bytes(done)
    assert json.loads(raw.decode("utf-8"), parse_constant=refuse) == json.loads((tmp_path / "done.ipynb").read_bytes())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=3), inner, max_size=3)
)  # fmt: skip
FIELDS = ("name", "text", "data", "metadata", "transient", "execution_count", "ename", "evalue", "traceback")
KINDS = ("stream", "display_data", "execute_result", "update_display_data", "error")


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_content_becomes_a_valid_output(kind: str, content: dict[str, Any]) -> None:
    message = {"msg_type": kind, "content": content}
    fit(message)
    if kind == "execute_result":
        content.setdefault("execution_count", None)
    shown = kind if kind != "update_display_data" else "display_data"
    output = nbformat.v4.output_from_msg({"header": {"msg_type": shown}, "content": content})
    cell = nbformat.v4.new_code_cell(outputs=[output])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


@given(JSON)
def test_readable_text_has_no_surrogates_and_pairs_are_joined(value: Any) -> None:
    json.dumps(readable(value), ensure_ascii=False).encode()
    assert readable("\ud83d\ude00 \ud83d") == "\U0001f600 \ufffd"


@given(st.lists(st.tuples(st.sampled_from(["stdout", "stderr", ""]), st.text("ab\n"))))
def test_neighbouring_streams_are_joined(pieces: list[tuple[str, str]]) -> None:
    outputs = [
        nbformat.v4.new_output("stream", name=name, text=text) if name else nbformat.v4.new_output("display_data")
        for name, text in pieces
    ]
    found = joined(outputs)
    assert "".join(one.get("text", "|") for one in found) == "".join(text if name else "|" for name, text in pieces)
    names = [one.get("name") for one in found]
    assert not any(a == b for a, b in itertools.pairwise(names) if a is not None)
