"""Find the training device, choose its precision, and measure its speed.

Keras 3 runs on TensorFlow, JAX or PyTorch and uses a GPU automatically if its backend, built for
one, sees it. This module only reports it, so that a cell can name its device and choose a batch size; it
affects no score.
"""

import contextlib
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.language import say


@dataclass(frozen=True)
class Device:
    """A device as Keras names it.

    Attributes:
        kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
        name: the vendor's name, if the backend reports it.
        backend: the Keras backend that sees it.
        count: number of devices of this kind; the cores of a CPU are in its name.
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

        bfloat16 has float32's range and needs no loss scaling; TPUs and NVIDIA GPUs from capability
        8.0 on support it. float16 is fast from 7.0 on. Everything else uses float32.
        """
        if self.kind == "tpu" or (self.kind == "gpu" and (self.capability or (0, 0)) >= (8, 0)):
            return "mixed_bfloat16"
        return "mixed_float16" if self.kind == "gpu" and (self.capability or (0, 0)) >= (7, 0) else "float32"

    def __str__(self) -> str:
        many = f"{self.count} × " if self.count > 1 else ""
        device = f"{many}{self.kind.upper()}"
        return say(
            en="{device} ({of.name}), Keras on {of.backend}",
            zh="{device}（{of.name}），Keras 后端为 {of.backend}",
            device=device,
            of=self,
        )


def pick_device() -> Device:
    """Return the fastest device that the current Keras backend sees.

    Keras uses one GPU automatically. Several, and a TPU under TensorFlow, need a distribution
    strategy.

    Never raises: a backend that cannot be queried counts as CPU.
    """
    import keras

    backend = keras.backend.backend()
    query = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}.get(backend)
    device = None
    if query is not None:
        with contextlib.suppress(ImportError, RuntimeError, AttributeError):  # a driver that does not respond
            device = query()
    return device or Device("cpu", _processor(), backend)


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
    name = platform.processor() or platform.machine() or say(en="unknown", zh="未知")
    return say(en="{name}, {cores} cores", zh="{name}，{cores} 核", name=name, cores=os.cpu_count() or 1)


@contextlib.contextmanager
def precision(policy: str) -> Iterator[None]:
    """Use another Keras dtype policy for layers built inside the block, then restore the previous one.

    With ``"mixed_float16"`` or ``"mixed_bfloat16"`` layers multiply in 16 bits and keep float32
    weights; for float16 ``compile`` adds loss scaling automatically.

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

    Its list ``images_per_second`` gets one number per epoch; validation is not counted. The first
    epoch includes compilation, so ``steady`` is the mean over the others (or over all, if there is
    only one).

    Args:
        images: number of training images per epoch.
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
    """Discard what native libraries write to file descriptor 2 inside the block.

    TensorFlow 2.21 prints notes on oneDNN and CUDA on import, before it reads TF_CPP_MIN_LOG_LEVEL.
    Python exceptions are raised as usual.
    """
    try:
        saved = os.dup(2)
    except OSError:  # no such descriptor, so nothing can be written to it
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
