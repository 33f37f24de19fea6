"""Warm kernels for every Jupyter client: a ``jupyter_client`` kernel provisioner.

A kernelspec asks for it in ``metadata``::

    "kernel_provisioner": {"provisioner_name": "warm-provisioner", "config": {"modules": ["numpy", "matplotlib.pyplot"]}}

Each kernel is an ipykernel in a fork of a template that the client's process starts on first use and keeps. Its sockets
are Unix-domain ones. The kernelspec ``warm-python3`` comes with the instructor's install: ``jupyter kernelspec list``.
"""

import os
import signal
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

from autograde.grading.kernels.client import Fork
from autograde.grading.kernels.specs import INLINE
from autograde.grading.kernels.templates import template_for


class WarmProvisioner(LocalProvisioner):
    """Starts kernels as forks; see the module. What is not about starting them is jupyter_client's own."""

    modules = List(Unicode(), help="Modules that the template imports beforehand.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """As ``LocalProvisioner.pre_launch``, with Unix-domain sockets in a folder of their own."""
        manager = self.parent
        if manager and os.name == "posix" and not manager.connection_file:
            self._sockets = tempfile.TemporaryDirectory(prefix="kernel-", dir="/tmp")
            manager.transport = "ipc"
            manager.ip = str(Path(self._sockets.name) / "s")
            manager.cache_ports = False
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the template; `cmd` is what would have been run, ``python -m ipykernel_launcher -f FILE …``."""
        environment = {str(name): str(value) for name, value in (kwargs.get("env") or {}).items()}
        template = template_for(self.modules, {"MPLBACKEND": INLINE})
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :] if "ipykernel_launcher" in cmd else cmd[1:]
        fork = template.fork("jupyter", kwargs.get("cwd") or os.getcwd(), environment, arguments=arguments)
        self.process = _Process(fork)  # type: ignore[assignment]
        self.pid = fork.pid
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets' folder for good; a restarted kernel uses it again."""
        await super().cleanup(restart)
        if not restart and hasattr(self, "_sockets"):
            self._sockets.cleanup()


class _Process:
    """A fork, as ``subprocess.Popen`` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, fork: Fork) -> None:
        self._fork = fork
        self.pid = fork.pid

    def poll(self) -> int | None:
        """Exit status, None while it runs."""
        return self._fork.poll()

    def wait(self, timeout: float | None = None) -> int:
        """End it, which by now it has; return its exit status."""
        return self._fork.kill().status

    def send_signal(self, number: int) -> None:
        """Interrupt it, or end it and what it started."""
        if number == signal.SIGINT:
            self._fork.interrupt()
        elif number in (signal.SIGKILL, signal.SIGTERM):
            self._fork.kill()

    def kill(self) -> None:
        """End it and what it started."""
        self._fork.kill()

    terminate = kill
