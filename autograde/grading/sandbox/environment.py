"""What a learner's process sees of the environment: a short list of harmless variables, and folders of its own."""

import ctypes
import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path

# No prefix but the locale's: TF_ alone would let Terraform's secrets through.
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
        scratch: home and temporary folder lie inside it.
        environment: where the kept ones are taken from.
    """
    kept = {name: value for name, value in environment.items() if name in KEPT or name.startswith(KEPT_PREFIX)}
    home = str(scratch / HOME)
    return {
        "MPLBACKEND": "agg",
        **kept,
        "HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "LOGNAME": "learner",
        "MPLCONFIGDIR": f"{home}/.config/matplotlib",
        "PATH": os.pathsep.join((sysconfig.get_path("scripts"), *SYSTEM_PATH)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(scratch / TEMPORARY),
        "USER": "learner",
    }


def replace_environment(variables: Mapping[str, str]) -> None:
    """Make `variables` the whole environment, and wipe the block of memory that the process was started with.

    The old block would otherwise stay readable in /proc/self/environ and in memory. Copies that other code made of
    it are not found: start the template with :func:`clean_environment`.
    """
    os.environ.clear()
    try:
        start, end = environment_block()
    except OSError:  # no /proc: the addresses are unknown, the variables are unset all the same
        start = end = 0
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)
    os.environ.update(variables)


def environment_block() -> tuple[int, int]:
    """Return first address and end of the environment that this process was started with; zeros where unknown.

    Raises:
        OSError: there is no /proc.
    """
    words = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return int(words[47]), int(words[48])  # env_start and env_end, fields 50 and 51 of proc_pid_stat(5)
