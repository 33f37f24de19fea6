"""Which device trains, how precisely, and how fast.

Keras 3 runs on TensorFlow, JAX or PyTorch and uses an accelerator by itself when its backend sees one. This module
only looks, so that a cell can say what it runs on and choose a batch size; it changes no score.
"""

import contextlib
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Device:
    """A device as Keras names it.

    Attributes:
        kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
        name: what the maker calls it, as far as the backend tells.
        backend: the Keras backend that sees it.
        count: how many of this kind there are; the cores of a CPU stand in its name.
        capability: compute capability of an NVIDIA GPU, ``(major, minor)``, else None.
    """

    kind: str
    name: str
    backend: str
    count: int = 1
    capability: tuple[int, int] | None = None

    @property
    def accelerated(self) -> bool:
        """Whether this is more than the CPU."""
        return self.kind != "cpu"

    @property
    def policy(self) -> str:
        """The Keras dtype policy that suits the device; see :func:`precision`.

        bfloat16 has float32's range and needs no loss scaling: TPUs and NVIDIA GPUs from capability 8.0 on have
        it. float16 runs fast from 7.0 on. Everything else stays with float32.
        """
        if self.kind == "tpu" or (self.kind == "gpu" and (self.capability or (0, 0)) >= (8, 0)):
            return "mixed_bfloat16"
        return "mixed_float16" if self.kind == "gpu" and (self.capability or (0, 0)) >= (7, 0) else "float32"

    def __str__(self) -> str:
        many = f"{self.count} × " if self.count > 1 else ""
        return f"{many}{self.kind.upper()} ({self.name}), Keras on {self.backend}"


def pick_device() -> Device:
    """Return the fastest device that the current Keras backend sees; Keras uses it without being told.

    Raises nothing: a backend that cannot be asked counts as CPU.
    """
    import keras

    backend = keras.backend.backend()
    look = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}.get(backend)
    found = None
    if look is not None:
        with contextlib.suppress(ImportError, RuntimeError, AttributeError):  # a driver that does not answer
            found = look()
    return found or Device("cpu", _processor(), backend)


def _tensorflow() -> Device | None:
    import tensorflow as tf

    for kind in ("TPU", "GPU"):
        devices = tf.config.list_physical_devices(kind)
        if devices:
            details = tf.config.experimental.get_device_details(devices[0])
            return Device(
                kind.lower(),
                details.get("device_name", devices[0].name),
                "tensorflow",
                len(devices),
                details.get("compute_capability"),
            )
    return None


def _jax() -> Device | None:
    import jax

    devices = jax.devices()
    if devices[0].platform not in ("gpu", "tpu"):
        return None
    capability = str(getattr(devices[0], "compute_capability", ""))
    version = tuple(int(part) for part in capability.split(".")) if capability.replace(".", "").isdigit() else None
    return Device(
        devices[0].platform,
        devices[0].device_kind,
        "jax",
        len(devices),
        version if version and len(version) == 2 else None,
    )


def _torch() -> Device | None:
    import torch

    if torch.cuda.is_available():
        return Device(
            "gpu",
            torch.cuda.get_device_name(0),
            "torch",
            torch.cuda.device_count(),
            torch.cuda.get_device_capability(0),
        )
    if torch.backends.mps.is_available():
        return Device("gpu", "Apple Metal", "torch")
    return None


def _processor() -> str:
    return f"{platform.processor() or platform.machine() or 'unknown'}, {os.cpu_count() or 1} cores"


@contextlib.contextmanager
def precision(policy: str) -> Iterator[None]:
    """Build layers under another Keras dtype policy inside the block, then restore the former one.

    With ``"mixed_float16"`` or ``"mixed_bfloat16"`` layers multiply in 16 bits and keep float32 weights; ``compile``
    then adds loss scaling by itself for float16.

    Raises:
        ValueError: Keras knows no such policy.
    """
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def throughput(images: int) -> Any:
    """Return a Keras callback that measures training speed.

    Its list ``images_per_second`` grows by one number per epoch; validation is not counted. The first epoch includes
    compilation, so ``steady`` is the mean over the others (over all, where there is only one).

    Args:
        images: how many images one epoch trains on.
    """
    import keras

    class Throughput(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.images_per_second: list[float] = []
            self._start: float | None = None

        @property
        def steady(self) -> float:
            speeds = self.images_per_second[1:] or self.images_per_second
            return len(speeds) / sum(1 / speed for speed in speeds) if speeds else float("nan")

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self._start = time.perf_counter()

        def on_test_begin(self, logs: Any = None) -> None:  # validation starts: the epoch's training is over
            self._stop()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self._stop()

        def _stop(self) -> None:
            if self._start is not None:
                self.images_per_second.append(images / (time.perf_counter() - self._start))
                self._start = None

    return Throughput()


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """Drop what native libraries write to file descriptor 2 inside the block.

    TensorFlow 2.21 prints notes on oneDNN and CUDA while it is imported, before it reads TF_CPP_MIN_LOG_LEVEL. Python
    exceptions are not hidden: they travel as exceptions.
    """
    try:
        saved = os.dup(2)
    except OSError:  # no such descriptor here, so nothing can be written to it
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
