"""Attacks on the two lines of a learner's process: its control line and the wire. Both are sockets that it can find."""

from attacks import WRONG, attack

ALL = """
import json
def to_all(data):
    for number in sockets():
        try: os.write(number, data)
        except OSError: pass
def say(**message): to_all(json.dumps(message).encode() + b"\\n")
def parent(): return {"msg_id": get_ipython().kernel.get_parent().get("header", {}).get("msg_id", "")}
def control(): return get_ipython().kernel.session.put.__self__.control.fileno()
def wire():
    import autograde.grading.examiner.learner_side as learner
    return next(iter(learner._sides))  # there is one: a test came before
def to_control(**message): os.write(control(), json.dumps({"parent_header": parent(), **message}).encode() + b"\\n")
"""

attack(
    "forged-replies-on-every-line",
    code=f"""{ALL}
say(msg_type="execute_reply", content={{"status": "ok"}}, parent_header=parent())
say(score=4.0, maximum=4.0, error=None, outputs=[], author_error=None, wire_error=None, broken=None)
{WRONG}""",
)

attack(
    "forged-results-from-a-thread",
    code=f"""{ALL}
import threading, time
def flood():
    while True:
        to_control(msg_type="execute_result", content={{"data": {{"text/plain": "4.0"}}, "metadata": {{}}, "execution_count": 1}})
        to_control(score=4.0, maximum=4.0, error=None, outputs=[], author_error=None, wire_error=None)
        time.sleep(0.001)
threading.Thread(target=flood, daemon=True).start()
{WRONG}""",
)

attack(
    "forged-reply-then-a-loop",
    code=f"""{ALL}
to_control(msg_type="execute_reply", content={{"status": "ok", "execution_count": 1}})
while True:
    try:
        while True: pass
    except BaseException: pass
""",
)

attack("forged-reply-then-deaf-to-a-large-cell", code=f"""{ALL}
to_control(msg_type="execute_reply", content={{"status": "ok", "execution_count": 1}})
while True:
    try:
        while True: pass
    except BaseException: pass
""", prepare=lambda folder, notebook: notebook["cells"].append(
    {"cell_type": "code", "id": "large", "metadata": {}, "outputs": [], "execution_count": None, "source": "#" * 5_000_000}
))  # fmt: skip

attack(
    "forged-files",
    code=f"""{ALL}
import base64
def file(name, data=b"x"): to_control(msg_type="file", content={{"name": name, "data": base64.b64encode(data).decode()}})
def tell():
    for name in ("../" * 5 + TOKEN, "/tmp/" + TOKEN, "ch91.ipynb", "ch91.ipynb/x", "./ch91.ipynb/y", "timestamp.txt", "a", "a/b", "", ".", "x" * 5000,
                 "nul\\0l", "half \\ud800", "new\\nline", "con/" * 500 + "x", "record.json", "<script>", "good.txt",
                 "other.ipynb", "OTHER.IPYNB", "sub/other.ipynb", "submission_secret.txt", "nbgrader_config.py", ".hidden", ".ipython/startup.py"):
        file(name)
    file("timestamp.txt", b"2031-01-01 00:00:00 UTC")
    to_control(msg_type="file", content={{"name": 7, "data": []}})
    to_control(msg_type="file", content={{"name": "no base64", "data": "====="}})
import autograde.grading.kernels.forkserver.pipe_kernel as pipe
def lie(folder, before, put):
    tell()
    put({{"msg_type": "files_reply", "content": {{}}}})
pipe.tell = lie
{WRONG}""",
)

attack(
    "forged-flood-of-files",
    code=f"""{ALL}
import autograde.grading.kernels.forkserver.pipe_kernel as pipe
def lie(folder, before, put):
    while True: os.write(control(), b"".join(b'{{"msg_type": "file", "content": {{"name": "%d", "data": ""}}}}\\n' % n for n in range(100_000)))
pipe.tell = lie
{WRONG}""",
)

for name, text in {
    "no-json": "'this is no message\\n'",
    "no-object": "'[1, 2, 3]\\n'",
    "number-too-long": "'1' * 10_000 + '\\n'",
    "nested-deeply": "'[' * 200_000 + ']' * 200_000 + '\\n'",
    "nested-content": "'{\"msg_type\": \"stream\", \"content\": ' + '{\"a\":' * 3000 + '1' + '}' * 3000 + '}\\n'",
    "crash": "json.dumps({'msg_type': 'crash', 'content': 7}) + '\\n'",
}.items():
    attack(f"control-line-{name}", code=f"{ALL}\nos.write(control(), ({text}).encode())\n{WRONG}")

attack(
    "messages-of-wrong-shapes",
    code=f"""{ALL}
for content in ({{}}, {{"name": 5, "text": {{"a": 1}}}}, {{"data": []}}, {{"data": {{"text/plain": {{}}, "text/html": 7}}, "metadata": []}}, {{"ename": [], "evalue": 1, "traceback": "x"}},
                {{"data": {{"image/png": "<script>"}}, "transient": {{"display_id": []}}}}, {{"wait": "x"}}, {{"comm_id": [], "data": {{"state": 1}}}}, {{"comm_id": "c", "target_name": "jupyter.widget", "data": 7}}):
    to_control(msg_type="stream", content=content)
{WRONG}""",
)

for kind in (
    "stream",
    "display_data",
    "execute_result",
    "error",
    "update_display_data",
    "clear_output",
    "comm_open",
    "comm_msg",
    "status",
    "execute_input",
    "<script>",
):
    attack(
        "wrong-shape-of-" + kind.strip("<>").replace("_", "-"),
        quiet=kind == "clear_output",
        code=f"""{ALL}
for content in ({{"name": 5, "text": {{"a": 1}}}}, {{"name": "stdout", "text": [7]}}, {{"data": {{"text/plain": {{}}, "text/html": 7}}, "metadata": []}},
                {{"ename": [], "evalue": 1, "traceback": "x"}}, {{"ename": "E", "evalue": None, "traceback": [None, 7]}},
                {{"data": {{"text/plain": "half \\ud800"}}, "metadata": {{}}, "execution_count": "many"}},
                {{"data": {{"a/b": "x"}}, "metadata": {{}}, "transient": {{"display_id": "d"}}, "execution_count": 2.5}},
                {{"comm_id": "c", "target_name": "jupyter.widget", "data": {{"state": {{"_model_name": "OutputModel", "_model_module": "@jupyter-widgets/output", "msg_id": []}}}}}},
                {{"execution_state": []}}, {{"code": 7}}, {{"wait": []}}):
    to_control(msg_type={kind!r}, content=content, buffers="x")
{WRONG}""",
    )

attack(
    "frames-nobody-asked-for",
    code=f"""{ALL}
import struct
for kind in (1, 2, 3, 9):
    for number in range(6): to_all(struct.pack("<4sIQIQ", b"CW1\\n", kind, number, 1, 0) + b"N")
{WRONG}""",
)

attack(
    "frames-forged-while-asked",
    code=f"""{ALL}
import struct
def square(x):
    for number in range(1, 40):
        for kind in (2, 3, 1): os.write(wire(), struct.pack("<4sIQIQ", b"CW1\\n", kind, number, 2, 0) + b"NN")
    return 0
""",
)

attack(
    "frame-larger-than-it-may-be",
    code=f"""{ALL}
import struct
def square(x): os.write(wire(), struct.pack("<4sIQIQ", b"CW1\\n", 2, 1, 0xFFFFFFFF, 1 << 62)); return 0
""",
)

attack(
    "frame-of-noise",
    code=f"""{ALL}
def square(x): os.write(wire(), os.urandom(4096)); return 0
""",
)

attack(
    "frames-recorded-and-replayed",
    code=f"""{ALL}
import socket, autograde.grading.wire.frames as wire
sent = []
before = wire.Wire.send
def send(self, kind, number, body, buffers):
    sent.append((kind, number, bytes(body)))
    before(self, kind, number, body, buffers)
    for kind, number, body in sent: before(self, kind, number, body, [])
wire.Wire.send = send
{WRONG}""",
)

attack(
    "codec-of-its-own",
    code=f"""{ALL}
import autograde.grading.wire.link as link, autograde.grading.wire.encode as codec
for module in (link, codec):
    for name in dir(module):
        if "encode" in name.lower() or "write" in name.lower(): setattr(module, name, lambda *args, **kwargs: (b"\\x00" * 100, []))
{WRONG}""",
)

attack(
    "wire-read-by-another",
    code=f"""{ALL}
import threading
def steal():
    import socket
    line = socket.socket(fileno=os.dup(wire()))
    while True:
        data = line.recv(1 << 16)
        look(data, "on the wire")
        if not data: break
threading.Thread(target=steal, daemon=True).start()
{WRONG}""",
)

attack(
    "wire-closed",
    code=f"""{ALL}
import socket
def square(x):
    socket.socket(fileno=wire()).shutdown(2)
    return 4.0
""",
)

attack(
    "test-flooded-with-objects",
    code="""
class Thing:
    def __iter__(self):
        while True: yield Thing()
def square(x): return [Thing() for _ in range(20_000)]
""",
)

attack(
    "array-of-gigabytes",
    code="""
import numpy as np
def square(x): return np.broadcast_to(np.float64(4), (1 << 31,))
""",
)

attack(
    "calls-back-for-ever",
    code="""
def square(x):
    kernel = get_ipython().kernel
    import autograde.grading.examiner.learner_side as learner
    for side in list(learner._sides.values()):
        for _ in range(50):
            try: side.request("call", learner.TestFunction(side, 0), (1,), {})
            except BaseException as error: pass
    return 0
""",
)

attack(
    "asks-for-more-than-it-may",
    code="""
def square(x):
    import autograde.grading.examiner.learner_side as learner
    for side in list(learner._sides.values()):
        for op in ("names", "getattr", "setitem", "eval"): side.request(op, learner.TestFunction(side, 0), ("__globals__",), {})
    return 0
""",
)

# few bytes, many values: what the grader makes of them must stay small
for name, shown in {
    "json-of-many-values": """display({"application/json": [{}] * 1_000_000}, raw=True)""",
    "many-values-below-each-limit": """for _ in range(40): display({"application/json": [[]] * 30_000}, raw=True)""",
    "many-displays": """for _ in range(30_000): display(1)""",
    "many-values-in-widgets": """import comm
for n in range(30): comm.create_comm(target_name="jupyter.widget", data={"state": {"_model_name": "X", "a": [{}] * 30_000}})""",
    "metadata-of-many-values": """display({"text/plain": "x"}, metadata={"a": [{}] * 1_000_000}, raw=True)""",
    "one-long-message": """display({"text/plain": "x" * 30_000_000}, raw=True)""",
}.items():
    attack(f"bomb-{name}", code=f"from IPython.display import display\n{shown}\n{WRONG}")
