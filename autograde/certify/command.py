"""A course folder → decisions, credentials and all that is published: what ``course certify`` does.

Order matters. Everything is worked out and written beside its place first (a full disk ends here, with nothing
changed); then the audit log's lines are flushed to disk, which is the moment it all becomes true; then the files are
moved in. A run that is killed leaves either nothing or a log that the next run completes the files from.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from autograde.certify.credential.key_file import FILE
from autograde.certify.credential.keys import Issuer, keys_folder, load_or_create
from autograde.certify.decide.attempts import Attempt
from autograde.certify.decide.attempts import to_json as attempts_json
from autograde.certify.decide.decision import Decision, decide
from autograde.certify.decide.grades import Snapshot
from autograde.certify.decide.history import attempts_of_all
from autograde.certify.decide.snapshot import take_snapshot
from autograde.certify.documents import extra_fonts
from autograde.certify.documents.letterhead import Letterhead, read_letterhead
from autograde.certify.documents.words import Lang
from autograde.certify.issue.issuing import Issued, full_name, is_chinese, issue_credentials, nameless
from autograde.certify.issue.status_register import StatusRegister
from autograde.certify.public_pages import pages, public_credentials
from autograde.certify.published import learner_files, public_files, undrawn
from autograde.certify.record import audit
from autograde.certify.record.evidence import Evidence
from autograde.certify.record.file_names import file_stem
from autograde.certify.record.pseudonyms import open_pseudonyms
from autograde.certify.record.records import Record, Standing, entry_of, make_records
from autograde.certify.record.staging import make_room, move_in, staged
from autograde.errors import CourseError
from autograde.grading.storage.grading_log import log_path, read_grading_log
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url
from autograde.settings.policy import Policy, policy_from_json
from autograde.settings.toml_tables import quoted


@dataclass(frozen=True)
class Certified:
    """What a run of ``course certify`` did.

    Attributes:
        decisions: by learner id.
        issued: learner → id of the credential that this run issued.
        notes: what a person should look at, a line each.
        head: number of lines of the audit log and the hash of its last one.
    """

    decisions: tuple[Decision, ...]
    issued: dict[str, str]
    notes: tuple[str, ...]
    head: tuple[int, str]


def certify(course: CourseFolder, out: Path, as_of: date, gradebook: Path | str | None = None) -> tuple[Decision, ...]:
    """The decisions of :func:`certify_course`."""
    return certify_course(course, out, as_of, gradebook).decisions


def certify_course(
    course: CourseFolder,
    out: Path,
    as_of: date,
    gradebook: Path | str | None = None,
    now: datetime | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Certified:
    """Decide on every learner, issue credentials to those who pass and have none for that decision, publish.

    Args:
        out: where ``decisions/LEARNER.json``, ``learners/LEARNER/`` (what :func:`documents` makes), ``did.json``,
            ``trusted.txt``, ``status/``, ``site/`` and ``snapshot.json`` go; nothing else there is touched.
        as_of: the day of the decision, recorded in it.
        gradebook: path or SQLAlchemy URL; that of :func:`gradebook_url` by default.
        now: zoned moment of the run; the clock's by default.
        progress: called with a line for each step.

    Raises:
        CourseError: course.toml, the gradebook, the audit log or a key is at fault, or a file cannot be written;
            nothing has been decided or issued.
    """
    _ = course.policy  # a fault there is told before one of the gradebook
    letterhead = read_letterhead(course)
    now = now or datetime.now(UTC)
    progress("reading the gradebook")
    snapshot, people = take_snapshot(gradebook or gradebook_url(course))
    policy = course.policy_for(snapshot.assignments)
    _check_place(out)
    with audit.open_log(course.root) as log:
        run = _Run(course, out, now, log, policy, snapshot, people, letterhead)
        try:
            return run.certify(as_of, progress)
        except OSError as error:
            message = f"cannot write {error.filename or out} ({error.strerror}); free the place or choose another --out"
            raise CourseError(message) from None


class _Run:
    def __init__(
        self,
        course: CourseFolder,
        out: Path,
        now: datetime,
        log: audit.AuditLog,
        policy: Policy,
        snapshot: Snapshot,
        people: Any,
        letterhead: Letterhead,
    ) -> None:
        self.course, self.out, self.now, self.log, self.letterhead = course, out, now, log, letterhead
        self.policy, self.snapshot, self.people = policy, snapshot, people
        self.evidence = Evidence(course.root)
        self.pseudonyms = open_pseudonyms(course.root)
        if log.entries and not len(self.pseudonyms) and log.of_kind("decision") and not log.of_kind("erasure"):
            raise CourseError(f"{self.pseudonyms.path} is missing; restore it from a backup: who is who stands there")
        for learner in snapshot.learners:
            self.pseudonyms.add(learner)

    def certify(self, as_of: date, progress: Callable[[str], None]) -> Certified:
        self._refuse_changed_policy()
        standing = Standing(self.log, self.evidence, self.pseudonyms)
        attempts, added = self._attempts(standing)
        entries: list[Any] = [*added]
        progress("deciding")
        decisions = decide(self.policy, self.snapshot, as_of, attempts)
        records = make_records(decisions, standing, self.pseudonyms)
        entries += self._snapshot_entry()
        entries += [
            entry_of(record, self.pseudonyms.of(record.decision.learner)) for record in records if record.is_new
        ]
        issued, files = self._publish(records, progress)
        entries += issued.entries
        progress("writing")
        with staged(self.out) as folder:
            _write(folder / "snapshot.json", self.snapshot.json)
            for record in records:
                _write(folder / "decisions" / f"{file_stem(record.decision.learner)}.json", record.json)
            for name, data in files.items():
                _write(folder / name, data)
            make_room(folder, self.out)
            self.pseudonyms.save()
            self.evidence.put(self._evidence_of(records, attempts) | issued.files)
            self.log.append(entries, self.now)
            if issued.register:
                issued.register.confirm((entry["credential"] for entry in self.log.of_kind("issue")), self.now)
            move_in(folder, self.out, last="credential.json")
        new = {learner: issued.credentials[learner].id for learner in issued.new}
        return Certified(decisions, new, (*self.faults, *issued.notes), self.log.head)

    def _publish(self, records: list[Record], progress: Callable[[str], None]) -> tuple[Issued, dict[str, bytes]]:
        """Credentials for those who pass, and the files below `out` that they and the issuer need."""
        has_issued = bool(self.log.of_kind("issue"))
        passed = [record.decision.learner for record in records if record.decision.status == "level"]
        if not has_issued and not any(full_name(self.people[learner]) for learner in passed):
            return Issued(notes=[nameless(learner) for learner in passed]), {}  # the key is made on first use
        self._refuse_lost_log(has_issued)
        issuer = self._issuer(has_issued)
        register = StatusRegister(issuer.folder)
        fonts = extra_fonts(issuer.folder / "fonts")
        issued = issue_credentials(
            records,
            {learner: self.pseudonyms.of(learner) for learner in self.snapshot.learners},
            self.people,
            self.log,
            self.evidence,
            issuer,
            register,
            self.policy,
            self.course.title("en"),
            self.now,
            lambda name: undrawn(name, fonts),
            progress,
        )
        folders = {learner: self.out / "learners" / file_stem(learner) for learner in issued.credentials}
        languages: dict[str, Lang] = {
            learner: "zh" if is_chinese(self.people[learner]) else "en" for learner in folders
        }
        per_learner = learner_files(
            issued.credentials, folders, issuer, self.course.title("zh"), languages, self.letterhead, progress
        )
        log = [*self.log.entries, *issued.entries]
        public = [entry["credential"] for entry in public_credentials(log)]
        files = public_files(self.course, issuer, register, self.now, public) | pages(self.course, log, issued.files)
        for learner, documents in per_learner.items():
            files |= {f"learners/{file_stem(learner)}/{name}": data for name, data in documents.items()}
        return issued, files

    def _issuer(self, has_issued: bool) -> Issuer:
        """The issuer; a lost key must not be answered with a new one, under which nothing could be revoked."""
        key = keys_folder(self.course) / FILE
        if has_issued and not key.exists():
            raise CourseError(
                f"the issuer's key {key} is missing, and credentials were issued: restore it from a backup"
            )
        return load_or_create(self.course, self.now)

    def _refuse_changed_policy(self) -> None:
        """Two certificates of one version must mean the same."""
        for digest in reversed([entry["policy"] for entry in self.log.of_kind("decision")]):
            data = self.evidence.get(digest)
            known = policy_from_json(data) if data else None
            if not known or (known.id, known.version) != (self.policy.id, self.policy.version):
                continue
            if digest != self.policy.sha256:
                was, now = json.loads(known.json), json.loads(self.policy.json)
                changed = ", ".join(name for name in sorted({*was, *now}) if was.get(name) != now.get(name))
                raise self.course.error(
                    f"the policy changed ({changed}), but its version is {quoted(known.version)} as before: "
                    "raise `version` in [policy], or undo the change",
                    "policy",
                    "version",
                )
            return

    def _refuse_lost_log(self, has_issued: bool) -> None:
        """A lost audit log must not be answered with second credentials for all."""
        if not has_issued and next(self.out.glob("learners/*/credential.json"), None):
            raise CourseError(
                f"{self.log.path} has no line on credentials, but {self.out / 'learners'} has some: "
                "restore the log from a backup, or move that folder away to begin anew"
            )

    def _attempts(self, standing: Standing) -> tuple[dict[str, tuple[Attempt, ...]], list[dict[str, Any]]]:
        """Each learner's attempts at the policy's assignments, and the log's lines on those that are new to it."""
        names = {learner: self.pseudonyms.of(learner) for learner in self.snapshot.learners}
        found = read_grading_log(log_path(self.course.root))
        self.faults = [str(fault) for fault in found.faults]
        self.faults += [person.fault for person in self.people.values() if person.fault]
        earlier = {learner: part for learner in names if (part := standing.snapshot(learner)) is not None}
        return attempts_of_all(self.policy.assignments, self.snapshot, names, self.log.entries, found.gradings, earlier)

    def _snapshot_entry(self) -> list[Any]:
        entry = {"kind": "snapshot", "sha256": self.snapshot.sha256, "policy": self.policy.sha256}
        last = next(reversed(self.log.of_kind("snapshot")), None)
        is_known = last is not None and all(last[name] == entry[name] for name in entry)
        return [] if is_known else [entry]

    def _evidence_of(self, records: list[Record], attempts: dict[str, tuple[Attempt, ...]]) -> dict[str, bytes]:
        files = {self.policy.sha256: self.policy.json}
        parts = self.snapshot.parts(self.policy.assignments)
        for record in records:
            if record.is_new:
                learner = record.decision.learner
                files[record.decision.snapshot_sha256] = parts[learner].json
                files[record.decision.attempts_sha256] = attempts_json(learner, attempts[learner])
                files[record.commit] = record.json
        return files


def _check_place(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise CourseError(f"cannot write {out} (it is a file); choose another --out")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
