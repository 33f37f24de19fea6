"""The five files of a learner: what they say, what they carry, what they do with names."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from issued import TITLE_ZH, Academy
from PIL import Image

from autograde.certify.carriers import credentials_in
from autograde.certify.documents import MissingGlyphs, documents, extra_fonts, write_documents
from autograde.certify.documents.emblem import emblem
from autograde.certify.documents.facts import facts_of
from autograde.certify.documents.fonts import clean, needs_shaping, runs, sans, serif
from autograde.certify.documents.linkedin import linkedin_link
from autograde.certify.documents.typesetting import Typesetter
from autograde.certify.issue import Credential

WHEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
URL = "https://academy.example/ai"
FILES = {"credential.json", "credential.jwt", "certificate.pdf", "badge.svg", "badge.png", "index.html"}
LONG_LATIN = "Wolfeschlegelsteinhausenbergerdorff-Łukaszewicz de la Santísima Trinidad Ruiz y Picasso, María Nguyễn"
LONG_CHINESE = "阿卜杜热合曼·麦麦提吐尔逊·阿卜杜克里木·艾合买提江·吾斯曼"
NAMES = ["Ada Lovelace", "欧阳娜娜", "𬭊㛃镕喆堃𨱏龘", LONG_LATIN, LONG_CHINESE, "Łódź Ωμέγα Мир", "محمد بن سلمان"]


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Academy:
    return Academy(tmp_path_factory.mktemp("academy"), WHEN, exam=True)


@pytest.fixture(scope="module")
def credential(academy: Academy) -> Credential:
    return academy.credential("Ada <b>Lovelace</b> 欧阳")


@pytest.fixture(scope="module")
def files(credential: Credential) -> dict[str, bytes]:
    return documents(credential, URL, TITLE_ZH)


@pytest.fixture
def setter() -> Iterator[Typesetter]:
    with typesetter() as made:
        yield made


@contextmanager
def typesetter() -> Iterator[Typesetter]:
    with closing(Typesetter(FPDF("landscape", "mm", "A4"), serif(), sans())) as made:
        made.pdf.add_page()
        yield made


def said(pdf: bytes, page: int) -> str:
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text()
    return " ".join(text.replace("\0", "").split())  # pypdf gives two-byte codes a zero byte each


@pytest.mark.parametrize("name", ["credential.json", "certificate.pdf", "badge.svg", "badge.png"])
def test_every_carrier_gives_back_the_signed_bytes(files: dict[str, bytes], credential: Credential, name: str) -> None:
    assert set(files) == FILES
    assert credentials_in(files[name])[0].strip() == credential.json.strip()


def test_the_jwt_lies_beside_and_in_the_pdf(files: dict[str, bytes], credential: Credential) -> None:
    assert files["credential.jwt"] == credential.jwt.encode()
    assert pypdf.PdfReader(io.BytesIO(files["certificate.pdf"])).attachments["credential.jwt"] == [
        files["credential.jwt"]
    ]


def test_the_same_credential_gives_the_same_bytes(files: dict[str, bytes], credential: Credential) -> None:
    assert documents(credential, URL, TITLE_ZH) == files


def test_the_certificate_says_what_is_signed_in_both_languages(files: dict[str, bytes], credential: Credential) -> None:
    english, chinese = said(files["certificate.pdf"], 0), said(files["certificate.pdf"], 1)
    for page in (english, chinese):
        for text in (
            "Ada <b>Lovelace</b> 欧阳",
            "93.75 %",
            "91.25 %",
            "Example Academy",
            credential.id,
            credential.sha256,
        ):
            assert text in page
        assert "ai-practitioner-foundations 1.1.0" in page
    for text in ("Certificate", "AI Practitioner", "Distinction", "5 March 2026", "5 March 2029", "Unproctored"):
        assert text in english
    for text in ("证", TITLE_ZH, "优秀", "2026 年 3 月 5 日", "2029 年 3 月 5 日", "无监考", "身份未经核验"):
        assert text in chinese


def test_the_chinese_edition_opens_in_chinese(credential: Credential) -> None:
    pdf = documents(credential, URL, TITLE_ZH, "zh")["certificate.pdf"]
    assert "兹证明" in said(pdf, 0)
    assert "This certifies that" in said(pdf, 1)


def test_without_an_exam_it_is_a_certificate_of_completion_and_shows_no_exam_score(tmp_path: Path) -> None:
    plain = Academy(tmp_path, WHEN, on_web=False).credential(level="pass", overall="71.00")
    page = said(documents(plain, "", TITLE_ZH)["certificate.pdf"], 0)
    assert "Certificate of Completion" in page
    assert "71.00 %" in page
    assert "Exam score" not in page


def test_the_code_leads_to_the_page_with_number_and_hash_and_without_an_address_says_so(
    files: dict[str, bytes], credential: Credential
) -> None:
    page = pypdf.PdfReader(io.BytesIO(files["certificate.pdf"])).pages[0]
    links = [note["/A"]["/URI"] for note in (each.get_object() for each in page["/Annots"])]
    assert links == [f"{URL}/site/index.html#id={credential.id}&sha256={credential.sha256}"]
    nowhere = documents(credential, "", TITLE_ZH)["certificate.pdf"]
    assert "/Annots" not in pypdf.PdfReader(io.BytesIO(nowhere)).pages[0]
    assert "course verify" in said(nowhere, 0)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_length_and_script_fit_their_box(setter: Typesetter, name: str) -> None:
    size, lines, faces = setter.fit(clean(name), 183, 26, 32)
    assert size >= 11
    assert "".join("".join(lines).split()) == "".join(name.split())
    assert max(setter.width(line, size, faces) for line in lines) <= 183.01


@given(st.text(st.sampled_from("AbÇğłŽ -·'阿卜杜热合曼欧阳é"), min_size=1, max_size=200))
@settings(max_examples=15, deadline=None)
def test_no_name_is_ever_wider_than_its_box(name: str) -> None:
    text = clean(name)
    with typesetter() as setter:
        size, lines, faces = setter.fit(text, 183, 26, 32)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(setter.width(line, size, faces) <= 183.01 for line in lines)


def test_a_long_chinese_name_breaks_after_a_middle_dot(setter: Typesetter) -> None:
    _, lines, _ = setter.fit(LONG_CHINESE, 183, 26, 32)
    assert len(lines) > 1
    assert all(line.endswith("·") for line in lines[:-1])


def test_one_font_draws_a_whole_name_where_one_can() -> None:
    assert [face.name for face, _ in runs("Łódź", serif())] == ["stix"]
    assert [face.name for face, _ in runs("欧阳", serif())] == ["serif"]
    mixed = runs("欧阳 Łódź", serif())
    assert "".join(text for _, text in mixed) == "欧阳 Łódź"
    assert [face.name for face, _ in mixed] == ["serif", "stix"]


def test_a_character_without_a_glyph_is_an_error_that_names_it_and_writes_nothing(
    academy: Academy, tmp_path: Path
) -> None:
    stranger = academy.credential("Ada 가나")
    with pytest.raises(MissingGlyphs, match=r"가 \(U\+AC00\), 나 \(U\+B098\).*folder fonts"):
        write_documents(stranger, tmp_path / "ada", URL, TITLE_ZH)
    assert not (tmp_path / "ada").exists()


def test_a_font_of_the_issuers_draws_what_the_shipped_ones_do_not(tmp_path: Path) -> None:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for place, point in enumerate([(0, 0), (0, 700), (500, 700), (500, 0)]):
        (pen.lineTo if place else pen.moveTo)(point)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "ga"])
    builder.setupCharacterMap({ord("가"): "ga"})
    builder.setupGlyf({".notdef": box, "ga": box})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "ga": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    (tmp_path / "fonts").mkdir()
    builder.save(tmp_path / "fonts" / "own.ttf")
    (tmp_path / "fonts" / "README.txt").write_text("no font")
    fonts = extra_fonts(tmp_path / "fonts")
    assert [path.name for path in fonts] == ["own.ttf"]
    korean = Academy(tmp_path / "academy", WHEN).credential("가")
    assert "가" in said(documents(korean, URL, TITLE_ZH, fonts=fonts)["certificate.pdf"], 0)
    assert extra_fonts(tmp_path / "none") == ()


def test_direction_and_control_characters_never_reach_a_page() -> None:
    assert clean("Ada\u202eevil\x00\n Love\u200blace  ") == "Adaevil Lovelace"
    assert clean("e\u0301") == "é"
    assert needs_shaping("محمد")
    assert not needs_shaping("é Łódź 欧阳")


@pytest.mark.parametrize(("level", "word", "rank"), [("pass", "Pass · 合格", 0), ("merit", "Merit · 良好", 1)])
def test_each_level_has_a_badge_of_its_own(academy: Academy, level: str, word: str, rank: int) -> None:
    files = documents(academy.credential(level=level), URL, TITLE_ZH)
    root = ElementTree.fromstring(files["badge.svg"])
    assert root.get("aria-label") == f"AI Practitioner: {word}"
    image = Image.open(io.BytesIO(files["badge.png"]))
    assert image.size == (800, 800)
    assert image.getpixel((0, 0))[3] == 0
    palette = {colour for shape in emblem("", "", level, rank, words=False) for colour in [getattr(shape, "fill", "")]}
    assert palette != {
        colour for shape in emblem("", "", "x", rank + 1, words=False) for colour in [getattr(shape, "fill", "")]
    }


def test_the_badge_loads_and_runs_nothing(files: dict[str, bytes]) -> None:
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(files["badge.svg"]).iter()}
    assert names == {"svg", "polygon", "line", "circle", "path", "credential"}


def test_a_level_of_another_name_is_shown_as_the_policy_names_it(academy: Academy, credential: Credential) -> None:
    text = json.dumps(credential.document).replace('"distinction"', '"Stufe C"')
    facts = facts_of(json.loads(text), TITLE_ZH)
    assert facts.level == "Stufe C"
    assert len(list(emblem("T", "题", facts.level, facts.rank))) > 50


def test_the_learners_page_escapes_the_name_and_runs_no_script(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode()
    assert "Ada &lt;b&gt;Lovelace&lt;/b&gt; 欧阳" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert re.findall(r'href="([a-z.]+)"', page)[:5] == [
        "certificate.pdf", "badge.png", "badge.svg", "credential.json", "credential.jwt"
    ]  # fmt: skip


def test_the_linkedin_link_fills_in_the_form(credential: Credential) -> None:
    link = linkedin_link(facts_of(credential.document, TITLE_ZH), "https://academy.example/x#id=1&sha256=2")
    fields = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert fields == {
        "startTask": "CERTIFICATION_NAME", "name": "AI Practitioner: Distinction", "organizationName": "Example Academy",
        "issueYear": "2026", "issueMonth": "3", "expirationYear": "2029", "expirationMonth": "3",
        "certUrl": "https://academy.example/x#id=1&sha256=2", "certId": credential.id,
    }  # fmt: skip
    assert "certUrl" not in linkedin_link(facts_of(credential.document, TITLE_ZH), "")
