"""Data of the chapters: digits resized to 28×28, and MNIST from a file, the cache or a download.

Graded cells use only :func:`digits28`, which needs no download. MNIST is for an ungraded cell of
chapter 4.
"""

import hashlib
import os
import zipfile
import zlib
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course.language import say

DIGITS28_SHA256 = "331918d8109ff7047c13dba1cd71b6d83d36d80731fc70c2cbb4bf1cbd4cc56b"

MNIST_ARRAYS = {
    "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
"""Shape and SHA-256 of the bytes of each uint8 array (LeCun, Cortes, Burges: the MNIST database)."""


class Mnist(NamedTuple):
    """The four uint8 arrays of MNIST and a sentence that says where they came from."""

    x_train: np.ndarray  # (60000, 28, 28)
    y_train: np.ndarray  # (60000,)
    x_test: np.ndarray  # (10000, 28, 28)
    y_test: np.ndarray  # (10000,)
    source: str


class MnistUnavailable(OSError):
    """MNIST is not available here; the message says what to do."""


def digits28() -> tuple[np.ndarray, np.ndarray]:
    """Return scikit-learn's digits at MNIST's size.

    Every pixel of the 8×8 images is scaled to 0…255, repeated 3×3 and framed by two black pixels
    (syllabus, section 2).

    Returns:
        ``(images, labels)``: uint8 (1797, 28, 28), maximum 255; int64 (1797,), classes 0…9.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = np.round(bunch.images * 255 / 16).astype(np.uint8)
    images = images.repeat(3, axis=1).repeat(3, axis=2)
    return np.pad(images, ((0, 0), (2, 2), (2, 2))), bunch.target.astype(np.int64)


def held_out(n: int = 1797) -> np.ndarray:
    """Return the mask (n,) of the digits28 rows held out for evaluation: ``i % 7 in (1, 4)``, 514 of 1797.

    Not ``i % 10``: the file cycles through the classes in order, so index and class are correlated.
    """
    return np.isin(np.arange(n) % 7, (1, 4))


def load_mnist() -> Mnist:
    """Return MNIST from ``COURSE_DATA``, else from the Keras cache, else by download.

    ``COURSE_DATA`` names the file ``mnist.npz`` or its folder. Keras's own loader accepts only one
    particular archive; here the four arrays are verified instead, so any archive with the real data
    will do.

    Raises:
        MnistUnavailable: the data was not found, or the file in ``COURSE_DATA`` is not MNIST.
    """
    given = os.environ.get("COURSE_DATA")
    if given:
        path = Path(given).expanduser()
        return _read(path / "mnist.npz" if path.is_dir() else path, "COURSE_DATA")
    cached = _keras_home() / "datasets" / "mnist.npz"
    if cached.is_file():
        try:
            return _read(cached, say(en="the Keras cache", zh="Keras 缓存"))
        except MnistUnavailable:
            pass  # a broken download: Keras replaces it below
    return _download()


def _keras_home() -> Path:
    home = os.environ.get("KERAS_HOME")
    return Path(home) if home else Path.home() / ".keras"


def _read(path: Path, place: str) -> Mnist:
    try:
        # opened here: np.load leaves a damaged file open
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: np.asarray(archive[name]) for name in MNIST_ARRAYS}
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise MnistUnavailable(
            say(
                en="{place}: {path} cannot be read as mnist.npz ({error}). "
                "Set COURSE_DATA to the folder that holds mnist.npz, or unset it to download the data.",
                zh="{place}：{path} 不是可读的 mnist.npz（{error}）。"
                "请把 COURSE_DATA 设为 mnist.npz 所在的文件夹，或者取消它的设置，改为下载数据。",
                place=place,
                path=path,
                error=error,
            )
        ) from error
    return _verified(arrays, f"{place} ({path})")


def _download() -> Mnist:
    import keras

    try:
        with redirect_stdout(StringIO()):  # Keras's progress bar, in English
            (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when the address cannot be reached
        raise MnistUnavailable(
            say(
                en="MNIST could not be downloaded. Connect to the network, "
                "or set COURSE_DATA to a folder that holds mnist.npz.",
                zh="MNIST 下载失败。请连接网络，或者把 COURSE_DATA 设为 mnist.npz 所在的文件夹。",
            )
        ) from error
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return _verified(arrays, say(en="download by keras.datasets.mnist", zh="由 keras.datasets.mnist 下载"))


def _verified(arrays: dict[str, np.ndarray], source: str) -> Mnist:
    for name, (shape, sha256) in MNIST_ARRAYS.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.uint8:
            raise MnistUnavailable(
                say(
                    en="{source}: {name} is {array.dtype} {array.shape}, MNIST has uint8 {shape}.",
                    zh="{source}：{name} 是 {array.dtype} {array.shape}，而 MNIST 是 uint8 {shape}。",
                    source=source,
                    name=name,
                    array=array,
                    shape=shape,
                )
            )
        if hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest() != sha256:
            raise MnistUnavailable(
                say(
                    en="{source}: {name} differs from MNIST (SHA-256). Fetch the file again.",
                    zh="{source}：{name} 与 MNIST 不一致（SHA-256）。请重新获取文件。",
                    source=source,
                    name=name,
                )
            )
    return Mnist(**arrays, source=source)
