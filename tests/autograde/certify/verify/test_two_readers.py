"""``course verify`` and the verification site on the same bytes: the same verdict on whatever a file may be.

The site's own code runs in Node. Each file of the table also says what the verdict is, so that the two cannot agree on a
wrong one.
"""

import base64
import copy
import gzip
import io
import json
import random
import re
import shutil
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pypdf
import pytest
from fpdf import FPDF
from issued_course import NOW, Issued, issued_course, signed, stranger
from test_tampering_file import CARRIERS as MADE
from test_tampering_file import SVG, in_pdf, in_png, in_svg, png_with, raw_pdf

from autograde.certify.credential.instant import utc_text
from autograde.certify.credential.secure import registered
from autograde.certify.credential.status_list import status_list
from autograde.certify.documents import documents, write_site

HERE = Path(__file__).parent
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node")
KEYWORD = b"openbadgecredential"


class World:
    """An issuer's credential in all carriers, and forgeries of it."""

    def __init__(self, root: Path) -> None:
        self.issued: Issued = issued_course(root / "course")
        self.json, self.jwt = self.issued.credential.json, self.issued.credential.jwt.encode()
        self.forged = self.json.replace(b"82.50", b"99.00")
        self.strange = signed(self.issued.claims, stranger(root / "fake")).encode()
        self.second = self.issued.issue()
        self.revoked = self.issued.issue()
        self.issued.register.revoke(self.revoked.id, "a mistake", NOW)
        self.issued.publish()
        self.files = documents(self.issued.credential, "https://certificates.example.org/ai", "从业者")
        self.pdf, self.svg, self.png = (self.files[name] for name in ("certificate.pdf", "badge.svg", "badge.png"))
        self.site = root / "site"
        self.status = (self.issued.certificates / "status" / "1.jwt").read_text()
        issuer = self.issued.issuer
        self.address = issuer.status_url
        write_site(self.site, [issuer.did_document()], issuer.trusted(), {self.address: self.status})

    def course_verify(self, data: bytes) -> str:
        return self.issued.check(data).answer

    def in_node(self, folder: Path, files: dict[str, bytes], site: Path | None = None) -> dict[str, dict]:
        paths = {}
        for number, (name, data) in enumerate(files.items()):
            path = folder / f"{number}"
            path.write_bytes(data)
            paths[str(path)] = name
        words = [str(NODE), str(HERE / "verify_in_node.mjs"), str(site or self.site), NOW.isoformat(), *paths]
        run = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
        assert run.returncode == 0, run.stderr
        return {paths[path]: answer for path, answer in json.loads(run.stdout).items()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def zipped(name: str, data: bytes, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
        archive.comment = comment
    return file.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def updated(pdf: bytes, *attached: tuple[str, bytes]) -> bytes:
    """The PDF with an incremental update behind it, as editors and signature programs append one."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    for name, data in attached:
        writer.add_attachment(name, data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def saved_again(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_fpdf(*attached: tuple[str, bytes], **more: object) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    for name, data in attached:
        pdf.embed_file(bytes=data, basename=name, **{"compress": False, **more})
    return bytes(pdf.output())


def body(stream: bytes, more: bytes = b"") -> bytes:
    return b"<</Type/EmbeddedFile/Length %d%b>>\nstream\n%b\nendstream" % (len(stream), more, stream)


def by_hand(tree: bytes, *objects: bytes, catalogue: bytes = b"") -> bytes:
    """A PDF whose list of attachments is `tree`; `objects` begin with number 4."""
    head = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>%b>>" % catalogue
    return raw_pdf(head, b"<</Type/Pages/Kids[]/Count 0>>", tree, *objects)


ONE = b"<</Names[(credential.json) 4 0 R]>>"
SPEC = b"<</Type/Filespec/F(credential.json)/EF<</F 5 0 R>>>>"


def polyglot_png(world: World) -> bytes:
    """A PNG with the good credential that unpacks to a forged one: the archive stands in a chunk of its own."""
    archive = zipped("credential.json", world.forged)
    chunk = len(archive).to_bytes(4) + b"zaPp" + archive + zlib.crc32(b"zaPp" + archive).to_bytes(4)
    return world.png[:-12] + chunk + world.png[-12:]


def badge(inner: str, attributes: str = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"') -> bytes:
    return SVG.replace(b"</svg>", f"<openbadges:credential {attributes}>{inner}</openbadges:credential></svg>".encode())


def escaped(data: bytes) -> str:
    return data.decode().replace("&", "&amp;").replace("<", "&lt;")


def twice(text: bytes) -> bytes:
    return text.replace(b'"name":', b'"name": "Eve", "name":', 1)


INSTANTS = {
    "2020-01-01T00:00:00+23:59": "valid",
    "0099-01-01T00:00:00Z": "valid",
    "0000-01-01T00:00:00Z": "invalid",
    "0001-01-01T00:00:00+01:00": "invalid",
    "9999-12-31T23:59:59-01:00": "invalid",
    "2020-01-01T00:00:00+24:00": "invalid",
    "2020-01-01T00:00:00+14:75": "invalid",
    "2020-01-01T00:00:00+15:60": "invalid",
    "2020-01-01T23:59:60Z": "invalid",
    "2020-01-01T24:00:00Z": "invalid",
    "2020-02-30T00:00:00Z": "invalid",
}
FORMS = ("json", "jwt")


def begins(text: str, form: str) -> Callable[[World], bytes]:
    """A credential of the issuer's that begins at `text`; a JWT that says so too, if there is such an instant."""

    def make(world: World) -> bytes:
        claims = world.issued.claims
        if form == "json":
            return signed(claims | {"validFrom": text}, world.issued.issuer).encode()
        payload = {**claims, **registered(claims), "validFrom": text, "nbf": seconds(text)}
        issuer = world.issued.issuer
        return jwt.encode(payload, issuer.private_pem.decode(), "EdDSA", {"kid": issuer.key_id}).encode()

    return make


def seconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        return 1577836800


def many_spaces(each: bytes) -> bytes:
    head = b" ".join(b'xmlns:a%d="x"' % number for number in range(60_000))
    return b'<svg xmlns="http://www.w3.org/2000/svg" ' + head + b">" + b"<g%b/>" % each * 60_000 + b"</svg>"


CORPUS: dict[str, tuple[str, Callable[[World], bytes]]] = {
    # what we give out
    "json": ("valid", lambda w: w.json),
    "jwt": ("valid", lambda w: w.jwt),
    "pdf": ("valid", lambda w: w.pdf),
    "svg": ("valid", lambda w: w.svg),
    "png": ("valid", lambda w: w.png),
    "json between spaces": ("valid", lambda w: b" \r\n\t" + w.json + b"\n\n"),
    "jwt and a new line": ("valid", lambda w: w.jwt + b"\r\n"),
    "revoked json": ("invalid", lambda w: w.revoked.json),
    "revoked jwt": ("invalid", lambda w: w.revoked.jwt.encode()),
    # plain PDFs of other programs, as long as nothing in them can be read in two ways
    **{f"made: {name}": ("valid", MADE[name]) for name in MADE},  # type: ignore[dict-item]
    # other encodings
    "json, UTF-8 mark": ("invalid", lambda w: b"\xef\xbb\xbf" + w.json),
    "jwt, UTF-8 mark": ("invalid", lambda w: b"\xef\xbb\xbf" + w.jwt),
    "svg, UTF-8 mark": ("invalid", lambda w: b"\xef\xbb\xbf" + w.svg),
    "json, UTF-16 with mark": ("invalid", lambda w: w.json.decode().encode("utf-16")),
    "json, UTF-16 big-endian": ("invalid", lambda w: b"\xfe\xff" + w.json.decode().encode("utf-16-be")),
    "json, UTF-16 without mark": ("invalid", lambda w: w.json.decode().encode("utf-16-le")),
    "jwt, UTF-16": ("invalid", lambda w: w.jwt.decode().encode("utf-16")),
    "json, UTF-32": ("invalid", lambda w: w.json.decode().encode("utf-32")),
    "svg, UTF-16": ("invalid", lambda w: w.svg.decode().encode("utf-16")),
    "svg, says Latin-1": ("unknown", lambda w: w.svg.replace(b"?>", b' encoding="iso-8859-1"?>', 1)),
    "json, mark within": ("unknown", lambda w: b"\n\xef\xbb\xbf" + w.json),
    "json, no UTF-8": ("invalid", lambda w: w.json.replace("林".encode(), b"\xff\xfe")),
    # JSON in two ways
    "json, key twice": ("invalid", lambda w: twice(w.json)),
    "json, key twice, escaped": ("invalid", lambda w: w.json.replace(b'"name":', b'"n\\u0061me": "Eve", "name":', 1)),
    "json, proof twice": ("invalid", lambda w: w.json.replace(b'"proof":', b'"proof": [], "proof":', 1)),
    "json, two proofs": ("invalid", lambda w: two_proofs(w)),
    "json, then json": ("invalid", lambda w: w.json + w.json),
    "json, then jwt": ("invalid", lambda w: w.json + b"\n" + w.jwt),
    "json, list of two": ("unknown", lambda w: b"[" + w.json + b"," + w.forged + b"]"),
    "json lines": ("invalid", lambda w: w.json.replace(b"\n", b"") + b"\n" + w.forged.replace(b"\n", b"")),
    "json, envelope": ("invalid", lambda w: b'{"verifiableCredential": [' + w.json + b"]}"),
    "json, comment": ("invalid", lambda w: b"{ // hello\n" + w.json[1:]),
    "json, NUL behind": ("invalid", lambda w: w.json + b"\0"),
    "json, vertical tab before": ("unknown", lambda w: b"\x0b" + w.json),
    "json, vertical tab behind": ("invalid", lambda w: w.json + b"\x0b"),
    "json, minus zero": ("invalid", lambda w: w.json.replace(b"{", b'{"a": -0,', 1)),
    "jwt, then jwt": ("invalid", lambda w: w.jwt + b"\n" + w.second.jwt.encode()),
    "jwt, then json": ("invalid", lambda w: w.jwt + b"\n" + w.json),
    "jwt, fourth part": ("invalid", lambda w: w.jwt + b".e30"),
    "jwt, payload with a key twice": ("invalid", lambda w: doubled_jwt(w)),
    "jwt, space within": ("invalid", lambda w: w.jwt.replace(b".", b". ", 1)),
    "data address": ("unknown", lambda w: b"data:application/json;base64," + base64.b64encode(w.json)),
    # PDF
    "pdf, update with a forged one": ("invalid", lambda w: updated(w.pdf, ("credential.json", w.forged))),
    "pdf, update with a second genuine one": ("invalid", lambda w: updated(w.pdf, ("other.json", w.second.json))),
    "pdf, empty update": ("unknown", lambda w: updated(w.pdf)),
    "pdf, pdf behind": ("invalid", lambda w: w.pdf + by_fpdf(("credential.json", w.forged))),
    "pdf, forged pdf before": ("invalid", lambda w: by_fpdf(("credential.json", w.forged)) + w.pdf),
    "pdf, json behind": ("invalid", lambda w: w.pdf + w.forged),
    "pdf, space before": ("invalid", lambda w: b"\n" + w.pdf),
    "pdf, saved again by pypdf": ("valid", lambda w: saved_again(w.pdf)),
    "pdf, two of a name": (
        "invalid",
        lambda w: in_pdf(("credential.json", w.json), ("credential.json", w.forged)),
    ),
    "pdf, fpdf, two of a name": (
        "invalid",
        lambda w: by_fpdf(("credential.json", w.json), ("credential.jsom", w.forged)).replace(b".jsom", b".json"),
    ),
    "pdf, forged beside": ("invalid", lambda w: by_fpdf(("credential.json", w.json), ("certificate.json", w.forged))),
    "pdf, forged first": ("invalid", lambda w: by_fpdf(("a.json", w.forged), ("credential.json", w.json))),
    "pdf, name in capitals": ("invalid", lambda w: by_fpdf(("credential.json", w.json), ("CREDENTIAL.JSON", w.forged))),
    "pdf, forms that differ": (
        "invalid",
        lambda w: by_fpdf(("credential.json", w.json), ("credential.jwt", w.second.jwt.encode())),
    ),
    "pdf, jwt alone": ("valid", lambda w: by_fpdf(("credential.jwt", w.jwt))),
    "pdf, jwt under the name of json": ("valid", lambda w: by_fpdf(("credential.json", w.jwt))),
    "pdf, packed attachment": ("unknown", lambda w: by_fpdf(("credential.json", w.json), compress=True)),
    "pdf, attachment is a pdf": ("invalid", lambda w: by_fpdf(("credential.json", w.pdf))),
    "pdf, nothing attached": ("unknown", lambda w: by_fpdf()),
    "pdf, letter attached": ("invalid", lambda w: by_fpdf(("letter.txt", b"hello"))),
    "pdf by hand": ("valid", lambda w: by_hand(ONE, SPEC, body(w.json))),
    "pdf, spec of two contents": (
        "invalid",
        lambda w: by_hand(ONE, SPEC.replace(b"/F 5 0 R", b"/F 5 0 R/UF 6 0 R"), body(w.json), body(w.forged)),
    ),
    "pdf, spec for another system": (
        "invalid",
        lambda w: by_hand(ONE, SPEC.replace(b"/F 5 0 R", b"/F 5 0 R/Unix 6 0 R"), body(w.json), body(w.forged)),
    ),
    "pdf, spec of two names": (
        "invalid",
        lambda w: by_hand(ONE, SPEC.replace(b"/EF", b"/UF(letter.txt)/EF"), body(w.json)),
    ),
    "pdf, listed under another name": (
        "invalid",
        lambda w: by_hand(ONE.replace(b"credential", b"letter"), SPEC, body(w.json)),
    ),
    "pdf, key of spec twice": (
        "invalid",
        lambda w: by_hand(ONE, SPEC.replace(b"/EF", b"/EF<</F 6 0 R>>/EF"), body(w.json), body(w.forged)),
    ),
    "pdf, key of spec twice, escaped": (
        "invalid",
        lambda w: by_hand(ONE, SPEC.replace(b"/EF", b"/#45F<</F 6 0 R>>/EF"), body(w.json), body(w.forged)),
    ),
    "pdf, unlisted attachment": (
        "invalid",
        lambda w: by_hand(
            ONE, SPEC, body(w.json), SPEC.replace(b"5 0", b"7 0").replace(b".json", b".jwt"), body(w.jwt)
        ),
    ),
    "pdf, unlisted bytes": ("invalid", lambda w: by_hand(ONE, SPEC, body(w.json), body(w.forged))),
    "pdf, attachment as an annotation": (
        "invalid",
        lambda w: by_hand(
            ONE,
            SPEC,
            body(w.json),
            b"<</Type/Annot/Subtype/FileAttachment/FS<</F(x)/EF<</F 7 0 R>>>>>>",
            body(w.forged),
        ),
    ),
    "pdf, associated file": (
        "invalid",
        lambda w: by_hand(
            ONE, SPEC, body(w.json), SPEC.replace(b"5 0 R", b"7 0 R"), body(w.forged), catalogue=b"/AF[6 0 R]"
        ),
    ),
    "pdf, name in octal": (
        "valid",
        lambda w: by_hand(ONE, SPEC.replace(b"credential.", b"credential\\056"), body(w.json)),
    ),
    "pdf, name in hexadecimal": (
        "valid",
        lambda w: by_hand(ONE, SPEC.replace(b"(credential.json)", b"<63726564656e7469616c2e6a736f6e>"), body(w.json)),
    ),
    "pdf, object twice": ("invalid", lambda w: object_twice(w)),
    "pdf, wrong table": ("unknown", lambda w: by_hand(ONE, SPEC, body(w.json)).replace(b"0000000", b"0000001", 3)),
    "pdf, comment between": (
        "unknown",
        lambda w: by_hand(ONE, SPEC, body(w.json)).replace(b"4 0 obj", b"% 4 0 obj\n4 0 obj"),
    ),
    "pdf, length too short": ("unknown", lambda w: re.sub(rb"/Length [0-9]+", b"/Length 99", w.pdf)),
    "pdf cut short": ("unknown", lambda w: w.pdf[:-30]),
    "pdf, tree with children": (
        "unknown",
        lambda w: by_hand(b"<</Kids[6 0 R]>>", SPEC, body(w.json), ONE),
    ),
    # PNG
    "png, two": ("invalid", lambda w: in_png(w.json.decode(), w.forged.decode())),
    "png, forged second": ("invalid", lambda w: png_and(w, b"iTXt", KEYWORD + b"\0\0\0\0\0" + w.forged)),
    "png, Open Badges 2 beside": ("invalid", lambda w: png_and(w, b"iTXt", b"openbadges\0\0\0\0\0" + w.forged)),
    "png, keyword in capitals": ("invalid", lambda w: png_and(w, b"iTXt", b"OpenBadgeCredential\0\0\0\0\0" + w.forged)),
    "png, plain text beside": ("invalid", lambda w: png_and(w, b"tEXt", KEYWORD + b"\0" + w.forged)),
    "png, packed text beside": ("invalid", lambda w: png_and(w, b"zTXt", KEYWORD + b"\0\0" + zlib.compress(w.forged))),
    "png, flag of 2": ("invalid", lambda w: png_with(b"iTXt", KEYWORD + b"\0\2\0\0\0" + w.json)),
    "png, packed": ("invalid", lambda w: png_with(b"iTXt", KEYWORD + b"\0\1\0\0\0" + zlib.compress(w.json))),
    "png, other text": ("valid", lambda w: png_and(w, b"tEXt", b"Author\0" + b"Ada")),
    "png, language named": ("valid", lambda w: png_with(b"iTXt", KEYWORD + b"\0\0\0en\0Badge\0" + w.json)),
    "png, wrong checksum": ("unknown", lambda w: w.png.replace(b"82.50", b"99.00")),
    "png, wrong checksum elsewhere": ("unknown", lambda w: w.png[:29] + b"\0" + w.png[30:]),
    "png, no end": ("unknown", lambda w: w.png[:-12]),
    "png, chunk behind its end": ("unknown", lambda w: w.png + w.png[-12:]),
    "png, png behind": ("unknown", lambda w: w.png + in_png(w.forged.decode())),
    "png, json behind": ("unknown", lambda w: w.png + w.forged),
    "png, not of our text": ("invalid", lambda w: in_png("hello")),
    # SVG
    "svg, two": ("invalid", lambda w: in_svg(w.forged.decode(), True, picture=w.svg)),
    "svg, element in capitals": (
        "invalid",
        lambda w: w.svg.replace(b"</svg>", b"<Credential>" + escaped(w.forged).encode() + b"</Credential></svg>"),
    ),
    "svg, other namespace": ("invalid", lambda w: badge(escaped(w.json), 'xmlns:openbadges="https://example.org"')),
    "svg, assertion beside": ("invalid", lambda w: w.svg.replace(b"</svg>", b'<assertion verify="x"/></svg>')),
    "svg, text and attribute": (
        "invalid",
        lambda w: w.svg.replace(b"<openbadges:credential", b'<openbadges:credential verify="eyJ"'),
    ),
    "svg, comment within": ("unknown", lambda w: badge(escaped(w.json).replace("{", "{<!-- {} -->", 1))),
    "svg, comment beside": ("unknown", lambda w: w.svg.replace(b"</svg>", b"<!-- a --></svg>")),
    "svg, CDATA": ("unknown", lambda w: badge(f"<![CDATA[{w.json.decode()}]]>")),
    "svg, instruction": ("unknown", lambda w: w.svg.replace(b"</svg>", b"<?a b?></svg>")),
    "svg, document type": ("unknown", lambda w: b"<!DOCTYPE svg>" + SVG),
    "svg, element within": ("invalid", lambda w: badge("<b/>" + escaped(w.json))),
    "svg, prefix of its own": (
        "valid",
        lambda w: badge(escaped(w.json)).replace(b"openbadges:", b"ob:").replace(b":openbadges", b":ob"),
    ),
    "svg, default namespace": (
        "valid",
        lambda w: badge(escaped(w.json)).replace(b"xmlns:openbadges", b"xmlns").replace(b"openbadges:", b""),
    ),
    "svg, prefix undeclared": ("unknown", lambda w: badge(escaped(w.json), "")),
    "svg, attribute twice": ("unknown", lambda w: badge("", 'verify="a" verify="b"')),
    "svg, numbered characters": (
        "valid",
        lambda w: badge(escaped(w.json).replace("{", "&#123;", 1).replace("}", "&#x7D;", 1)),
    ),
    "svg, unknown entity": ("unknown", lambda w: badge("&lbrace;" + escaped(w.json)[1:])),
    "svg, 300 deep": ("unknown", lambda w: SVG.replace(b"</svg>", b"<g>" * 300 + b"</g>" * 300 + b"</svg>")),
    "svg, svg behind": ("unknown", lambda w: w.svg + w.svg),
    "svg, json behind": ("unknown", lambda w: w.svg + w.forged),
    "svg cut short": ("unknown", lambda w: w.svg[:-9]),
    "html page": ("unknown", lambda w: w.files["index.html"]),
    "html with json": ("unknown", lambda w: b"<!doctype html><script>" + w.json + b"</script>"),
    "svg, certificate": ("valid", lambda w: w.files["certificate-en.svg"]),
    "svg, Chinese certificate": ("valid", lambda w: w.files["certificate-zh.svg"]),
    "svg, certificate with two": ("invalid", lambda w: in_svg(w.forged.decode(), True, w.files["certificate-en.svg"])),
    "svg, many namespaces": ("unknown", lambda w: many_spaces(b"")),
    "svg, a namespace for each element": ("unknown", lambda w: many_spaces(b' xmlns:b="y"')),
    # instants on which clocks and calendars differ
    **{f"begins {text}, {form}": (answer, begins(text, form)) for text, answer in INSTANTS.items() for form in FORMS},
    # two kinds at once
    "zip": ("unknown", lambda w: zipped("credential.json", w.json)),
    "json, zip behind": ("invalid", lambda w: w.json + zipped("credential.json", w.forged)),
    "pdf, zip behind": ("invalid", lambda w: w.pdf + zipped("credential.json", w.forged)),
    "png and zip": ("invalid", polyglot_png),
    "svg and pdf": ("invalid", lambda w: w.svg.replace(b"<svg ", b'<svg id="%PDF-1.7" ', 1)),
    "tar of a pdf's name": ("unknown", lambda w: tarred("%PDF-1.4\n%", w.json)),
    "gzip": ("unknown", lambda w: gzip.compress(w.json)),
    "letter": ("unknown", lambda w: b"Dear Sir or Madam, " + w.jwt),
    "nothing": ("unknown", lambda w: b""),
    "9 MiB": ("invalid", lambda w: w.json + b" " * (9 << 20)),
    "a stranger's": ("invalid", lambda w: w.strange),
}


def two_proofs(world: World) -> bytes:
    document = json.loads(world.json)
    return json.dumps({**document, "proof": document["proof"] * 2}).encode()


def doubled_jwt(world: World) -> bytes:
    head, payload, tail = world.jwt.split(b".")
    text = base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
    return b".".join([head, base64.urlsafe_b64encode(twice(text)).rstrip(b"="), tail])


def png_and(world: World, kind: bytes, data: bytes) -> bytes:
    chunk = len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
    return world.png[:-12] + chunk + world.png[-12:]


def object_twice(world: World) -> bytes:
    pdf = by_hand(ONE, SPEC, body(world.json))
    return pdf.replace(b"xref\n0", b"5 0 obj\n" + body(world.forged) + b"\nendobj\nxref\n0", 1)


@pytest.fixture(scope="module")
def corpus(world: World) -> dict[str, bytes]:
    return {
        name: make(world.issued if name.startswith("made: ") else world)  # type: ignore[arg-type]
        for name, (_, make) in CORPUS.items()
    }


@pytest.fixture(scope="module")
def site_says(world: World, corpus: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    return world.in_node(tmp_path_factory.mktemp("corpus"), corpus)


SAME = {"revoked": "invalid", "expired": "invalid"}


@pytest.mark.parametrize("name", CORPUS)
def test_command_and_site_say_the_same_of_every_file(
    world: World, corpus: dict[str, bytes], site_says: dict[str, dict], name: str
) -> None:
    verdict = world.issued.check(corpus[name])
    site = site_says[name]["verdict"]
    assert (verdict.answer, SAME.get(site, site)) == (CORPUS[name][0],) * 2, (verdict.line, site_says[name])
    assert verdict.line.isprintable()


def method_of(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["verificationMethod"][0]
    return found


DID_CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "none": ("valid", lambda d: None),
    "another's": ("unknown", lambda d: d.update(id="did:web:evil.example")),
    "no methods": ("invalid", lambda d: d.pop("verificationMethod")),
    "methods are none": ("invalid", lambda d: d.update(verificationMethod=[None, "x", 3])),
    "method twice": ("unknown", lambda d: d["verificationMethod"].append(d["verificationMethod"][0])),
    "method renamed": ("invalid", lambda d: method_of(d).update(id="did:web:evil.example#k")),
    "controlled by another": ("invalid", lambda d: method_of(d).update(controller="did:web:evil.example")),
    "not for assertions": ("invalid", lambda d: d.update(assertionMethod=[])),
    "assertions are a text": ("invalid", lambda d: d.update(assertionMethod=method_of(d)["id"] + " and more")),
    "revoked": ("invalid", lambda d: method_of(d).update(revoked="2026-01-01T00:00:00Z")),
    "expired": ("invalid", lambda d: method_of(d).update(expires="2026-01-01T00:00:00Z")),
    "another type": ("unknown", lambda d: method_of(d).update(type="JsonWebKey")),
    "a second key in the method": ("unknown", lambda d: method_of(d).update(publicKeyJwk={})),
    "no key": ("unknown", lambda d: method_of(d).pop("publicKeyMultibase")),
    "a broken key": ("unknown", lambda d: method_of(d).update(publicKeyMultibase="z6Mk1111")),
    "a key that is a number": ("unknown", lambda d: method_of(d).update(publicKeyMultibase=7)),
    "a stranger's key": ("invalid", lambda d: method_of(d).update(publicKeyMultibase=STRANGERS)),
}
STRANGERS = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


@pytest.mark.parametrize("change", DID_CHANGES)
def test_command_and_site_say_the_same_of_every_did_document(world: World, tmp_path: Path, change: str) -> None:
    answer, edit = DID_CHANGES[change]
    document = copy.deepcopy(dict(world.issued.issuer.did_document()))
    edit(document)
    (tmp_path / "did.json").write_text(json.dumps(document), encoding="utf-8")
    write_site(tmp_path / "site", [], world.issued.issuer.trusted(), {world.address: world.status})
    data = tmp_path / "site" / "data.js"
    script = data.read_text(encoding="utf-8")
    assert '"document": null' in script
    data.write_text(script.replace('"document": null', f'"document": {json.dumps(document)}'), encoding="utf-8")
    told = world.in_node(tmp_path, {"json": world.json, "jwt": world.jwt}, tmp_path / "site")
    for form, carrier in (("json", world.json), ("jwt", world.jwt)):
        verdict = world.issued.check(carrier, dids=tmp_path / "did.json")
        assert (verdict.answer, told[form]["verdict"]) == (answer, answer), (verdict.line, told)


def listing(world: World, edit: Callable[[dict[str, Any]], object], days: int = 0, foreign: Any = None) -> str:
    issuer = foreign or world.issued.issuer
    register = world.issued.register
    claims = status_list(world.issued.issuer.did, world.address, register.set_indexes(), NOW + timedelta(days=days))
    edit(claims)
    return signed(claims, issuer, "jwt")


LISTS: dict[str, tuple[str, Callable[[World, Path], str]]] = {
    "as published": ("valid", lambda w, p: w.status),
    "expired": ("unknown", lambda w, p: listing(w, lambda c: None, -15)),
    "of its last day": ("valid", lambda w, p: listing(w, lambda c: None, -14)),
    "from the future": ("unknown", lambda w, p: listing(w, lambda c: None, 1)),
    "for ever": ("unknown", lambda w, p: listing(w, lambda c: c.update(validUntil="2099-01-01T00:00:00Z"))),
    "ends before it begins": ("unknown", lambda w, p: listing(w, lambda c: c.update(validUntil=utc_text(NOW - timedelta(days=1))))),
    "another list": ("unknown", lambda w, p: listing(w, lambda c: c.update(id="https://x.example/2", credentialSubject={**c["credentialSubject"], "id": "https://x.example/2#list"}))),
    "subject of another list": ("unknown", lambda w, p: listing(w, lambda c: c["credentialSubject"].update(id="https://x.example/2#list"))),
    "of another issuer": ("unknown", lambda w, p: listing(w, lambda c: c.update(issuer="did:web:evil.example"))),
    "signed by a stranger": ("unknown", lambda w, p: listing(w, lambda c: None, foreign=stranger(p / "s"))),
    "for suspension": ("unknown", lambda w, p: listing(w, lambda c: c["credentialSubject"].update(statusPurpose="suspension"))),
    "no list": ("unknown", lambda w, p: listing(w, lambda c: c["credentialSubject"].update(encodedList="uAAAA"))),
    "too short": ("unknown", lambda w, p: listing(w, lambda c: c["credentialSubject"].update(encodedList=packed(b"\0" * 100)))),
    "a bomb": ("unknown", lambda w, p: listing(w, lambda c: c["credentialSubject"].update(encodedList=packed(b"\0" * (20 << 20))))),
    "with more": ("unknown", lambda w, p: listing(w, lambda c: c.update(name="x"))),
    "a credential": ("unknown", lambda w, p: w.jwt.decode()),
    "a text": ("unknown", lambda w, p: "hello"),
    "altered": ("unknown", lambda w, p: w.status[:-6] + "AAAAAA"),
}  # fmt: skip


def packed(bits: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()


@pytest.mark.parametrize("what", LISTS)
def test_command_and_site_say_the_same_of_every_status_list(world: World, tmp_path: Path, what: str) -> None:
    answer, make = LISTS[what]
    text = make(world, tmp_path)
    (tmp_path / "list.jwt").write_text(text)
    issuer = world.issued.issuer
    write_site(tmp_path / "site", [issuer.did_document()], issuer.trusted(), {world.address: text})
    told = world.in_node(tmp_path, {"json": world.json, "jwt": world.jwt}, tmp_path / "site")
    for form, carrier in (("json", world.json), ("jwt", world.jwt)):
        verdict = world.issued.check(carrier, status=tmp_path / "list.jwt")
        assert (verdict.answer, told[form]["verdict"]) == (answer, answer), (verdict.line, told)


def test_the_same_holds_for_files_that_chance_has_damaged(world: World, tmp_path: Path) -> None:
    """Bytes changed, cut out, doubled, swapped between carriers; never valid but with the claims that were signed."""
    chance = random.Random(13)
    good = [world.json, world.jwt, world.pdf, world.svg, world.png, by_hand(ONE, SPEC, body(world.json))]
    mutants = {}
    for number in range(120):
        data = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 3)):
            at, size = chance.randrange(len(data)), chance.choice((1, 1, 4, 40, 400))
            what = chance.randrange(5)
            if what == 0:
                data[at : at + size] = bytes(chance.choice(b'{}[]"<>()/\\ \n\0\xffaA0') for _ in range(size))
            elif what == 1:
                del data[at : at + size]
            elif what == 2:
                data[at:at] = data[at : at + size]
            elif what == 3:
                data += chance.choice((b"\n", b" ", b"\0", b"{}", b"%%EOF\n", world.json))
            else:
                other = chance.choice(good)
                start = chance.randrange(len(other))
                data[at : at + size] = other[start : start + size]
        mutants[str(number)] = bytes(data)
    told = world.in_node(tmp_path, mutants)
    for number, data in mutants.items():
        verdict, site = world.issued.check(data), told[number]
        assert verdict.answer == SAME.get(site["verdict"], site["verdict"]), (number, verdict.line, site)
        if verdict.answer == "valid":
            assert verdict.facts["name"] == site["name"] == "Ada Lovelace 林"
            assert verdict.facts["overall"] == "82.50"
