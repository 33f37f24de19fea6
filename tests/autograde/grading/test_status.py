"""Is what became of a submission one word everywhere, and the same word in every file?"""

import json
import pickle
from itertools import combinations_with_replacement

import pytest

from autograde.commands.grade import COLOURS
from autograde.exact import canonical
from autograde.grading.status import Status


def test_the_words_are_those_of_the_log_and_of_every_record() -> None:
    assert [str(status) for status in Status] == ["graded", "repaired", "review", "failed"]
    for status in Status:
        assert json.dumps({"status": status}) == f'{{"status": "{status}"}}'
        assert canonical({"status": status}) == f'{{"status":"{status}"}}'.encode()
        assert pickle.loads(pickle.dumps(status)) is status
    assert set(COLOURS) == set(Status)


@pytest.mark.parametrize(("one", "other"), [*combinations_with_replacement(Status, 2)])
def test_the_worse_of_two_notebooks_decides_in_any_order(one: Status, other: Status) -> None:
    assert Status.of_all([one, other]) is Status.of_all([other, one]) is other


def test_nothing_to_report_is_graded_and_two_words_need_a_person() -> None:
    assert Status.of_all([]) is Status.GRADED
    assert [status for status in Status if not status.is_settled] == [Status.REVIEW, Status.FAILED]
