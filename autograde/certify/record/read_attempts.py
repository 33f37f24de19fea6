"""The attempts that decisions rest on, as ``course certify`` would find them now; nothing is written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograde.certify.decide.attempts import Attempt
from autograde.certify.decide.grades import Snapshot
from autograde.certify.decide.grading_log import Grading
from autograde.certify.decide.history import History, from_gradebook, from_grading_log
from autograde.certify.record.audit import read_log
from autograde.certify.record.pseudonyms import open_pseudonyms
from autograde.settings.policy import Policy


def read_attempts(
    root: Path, policy: Policy, snapshot: Snapshot, gradings: Sequence[Grading]
) -> Mapping[str, tuple[Attempt, ...]]:
    """Each learner's attempts at the policy's assignments, from audit log, grading log and gradebook.

    Raises:
        CourseError: the audit log is broken; the message names the line.
    """
    pseudonyms = open_pseudonyms(root)
    for learner in snapshot.learners:
        pseudonyms.add(learner)
    names = {learner: pseudonyms.of(learner) for learner in snapshot.learners}
    history, log = History(), read_log(root)
    for entry in log.entries if log else ():
        history.learn(entry)
    for entry in from_grading_log(gradings, names, history.lines):
        history.learn(entry)
    for entry in from_gradebook(history, snapshot, names, gradings, earlier={}):
        history.learn(entry)
    submitted = {(s.learner, s.assignment): s.timestamp for s in snapshot.submissions}
    return {
        learner: tuple(
            attempt
            for assignment in policy.assignments
            for attempt in history.of(name, assignment, submitted.get((learner, assignment)))
        )
        for learner, name in names.items()
    }
