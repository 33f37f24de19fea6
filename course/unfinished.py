"""Cells that build on an exercise which the learner has not done yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from course import checks


@contextmanager
def when_solved(*exercises: str) -> Iterator[None]:
    """Run the block once the learner has solved ``exercises``; until then say what is missing instead of failing.

    An unanswered exercise raises ``NotImplementedError``, which is caught. Another error is the learner's to see: where
    tests answer in one line it is shown so too, and *Run All* goes on; elsewhere it is raised.
    """
    names = ", ".join(f"`{name}`" for name in exercises)
    try:
        yield
    except NotImplementedError:
        print(f"Solve {names} above, then run this cell again. 请先完成 {names}，再运行本单元格。")
    except Exception as error:
        if not checks.active():
            raise
        checks.show_failure(error, f"Look at {names} again 请再检查 {names}:")
