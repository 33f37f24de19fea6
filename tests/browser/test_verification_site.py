"""The verification page in Chromium, opened from plain files: right verdicts, in two languages, for everybody."""

import copy
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from issued import TITLE_ZH, Academy

from autograde.certify.credential.secure import add_proof, to_jwt
from autograde.certify.documents import documents, write_documents, write_site
from autograde.certify.issue.issuer_files import issuer_files
from autograde.certify.issue.sign import Credential
from autograde.certify.verify.check import check
from autograde.certify.verify.lookup import Lookup
from autograde.certify.verify.sources import Sources
from autograde.files import replace_files

pytestmark = pytest.mark.long(15)

NOW = datetime.now(UTC).replace(microsecond=0)
URL = "https://academy.example/ai"
CARRIERS = (
    "credential.json", "credential.jwt", "certificate.pdf", "certificate-en.svg", "certificate-zh.svg", "badge.png",
    "badge.svg",
)  # fmt: skip
NAME = "Ada <img src=x onerror=alert(1)> 欧阳"


class Site:
    """An academy, its credentials, each in all carriers, and the page in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.academy = Academy(root / "course", NOW - timedelta(days=100), exam=True)
        self.good = self.academy.credential(NAME)
        self.other = self.academy.credential("Grace Hopper")
        self.revoked = self.academy.credential("Rita Revoked")
        self.ahead = self.academy.credential("Early Bird", days=200)
        self.academy.register.revoke(self.revoked.id, "a mistake", NOW)
        self.files = {
            "good": documents(self.good, URL, TITLE_ZH),
            "revoked": documents(self.revoked, URL, TITLE_ZH, "zh"),
        }
        replace_files(issuer_files(self.academy.issuer, self.academy.register, root / "published", NOW))
        for name, credential in (("good", self.good), ("revoked", self.revoked)):
            write_documents(credential, root / name, URL, TITLE_ZH)
        self.write("site", self.academy.status_lists(NOW))

    def write(self, folder: str, lists: dict[str, str]) -> None:
        issuer = self.academy.issuer
        write_site(self.root / folder, [issuer.did_document()], issuer.trusted(), lists)

    def address(self, fragment: str = "", lang: str = "en", folder: str = "site") -> str:
        return (self.root / folder / "index.html").as_uri() + f"?lang={lang}" + fragment

    def verdict_of_course_verify(self, data: bytes) -> str:
        published = self.root / "published"
        sources = Sources(trust=published / "trusted.txt", dids=published / "did.json", status=published / "status")
        return check(data, Lookup(sources), datetime.now(UTC)).answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("verification"))


@pytest.fixture
def faults(page: Any) -> Iterator[list[str]]:
    """What the page complained of or asked for beyond its own files; at the end of the test there must be none."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: None if request.url.startswith("file:") else found.append(request.url))
    yield found
    assert found == []


@pytest.fixture
def opened(page: Any, faults: list[str], site: Site) -> Any:
    page.goto(site.address())
    return page


def verdict(page: Any) -> str:
    """The verdict that the page shows, as its name in the code."""
    page.wait_for_selector("#result:not(.working):not([hidden])")
    return str(page.get_attribute("#result", "class"))


def give(page: Any, data: bytes, name: str = "file") -> str:
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    return verdict(page)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_carrier_of_a_good_credential_is_valid(opened: Any, site: Site, carrier: str) -> None:
    opened.set_input_files("#file", site.root / "good" / carrier)
    assert verdict(opened) == "valid"
    assert opened.inner_text("#verdict") == "Valid"
    assert opened.inner_text("dd.name") == NAME
    assert opened.inner_text("dd.level") == "Distinction"
    assert opened.inner_text("dd.overall") == "93.75 %"
    assert opened.inner_text("dd.id") == site.good.id
    assert opened.inner_text("dd.fingerprint") == site.good.sha256
    assert carrier in opened.inner_text("#source")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_carrier_of_a_revoked_credential_is_revoked(opened: Any, site: Site, carrier: str) -> None:
    assert give(opened, site.files["revoked"][carrier]) == "revoked"
    assert opened.inner_text("#verdict") == "Revoked"


def with_right_checksums(image: bytes) -> bytes:
    """A PNG whose chunks carry the checksum of what is in them."""
    out, at = image[:8], 8
    while at < len(image):
        end = at + 8 + int.from_bytes(image[at : at + 4])
        out += image[at:end] + zlib.crc32(image[at + 4 : end]).to_bytes(4)
        at = end + 4
    return out


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_carrier_whose_name_was_changed_is_invalid_and_shows_no_claim(
    opened: Any, site: Site, carrier: str
) -> None:
    data = site.files["good"][carrier]
    if carrier == "credential.jwt":
        changed = f"{site.good.jwt.rpartition('.')[0]}.{site.other.jwt.rpartition('.')[2]}".encode()
    else:
        changed = data.replace("欧阳".encode(), "欧阴".encode())
    assert changed != data
    if carrier == "badge.png":
        assert give(opened, changed) == "unknown"
        assert "damaged" in opened.inner_text("#reasons")
        changed = with_right_checksums(changed)
    assert give(opened, changed) == "invalid"
    expected = "more than one credential" if carrier == "certificate.pdf" else "signature"  # its JWT was not changed
    assert expected in opened.inner_text("#reasons")
    assert not opened.is_visible("#facts")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"garbage", "no signed credential"),
        (b"", "no signed credential"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"%PDF-1.7 nothing", "saved again"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no signed credential"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "no SVG image"),
        (bytes(range(256)), "no signed credential"),
        (b"[" * 100_000, "no signed credential"),
        (b'{"a":' * 100_000, "larger"),
        (b'{"a":' * 1000, "deeper"),
        (b"{" + b" " * 9_000_000 + b"}", "larger"),
        (b'{"a": NaN}', "well-formed"),
        (b'{"a": 1.5}', "1.5"),
        (b'{"a": 1, "a": 2}', "twice"),
    ],
)
def test_garbage_gets_an_answer_and_never_a_valid_one(opened: Any, data: bytes, reason: str) -> None:
    assert give(opened, data) in ("invalid", "unknown")
    assert reason in opened.inner_text("#reasons")


def resigned(site: Site, change: Callable[[dict[str, Any]], object], *, jwt: bool = False) -> bytes:
    """A credential that the academy itself signs after `change`: only strictness can refuse it."""
    claims = {name: value for name, value in copy.deepcopy(site.good.document).items() if name != "proof"}
    change(claims)
    if jwt:
        return to_jwt(claims, site.academy.issuer).encode()
    return json.dumps(add_proof(claims, site.academy.issuer, NOW)).encode()


def edited(site: Site, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The good credential with a change after signing."""
    document = copy.deepcopy(site.good.document)
    change(document)
    return json.dumps(document).encode()


def rewritten(site: Site, old: str, new: str) -> bytes:
    text = site.good.json.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def unsigned_jwt(site: Site) -> bytes:
    return f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{site.good.jwt.split('.')[1]}.".encode()


def subject(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["credentialSubject"]
    return found


def tag_of(document: dict[str, Any]) -> list[str]:
    found: list[str] = subject(document)["achievement"]["tag"]
    return found


TAMPERINGS: dict[str, Callable[[Site], bytes]] = {
    "score": lambda s: edited(s, lambda d: subject(d)["result"][1].update(value="99.00")),
    "level": lambda s: edited(s, lambda d: subject(d)["result"][0].update(value="merit")),
    "expiry": lambda s: edited(s, lambda d: d.update(validUntil="2099-01-01T00:00:00Z")),
    "no expiry": lambda s: edited(s, lambda d: d.pop("validUntil")),
    "issuer's name": lambda s: edited(s, lambda d: d["issuer"].update(name="Harvard")),
    "another issuer": lambda s: edited(s, lambda d: d["issuer"].update(id="did:web:evil.example")),
    "evidence": lambda s: edited(s, lambda d: d["evidence"][0].update(narrative="SHA-256 " + 64 * "0")),
    "status index": lambda s: edited(s, lambda d: d["credentialStatus"].update(statusListIndex="5")),
    "no status": lambda s: edited(s, lambda d: d.pop("credentialStatus")),
    "added property": lambda s: edited(s, lambda d: d.update(rank="first")),
    "added null": lambda s: edited(s, lambda d: d.update(endorsement=None)),
    "added context": lambda s: edited(s, lambda d: d["@context"].append({"rank": "https://example.org/rank"})),
    "second proof": lambda s: edited(s, lambda d: d["proof"].append(d["proof"][0])),
    "no proof": lambda s: edited(s, lambda d: d.update(proof=[])),
    "proof as object": lambda s: edited(s, lambda d: d.update(proof=d["proof"][0])),
    "another purpose": lambda s: edited(s, lambda d: d["proof"][0].update(proofPurpose="authentication")),
    "another key": lambda s: edited(s, lambda d: d["proof"][0].update(verificationMethod="did:web:evil.example#k")),
    "another's proof": lambda s: edited(s, lambda d: d.update(proof=s.other.document["proof"])),
    "date of proof": lambda s: edited(s, lambda d: d["proof"][0].update(created="2020-01-01T00:00:00Z")),
    "no such day": lambda s: edited(s, lambda d: d.update(validUntil="2029-02-31T00:00:00Z")),
    "duplicate key": lambda s: rewritten(s, "{", '{"name": "x", '),
    "control character": lambda s: rewritten(s, "欧阳", "欧\\u0000"),
    "lone surrogate": lambda s: rewritten(s, "欧阳", "\\ud800"),
    "prototype": lambda s: rewritten(s, "{", '{"__proto__": {}, '),
    "cut short": lambda s: s.good.json[:-40],
    "two documents": lambda s: s.good.json + s.good.json,
    "byte order mark": lambda s: b"\xef\xbb\xbf" + s.good.json,
    "unsigned": unsigned_jwt,
    "jwt of another": lambda s: f"{s.good.jwt.rpartition('.')[0]}.{s.other.jwt.rpartition('.')[2]}".encode(),
    "jwt cut": lambda s: s.good.jwt[:-4].encode(),
    "jwt with padding": lambda s: (s.good.jwt + "==").encode(),
    "signed: undefined property": lambda s: resigned(s, lambda d: d.update(rank="first"), jwt=True),
    "signed: number as score": lambda s: resigned(s, lambda d: subject(d)["result"][1].update(value=99), jwt=True),
    "skills in another order": lambda s: edited(s, lambda d: subject(d)["achievement"]["tag"].reverse()),
    "a skill twice": lambda s: edited(s, lambda d: subject(d)["achievement"]["tag"].append(tag_of(d)[-1])),
    "no skills, an empty list": lambda s: edited(s, lambda d: tag_of(d).clear()),
    "signed: skills in another order": lambda s: resigned(s, lambda d: tag_of(d).reverse()),
    "signed: no skills": lambda s: resigned(s, lambda d: subject(d)["achievement"].pop("tag")),
    "signed: no criteria": lambda s: resigned(s, lambda d: subject(d)["achievement"].pop("criteria")),
    "signed: level of no policy": lambda s: resigned(s, lambda d: subject(d)["result"][0].update(value="expert")),
    "signed: ends before it begins": lambda s: resigned(s, lambda d: d.update(validUntil="2020-01-01T00:00:00Z")),
    "signed: expired": lambda s: resigned(
        s, lambda d: d.update(validFrom="2020-01-01T00:00:00Z", validUntil="2021-01-01T00:00:00Z")
    ),
    "signed: foreign status list": lambda s: resigned(
        s,
        lambda d: d["credentialStatus"].update(
            id="https://evil.example/1#5", statusListIndex="5", statusListCredential="https://evil.example/1"
        ),
    ),
    "signed: index beyond the list": lambda s: resigned(
        s,
        lambda d: d["credentialStatus"].update(
            id=f"{d['credentialStatus']['statusListCredential']}#99999999", statusListIndex="99999999"
        ),
    ),
    "not yet": lambda s: s.ahead.json,
    "not yet, jwt": lambda s: s.ahead.jwt.encode(),
    "revoked": lambda s: s.revoked.json,
    "untouched": lambda s: s.good.json,
    "untouched, jwt": lambda s: s.good.jwt.encode(),
    "untouched, spaced": lambda s: json.dumps(s.good.document, indent=7).encode(),
    "signed: in another zone": lambda s: resigned(
        s, lambda d: d.update(validFrom=(NOW - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S+01:00"))
    ),
}
GOOD = {"untouched", "untouched, jwt", "untouched, spaced", "signed: in another zone", "signed: no skills"}


@pytest.fixture(scope="module")
def verifier(chromium: Any, site: Site) -> Iterator[Any]:
    """One page for the whole table; what the page shows of a verdict is tested elsewhere."""
    page = chromium.new_page()
    page.goto(site.address())
    yield page
    page.close()


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_page_and_course_verify_agree(verifier: Any, site: Site, tampering: str) -> None:
    data = TAMPERINGS[tampering](site)
    code = "bytes => Verify.verify(Uint8Array.from(bytes), DATA, new Date())"
    found = verifier.evaluate(code, list(data))
    same = {"valid": "valid", "unknown": "unknown"}.get(found["verdict"], "invalid")
    assert same == site.verdict_of_course_verify(data), found["reasons"]
    assert (found["verdict"] == "valid") == (tampering in GOOD)
    unworded = "codes => codes.filter((code) => Object.values(WORDS).some(({reasons}) => !reasons[code]))"
    assert verifier.evaluate(unworded, [reason["code"] for reason in found["reasons"]]) == []


DROP = """([size, code]) => {
  const asked = [];
  const slice = (from, to) => ({arrayBuffer: async () => { asked.push(to); return eval(code)(to); }});
  const drop = new Event('drop', {cancelable: true});
  drop.dataTransfer = {files: [{name: 'dropped', size, slice, arrayBuffer: slice(0, size).arrayBuffer}]};
  document.dispatchEvent(drop);
  return new Promise((done) => setTimeout(() => done(asked), 300));
}"""


def test_of_a_huge_file_no_more_is_read_than_tells_its_size(opened: Any) -> None:
    asked = opened.evaluate(DROP, [10**12, "(size) => new ArrayBuffer(Math.min(size, 1e8))"])
    assert verdict(opened) == "invalid"
    assert "larger than any certificate" in opened.inner_text("#reasons")
    assert asked == [8 * 1024 * 1024 + 1]


def test_a_folder_or_a_file_that_is_gone_gets_an_answer(opened: Any, site: Site) -> None:
    opened.evaluate(DROP, [4096, "() => { throw new DOMException('gone', 'NotFoundError'); }"])
    assert verdict(opened) == "unknown"
    assert "cannot be read" in opened.inner_text("#reasons")
    assert give(opened, site.good.json) == "valid"


def test_whatever_fails_within_the_page_is_no_verdict_and_never_silence(opened: Any, site: Site) -> None:
    opened.evaluate("() => { Verify.verify = async () => { throw new RangeError('stack'); }; }")
    assert give(opened, site.good.json) == "unknown"
    assert "cannot be read" in opened.inner_text("#reasons")


def test_an_expired_credential_is_called_so(opened: Any, site: Site) -> None:
    assert give(opened, TAMPERINGS["signed: expired"](site)) == "expired"
    assert "1 January 2021" in opened.inner_text("#reasons")


def test_an_outdated_status_list_is_no_yes_and_no_no(page: Any, faults: list[str], site: Site) -> None:
    site.write("stale", site.academy.status_lists(NOW - timedelta(days=60)))
    page.goto(site.address(folder="stale"))
    assert give(page, site.files["good"]["certificate.pdf"]) == "unknown"
    assert "revocation list" in page.inner_text("#reasons")
    site.write("missing", {})
    page.goto(site.address(folder="missing"))
    assert give(page, site.files["revoked"]["badge.png"]) == "unknown"


def test_a_status_list_that_another_signed_is_not_believed(
    page: Any, faults: list[str], site: Site, tmp_path: Path
) -> None:
    stranger = Academy(tmp_path / "stranger", NOW)  # the same address, another key
    site.write("forged", stranger.status_lists(NOW))
    page.goto(site.address(folder="forged"))
    assert give(page, site.revoked.json) == "unknown"


def test_a_strangers_credential_is_invalid(opened: Any, tmp_path: Path) -> None:
    stranger: Credential = Academy(tmp_path / "stranger", NOW, on_web=False).credential("Eve")
    assert give(opened, stranger.json) == "invalid"
    assert "did:key:" in opened.inner_text("#reasons")


def test_two_credentials_in_one_badge_are_refused(opened: Any, site: Site) -> None:
    svg = site.files["good"]["badge.svg"]
    start = svg.index(b"<openbadges:credential")
    end = svg.index(b"</openbadges:credential>") + len(b"</openbadges:credential>")
    assert give(opened, svg[:end] + svg[start:end] + svg[end:]) == "invalid"
    png = site.files["good"]["badge.png"]
    at = png.index(b"iTXt") - 4
    length = int.from_bytes(png[at : at + 4], "big") + 12
    assert give(opened, png[:at] + png[at : at + length] + png[at:]) == "invalid"


def test_the_scanned_code_must_be_that_of_the_file(page: Any, faults: list[str], site: Site) -> None:
    page.goto(site.address(f"#id={site.good.id}&sha256={site.good.sha256}"))
    assert site.good.id in page.inner_text("#scanned")
    assert give(page, site.good.json) == "valid"
    assert give(page, site.good.jwt.encode()) == "valid"
    assert give(page, site.other.json) == "invalid"
    assert "not the certificate whose code you scanned" in page.inner_text("#reasons")


def test_the_page_speaks_chinese_and_changes_language_with_the_verdict_in_place(
    page: Any, faults: list[str], site: Site, keep: Callable[[str], None]
) -> None:
    page.goto(site.address(lang="zh"))
    assert page.get_attribute("html", "lang") == "zh-CN"
    keep("verification-zh")
    assert give(page, site.files["revoked"]["certificate.pdf"]) == "revoked"
    assert page.inner_text("#verdict") == "已撤销"
    assert page.inner_text("dd.level") == "优秀"
    assert "身份未经核验" in page.inner_text("#assurance")
    keep("verification-zh-revoked")
    page.click("[data-lang=en]")
    assert page.inner_text("#verdict") == "Revoked"
    assert page.get_attribute("html", "lang") == "en"
    assert not re.search(r"[\u4e00-\u9fff]", page.inner_text("main"))
    page.click("[data-lang=zh]")
    assert give(page, b"garbage") == "unknown"
    assert "没有签名凭证" in page.inner_text("#reasons")


def test_everything_works_with_the_keyboard_alone(opened: Any, site: Site) -> None:
    def focused() -> str:
        return str(opened.evaluate("document.activeElement.id || document.activeElement.dataset.lang"))

    choosers: list[Any] = []
    # well before the key is pressed, or Chromium opens a dialogue of its own
    opened.on("filechooser", lambda chooser: choosers.append(chooser))
    order = []
    for _ in range(4):
        opened.keyboard.press("Tab")
        order.append(focused())
        if order[-1] == "file":
            opened.keyboard.press("Enter")
            for _ in range(200):
                if choosers:
                    break
                opened.wait_for_timeout(50)
            assert len(choosers) == 1
    assert order == ["en", "zh", "file", "text"]
    opened.focus("#text")
    opened.keyboard.insert_text(site.good.jwt)
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    assert verdict(opened) == "valid"
    assert focused() == "verdict"
    opened.keyboard.press("Tab")
    assert focused() == "again"
    opened.keyboard.press("Enter")
    assert not opened.is_visible("#result")
    assert focused() == "file"


def test_every_control_has_a_name_and_the_verdict_is_announced(opened: Any, site: Site) -> None:
    assert opened.get_by_role("textbox", name="Or paste the text of a credential").count() == 1
    assert opened.get_by_label("Certificate file: PDF, PNG, SVG, JSON or JWT").count() == 1
    assert opened.get_by_role("button", name="中文").get_attribute("aria-pressed") == "false"
    give(opened, site.good.json)
    region = opened.get_by_role("region", name="Valid")
    assert region.get_attribute("aria-live") == "polite"
    assert opened.get_by_role("heading", name="Valid", exact=False).count() == 1


CONTRAST = """() => {
  const parse = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
      return [e.tagName + '#' + e.id + ' ' + e.textContent.trim().slice(0, 30), (a + 0.05) / (b + 0.05)];
    });
}"""


@pytest.mark.parametrize("what", ["good", "revoked", "expired", "garbage", "tampered"])
def test_every_text_stands_out_from_its_ground(
    page: Any, faults: list[str], site: Site, keep: Callable[[str], None], what: str
) -> None:
    data = {
        "good": site.good.json,
        "revoked": site.revoked.json,
        "expired": TAMPERINGS["signed: expired"](site),
        "garbage": b"garbage",
        "tampered": TAMPERINGS["score"](site),
    }[what]
    page.goto(site.address(f"#id={site.good.id}" if what == "good" else ""))
    give(page, data, f"{what}.json")
    keep(f"verification-{what}")
    measured = page.evaluate(CONTRAST)
    assert len(measured) > 10
    assert [(text, ratio) for text, ratio in measured if ratio < 4.5] == []


def test_on_a_telephone_nothing_is_wider_than_the_screen(opened: Any, site: Site, keep: Callable[[str], None]) -> None:
    opened.set_viewport_size({"width": 360, "height": 740})
    give(opened, site.files["good"]["certificate.pdf"], "certificate.pdf")
    keep("verification-telephone")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_learners_page_shows_the_certificate_in_one_language_and_copies(
    page: Any, faults: list[str], site: Site, keep: Callable[..., None], lang: str, colours: str
) -> None:
    page.emulate_media(color_scheme=colours)
    page.goto((site.root / "good" / "index.html").as_uri())
    assert page.is_visible("main.en") and not page.is_visible("main.zh")
    page.check(f"#{lang}", force=True)
    other = {"en": "zh", "zh": "en"}[lang]
    assert page.is_visible(f"main.{lang}") and not page.is_visible(f"main.{other}")
    assert NAME in page.inner_text(f"main.{lang} h1")
    loaded = "lang => document.querySelector(`main.${lang} .certificate img`).naturalWidth"
    page.wait_for_function(f"lang => ({loaded})(lang) > 0", arg=lang)
    if colours == "light":
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.click(f"main.{lang} [data-copy=address-{lang}]")
        page.wait_for_function(
            "lang => ['Copied', '已复制'].includes(document.querySelector(`[data-copy=address-${lang}]`).textContent)",
            arg=lang,
        )
        assert page.evaluate("navigator.clipboard.readText()").startswith(f"{URL}/site/index.html#id={site.good.id}")
    assert [(text, ratio) for text, ratio in page.evaluate(CONTRAST) if ratio < 4.5] == []
    page.evaluate("document.querySelector('main').scrollIntoView()")
    keep(f"learner-page-{lang}-{colours}")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_pdf_that_carries_two_different_credentials_is_refused(opened: Any, site: Site) -> None:
    mixed = replace(site.good, jwt=site.other.jwt)
    assert give(opened, documents(mixed, URL, TITLE_ZH)["certificate.pdf"]) == "invalid"
    assert "more than one" in opened.inner_text("#reasons")
