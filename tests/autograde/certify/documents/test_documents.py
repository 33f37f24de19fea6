"""The files of a learner: what they say, what they carry, what they do with names."""

import io
import itertools
import json
import os
import re
import xml.etree.ElementTree as ElementTree
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from issued import COURSE_TOML, TITLE_ZH, Academy
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from autograde.certify.command import certify_course
from autograde.certify.documents import (
    Letterhead,
    MissingGlyphs,
    documents,
    extra_fonts,
    read_letterhead,
    write_documents,
)
from autograde.certify.documents.certificate import draw_certificate
from autograde.certify.documents.drawing.badge import _width
from autograde.certify.documents.drawing.canvas import POINT, PdfCanvas, SvgCanvas
from autograde.certify.documents.drawing.emblem import Label, emblem
from autograde.certify.documents.drawing.fonts import Face, clean, needs_shaping, runs, sans, serif
from autograde.certify.documents.drawing.typesetting import Typesetter
from autograde.certify.documents.facts import facts_of
from autograde.certify.documents.learner_page import cv_text
from autograde.certify.documents.linkedin import linkedin_link
from autograde.certify.documents.words import Lang, day
from autograde.certify.issue.sign import Credential
from autograde.certify.verify.carriers import credentials_in
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder
from autograde.settings.issuer import parse_issuer
from autograde.settings.toml_tables import SettingsError, read_tables

WHEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
URL = "https://academy.example/ai"
FILES = {
    "credential.json", "credential.jwt", "certificate.pdf", "certificate-en.svg", "certificate-zh.svg", "badge.svg",
    "badge.png", "index.html",
}  # fmt: skip
LONG_LATIN = "Wolfeschlegelsteinhausenbergerdorff-Łukaszewicz de la Santísima Trinidad Ruiz y Picasso, María Nguyễn"
LONG_CHINESE = "阿卜杜热合曼·麦麦提吐尔逊·阿卜杜克里木·艾合买提江·吾斯曼"
LONG_TITLE = "Foundations of Applied Machine Learning, Large Language Models and Responsible Engineering Practice"
LONG_TITLE_ZH = "应用机器学习、大语言模型与负责任的工程实践基础能力认证（面向企业技术人员与高等院校学生）"
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
    with closing(PdfCanvas(FPDF("landscape", "mm", "A4"))) as canvas:
        canvas.pdf.add_page()
        yield Typesetter(canvas, serif(), sans())


def said(pdf: bytes, page: int) -> str:
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text()
    return " ".join(text.replace("\0", "").split())  # pypdf gives two-byte codes a zero byte each


@pytest.mark.parametrize(
    "name", ["credential.json", "certificate.pdf", "certificate-en.svg", "certificate-zh.svg", "badge.svg", "badge.png"]
)
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
    skill = "Building blocks of neural networks"
    for text in ("Certificate", "AI Practitioner", "Distinction", "5 March 2026", "5 March 2029", "Unproctored", skill):
        assert text in english
    for text in (
        "证",
        TITLE_ZH,
        "优秀",
        "2026 年 3 月 5 日",
        "2029 年 3 月 5 日",
        "无监考",
        "身份未经核验",
        "神经网络的基本构件",
    ):
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
    assert "Scan" not in said(nowhere, 0)
    assert len(re.findall(rb" re[\s\n]", pypdf.PdfReader(io.BytesIO(nowhere)).pages[0].get_contents().get_data())) < 30


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


@pytest.mark.parametrize("title", ["AI Practitioner", LONG_TITLE, "A" * 60])
@pytest.mark.parametrize("title_zh", [TITLE_ZH, LONG_TITLE_ZH])
def test_the_titles_on_a_badge_can_be_read_and_stay_above_its_ribbon(title: str, title_zh: str) -> None:
    labels = [shape for shape in emblem(title, title_zh, "merit", 1) if isinstance(shape, Label)][:-1]
    assert "".join("".join(label.text for label in labels).split()) == "".join((title + title_zh).split())
    bottom = 540.0  # of the network
    for label in labels:
        wide = sum(_width(piece, face) for face, piece in runs(label.text, sans()))
        size = min(label.size, label.width / wide)
        assert size >= 18
        assert label.baseline - 0.8 * size >= bottom - 1
        bottom = label.baseline
    assert bottom < 768


def test_the_badge_loads_and_runs_nothing(files: dict[str, bytes]) -> None:
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(files["badge.svg"]).iter()}
    assert names == {"svg", "polygon", "line", "circle", "path", "credential"}


def test_a_level_of_another_name_is_shown_as_the_policy_names_it(academy: Academy, credential: Credential) -> None:
    text = json.dumps(credential.document).replace('"distinction"', '"Stufe C"')
    facts = facts_of(json.loads(text), TITLE_ZH)
    assert facts.level == "Stufe C"
    assert len(list(emblem("T", "题", facts.level, facts.rank))) > 50


def test_the_learners_page_escapes_the_name_and_runs_one_script(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode()
    assert "Ada &lt;b&gt;Lovelace&lt;/b&gt; 欧阳" in page
    assert "<b>" not in page
    assert set(re.findall(r'href="([a-z.-]+)"', page)) == FILES - {"index.html"}
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in page


def test_each_language_of_the_learners_page_is_whole(credential: Credential) -> None:
    page = documents(credential, URL, TITLE_ZH)["index.html"].decode()
    english, chinese = (re.search(f'<main class="{lang}".*?</main>', page, re.DOTALL)[0] for lang in ("en", "zh"))
    assert re.findall(r"[\u4e00-\u9fff]+", english) == ["欧阳"] * english.count("欧阳")
    words = re.sub(r"<[^>]*>|https?:[^\s<]+|urn:[^\s<]+", " ", chinese)
    allowed = {"Ada", "b", "Lovelace", "PDF", "Example", "Academy", "Data", "Integrity", "JWT", "lt", "gt"}
    assert set(re.findall(r"[A-Za-z]+", words)) <= allowed
    for part in (english, chinese):
        assert f"{URL}/site/index.html#id={credential.id}" in part


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_cv_may_say_is_what_is_signed(credential: Credential, lang: Lang) -> None:
    text = cv_text(facts_of(credential.document, TITLE_ZH), lang, "https://academy.example/x")
    for said_ in ("93.75 %", "Example Academy", credential.id, "https://academy.example/x", "2026", "2029"):
        assert said_ in text
    assert ("Gradient descent" if lang == "en" else "梯度下降") in text
    assert not re.search("[A-Za-z]", text.splitlines()[0]) or lang == "en"


def test_the_chinese_certificate_speaks_of_no_exam_that_there_is_not(tmp_path: Path) -> None:
    plain = Academy(tmp_path, WHEN).credential()
    assert "考试" not in said(documents(plain, URL, TITLE_ZH)["certificate.pdf"], 1)


def test_without_skills_the_certificate_has_none_and_stays_whole(credential: Credential) -> None:
    document = json.loads(credential.json)
    del document["credentialSubject"]["achievement"]["tag"]
    older = replace(credential, document=document)
    page = said(documents(older, URL, TITLE_ZH)["certificate.pdf"], 0)
    assert "Skills" not in page
    assert "AI Practitioner" in page


@pytest.mark.parametrize("exam", [True, False])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_two_dates_never_touch(tmp_path: Path, lang: Lang, exam: bool) -> None:
    late = Academy(tmp_path, datetime(2026, 9, 30, 10, tzinfo=UTC), exam=exam).credential()
    drawn = Drawn()
    draw_certificate(drawn, facts_of(late.document, TITLE_ZH), lang, "", Letterhead())
    (_, end), (next_start, _) = (drawn.at(day(when, lang)) for when in (datetime(2026, 9, 30), datetime(2029, 9, 30)))
    assert next_start - end >= 6


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("many", [True, False])
def test_nothing_leaves_the_page_or_lies_on_something_else(credential: Credential, lang: Lang, many: bool) -> None:
    facts = facts_of(credential.document, LONG_TITLE_ZH)
    if many:
        facts = replace(
            facts,
            name=LONG_LATIN,
            title={"en": LONG_TITLE, "zh": LONG_TITLE_ZH},
            issuer=LONG_TITLE,
            official="X" * 80,
            skills={
                "en": ["Building and judging of neural networks no. " + str(n) for n in range(24)],
                "zh": ["神" * 16] * 24,
            },
        )
    drawn = Drawn()
    letterhead = Letterhead(png(640, 320), {facts.official or "": {"en": "Y" * 80, "zh": "院" * 40}})
    draw_certificate(drawn, facts, lang, f"{URL}/site/index.html#id={facts.id}&sha256={facts.sha256}", letterhead)
    boxes = drawn.boxes()
    assert len(boxes) > 20
    for text, left, top, right, bottom in boxes:
        assert 0 < left < right <= 290, text
        assert 0 < top < bottom <= 205, text
    for first, second in itertools.combinations(boxes, 2):
        apart = first[3] <= second[1] or second[3] <= first[1] or first[4] <= second[2] or second[4] <= first[2]
        assert apart, (first, second)


def test_logo_and_signatory_stand_on_every_page_and_the_name_is_signed(tmp_path: Path) -> None:
    signatory = 'signatory = { name = "Grace Hopper", role = { en = "Director of Studies", zh = "教务主任" } }'
    academy = Academy(tmp_path, WHEN, more=f'logo = "logo.png"\n{signatory}\n')
    (tmp_path / "logo.png").write_bytes(png(300, 100))
    letterhead = read_letterhead(CourseFolder.read(tmp_path))
    credential = academy.credential()
    assert credential.document["issuer"]["official"] == "Grace Hopper"
    files = documents(credential, URL, TITLE_ZH, letterhead=letterhead)
    assert files == documents(credential, URL, TITLE_ZH, letterhead=letterhead)
    for number, role in enumerate(("Director of Studies", "教务主任")):
        assert f"Grace Hopper {role}" in said(files["certificate.pdf"], number)
        assert len(pypdf.PdfReader(io.BytesIO(files["certificate.pdf"])).pages[number].images) == 1
    assert b"<image" in files["certificate-en.svg"]
    assert credentials_in(files["certificate-zh.svg"])[0].strip() == credential.json.strip()
    another = replace(letterhead, roles={"Ada Lovelace": {"en": "Director", "zh": "主任"}})
    page = said(documents(credential, URL, TITLE_ZH, letterhead=another)["certificate.pdf"], 0)
    assert "Grace Hopper for the issuer" in page
    assert "Director" not in page


def test_a_logo_brings_nothing_but_its_picture(tmp_path: Path) -> None:
    """A PNG may hold texts, another credential among them."""
    text = PngInfo()
    text.add_itxt("openbadgecredential", "eyJ.another.credential")
    Image.new("RGB", (100, 100)).save(tmp_path / "logo.png", pnginfo=text)
    (tmp_path / "course.toml").write_text('id = "x"\n[issuer]\nname = "A"\nlogo = "logo.png"\n', encoding="utf-8")
    logo = read_letterhead(CourseFolder.read(tmp_path)).logo
    assert b"another" in (tmp_path / "logo.png").read_bytes()
    assert b"another" not in logo


def write_noise(path: Path) -> None:
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(path)


LOGOS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "cannot be read"),
    "a folder": (lambda path: path.mkdir(), "cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "is not a readable PNG"),
    "text": (lambda path: path.write_text("<svg/>"), "is not a readable PNG"),
    "a JPEG": (lambda path: Image.new("RGB", (100, 100)).save(path, "JPEG"), "is not a readable PNG"),
    "cut short": (lambda path: path.write_bytes(png(300, 300)[:-40]), "is not a readable PNG"),
    "tiny": (lambda path: path.write_bytes(png(10, 10)), "has 10 × 10 pixels"),
    "huge": (lambda path: path.write_bytes(png(5000, 5000)), "has 5000 × 5000 pixels"),
    "a bomb": (lambda path: path.write_bytes(png_head(60000, 60000)), "PNG|pixels"),
    "a ribbon": (lambda path: path.write_bytes(png(3000, 100)), "has 3000 × 100 pixels"),
    "heavy": (write_noise, "larger than 1024 KiB"),
}


@pytest.mark.parametrize("what", LOGOS)
def test_a_bad_logo_is_one_line_and_nothing_is_decided(tmp_path: Path, what: str) -> None:
    make, words = LOGOS[what]
    make(tmp_path / "logo.png")
    (tmp_path / "course.toml").write_text(
        COURSE_TOML.read_text(encoding="utf-8") + '\n[issuer]\nname = "A"\nlogo = "logo.png"\n', encoding="utf-8"
    )
    with pytest.raises(CourseError, match=rf"^course\.toml:\d+: \[issuer\] logo: .*({words})") as caught:
        certify_course(CourseFolder.read(tmp_path), tmp_path / "certificates", WHEN.date(), now=WHEN)
    assert len(str(caught.value).splitlines()) == 1
    assert not (tmp_path / "certificates").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("logo = 3", "[issuer] logo has the wrong type"),
        ('signatory = "Grace"', "has the wrong type; write a table, signatory = {"),
        ("signatory = {}", "lacks name"),
        ('signatory = { name = "" }', "not empty"),
        ('signatory = { name = "G", title = "x" }', 'unknown key "title"'),
        ('signatory = { name = "G", role = "Director" }', "write a table, role = {"),
        ('signatory = { name = "G", role = { en = "Director" } }', "lacks zh"),
        (f'signatory = {{ name = "{"G" * 81}" }}', "at most 80 have room"),
        ('signatory = { name = "G\\nH" }', "one line"),
        ('signatory = { name = "G\\u202eH" }', "one line"),
    ],
)
def test_a_bad_signatory_or_logo_names_its_line(line: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_issuer(read_tables(f'id = "x"\n[issuer]\nname = "A"\n{line}\n'))
    assert words in caught.value.message
    assert caught.value.line == 4
    assert len(str(caught.value).splitlines()) == 1


def png(wide: int, high: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), "#1f7a8c").save(out, "PNG")
    return out.getvalue()


def png_head(wide: int, high: int) -> bytes:
    """A picture of which only the first chunk says how large it is."""
    small = png(100, 100)
    head = small[12:16] + wide.to_bytes(4) + high.to_bytes(4) + small[24:29]
    return small[:12] + head + zlib.crc32(head).to_bytes(4) + small[33:]


class Drawn(SvgCanvas):
    """A page that remembers where each text came to stand."""

    def __init__(self) -> None:
        super().__init__(297, 210, "")
        self.texts: list[tuple[str, float, float, float, float]] = []

    def text(self, text: str, x: float, y: float, size: float, colour: str, face: Face) -> None:
        self.texts.append((text, x, y, size, self.width(text, size, face)))

    def at(self, text: str) -> tuple[float, float]:
        """Where the text begins and ends."""
        ((x, wide),) = [(x, wide) for found, x, _, _, wide in self.texts if found == text]
        return x, x + wide

    def boxes(self) -> list[tuple[str, float, float, float, float]]:
        """Text, left, top, right, bottom of its small letters and descenders."""
        return [
            (text, x, y - 0.55 * size * POINT, x + wide - 0.01, y + 0.2 * size * POINT)
            for text, x, y, size, wide in self.texts
        ]


def test_the_linkedin_link_fills_in_the_form(credential: Credential) -> None:
    link = linkedin_link(facts_of(credential.document, TITLE_ZH), "https://academy.example/x#id=1&sha256=2")
    fields = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert fields == {
        "startTask": "CERTIFICATION_NAME", "name": "AI Practitioner: Distinction", "organizationName": "Example Academy",
        "issueYear": "2026", "issueMonth": "3", "expirationYear": "2029", "expirationMonth": "3",
        "certUrl": "https://academy.example/x#id=1&sha256=2", "certId": credential.id,
    }  # fmt: skip
    assert "certUrl" not in linkedin_link(facts_of(credential.document, TITLE_ZH), "")
