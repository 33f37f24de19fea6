"""With `loopback` a submission talks to itself over the network, and to nobody else; without it to nobody at all."""

import pytest
from sandbox_run import Supervised, everyone, supervised

anyone = supervised(everyone)
SERVE = """
import http.server, socket, threading, urllib.request
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"x" * 3_000_000)
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(len(urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}").read()))
"""
OTHERS = {
    "the machine's services": "socket.create_connection(tcp, 2); print('ESCAPED')",
    "UDP": "s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'x', udp); s.settimeout(1); s.recv(9); print('ESCAPED')",
    "another machine": "socket.create_connection(('192.0.2.1', 80), 2); print('ESCAPED')",
    "raw packets": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print('ESCAPED')",
    "packets of the wire": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW); print('ESCAPED')",
    "the kernel's own line": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW); print('ESCAPED')",
    "an abstract service": "socket.socket(socket.AF_UNIX).connect(abstract); print('ESCAPED')",
}  # fmt: skip


def test_a_server_of_ones_own_answers(anyone: Supervised) -> None:
    report = anyone(SERVE, loopback=True, require=["network-namespace"])
    assert (report["output"], report["exit_code"]) == ("3000000\n", 0)


def test_without_the_setting_there_is_no_socket(anyone: Supervised) -> None:
    assert "PermissionError" in anyone(SERVE)["output"]


def test_without_a_network_of_its_own_there_is_none_either(anyone: Supervised) -> None:
    assert "PermissionError" in anyone(SERVE, loopback=True, without=["network-namespace"])["output"]


@pytest.mark.parametrize("target", OTHERS)
def test_nobody_else_answers(anyone: Supervised, target: str) -> None:
    report = anyone(f"import socket\n{OTHERS[target]}", loopback=True)
    assert "ESCAPED" not in report["output"] and report["exit_code"] == 9


def test_sockets_of_the_network_count(anyone: Supervised) -> None:
    code = (
        "import socket, time\n"
        "server = socket.create_server(('127.0.0.1', 0)); pile = []\n"
        "for _ in range(200):\n"
        "    one = socket.create_connection(server.getsockname()); other = server.accept()[0]; pile += [one, other]\n"
        "    for end in (one, other):\n"
        "        end.setblocking(False)\n"
        "        try:\n"
        "            while True: end.send(b'x' * 60_000)\n"
        "        except OSError: pass\n"
        "time.sleep(1000)"
    )
    report = anyone(code, loopback=True, limits={"memory_bytes": 100 * 2**20}, seconds=30)
    assert (report["exceeded"], report["left"]) == ("memory", 0)
