"""Which kernel a notebook asks for, and whether a warm one may stand in for it."""

import sys
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager, NoSuchKernel

INLINE = "module://matplotlib_inline.backend_inline"


def kernel_name(notebook: Any) -> str:
    """Return the name of the kernel in a notebook's metadata; Jupyter's default where it names none."""
    return str(notebook.metadata.get("kernelspec", {}).get("name") or "python3")


def warm_environment(name: str) -> dict[str, str] | None:
    """Return the environment of a kernelspec that a fork of this very Python can stand in for; None: it cannot.

    Raises:
        NoSuchKernel: no kernelspec has this name.
    """
    spec = _spec(name)
    argv = spec.argv
    provisioner = spec.metadata.get("kernel_provisioner", {}).get("provisioner_name")
    if spec.language != "python" or provisioner not in (None, "local-provisioner", "warm-provisioner"):
        return None
    if provisioner != "warm-provisioner" and not (argv and _this_python(argv[0]) and "ipykernel_launcher" in argv):
        return None
    return {"MPLBACKEND": INLINE, **spec.env}


def exists(name: str) -> bool:
    """Whether a kernelspec of this name is installed."""
    try:
        _spec(name)
    except NoSuchKernel:
        return False
    return True


def _spec(name: str) -> Any:
    """The kernelspec; as for jupyter_client's ``KernelManager``, ``python`` is the name of the native one."""
    return KernelSpecManager().get_kernel_spec(NATIVE_KERNEL_NAME if name == "python" else name)


def _this_python(program: str) -> bool:
    if program in ("python", "python3", f"python3.{sys.version_info.minor}"):
        return True  # jupyter_client itself starts sys.executable for these
    return Path(program).parent == Path(sys.executable).parent
