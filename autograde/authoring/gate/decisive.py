"""Find exercises whose public tests decide too little: most wrong answers pass them. Pure.

Whoever has the main idea wrong should see it before handing in; hidden tests are for edge cases.
The numbers come from the table of answers, so a chapter whose proof is still current is judged too.
"""

from collections.abc import Iterator, Sequence

from autograde.authoring.chapter import Chapter
from autograde.authoring.proof.record import Tried

ONE_IN = 3
"""At most one wrong answer in so many may pass the public part alone."""


def indecisive(chapter: Chapter, answers: Sequence[Tried]) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for each exercise whose public part is too weak.

    Args:
        answers: the tests' verdict on every answer, from a proof or from its record.
    """
    for exercise in chapter.exercises:
        wrong = [answer for answer in answers if (answer.exercise, answer.verdict) == (exercise.id, "wrong")]
        passing = [answer.name for answer in wrong if answer.passes_public]
        if ONE_IN * len(passing) > len(wrong):
            yield (
                exercise.solution.line,
                f"exercise {exercise.id!r}: its public part lets {len(passing)} of {len(wrong)} wrong answers through"
                f" ({', '.join(passing)}); at most one in three may pass: make public, for each rule that is graded,"
                " one check of a number that these answers get wrong",
            )
