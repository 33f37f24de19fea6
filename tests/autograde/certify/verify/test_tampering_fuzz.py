"""Whatever is done to the bytes of a credential: a verdict comes, and "valid" only where it still says the same."""

import io
from collections.abc import Mapping

import png
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from issued_course import Issued, issued_course
from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, SVG_NS_OB3, bake_png, bake_svg

PIECES = [
    b'"',
    b"{",
    b"[",
    b"\\u0000",
    b"null,",
    b",",
    b"A",
    b"0",
    b"\xff",
    b'"x":1,',
    b"\0",
    b".",
    b"endobj",
    b"</svg>",
]
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=3)),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return issued_course(tmp_path_factory.mktemp("issued") / "course")


@pytest.fixture(scope="module")
def carriers(issued: Issued) -> Mapping[str, bytes]:
    text = issued.credential.json.decode()
    picture, pdf, writer = io.BytesIO(), io.BytesIO(), pypdf.PdfWriter()
    png.Writer(1, 1, greyscale=True).write(picture, [[0]])
    writer.add_blank_page(9, 9)
    writer.add_attachment("credential.json", text.encode())
    writer.write(pdf)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    return {
        "json": text.encode(),
        "jwt": issued.credential.jwt.encode(),
        "png": bake_png(picture.getvalue(), text, keyword=ITXT_KEYWORD_OB3),
        "svg": bake_svg(svg, text, element=SVG_ELEMENT_OB3, namespace=SVG_NS_OB3, as_text=True),
        "pdf": pdf.getvalue(),
    }


@pytest.mark.parametrize("kind", ["json", "jwt", "png", "svg", "pdf"])
@given(edits=EDITS)
def test_edited_bytes_are_never_valid_with_another_content(
    issued: Issued, carriers: Mapping[str, bytes], kind: str, edits: list[tuple[float, int, bytes]]
) -> None:
    data = carriers[kind]
    for place, cut, put in edits:
        at = int(place * len(data))
        data = data[:at] + put + data[at + cut :]
    verdict = issued.check(data)
    assert verdict.line.isprintable()
    if verdict.answer == "valid":
        assert verdict.facts["sha256"] == issued.credential.sha256
