"""Something that the gate wants mended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something to mend: ``place`` is a file, with line or cell where it has one."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
