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
        if isinstance(error, NameError) and _raised_by_the_cell(error):
            print(
                say(
                    en="`{name}` is made by a cell above: run that one first, once {names} are solved.",
                    zh="`{name}` 由上面的单元格生成：请先完成 {names}，运行那个单元格，再回到这里。",
                    name=error.name,
                    names=names,
                )
            )
            return
        checks.show_failure(error, say(en="Look at {names} again:", zh="请再检查 {names}：", names=names))


def _raised_by_the_cell(error: BaseException) -> bool:
    """Tell whether the error arose in the guarded cell itself and not in a function that it called."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_name == "<module>"
