"""What the sandbox says of itself, and what it does where something is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_run import Supervised, everyone, supervised

from autograde.errors import CourseError
from autograde.grading.sandbox import LAYERS, Limits, clean_environment, describe, fork_confined, layers, summary
from autograde.grading.sandbox.installation import installation, not_inside

learner = supervised()
anyone = supervised(everyone)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox confines on Linux only")


def test_every_layer_is_named_once_with_on_or_a_reason() -> None:
    found = layers()
    assert tuple(found) == LAYERS
    assert all(found.values())


def test_what_is_said_names_each_layer_in_both_languages() -> None:
    found = {**dict.fromkeys(LAYERS, "on"), "landlock": "Function not implemented"}
    english, chinese = describe(found), describe(found, "zh")
    for line in (english, chinese):
        assert "\n" not in line
        assert all(name in line for name in LAYERS)
        assert "Function not implemented" in line
    assert "missing: landlock" in english
    assert "缺少：landlock" in chinese
    assert "missing" not in describe(dict.fromkeys(LAYERS, "on"))


def test_at_the_head_of_a_run_it_is_a_few_words() -> None:
    assert summary(dict.fromkeys(LAYERS, "on")) == "sandbox: on"
    lacking = summary({**dict.fromkeys(LAYERS, "on"), "landlock": "Function not implemented"})
    assert lacking == f"sandbox: {len(LAYERS) - 1} of {len(LAYERS)} layers, not landlock; why: course doctor --sandbox"


def test_a_layer_left_out_is_said_to_be() -> None:
    assert layers(frozenset({"landlock"}))["landlock"] == "left out"


@linux
def test_without_a_user_namespace_an_ordinary_user_has_no_namespace(anyone: Supervised) -> None:
    report = anyone("print('ran')", without=["user-namespace"])
    others = {name: state for name, state in report["layers"].items() if name.endswith("-namespace")}
    del others["user-namespace"]
    assert report["output"] == "ran\n"
    assert set(others.values()) == {"on" if anyone.user == "root" else "needs user-namespace"}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_required_layer_that_is_missing_stops_everything(learner: Supervised, layer: str) -> None:
    report = learner("open('ran', 'w')", without=[layer], require=[layer])
    assert layer in report["refused"]
    assert "[grading] require" in report["refused"]
    assert report["left"] == 0


def test_a_required_layer_that_is_on_stops_nothing(learner: Supervised) -> None:
    assert learner("print('ran')", require=list(LAYERS))["output"] == "ran\n"


@linux
def test_a_layer_that_does_not_exist_cannot_be_required(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="names no layer: firewall"):
        fork_confined(Limits(), tmp_path, [], [], frozenset({"firewall"}))


@linux
def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        fork_confined(Limits(), tmp_path, [tmp_path / "nowhere"], [], frozenset())


@linux
def test_root_is_told_when_others_cannot_reach_python(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root becomes another user")
    tmp_path.chmod(0o700)
    with pytest.raises(CourseError, match="others may not enter"):
        fork_confined(Limits(), tmp_path, [], [], frozenset(), without=frozenset({"mount-namespace"}))


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_it_can_be_imported_and_says_what_is_missing(platform: str, tmp_path: Path) -> None:
    code = (
        "import sys, os, asyncio, tempfile, pathlib, subprocess\n"
        f"sys.platform = {platform!r}\n"
        + (
            "sys.modules['resource'] = None; del os.geteuid, os.fork, os.O_CLOEXEC, os.O_PATH\n"
            if platform == "win32"
            else ""
        )
        + "from autograde.grading.sandbox import *\n"
        "found = layers()\n"
        "print(sorted({state for state in found.values()}))\n"
        "try: fork_confined(Limits(), pathlib.PurePath(sys.argv[1]), [], [], frozenset())\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    states, refusal = run.stdout.splitlines()
    assert f"needs Linux, this is {platform}" in states
    assert refusal.startswith("CourseError")


def test_the_environment_is_a_short_list(tmp_path: Path) -> None:
    given = {
        "LANG": "C.UTF-8",
        "LC_ALL": "C",
        "TF_VAR_password": "x",
        "AWS_SECRET": "x",
        "HOME": "/h",
        "PATH": "/h/bin",
    }
    kept = clean_environment(tmp_path, given)
    assert "x" not in kept.values()
    assert (kept["LANG"], kept["LC_ALL"]) == ("C.UTF-8", "C")
    assert Path(kept["HOME"]).is_relative_to(tmp_path) and Path(kept["TMPDIR"]).is_relative_to(tmp_path)


def test_the_installation_never_holds_a_whole_prefix_or_home() -> None:
    found = installation()
    assert any(Path(os.__file__).resolve().is_relative_to(path.resolve()) for path in found)
    for whole in (Path("/"), Path("/etc"), Path("/home"), Path.home(), Path(sys.prefix), Path("/usr/src"), Path.cwd()):
        assert whole not in found


def test_paths_inside_others_are_left_out_and_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    root = tmp_path.resolve()
    found = not_inside([root / "link", root / "real" / "inner", root / "real"])
    assert found == (root / "link", root / "real")
    assert not_inside([root / "real" / "inner"], (root / "real",)) == ()


@linux
@pytest.mark.thorough
def test_keras_trains_twice_from_one_template(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    if missing := [name for name, state in layers().items() if state != "on"]:
        pytest.skip(f"this machine lacks {', '.join(missing)}")
    run = subprocess.run([sys.executable, "-c", TRAINING, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.stdout == "0 None True\n0 None True\n", run.stderr


TRAINING = """
import os, sys
from pathlib import Path
import keras, matplotlib, numpy as np, tensorflow
matplotlib.use("agg")
import matplotlib.pyplot as plt
from autograde.grading.sandbox import Limits, fork_confined

for _ in range(2):
    read, write = os.pipe()
    confined = fork_confined(Limits(), Path(sys.argv[1]), [], [write, 2], frozenset())
    if confined.pid == 0:
        try:
            x, y = np.random.rand(64, 8, 8, 1), np.arange(64) % 3
            layers = [keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
            model = keras.Sequential([keras.layers.Input((8, 8, 1)), *layers])
            model.compile("adam", "sparse_categorical_crossentropy")
            plt.plot(model.fit(x, y, epochs=2, verbose=0).history["loss"])
            plt.savefig("loss.png")
            model.save("model.keras")
            same = np.allclose(keras.models.load_model("model.keras").predict(x, verbose=0), model.predict(x, verbose=0))
            os.write(write, str(same and os.path.getsize("loss.png") > 0).encode())
        finally:
            os._exit(0)
    os.close(write)
    print(confined.wait(300), confined.exceeded, os.read(read, 99).decode(), flush=True)
"""
