"""Does the example of deploy/jupyterhub carry a course, and does it keep learners out of each other's work?"""

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import REPOSITORY, USERS, Hub, give, running_hub

pytestmark = [pytest.mark.long(11), pytest.mark.slow]
ANSWER = "def square(x):\n    return {0}"


def needs() -> list[str]:
    """Return the proxy's command; skip where something of JupyterHub's world is missing."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("system users need root on Linux")
    if importlib.util.find_spec("jupyterhub") is None or importlib.util.find_spec("websocket") is None:
        pytest.skip("JupyterHub is not installed: pip install jupyterhub")
    local = REPOSITORY / "tests" / "js" / "node_modules" / ".bin" / "configurable-http-proxy"
    proxy = shutil.which("configurable-http-proxy") or (str(local) if local.is_file() else None)
    if proxy is None:
        pytest.skip("no configurable-http-proxy: npm ci --prefix tests/js")
    probe = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no namespaces of its own here: unshare fails")
    return [proxy]


@pytest.fixture(scope="module")
def hub(built_once: Path) -> Iterator[tuple[Hub, Path]]:
    """A hub whose users have started their servers, and the folder with homes and exchange."""
    proxy = needs()
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        shutil.copytree(REPOSITORY / "deploy" / "jupyterhub", scratch / "deploy")
        (scratch / "exchange").mkdir()
        (scratch / "exchange").chmod(0o1777)
        (scratch / "home").mkdir()
        for user in USERS:
            (scratch / "home" / user).mkdir()
        course = shutil.copytree(built_once, scratch / "home" / "teacher" / "course")
        shutil.rmtree(course / "exchange", ignore_errors=True)
        (course / "exchange").symlink_to(scratch / "exchange")
        for user in USERS:
            give(scratch / "home" / user, user, 0o700)
        for path in (scratch / "deploy").rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with running_hub(scratch, proxy) as running:
            running.start(*USERS)
            yield running, scratch


def hand_in(hub: Hub, user: str, body: str) -> None:
    """Fetch, answer and submit as the assignment list and the notebook do."""
    hub.assignments(user, "fetch", "ch91")
    where = f"user/{user}/api/contents/{urllib.parse.quote('ch91/ch91.ipynb')}"
    model = hub.ask(where)
    cell = next(
        cell for cell in model["content"]["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "square"
    )
    cell["source"] = ANSWER.format(body)
    hub.ask(where, {"type": "notebook", "format": "json", "content": model["content"]}, "PUT")
    hub.assignments(user, "submit", "ch91")


def test_a_course_on_the_hub_from_release_to_feedback_and_nobody_reads_anothers_work(hub: tuple[Hub, Path]) -> None:
    users, scratch = hub
    as_teacher(users, "nbgrader release_assignment ch91")
    hand_in(users, "alice", "x * x  # the work of alice")
    hand_in(users, "bob", "2 * x")

    keep_out(users, scratch, "the work of alice")
    as_teacher(users, "nbgrader collect ch91")
    users.formgrader("teacher", "submission/ch91/alice/autograde")
    for command in ("course grade ch91", "nbgrader generate_feedback ch91", "nbgrader release_feedback ch91"):
        as_teacher(users, command)
    keep_out(users, scratch, "the work of alice")

    said = as_teacher(users, "nbgrader export --to grades.csv && cat grades.csv")
    scores = {line.split(",")[3]: line.split(",")[-2] for line in said.splitlines() if line.count(",") > 5}
    assert (scores["alice"], scores["bob"]) == ("2.0", "0.0")
    users.assignments("alice", "fetch_feedback", "ch91")
    page = next((scratch / "home" / "alice" / "ch91" / "feedback").rglob("ch91.html")).read_text(encoding="utf-8")
    assert 'aria-label="2 of 2 points"' in page
    assert "HIDDEN" not in page


def as_teacher(users: Hub, command: str) -> str:
    """Run a command in the course directory; return what it said."""
    status, said = users.shell("teacher", f"cd course && {command}")
    assert status == 0, f"{command}: {said}"
    return said


def keep_out(users: Hub, scratch: Path, secret: str) -> None:
    """bob tries whatever a learner with a terminal may try; alice's work stays unseen, unlisted and untouched."""
    exchange, homes = scratch / "exchange", scratch / "home"
    for place in (f"{exchange}/ai-practitioner/inbound", f"{homes}/alice", f"{homes}/teacher"):
        status, said = users.shell("bob", f"ls {place}")
        assert status != 0 and "Permission denied" in said, place
    status, said = users.shell("bob", f"ls {exchange}/ai-practitioner/feedback")
    assert status != 0, said
    _, said = users.shell("bob", f"cat {exchange}/ai-practitioner/inbound/alice*/ch91.ipynb {homes}/alice/ch91/*")
    assert secret not in said
    pattern = f"[{secret[0]}]{secret[1:]}"  # so that the search does not find itself
    _, said = users.shell("bob", f"grep -rsl {shlex.quote(pattern)} {scratch} /proc/*/cmdline /proc/*/environ; true")
    assert said.strip() == ""
    for command in (
        f"mv {exchange}/ai-practitioner {exchange}/mine",
        f"touch {exchange}/ai-practitioner/outbound/ch91/x",
        f"rm -rf {exchange}/ai-practitioner/outbound/ch91",
        f"cat {scratch}/hub/hub.sqlite",
    ):
        status, said = users.shell("bob", command)
        assert status != 0, command
    status, said = users.shell("bob", "id -u")
    assert said.strip() == str(USERS["bob"][1])


def test_a_learner_reaches_neither_the_formgrader_nor_anothers_server(hub: tuple[Hub, Path]) -> None:
    users, _ = hub
    assert users.ask("user/teacher/formgrader/api/assignments") is not None
    import urllib.error

    with pytest.raises(urllib.error.HTTPError, match="404"):
        users.ask("user/bob/formgrader/api/assignments")
    status, said = users.shell(
        "bob", 'curl -s -o /dev/null -w "%{http_code}" -H "Authorization: token $JUPYTERHUB_API_TOKEN" '
        f"{users.address}user/alice/api/contents",
    )  # fmt: skip
    if status == 127:
        pytest.skip("no curl to ask with")
    assert said.strip() in ("403", "404")
