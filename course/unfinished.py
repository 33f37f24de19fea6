"""Guard cells that depend on an exercise which the learner has not solved yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from course import checks
from course.language import say


@contextmanager
def when_solved(*exercises: str) -> Iterator[None]:
    """Run the block if the learner has solved ``exercises``; otherwise say what is missing instead of failing.

    An unanswered exercise raises ``NotImplementedError``, which is caught. Any other error is shown
    in one line where tests answer in one line, so that *Run All* continues; elsewhere it is raised.
    """
    names = say(en=", ", zh="、").join(f"`{name}`" for name in exercises)
    try:
        yield
    except NotImplementedError:
        print(
            say(
                en="Solve {names} above, then run this cell again.",
                zh="请先完成上面的 {names}，再运行本单元格。",
                names=names,
            )
        )
    except Exception as error:
        if not checks.active():
            raise
        checks.show_failure(error, say(en="Look at {names} again:", zh="请再检查 {names}：", names=names))
