"""Which setting of ``[grading]`` a submission ran into, in words that name it, so that an instructor can change it."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from autograde.grading.reasons.reason import Reason

MIB = 2**20
PAGE = 4096


def bound_words(exceeded: str, limits: Mapping[str, int]) -> tuple[str, str]:
    """Return why a process was ended, as the rest of a sentence in English and in Chinese.

    Args:
        exceeded: what :attr:`autograde.grading.sandbox.Confined.exceeded` says: ``memory``, ``scratch`` or ``cpu``.
        limits: the fields of :class:`autograde.grading.sandbox.Limits` that it ran under.
    """
    if exceeded == "cpu":
        seconds = limits.get("cpu_seconds", 0)
        return (
            f"it was ended after {seconds} CPU seconds, `cpu_seconds`",
            f"它用满 {seconds} 秒处理器时间后被终止，见 `cpu_seconds`",
        )
    if exceeded == "memory":
        size = limits.get("memory_bytes", 0) // MIB
        return f"it used more than {size} MiB of memory, `memory_mb`", f"它使用的内存超过 {size} MiB，见 `memory_mb`"
    size, files = limits.get("scratch_bytes", 0) // MIB, limits.get("scratch_files", 0)
    return (
        f"its folder held more than {size} MiB or {files} files, `folder_mb` and `folder_files`",
        f"其文件夹超过 {size} MiB 或 {files} 个文件，见 `folder_mb` 与 `folder_files`",
    )


def taken_by(files: Mapping[str, bytes]) -> tuple[int, int]:
    """Return the bytes and the entries that files take in a folder in memory, by relative path."""
    folders = {parent for path in files for parent in PurePosixPath(path).parents}
    return sum(-len(content) // PAGE * -PAGE for content in files.values()), len(files) + len(folders)


def too_large(files: Mapping[str, bytes], limits: Mapping[str, int]) -> Reason | None:
    """Return why a submission's files do not fit into its folder; None where they do, or nothing bounds it."""
    size, count = taken_by(files)
    if size <= limits.get("scratch_bytes", size) and count <= limits.get("scratch_files", count):
        return None
    return Reason(
        "folder-full",
        f"Nothing was run: the submission's {count} files and folders take {size // MIB} MiB, more than `folder_mb` and "
        "`folder_files` allow besides the course's own files.",
        f"未运行任何单元：提交的 {count} 个文件与文件夹共 {size // MIB} MiB，超过 `folder_mb` 与 `folder_files` "
        "在课程自带文件之外允许的数量。",
    )
