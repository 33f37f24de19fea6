"""The folder of the verification site; what it does in a browser is in tests/browser/."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from issued import Academy

from autograde.certify.credential import form
from autograde.certify.credential.shape import Text
from autograde.certify.documents import site_files, write_site
from autograde.certify.documents.verification_site import PAGES

WHEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
SITE = Path(form.__file__).parents[1] / "site"


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Academy:
    return Academy(tmp_path_factory.mktemp("academy"), WHEN)


@pytest.fixture(scope="module")
def lists(academy: Academy) -> dict[str, str]:
    return academy.status_lists()


@pytest.fixture(scope="module")
def files(academy: Academy, lists: dict[str, str]) -> dict[str, bytes]:
    return site_files([academy.issuer.did_document()], academy.issuer.trusted(), lists)


def data(files: dict[str, bytes]) -> dict:
    return json.loads(re.search(r"const DATA = (\{.*\});", files["data.js"].decode())[1])


def test_the_page_loads_every_file_beside_it_and_no_other(files: dict[str, bytes]) -> None:
    loaded = set(re.findall(r'(?:src|href)="([^"]+)"', files["index.html"].decode()))
    assert loaded == set(files) - {"index.html", "LICENSES.txt"}
    assert set(PAGES) == {path.name for path in SITE.iterdir() if path.is_file()}


def test_the_data_hold_issuers_keys_lists_and_the_very_shapes_of_course_verify(
    files: dict[str, bytes], academy: Academy, lists: dict[str, str]
) -> None:
    held = data(files)
    assert held["issuers"] == [{"did": academy.issuer.did, "document": academy.issuer.did_document()}]
    assert held["statusLists"] == lists
    assert list(held["contexts"]) == sorted(form.CONTEXTS)
    shape = held["shapes"]["credential"]
    assert set(shape["required"]) == set(form.CREDENTIAL.required)
    assert shape["required"]["@context"] == {"kind": "exactly", "value": form.CONTEXTS}
    assert set(shape["optional"]) == {"validUntil"}


def test_a_did_key_needs_no_document_and_an_issuer_without_one_is_listed_without(tmp_path: Path) -> None:
    did = Academy(tmp_path, WHEN, on_web=False).issuer.did
    held = data(site_files([], [did, "did:web:elsewhere.example"], {}))
    assert held["issuers"][0]["document"]["assertionMethod"] == [f"{did}#{did.removeprefix('did:key:')}"]
    assert held["issuers"][1] == {"did": "did:web:elsewhere.example", "document": None}


def test_nothing_in_the_data_can_end_the_script(academy: Academy) -> None:
    document = academy.issuer.did_document() | {"note": "</script><script>alert(1)\u2028"}
    script = site_files([document], academy.issuer.trusted(), {})["data.js"].decode()
    assert "</" not in script
    assert script.isascii()


def test_no_page_of_ours_names_an_address_to_load_from(files: dict[str, bytes]) -> None:
    for name in set(PAGES) - {"vendor.js", "LICENSES.txt"}:
        text = files[name].decode()
        assert "fetch(" not in text
        assert "innerHTML" not in text
        assert re.findall(r"https?://[^'\"\s]+", text) in ([], ["https://purl.imsglobal.org/ob/v3p0"]), name


def test_both_languages_have_the_same_words() -> None:
    text = (SITE / "words.js").read_text(encoding="utf-8")
    english, chinese = text.split("\n  zh: {")
    keys = re.compile(r"(?:^ +|\{|', )'?([a-z][A-Za-z-]*)'?: ['{]", re.MULTILINE)
    assert set(keys.findall(english)) - {"en"} == set(keys.findall(chinese))


def test_every_reason_that_the_page_can_give_has_words() -> None:
    code = "".join(
        (SITE / name).read_text(encoding="utf-8") for name in PAGES if name.endswith(".js") and name != "vendor.js"
    )
    codes = set(re.findall(r"(?:Problem|reason|fail)\('([a-z-]+)'", code)) | {"other-certificate"}
    words = (SITE / "words.js").read_text(encoding="utf-8")
    assert len(codes) > 25
    assert [each for each in sorted(codes) if not re.search(rf"\b{each}'?: ", words)] == []


def test_the_patterns_of_the_shapes_mean_the_same_in_a_browser() -> None:
    assert Text().pattern.startswith("(?s)")  # taken off for JavaScript, where the flag says so


def test_the_site_is_written_whole_or_not_at_all(academy: Academy, tmp_path: Path) -> None:
    (tmp_path / "site" / "words.js").mkdir(parents=True)
    with pytest.raises(OSError, match=r"words\.js"):
        write_site(tmp_path / "site", [], academy.issuer.trusted(), {})
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["words.js"]
    write_site(tmp_path / "good", [], academy.issuer.trusted(), {})
    assert {path.name for path in (tmp_path / "good").iterdir()} == {*PAGES, "data.js"}
