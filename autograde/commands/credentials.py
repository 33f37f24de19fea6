"""``course verify``, ``course revoke`` and ``course issuer``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from autograde.commands import command, out
from autograde.errors import CourseError, UsageProblem
from autograde.shown import word


@command("course verify certificate.pdf", "course verify badge.png --trust issuers.txt")
def verify(
    credential: Annotated[Path, typer.Argument(metavar="FILE", help="A credential as JSON, JWT, PDF, PNG or SVG.")],
    trust: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            envvar="COURSE_TRUST",
            help="DIDs of trusted issuers, one per line. By default the issuer whose keys are in this course directory.",
        ),
    ] = None,
    did: Annotated[
        Path | None,
        typer.Option(metavar="FILE-OR-FOLDER", help="DID documents; not needed for this course's own issuer."),
    ] = None,
    status: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE-OR-FOLDER", help="Status lists; this course's own by default, in certificates/status/."
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="JSON: DID or address → path of a local copy.")
    ] = None,
    issued: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The issuer's audit log; a credential that is not in it is invalid, even with a good signature.",
        ),
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Fetch what is missing from its https address.")] = False,
) -> None:
    """Check that a credential is genuine and in force. Exit 0: valid, 1: invalid, 2: could not check.

    Offline by default. Files beside the credential are not trusted: whoever sent it could have sent a list of issuers
    with it.
    """
    from autograde.certify.verify.sources import Sources
    from autograde.certify.verify.verify import verify as check

    own, place, lists = _own_issuer(Path.cwd())
    sources = Sources(
        trust=trust,
        own=own if trust is None else None,
        own_from=place,
        dids=did,
        status=status or lists,
        map=mapping,
        issued=issued,
        online=online,
    )
    verdict = check(credential, sources, datetime.now(UTC))
    _print(verdict.line)
    raise typer.Exit(verdict.exit_code)


@command('course revoke urn:uuid:… --reason "issued to the wrong person"')
def revoke(
    credential: Annotated[str, typer.Argument(metavar="ID", help="The credential's id, urn:uuid:…, or its file.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, in one line; kept in the private register.")],
    suspend: Annotated[
        bool, typer.Option("--suspend", help="Suspend it; this can be lifted, or made a revocation, later.")
    ] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Lift it: the next course certify may issue a new credential.")
    ] = False,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the lists are; certificates/ by default.")
    ] = None,
) -> None:
    """Revoke or suspend a credential and sign the status lists again. Then publish certificates/ again.

    The learner gets no new credential until this is lifted. To verifiers a suspended credential is
    revoked, and stays so: after lifting, a new one is issued.
    """
    from autograde.certify.issue.status_register import State
    from autograde.certify.revoke import credential_id, revoke_credential
    from autograde.settings.course_folder import CourseFolder

    if suspend and lift:
        raise UsageProblem("either --suspend or --lift")
    course = CourseFolder.find(Path.cwd())
    state: State = "suspended" if suspend else "lifted" if lift else "revoked"
    which, folder = credential_id(credential), out_folder or course.root / "certificates"
    written = revoke_credential(course, folder, which, state, reason, datetime.now(UTC))
    names = ", ".join(path.relative_to(folder).as_posix() for path in written)
    _print(f"{which} is {state}; publish {folder} again: {names}")
    if state != "lifted":
        _print(f"nothing is issued to its learner until: course revoke {word(which)} --lift --reason …")


@command("course share ada", "course share ada --stop")
def share(
    learner: Annotated[str, typer.Argument(metavar="LEARNER", help="Id of a learner who asked for a public page.")],
    stop: Annotated[bool, typer.Option("--stop", help="The learner no longer wants it: delete the pages.")] = False,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the site is; certificates/ by default.")
    ] = None,
) -> None:
    """With a learner's consent, make a public page for each credential.

    The QR code and LinkedIn's link open it.
    """
    from autograde.certify.share import share as publish
    from autograde.settings.course_folder import CourseFolder

    course = CourseFolder.find(Path.cwd())
    folder = out_folder or course.root / "certificates"
    addresses = publish(course, folder, learner, not stop, datetime.now(UTC))
    _print(f"{learner}: {'no public page any more' if stop else 'consent to a public page is recorded'}")
    for address in addresses:
        _print(address)
    _print(f"publish {folder / 'site'} again")


@command("course issuer", "course issuer --publish", "course issuer --rotate")
def issuer(
    publish: Annotated[
        bool, typer.Option("--publish", help="Sign the status lists again and write did.json; at least once a week.")
    ] = False,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make a new signing key; what the old one signed still verifies.")
    ] = False,
    remove: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Remove a stolen key, such as key-2026-01; nothing that it signed verifies."),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the files go; certificates/ by default.")
    ] = None,
) -> None:
    """Show the issuer and its keys; rotate or remove keys; sign the status lists again, on a schedule."""
    from autograde.certify.credential import keys
    from autograde.certify.record.audit import open_log
    from autograde.certify.republish import republish
    from autograde.settings.course_folder import CourseFolder

    if rotate and remove:
        raise UsageProblem("either --rotate or --remove; a removed signing key is replaced automatically")
    course = CourseFolder.find(Path.cwd())
    now = datetime.now(UTC)
    if publish or rotate or remove:
        with open_log(course.root) as log:  # or a concurrent course certify would publish what has just been replaced
            if rotate:
                who = keys.rotate(course, now)
            else:
                who = keys.remove(course, remove, now) if remove else keys.load(course)
            for path in republish(course, log, who, out_folder or course.root / "certificates", now):
                _print(str(path))
        return
    who = keys.load(course)
    _print(f"{who.name}  {who.did}  {who.url or 'not published: [issuer] url in course.toml'}")
    for key in who.keys:
        _print(f"{key.name}  {key.state}  since {key.ended or key.created}  {key.public}")


def _print(text: str) -> None:
    out.print(text, soft_wrap=True, highlight=False, markup=False)


def _own_issuer(start: Path) -> tuple[dict[str, Any] | None, str, Path | None]:
    """The issuer of the course directory around `start`: its DID document, key folder and status lists.

    Without keys: None, why, None. ``certificates/`` is not consulted: it is published, so anybody
    can forge one.
    """
    from autograde.certify.credential import keys
    from autograde.settings.course_folder import CourseFolder
    from autograde.settings.places import COURSE_TOML, find_above

    root = find_above(start, COURSE_TOML)
    if root is None:
        return None, "", None
    try:
        issuer = keys.load(CourseFolder.read(root))
    except CourseError as problem:
        return None, str(problem), None
    return issuer.did_document(), str(issuer.folder), root / "certificates" / "status"
