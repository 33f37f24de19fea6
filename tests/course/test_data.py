"""The chapters' data: digits at MNIST's size, and MNIST from wherever it can be had, verified."""

import hashlib
import io
import os
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mini_course import REPOSITORY

from course import data
from course.data import DIGITS28_SHA256, Mnist, MnistUnavailable, digits28, held_out, load_mnist

REAL = Path(os.environ.get("COURSE_DATA") or REPOSITORY / ".." / "shared" / "data")
needs_mnist = pytest.mark.skipif(
    not (REAL / "mnist.npz" if REAL.is_dir() else REAL).is_file(),
    reason="no MNIST here: set COURSE_DATA to the folder that holds mnist.npz",
)

SHAPES = {"x_train": (6, 28, 28), "y_train": (6,), "x_test": (2, 28, 28), "y_test": (2,)}
SMALL = {name: np.arange(np.prod(shape), dtype=np.uint8).reshape(shape) for name, shape in SHAPES.items()}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, no COURSE_DATA, and a network that fails as Keras fails."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.delenv("KERAS_HOME", raising=False)

    def load_data() -> None:
        raise Exception("URL fetch failure on https://storage.googleapis.com/…: None -- [Errno -3]")

    fake_keras(monkeypatch, load_data)
    return tmp_path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """A small stand-in for MNIST, so that every place can be tried in no time."""
    known = {name: (array.shape, hashlib.sha256(array.tobytes()).hexdigest()) for name, array in SMALL.items()}
    monkeypatch.setattr(data, "MNIST_ARRAYS", known)
    return SMALL


def fake_keras(monkeypatch: pytest.MonkeyPatch, load_data: Callable[[], object]) -> None:
    keras = types.ModuleType("keras")
    keras.datasets = types.SimpleNamespace(mnist=types.SimpleNamespace(load_data=load_data))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keras", keras)


def save(path: Path, **arrays: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **{**SMALL, **arrays})
    return path


def test_digits28_are_the_digits_of_the_syllabus() -> None:
    images, labels = digits28()
    assert (images.shape, images.dtype, images.max()) == ((1797, 28, 28), np.uint8, 255)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    assert sorted(set(labels)) == list(range(10))
    assert hashlib.sha256(images.tobytes()).hexdigest() == DIGITS28_SHA256
    border = images.copy()
    border[:, 2:26, 2:26] = 0
    assert not border.any()


def test_every_pixel_of_the_digits_fills_three_by_three() -> None:
    blocks = digits28()[0][:, 2:26, 2:26].reshape(1797, 8, 3, 8, 3)
    assert (blocks == blocks[:, :, :1, :, :1]).all()


def test_the_held_out_rows_hold_every_class() -> None:
    mask, (_, labels) = held_out(), digits28()
    assert (mask.shape, mask.sum()) == ((1797,), 514)
    counts = np.bincount(labels[mask], minlength=10)
    assert (counts.min(), counts.max()) == (38, 61)
    assert held_out(9).tolist() == [False, True, False, False, True, False, False, False, True]


@needs_mnist
def test_the_real_mnist_is_read_and_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(REAL))
    mnist = load_mnist()
    assert mnist.source.startswith("COURSE_DATA (")
    assert [array.shape for array in mnist[:4]] == [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
    assert np.bincount(mnist.y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.mark.parametrize("given", ["mnist.npz", "other-name.npz", "."])
def test_course_data_names_the_file_or_its_folder(
    home: Path, small: object, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    save(home / "data" / "mnist.npz")
    save(home / "data" / "other-name.npz")
    monkeypatch.setenv("COURSE_DATA", f"~/data/{given}")
    mnist = load_mnist()
    assert isinstance(mnist, Mnist)
    assert mnist.source.startswith("COURSE_DATA (")
    for name, array in SMALL.items():
        np.testing.assert_array_equal(getattr(mnist, name), array)


def test_course_data_comes_before_the_cache_and_the_cache_before_the_download(
    home: Path, small: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = ((SMALL["x_train"], SMALL["y_train"]), (SMALL["x_test"], SMALL["y_test"]))
    fake_keras(monkeypatch, lambda: arrays)
    assert load_mnist().source == "download by keras.datasets.mnist"
    cached = save(home / ".keras" / "datasets" / "mnist.npz")
    assert load_mnist().source == f"the Keras cache ({cached})"
    elsewhere = save(home / "elsewhere" / "datasets" / "mnist.npz")
    monkeypatch.setenv("KERAS_HOME", str(home / "elsewhere"))
    assert load_mnist().source == f"the Keras cache ({elsewhere})"
    given = save(home / "given" / "mnist.npz")
    monkeypatch.setenv("COURSE_DATA", str(given))
    assert load_mnist().source == f"COURSE_DATA ({given})"


def test_a_broken_cache_is_passed_over(home: Path, small: object, monkeypatch: pytest.MonkeyPatch) -> None:
    save(home / ".keras" / "datasets" / "mnist.npz").write_bytes(b"half a downl")
    arrays = ((SMALL["x_train"], SMALL["y_train"]), (SMALL["x_test"], SMALL["y_test"]))
    fake_keras(monkeypatch, lambda: arrays)
    assert load_mnist().source == "download by keras.datasets.mnist"


def test_without_a_network_the_error_says_what_to_do(home: Path) -> None:
    with pytest.raises(MnistUnavailable, match=r"could not be downloaded") as caught:
        load_mnist()
    assert "Connect to the network, or set COURSE_DATA to a folder that holds mnist.npz." in str(caught.value)


@pytest.mark.slow
def test_the_real_keras_without_a_network_says_what_to_do(tmp_path: Path) -> None:
    script = "from course.data import *\ntry: load_mnist()\nexcept MnistUnavailable as error: print(error)"
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    environment = {
        key: value for key, value in os.environ.items() if key not in ("COURSE_DATA", "no_proxy", "NO_PROXY")
    }
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**environment, **nowhere, "HOME": str(tmp_path), "KERAS_HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert run.returncode == 0, run.stderr
    assert "set COURSE_DATA to a folder that holds mnist.npz" in run.stdout


def wrong_member(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in SMALL:
            archive.writestr(f"{name}.npy", b"no array")


def flipped(path: Path, start: float, stop: float) -> None:
    whole = bytearray(save(path).read_bytes())
    for position in range(int(len(whole) * start), int(len(whole) * stop)):
        whole[position] ^= 0x5A
    path.write_bytes(whole)


def one_array(path: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, SMALL["x_train"])
    path.write_bytes(buffer.getvalue())


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("<html>404</html>"),
    "cut": lambda path: path.write_bytes(save(path).read_bytes()[:-100]),
    "flipped at the start": lambda path: flipped(path, 0.0, 0.1),
    "flipped inside": lambda path: flipped(path, 0.1, 0.3),
    "flipped at the end": lambda path: flipped(path, 0.9, 1.0),
    "one array": one_array,
    "no arrays in it": wrong_member,
    "an array too few": lambda path: np.savez(path, x_train=SMALL["x_train"]),
    "objects": lambda path: save(path, y_test=np.array([{}, {}], dtype=object)),
    "another shape": lambda path: save(path, y_test=np.zeros(3, np.uint8)),
    "another dtype": lambda path: save(path, y_test=np.zeros(2, np.int64)),
    "other values": lambda path: save(path, y_test=np.ones(2, np.uint8)),
    "a folder without it": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_one_error_that_names_it(
    home: Path, small: object, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
) -> None:
    path = home / "mnist.npz"
    damage(path)
    monkeypatch.setenv("COURSE_DATA", str(path))
    with pytest.raises(MnistUnavailable, match=r"COURSE_DATA") as caught:
        load_mnist()
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, OSError)


@pytest.mark.parametrize("position", range(0, 400, 10))
def test_damage_anywhere_is_never_taken_for_mnist(
    home: Path, small: object, monkeypatch: pytest.MonkeyPatch, position: int
) -> None:
    path = save(home / "mnist.npz")
    whole = bytearray(path.read_bytes())
    whole[len(whole) * position // 400] ^= 0xFF
    path.write_bytes(whole)
    monkeypatch.setenv("COURSE_DATA", str(path))
    try:
        mnist = load_mnist()
    except MnistUnavailable:
        return
    for name, array in SMALL.items():
        np.testing.assert_array_equal(getattr(mnist, name), array)
