"""A credential's bytes → a verdict: every check that ``course verify`` makes. Their order matters.

Shape before cryptography, so that nothing hostile reaches a canonicaliser; trust before any
fetching, so that a stranger's file opens no connection; signature before status, so that the list
consulted is the one the issuer named.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from autograde.certify.credential import form as exact_form
from autograde.certify.credential.claims import digest, facts
from autograde.certify.credential.did_document import KeyProblem, signing_key
from autograde.certify.credential.instant import instant
from autograde.certify.credential.secure import SignatureProblem, check_jwt, check_proof, split_jwt
from autograde.certify.credential.shape import Mismatch
from autograde.certify.credential.status_list import MAX_VALID_DAYS, ListProblem, is_set
from autograde.certify.credential.strict_json import ParseProblem, parse_object
from autograde.certify.verify import issuance_log
from autograde.certify.verify.carriers import credentials_in
from autograde.certify.verify.lookup import Lookup
from autograde.certify.verify.verdict import CannotCheck, Invalid, Verdict

SKEW = timedelta(minutes=5)
"""How far the clocks of an issuer and a verifier may lie apart."""


class Secured:
    """A received credential or status list: claims, key id, how to check its signature."""

    def __init__(self, data: bytes, check_shape: Callable[[dict[str, Any]], None]) -> None:
        """Read it strictly; raises :class:`Invalid`."""
        try:
            self.check_signature: Callable[[Ed25519PublicKey], None]
            if data.startswith(b"eyJ"):
                text = data.decode("ascii", "replace")
                self.key_id, self.claims = split_jwt(text)
                self.check_signature = lambda key: check_jwt(text, key)
                self.signed_at = None
            else:
                document = parse_object(data)
                self.claims = {name: value for name, value in document.items() if name != "proof"}
                exact_form.PROOF.check(document.get("proof"), "proof")
                self.key_id = document["proof"][0]["verificationMethod"]
                self.check_signature = lambda key: check_proof(document, key)
                self.signed_at = instant(document["proof"][0]["created"])
            check_shape(self.claims)
        except ParseProblem as problem:
            raise Invalid(f"not a well-formed credential: {problem}") from None
        except Mismatch as problem:
            raise Invalid(f"not a credential of ours: {problem}") from None
        issuer = self.claims["issuer"]
        self.issuer = issuer if isinstance(issuer, str) else issuer["id"]

    def verify(self, lookup: Lookup, now: datetime) -> None:
        """Raise unless its issuer signed it with a key listed for that in its DID document."""
        if self.key_id.partition("#")[0] != self.issuer:
            raise Invalid(
                f"it is signed with a key of {self.key_id.partition('#')[0]}, not of its issuer {self.issuer}"
            )
        try:
            self.check_signature(signing_key(lookup.did_document(self.issuer), self.issuer, self.key_id))
        except KeyProblem as problem:
            if problem.is_refusal:
                raise Invalid(str(problem)) from None
            raise CannotCheck(str(problem)) from None
        except SignatureProblem as problem:
            raise Invalid(str(problem)) from None
        if self.signed_at and self.signed_at > now + SKEW:
            raise Invalid(f"its signature is dated in the future, {self.signed_at:%Y-%m-%d %H:%M} UTC")


def check(data: bytes, lookup: Lookup, now: datetime) -> Verdict:
    """Check the bytes of a file at the instant `now`."""
    refusals: list[str] = []
    doubts: list[str] = []
    says: dict[str, str] = {}
    trust = ""
    try:
        trust = lookup.trust
        forms = [Secured(text, exact_form.check_credential) for text in credentials_in(data)]
        credential = forms[0]
        if any(digest(other.claims) != digest(credential.claims) for other in forms):
            raise Invalid("the file carries two different credentials")
        if credential.issuer not in lookup.trusted():
            raise Invalid(f"its issuer {credential.issuer} is not on the list of trusted issuers")
        _hold_against_log(credential, lookup)
        for form in forms:
            form.verify(lookup, now)
        says = facts(credential.claims)
        for step in (_hold_against_clock, _hold_against_status):
            _gather(step, credential, lookup, now, refusals, doubts)
    except Invalid as problem:
        refusals.append(str(problem))
    except CannotCheck as problem:
        doubts.append(str(problem))
    answer = "invalid" if refusals else "unknown" if doubts else "valid"
    return Verdict(answer, (*refusals, *doubts), says, trust)  # type: ignore[arg-type]


def _gather(
    step: Callable[[Secured, Lookup, datetime], None],
    credential: Secured,
    lookup: Lookup,
    now: datetime,
    refusals: list[str],
    doubts: list[str],
) -> None:
    """Run one step and keep its finding: a credential may be both expired and revoked."""
    try:
        step(credential, lookup, now)
    except Invalid as problem:
        refusals.append(str(problem))
    except CannotCheck as problem:
        doubts.append(str(problem))


def _hold_against_clock(credential: Secured, lookup: Lookup, now: datetime) -> None:
    since = instant(credential.claims["validFrom"])
    until = instant(credential.claims["validUntil"]) if "validUntil" in credential.claims else None
    if until and until <= since:
        raise Invalid("it ends before it begins")
    if now + SKEW < since:
        raise Invalid(f"it is not valid before {since:%Y-%m-%d %H:%M} UTC")
    if until and until < now:
        raise Invalid(f"it expired on {until:%Y-%m-%d}")


def _hold_against_log(credential: Secured, lookup: Lookup) -> None:
    """With the issuer's log, a credential that is not in it was never issued, whatever its signature."""
    log = lookup.issuance_log()
    if log is None:
        return
    try:
        issued = issuance_log.issued_in(log)
    except ValueError as problem:
        raise CannotCheck(f"the issuance log is unusable: {problem}") from None
    answer = issuance_log.lookup(credential.claims["id"], digest(credential.claims), issued)
    if answer != "genuine":
        how = "with other content" if answer == "altered" else "at all"
        raise Invalid(
            f"by the issuance log the issuer did not issue it {how}: it was made with a stolen key or altered"
        )


def _hold_against_status(credential: Secured, lookup: Lookup, now: datetime) -> None:
    entry = credential.claims["credentialStatus"]
    address, index = entry["statusListCredential"], int(entry["statusListIndex"])
    usable: list[tuple[datetime, Secured]] = []
    problems = []
    for data in lookup.status_lists(address):
        try:
            status_list = Secured(data.strip(), exact_form.check_status_list)
            if status_list.claims["id"] == address:
                usable.append((_list_date(status_list, credential.issuer, lookup, now), status_list))
        except (Invalid, CannotCheck) as problem:
            problems.append(str(problem))
    if not usable:
        why = f": {problems[0]}" if problems else ""
        raise CannotCheck(
            f"no current status list of the issuer says whether it is revoked{why}; give one with --status"
        )
    newest = max(date for date, _ in usable)
    try:
        revoked = [is_set(f.claims["credentialSubject"]["encodedList"], index) for date, f in usable if date == newest]
    except ListProblem as problem:
        raise CannotCheck(str(problem)) from None
    if any(revoked):
        raise Invalid("the issuer has revoked it")


def _list_date(status_list: Secured, issuer: str, lookup: Lookup, now: datetime) -> datetime:
    """When an authentic status list begins; raises if it is not the issuer's or not current."""
    if status_list.issuer != issuer:
        raise CannotCheck(f"the status list belongs to another issuer, {status_list.issuer}")
    status_list.verify(lookup, now)
    since, until = instant(status_list.claims["validFrom"]), instant(status_list.claims["validUntil"])
    if since > now + SKEW:
        raise CannotCheck("the status list is dated in the future")
    if until < now:
        raise CannotCheck(f"the status list has been out of date since {until:%Y-%m-%d}; get the issuer's newest")
    if until - since > timedelta(days=MAX_VALID_DAYS):
        raise CannotCheck(f"the status list claims to be valid for more than {MAX_VALID_DAYS} days")
    return since.astimezone(UTC)
