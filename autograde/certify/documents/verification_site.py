"""The verification site: ``autograde/certify/site/`` and the data it trusts, as a folder of static
files.

It makes no requests: issuers, keys and status lists are embedded in ``data.js``, so the site is
written again whenever the status list is signed.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openbadgeslib.ob3.contexts import load_context

from autograde.certify.credential.did_document import did_key_document
from autograde.certify.credential.form import CONTEXTS, CREDENTIAL, PROOF, STATUS_LIST
from autograde.certify.credential.shape import Exactly, InOrder, Instant, Iri, ListOf, Object, Shape, Text
from autograde.certify.documents.words import ASSURANCE, LEVELS
from autograde.exact import sha256
from autograde.files import replace_files

PAGES = (
    "index.html", "style.css", "words.js", "json.js", "shape.js", "png.js", "svg.js", "pdf.js", "carriers.js",
    "verify.js", "page.js", "vendor.js", "LICENSES.txt",
)  # fmt: skip


def site_files(
    did_documents: Iterable[Mapping[str, Any]],
    trusted: Collection[str],
    status_lists: Mapping[str, str],
    public: Collection[str] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, bytes]:
    """File name → bytes of the site.

    Args:
        did_documents: the trusted issuers'; a did:key needs none.
        trusted: DIDs of the issuers that the page accepts, those of trusted.txt.
        status_lists: identity of a status list → its VC-JWT.
        public: ids of credentials with a page in ``c/``; the site holds only their hashes.
        titles: a course's title in English, as it is signed → in Chinese.
    """
    known = {document["id"]: document for document in did_documents}
    known |= {did: did_key_document(did) for did in trusted if did.startswith("did:key:")}
    data = {
        "issuers": [{"did": did, "document": known.get(did)} for did in trusted],
        "statusLists": dict(status_lists),
        "public": sorted(sha256(credential.encode()) for credential in public),
        "contexts": {url: load_context(url) for url in CONTEXTS},
        "titles": dict(titles),
        "levels": LEVELS,
        "assurance": ASSURANCE,
        "shapes": {name: _plain(shape) for name, shape in _SHAPES.items()},
    }
    source = files("autograde.certify") / "site"
    text = json.dumps(data, sort_keys=True).replace("<", "\\u003c")
    script = (
        f"// Made by `course certify`: whom this page trusts and which credentials are revoked.\nconst DATA = {text};\n"
    )
    return {**{name: (source / name).read_bytes() for name in PAGES}, "data.js": script.encode()}


def write_site(
    folder: Path, did_documents: Iterable[Mapping[str, Any]], trusted: Collection[str], status_lists: Mapping[str, str]
) -> None:
    """Write :func:`site_files` to `folder`, all or none.

    Raises:
        OSError: a file could not be written.
    """
    replace_files({folder / name: data for name, data in site_files(did_documents, trusted, status_lists).items()})


_SHAPES: dict[str, Shape] = {"credential": CREDENTIAL, "proof": PROOF, "statusList": STATUS_LIST}


def _plain(shape: Shape) -> dict[str, Any]:
    """A shape as JSON for shape.js, so that the page and ``course verify`` share one source."""
    match shape:
        case Exactly(value):
            return {"kind": "exactly", "value": value}
        case Text(pattern, limit):
            return {"kind": "text", "pattern": pattern.removeprefix("(?s)"), "limit": limit}
        case Iri(start):
            return {"kind": "iri", "start": start}
        case Instant():
            return {"kind": "instant"}
        case ListOf(item, low, high):
            return {"kind": "list", "item": _plain(item), "low": low, "high": high}
        case InOrder(required, optional):
            return {"kind": "in-order", "required": [*map(_plain, required)], "optional": [*map(_plain, optional)]}
        case Object(required, optional):
            parts = {"required": required, "optional": optional}
            return {"kind": "object", **{k: {n: _plain(s) for n, s in part.items()} for k, part in parts.items()}}
    raise TypeError(f"no JSON for the shape {type(shape).__name__}")
