"""A finding of the gate."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something to fix: ``place`` is a file, with a line or cell if there is one."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
