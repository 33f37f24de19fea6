"""Unpacks a learning platform's archives for ``nbgrader zip_collect``::

    c.ZipCollectApp.extractor_plugin = "autograde.nbgrader_ext.zip_extract.BoundedExtractor"

A learner's archive may be damaged, locked with a password, a zip bomb, or hold names that lead out
of its folder. What cannot be unpacked is reported and left out; everybody else's work is unpacked.

All that one learner packed, including nested archives, may take :data:`LARGEST` bytes in total; in
the platform's own archive of all uploads, each upload may.
"""

import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from nbgrader.plugins.zipcollect import ExtractorPlugin

from autograde.grading.submission import LARGEST
from autograde.nbgrader_ext.zip_collect import platform_words
from autograde.shown import one_line

DEEPEST = 3
"""Levels of nested archives, including the downloaded one."""
BLOCK = 4096
"""Bytes that the smallest file takes on a disk."""

Member = tuple[str, int, Callable[[], IO[bytes]]]
"""A file's name in an archive, its size in bytes, and a function that opens it."""


class BoundedExtractor(ExtractorPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Unpacks ``archive/``, including nested archives; nothing that a learner uploads stops it."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy every file of a folder into another. See ``ExtractorPlugin``."""
        archive = Path(archive_path)
        self._places = (archive, Path(extracted_path))
        for path in sorted(path for path in archive.rglob("*") if path.is_file()):
            relative = path.relative_to(archive)
            target = Path(extracted_path) / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in self.zip_ext:
                self.log.info("Extracting from: %s", path)
                is_learners = any(platform_words(part) for part in relative.parts)
                self._unpack(path, target.parent, [LARGEST] if is_learners else None, 1)
            else:
                shutil.copy(path, target)

    def _unpack(self, path: Path, into: Path, room: list[int] | None, depth: int) -> None:
        """Unpack an archive into a new folder of its name.

        `room`: bytes its learner has left, None if it is everybody's.
        """
        folder = into / (path.stem.removesuffix(".tar") or "_")
        while folder.exists():
            folder = folder.with_name(f"{folder.name}_")
        folder.mkdir()
        try:
            with _opened(path) as archive:
                for name, size, reader in _members(archive):
                    fits = self._write(path, folder, name, size, reader, room or [LARGEST])
                    if room and not fits:
                        break
        except Exception as error:  # zipfile and tarfile raise all kinds of errors on damaged bytes
            self._say(path, f"it is not a readable archive ({type(error).__name__})")
        for inner in sorted(path for path in folder.rglob("*") if path.suffix in self.zip_ext and path.is_file()):
            if depth == DEEPEST:
                self._say(inner, "archives are nested too deeply")
            else:
                self._unpack(inner, inner.parent, room or [LARGEST], depth + 1)

    def _write(
        self, path: Path, folder: Path, name: str, size: int, reader: Callable[[], IO[bytes]], room: list[int]
    ) -> bool:
        """Write one file of an archive, or log why not; return whether there was room for it."""
        room[0] -= max(size, BLOCK)
        if room[0] < 0:
            self._say(path / name, f"unpacked it is more than the {LARGEST // 1_000_000} MB of a submission")
            return False
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
            self._say(path / name, "its name leads out of its folder")
            return True
        target = folder.joinpath(*parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with reader() as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)  # ends at `size`, whatever follows
        except Exception as error:  # as above; a password is a RuntimeError
            if target.is_file():
                target.unlink()
            self._say(path / name, f"it cannot be read ({type(error).__name__})")
        return True

    def _say(self, path: Path, why: str) -> None:
        within = next(path.relative_to(place) for place in self._places if path.is_relative_to(place))
        shown = one_line(within.as_posix(), 200)
        self.log.warning("%s: not unpacked, %s; ask its learner for the notebook itself", shown, why)


def _opened(path: Path) -> zipfile.ZipFile | tarfile.TarFile:
    return zipfile.ZipFile(path) if zipfile.is_zipfile(path) else tarfile.open(path)


def _members(archive: zipfile.ZipFile | tarfile.TarFile) -> Iterator[Member]:
    """The files of an archive, without links."""
    if isinstance(archive, zipfile.ZipFile):
        for info in archive.infolist():
            if not info.is_dir():
                yield info.filename, info.file_size, partial(archive.open, info)
    else:
        for member in archive:
            if member.isfile():
                yield member.name, member.size, partial(_of_tar, archive, member)


def _of_tar(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    assert file is not None  # a regular file always has content
    return file
