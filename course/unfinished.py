"""Cells that build on an exercise which the learner has not done yet."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def when_solved(*exercises: str) -> Iterator[None]:
    """Run the block once the learner has solved ``exercises``; until then say what is missing instead of failing.

    Only ``NotImplementedError``, which an unanswered exercise raises, is caught; other errors are the learner's to see.
    """
    try:
        yield
    except NotImplementedError:
        names = ", ".join(f"`{name}`" for name in exercises)
        print(f"Solve {names} above, then run this cell again. 请先完成 {names}，再运行本单元格。")
