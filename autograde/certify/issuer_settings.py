"""``[issuer]`` of course.toml → who issues, from which address, with keys in which folder. Pure.

[issuer]
name = "Example Academy"                    # printed on certificates; the course's title if left out
url = "https://certificates.example.org/ai" # where certificates/ is published; empty: not published
did = "did:web:certificates.example.org:ai" # left out: made from url; without url a did:key, for trying out
key = "gradebook/issuer"                    # folder of the keys; the environment variable COURSE_KEYS wins
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from openbadgeslib.ob3.did import did_web_from_url

from autograde.certify.tables import quoted, read_tables

_DID_WEB = re.compile(r"did:web:[A-Za-z0-9.-]+(?:%3A[0-9]{1,5})?(?::[A-Za-z0-9._%-]+)*")


@dataclass(frozen=True)
class IssuerSettings:
    """What course.toml says of the issuer.

    Attributes:
        name: as printed.
        url: https address of the published ``certificates/``, without a slash at its end; empty if nowhere.
        did: ``did:web:…``; empty for a did:key.
        keys: folder of the keys, relative to the course folder or absolute.
    """

    name: str
    url: str
    did: str
    keys: str


def parse_issuer(text: str) -> IssuerSettings:
    """Read ``[issuer]`` from the text of course.toml; every key of it may be left out.

    Raises:
        PolicyError: with the line that holds the fault.
    """
    top = read_tables(text)
    if not top.has("issuer"):
        return IssuerSettings(_title(top.values), "", "", "gradebook/issuer")
    table = top.table("issuer", "[issuer]")
    table.allow("name", "url", "did", "key")
    values = {key: table.text(key) if table.values.get(key, "") != "" else "" for key in ("name", "url", "did", "key")}
    url, did = values["url"].rstrip("/"), values["did"]
    if url:
        try:
            if urlsplit(url).query or urlsplit(url).fragment:
                raise table.error("[issuer] url has a query or a fragment; write the plain https address", "url")
            did = did or did_web_from_url(url)
        except ValueError as error:
            # the address is not repeated: it may hold a password
            message = f'[issuer] url: {str(error).removeprefix("Value error, ")}; write an address such as "https://example.org/ai"'
            raise table.error(message, "url") from None
    if did and not _DID_WEB.fullmatch(did):
        raise table.error(f'[issuer] did is {quoted(did)}; write "did:web:example.org:ai" or leave it out', "did")
    if did and not url:
        url = did_web_folder(did)
    return IssuerSettings(values["name"] or _title(top.values), url, did, values["key"] or "gradebook/issuer")


def did_web_folder(did: str) -> str:
    """The https address below which the did.json of a did:web lies (did:web method, section 3.2 "Read")."""
    return "https://" + "/".join(unquote(part) for part in did.removeprefix("did:web:").split(":"))


def did_web_address(did: str) -> str:
    """The https address of the did.json of a did:web."""
    folder = did_web_folder(did)
    return folder + ("/did.json" if ":" in did.removeprefix("did:web:") else "/.well-known/did.json")


def _title(top: Any) -> str:
    title = top.get("title")
    texts = [text for text in title.values() if isinstance(text, str)] if isinstance(title, dict) else []
    return texts[0] if texts else str(top.get("id") or "course")
