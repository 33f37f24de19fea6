"""A live picture of a training run: loss, accuracy, speed and device, redrawn while ``fit`` runs.

:func:`fig_dashboard` is a pure figure; :func:`dashboard` is the Keras callback that feeds it. In a
notebook the picture is an ``Image`` widget, and the last one stays in the output as a PNG. Where
widgets cannot run, the callback prints one line per epoch instead.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from course.figures.style import COLORS, new_figure
from course.interact import INSIDE, png, still
from course.language import say
from course.names import named

NAME = "training dashboard"
ALT = {
    "en": "A training run so far: loss and accuracy against the epochs, training as a line and validation as dots, "
    "and a bar of images per second for each epoch.",
    "zh": "目前为止的训练过程：损失和准确率随轮次的变化，训练为线，验证为点；每个轮次另有一根条形，表示每秒处理的图像数。",
}


@dataclass
class Progress:
    """The data of a run so far.

    Attributes:
        images: training images per epoch.
        epochs: planned number of epochs.
        device: description of the device.
        seen: epochs completed, with fractions, at each entry of ``loss`` and ``accuracy``.
        loss, accuracy: running training means that Keras reports within an epoch.
        val_loss, val_accuracy: one per finished epoch; empty without validation data.
        speed: training images per second, one per finished epoch.
    """

    images: int
    epochs: int
    device: str = ""
    seen: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    speed: list[float] = field(default_factory=list)


def fig_dashboard(progress: Progress) -> Figure:
    """Draw training (line) and validation (dots) loss and accuracy, and the images per second of every epoch."""
    figure, (left, middle, right) = new_figure(cols=3, width=10.5, height=3.3, gridspec_kw={"width_ratios": (3, 3, 2)})
    for axes, train, val, title in (
        (left, progress.loss, progress.val_loss, say(en="Loss", zh="损失")),
        (middle, progress.accuracy, progress.val_accuracy, say(en="Accuracy", zh="准确率")),
    ):
        axes.plot(
            progress.seen, train, color=COLORS["blue"], label=say(en="training, running mean", zh="训练，累计平均")
        )
        axes.plot(
            range(1, len(val) + 1),
            val,
            "o",
            color=COLORS["orange"],
            clip_on=False,
            label=say(en="validation, end of epoch", zh="验证，每轮结束时"),
        )
        axes.set(xlim=(0, progress.epochs), xlabel=say(en="epochs passed", zh="已完成的轮次"))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_title(f"{title} {train[-1]:.4f}" if train else title)
    left.set_ylim(bottom=0)
    if progress.loss:
        left.set_ylim(0, 1.1 * max(sorted(progress.loss)[-max(1, len(progress.loss) // 10)], *progress.val_loss, 0.01))
    middle.set_ylim(max(0.0, min([*progress.accuracy, *progress.val_accuracy, 0.9]) - 0.05), 1.0)
    if progress.val_loss:
        left.legend(loc="upper right", fontsize=8.5, frameon=False)
    bars = right.bar(range(1, len(progress.speed) + 1), progress.speed, color=COLORS["green"])
    right.bar_label(bars, [f"{speed:,.0f}" for speed in progress.speed], fontsize=8.5)
    right.set(
        xlim=(0.4, progress.epochs + 0.6),
        xlabel=say(en="epoch", zh="轮次"),
        title=say(en="Images per second", zh="每秒图像数"),
    )
    right.set_ylim(0, 1.15 * max([*progress.speed, 1.0]))
    right.xaxis.set_major_locator(MaxNLocator(integer=True))
    right.grid(visible=False)
    done = progress.seen[-1] if progress.seen else 0.0
    figure.suptitle(
        say(
            en="{done:.1f} of {of.epochs} epochs, {of.images:,} images each, on {device}",
            zh="已完成 {done:.1f} / {of.epochs} 轮，每轮 {of.images:,} 张图像，设备：{device}",
            done=done,
            of=progress,
            device=progress.device or say(en="this machine", zh="本机"),
        ),
        fontsize=10,
        color=COLORS["grey"],
        x=0.01,
        ha="left",
    )
    return figure


def dashboard(images: int, device: Any = "", every: float = 0.7, tell: Callable[[str], Any] = print) -> Any:
    """Return a Keras callback for ``fit(..., callbacks=[...], verbose=0)`` that shows :func:`fig_dashboard` live.

    Its attribute ``progress`` holds the :class:`Progress`. Drawing takes a tenth of a second or
    more, so it happens at most once in ``every`` seconds and takes at most a tenth of the run; it
    does not count in the training speed.

    Args:
        images: training images per epoch.
        device: shown as ``str(device)``.
        every: minimum number of seconds between two pictures.
        tell: called with one line per epoch where widgets cannot run.
    """
    import keras

    class Dashboard(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.progress = Progress(images, 1, str(device))
            self._image: Any = None
            self._handle: Any = None
            self._next = 0.0  # no picture before this time
            self._epoch = 0
            self._training = self._resumed = 0.0

        def on_train_begin(self, logs: Any = None) -> None:
            self.progress = Progress(images, self.params.get("epochs", 1), str(device))
            self._image, self._handle = _show(fig_dashboard(self.progress))

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self._epoch, self._training, self._resumed = epoch, 0.0, time.perf_counter()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            # logs are read once per `every` seconds: on a GPU each read waits for the device
            if self._image is not None and time.perf_counter() >= self._next:
                steps = self.params.get("steps") or batch + 1
                self._pause()
                self._note(self._epoch + (batch + 1) / steps, logs or {})
                self._draw()
                self._resumed = time.perf_counter()

        def on_test_begin(self, logs: Any = None) -> None:
            self._pause()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self._pause()
            logs = logs or {}
            self._note(epoch + 1, logs)
            for name in ("val_loss", "val_accuracy"):
                if name in logs:
                    getattr(self.progress, name).append(float(logs[name]))
            self.progress.speed.append(images / self._training)
            if self._image is None:
                metrics = "  ".join(f"{name} {float(value):.4f}" for name, value in logs.items())
                tell(
                    say(
                        en="epoch {epoch}/{epochs}  {seconds:.1f} s  {speed:,.0f} images/s  {metrics}",
                        zh="第 {epoch}/{epochs} 轮  {seconds:.1f} 秒  每秒 {speed:,.0f} 张图像  {metrics}",
                        epoch=epoch + 1,
                        epochs=self.progress.epochs,
                        seconds=self._training,
                        speed=self.progress.speed[-1],
                        metrics=metrics,
                    )
                )
            else:
                self._draw()

        def on_train_end(self, logs: Any = None) -> None:
            if self._handle is not None:  # the last picture stays, also for readers without a kernel
                self._handle.update(still(png(fig_dashboard(self.progress)), ALT, NAME), raw=True)

        def _pause(self) -> None:
            if self._resumed:
                self._training += time.perf_counter() - self._resumed
                self._resumed = 0.0

        def _note(self, seen: float, logs: dict[str, Any]) -> None:
            self.progress.seen.append(seen)
            self.progress.loss.append(float(logs.get("loss", "nan")))
            self.progress.accuracy.append(float(logs.get("accuracy", "nan")))

        def _draw(self) -> None:
            began = time.perf_counter()
            self._image.value = png(fig_dashboard(self.progress), dpi=96)
            ended = time.perf_counter()
            self._next = ended + max(every, 9 * (ended - began))

    return Dashboard()


def _show(figure: Figure) -> tuple[Any, Any]:
    """Display the first picture; return the widget and its display handle, or (None, None) without widgets."""
    try:
        import ipywidgets as widgets
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        return None, None
    shell = get_ipython()
    if shell is None or getattr(shell, "kernel", None) is None:
        return None, None
    first = png(figure, dpi=96)
    image = widgets.Image(value=first, format="png", layout={"width": "1050px", "max_width": INSIDE})
    # ipywidgets 8 makes this bundle itself; 7, which Colab has, does not
    view = {"version_major": 2, "version_minor": 0, "model_id": named([image], ALT).model_id}
    bundle = {"application/vnd.jupyter.widget-view+json": view, **still(first, ALT, NAME)}
    return image, display(bundle, raw=True, display_id=True)
