"""The attempts that decisions rest on, as ``course certify`` would find them now; nothing is written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograde.certify.decide.attempts import Attempt
from autograde.certify.decide.grades import Snapshot
from autograde.certify.decide.history import attempts_of_all
from autograde.certify.record.audit import read_log
from autograde.certify.record.pseudonyms import open_pseudonyms
from autograde.grading.storage.grading_log import Grading
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
    log = read_log(root)
    audited = log.entries if log else ()
    return attempts_of_all(policy.assignments, snapshot, names, audited, gradings, earlier={})[0]
