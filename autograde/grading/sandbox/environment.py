"""A learner's process's environment: a short list of harmless variables, and its own folders."""

import ctypes
import functools
import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path

# Only the locale's prefix: TF_ would let Terraform's secrets through.
KEPT = frozenset({
    "CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "LANG", "LANGUAGE", "MKL_NUM_THREADS", "MPLBACKEND", "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED", "PYTHONIOENCODING", "PYTHONUTF8", "TERM",
    "TF_CPP_MIN_LOG_LEVEL", "TF_DETERMINISTIC_OPS", "TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS", "TF_USE_LEGACY_KERAS", "TF_XLA_FLAGS", "TZ", "VECLIB_MAXIMUM_THREADS",
})  # fmt: skip
KEPT_PREFIX = "LC_"
SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
HOME, TEMPORARY = ".home", ".tmp"  # folders inside scratch; hidden, so that a learner's glob does not meet them


def clean_environment(scratch: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that a learner's process gets; start the template with them too.

    Args:
        scratch: its home and temporary folder are inside it.
        environment: where they are taken from.
    """
    variables = {name: value for name, value in environment.items() if name in KEPT or name.startswith(KEPT_PREFIX)}
    home = str(scratch / HOME)
    return {
        "MPLBACKEND": "agg",
        **variables,
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "LOGNAME": "learner",
        "MPLCONFIGDIR": f"{home}/.config/matplotlib",
        "PATH": search_path(),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(scratch / TEMPORARY),
        "USER": "learner",
    }


@functools.cache
def search_path() -> str:
    """Return where a learner's process finds programs."""
    return os.pathsep.join((sysconfig.get_path("scripts"), *SYSTEM_PATH))


def replace_environment(variables: Mapping[str, str]) -> None:
    """Make `variables` the whole environment and wipe the memory block of the original one.

    The old block would otherwise stay readable in /proc/self/environ and in memory. Copies that
    other code made of it are not found: start the template with :func:`clean_environment`.
    """
    os.environ.clear()
    try:
        start, end = environment_block()
    except OSError:  # no /proc: the addresses are unknown, but the variables are unset
        start = end = 0
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)
    os.environ.update(variables)


def environment_block() -> tuple[int, int]:
    """Return start and end address of the environment this process was started with; zeros if
    unknown.

    Raises:
        OSError: there is no /proc.
    """
    words = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return int(words[47]), int(words[48])  # env_start and env_end, fields 50 and 51 of proc_pid_stat(5)
