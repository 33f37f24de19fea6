"""Which kernel a notebook asks for, and whether a warm one, which can be confined and examined, may stand in for it."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager, NoSuchKernel

INLINE = "module://matplotlib_inline.backend_inline"
DEFAULT = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def kernel_name(notebook: Any) -> str:
    """Return the name of the kernel in a notebook's metadata; Jupyter's default where it names none."""
    return str(named(notebook.metadata.get("kernelspec"))["name"])


def named(kernelspec: Any) -> Mapping[str, Any]:
    """Return a notebook's ``kernelspec`` as it is where it names a kernel, else :data:`DEFAULT`.

    What the course's notebook leaves open is Jupyter's default and never a learner's choice.
    """
    return kernelspec if isinstance(kernelspec, Mapping) and kernelspec.get("name") else DEFAULT


def warm_environment(name: str) -> dict[str, str] | None:
    """Return the environment of a kernelspec that a fork of this very Python can stand in for; None: it cannot.

    Raises:
        NoSuchKernel: no kernelspec has this name.
    """
    spec = _spec(name)
    return None if _difference(spec) else {"MPLBACKEND": INLINE, **spec.env}


def unlike(name: str) -> str | None:
    """Return what a kernel is that no fork of this Python can stand in for; None: one can.

    Raises:
        NoSuchKernel: no kernelspec has this name.
    """
    return _difference(_spec(name))


def _difference(spec: Any) -> str | None:
    provisioner = spec.metadata.get("kernel_provisioner", {}).get("provisioner_name")
    if spec.language != "python":
        return f"its language is {spec.language or 'unknown'}"
    if provisioner == "warm-provisioner":
        return None
    if provisioner not in (None, "local-provisioner"):
        return f"{provisioner} starts it"
    if not (spec.argv and _this_python(spec.argv[0])):
        return f"{spec.resource_dir} starts {spec.argv[0] if spec.argv else 'nothing'}, which is not {sys.executable}"
    if not _starts_ipykernel(spec.argv[1:]):
        return f"{spec.resource_dir} starts something else than ipykernel_launcher"
    return None


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
    """Whether a program is this interpreter in this environment; another environment's links lead to the same file."""
    if program in ("python", "python3", f"python3.{sys.version_info.minor}"):
        return True  # jupyter_client itself starts sys.executable for these
    try:
        return all(os.path.samefile(*pair) for pair in _pairs(Path(program), Path(sys.executable)))
    except OSError:
        return False


def _pairs(one: Path, other: Path) -> tuple[tuple[Path, Path], ...]:
    return (one, other), (one.parent, other.parent)


def _starts_ipykernel(arguments: Sequence[str]) -> bool:
    """Whether Python's arguments run ipykernel's launcher, options of the interpreter before it aside."""
    at = arguments.index("-m") if "-m" in arguments else len(arguments)
    return list(arguments[at : at + 2]) == ["-m", "ipykernel_launcher"] and not any(
        argument.endswith(".py") or argument == "-c" for argument in arguments[:at]
    )
