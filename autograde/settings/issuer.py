"""``[issuer]`` of course.toml → who issues, from which address, with keys in which folder. Pure.

[issuer]
name = "Example Academy"                    # printed on certificates; the course's title if left out
url = "https://certificates.example.org/ai" # where certificates/ is published; empty: not published
did = "did:web:certificates.example.org:ai" # left out: made from url; without url a did:key, for trying out
key = "gradebook/issuer"                    # folder of the keys; the environment variable COURSE_KEYS wins
logo = "logo.png"                           # PNG for the certificate, beside course.toml; left out: none
signatory = { name = "Grace Hopper", role = { en = "Director of Studies", zh = "教务主任" } }  # left out: nobody signs
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from autograde.settings.course_keys import text_or_none, titles
from autograde.settings.toml_tables import Table, quoted

LONGEST_LINE = 80

_DID_WEB = re.compile(r"did:web:[A-Za-z0-9.-]+(?:%3A[0-9]{1,5})?(?::[A-Za-z0-9._%-]+)*")


@dataclass(frozen=True)
class Signatory:
    """Who signs for the issuer; both roles are empty where none is given."""

    name: str
    role_en: str = ""
    role_zh: str = ""


@dataclass(frozen=True)
class IssuerSettings:
    """What course.toml says of the issuer.

    Attributes:
        name: as printed.
        url: https address of the published ``certificates/``, without a slash at its end; empty if nowhere.
        did: ``did:web:…``; empty for a did:key.
        keys: folder of the keys, relative to the course folder or absolute.
        logo: path of a PNG, relative to the course folder or absolute; empty: none.
    """

    name: str
    url: str
    did: str
    keys: str
    logo: str = ""
    signatory: Signatory | None = None


def parse_issuer(top: Table) -> IssuerSettings:
    """Read ``[issuer]`` of course.toml; every key of it may be left out.

    Raises:
        SettingsError: with the line that holds the fault.
    """
    if not top.has("issuer"):
        return IssuerSettings(_title(top), "", "", "gradebook/issuer")
    table = top.table("issuer", "[issuer]")
    table.allow("name", "url", "did", "key", "logo", "signatory")
    plain = ("name", "url", "did", "key", "logo")
    values = {key: table.text(key) if table.values.get(key, "") != "" else "" for key in plain}
    url, did = values["url"].rstrip("/"), values["did"]
    if url:
        try:
            if urlsplit(url).query or urlsplit(url).fragment:
                raise table.error("[issuer] url has a query or a fragment; write the plain https address", "url")
            if did and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
                raise ValueError("it is not an https address")
            if not did:
                from openbadgeslib.ob3.did import did_web_from_url  # only in the instructor's install

                did = did_web_from_url(url)
        except ValueError as error:
            # the address is not repeated: it may hold a password
            message = f'[issuer] url: {str(error).removeprefix("Value error, ")}; write an address such as "https://example.org/ai"'
            raise table.error(message, "url") from None
    if did and not _DID_WEB.fullmatch(did):
        raise table.error(f'[issuer] did is {quoted(did)}; write "did:web:example.org:ai" or leave it out', "did")
    if did and not url:
        url = did_web_folder(did)
    return IssuerSettings(
        name=values["name"] or _title(top),
        url=url,
        did=did,
        keys=values["key"] or "gradebook/issuer",
        logo=values["logo"],
        signatory=_signatory(table),
    )


def _signatory(issuer: Table) -> Signatory | None:
    if not issuer.has("signatory"):
        return None
    table = issuer.table("signatory", 'signatory = { name = "Grace Hopper" }')
    table.allow("name", "role")
    name = _short(table, "name")
    if not table.has("role"):
        return Signatory(name)
    role = table.table("role", 'role = { en = "Director of Studies", zh = "教务主任" }')
    role.allow("en", "zh")
    return Signatory(name, _short(role, "en"), _short(role, "zh"))


def _short(table: Table, key: str) -> str:
    """A text that has room under a signature."""
    text = table.text(key).strip()
    if len(text) > LONGEST_LINE:
        raise table.error(f"{table.name} {key} has {len(text)} characters; at most {LONGEST_LINE} have room", key)
    return text


def did_web_folder(did: str) -> str:
    """The https address below which the did.json of a did:web lies (did:web method, section 3.2 "Read")."""
    return "https://" + "/".join(unquote(part) for part in did.removeprefix("did:web:").split(":"))


def did_web_address(did: str) -> str:
    """The https address of the did.json of a did:web."""
    folder = did_web_folder(did)
    return folder + ("/did.json" if ":" in did.removeprefix("did:web:") else "/.well-known/did.json")


def _title(top: Table) -> str:
    return next(iter(titles(top).values()), None) or text_or_none(top, "id") or "course"
