"""Output widgets where no front end shows them: nbclient stands in for one, and this is what it talks to.

A widget captures what is printed and displayed while it is active; nbclient keeps that, and tells the kernel.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from nbclient.output_widget import OutputWidget


class CapturedOutput(OutputWidget):
    """Tells the kernel its outputs once, before the next cell runs; nbclient tells all of them after each."""

    kernel_client: Any

    def sync_state(self) -> None:
        """Remember to tell them."""
        self.kernel_client.changed[self.comm_id] = self


class WidgetClient:
    """What nbclient needs of a kernel client for the sake of widgets.

    Attributes:
        changed: widgets whose outputs the kernel does not know yet, by comm id.
    """

    registry = {"@jupyter-widgets/output": {"OutputModel": CapturedOutput}}  # noqa: RUF012

    def __init__(self) -> None:
        self.changed: dict[str, CapturedOutput] = {}
        self._told: list[dict[str, Any]] = []
        self.session = SimpleNamespace(msg=lambda kind, content, **more: content)
        self.shell_channel = SimpleNamespace(send=self._told.append)

    def requests(self) -> Iterator[dict[str, Any]]:
        """Yield what the kernel is to be told, in its own form (:mod:`autograde.grading.kernels.forkserver.pipe_kernel`)."""
        for widget in self.changed.values():
            OutputWidget.sync_state(widget)
        self.changed.clear()
        yield from ({"comm_msg": content} for content in self._told)
        self._told.clear()
