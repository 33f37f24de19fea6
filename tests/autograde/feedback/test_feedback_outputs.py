"""Nothing of what a learner's cells give can run, load or dress up as the page."""

import base64
import json
import time
from typing import Any

import pytest
from feedback_pages import dangers
from hypothesis import given
from hypothesis import strategies as st

from autograde.feedback.checks import in_language
from autograde.feedback.gather import Feedback, gather_feedback, language_of, unmarked
from autograde.feedback.grades import CellGrade, NotebookGrades
from autograde.feedback.outputs import LARGEST_PICTURE, clean_html, clean_markdown, coloured, outputs
from autograde.feedback.page import render_feedback
from autograde.feedback.public import HiddenLines, PublicNotebook
from autograde.feedback.svg import safe_svg

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'
HOSTILE_HTML = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    '<img src="https://example.org/who-reads-this.png">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    '<div style="position:fixed;inset:0;background:url(https://example.org)" class="check passed">10/10</div>',
    "<style>.score{display:none}</style><link rel=stylesheet href=//example.org>",
    "<base href='//example.org/'><meta http-equiv=refresh content='0;url=//example.org'>",
    "</body></html><iframe srcdoc='<script>alert(1)</script>'></iframe><form action=//example.org><input></form>",
    "<details open ontoggle=alert(1)><x onclick=alert(1)>" * 50,
)
HOSTILE_MARKDOWN = (
    "[x](javascript:alert(1)) ![x](javascript:alert(1)) ![x](//example.org/x.png) <script>alert(1)</script>",
    "<img src=x onerror=alert(1)>\n\n```html\n<script>alert(1)</script>\n```\n\n$\\href{javascript:alert(1)}{x}$",
    "[x]: data:text/html,<script>alert(1)</script>\n[x]",
    ">" * 3000 + " deep",
)
HOSTILE_SVG = (
    SVG.format('onload="alert(1)"', "<script>alert(1)</script>"),
    SVG.format("", '<a xlink:href="javascript:alert(1)"><text>x</text></a>'),
    SVG.format(
        "", "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script>1</script></body></foreignObject>"
    ),
    SVG.format("", '<image xlink:href="https://example.org/x.png"/><use href="https://example.org/#x"/>'),
    SVG.format(
        "", '<rect style="fill:url(https://example.org/x)" fill="url(//example.org)"/><style>@import "//x"</style>'
    ),
    SVG.format("", '<set attributeName="href" to="javascript:alert(1)"/><animate attributeName="onload" to="x"/>'),
)


@pytest.mark.parametrize("text", HOSTILE_HTML)
def test_html_keeps_its_words_and_nothing_that_acts(text: str) -> None:
    shown = str(outputs([display({"text/html": text, "text/plain": "<Object>"})]))
    assert dangers(shown) == [] and dangers(clean_html(text)) == []
    assert "class=" not in clean_html(text) and "example.org" not in clean_html(text)


@pytest.mark.parametrize("text", HOSTILE_MARKDOWN)
def test_markdown_is_no_way_around_it(text: str) -> None:
    assert dangers(clean_markdown(text)) == []


@pytest.mark.parametrize("text", HOSTILE_SVG)
def test_svg_draws_and_does_nothing_else(text: str) -> None:
    shown = str(safe_svg(text))
    assert dangers(shown) == []
    inside = base64.b64decode(shown.partition("base64,")[2].rstrip('">')).decode()
    for word in ("script", "javascript", "onload", "example.org", "foreignObject", "@import", "animate", "<a"):
        assert word not in inside


def test_svg_that_would_take_for_ever_or_is_none_is_left_out() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SVG.format("", "<text>&b;</text>")
    assert safe_svg(bomb) is None
    assert safe_svg("<svg") is None and safe_svg("<html/>") is None
    assert safe_svg(SVG.format("", "<g>" * 5000 + "</g>" * 5000)) is None
    nested = SVG.format(
        "", '<g id="a"><path/></g><g id="b"><use xlink:href="#a"/></g><path id="p"/><use xlink:href="#p"/>'
    )
    kept = base64.b64decode(str(safe_svg(nested)).partition("base64,")[2].rstrip('">')).decode()
    assert 'href="#p"' in kept and 'href="#a"' not in kept


def test_a_table_a_picture_and_terminal_colours_survive() -> None:
    table = '<style scoped>.dataframe{}</style><table border="1" class="dataframe"><tr><td>3.5</td></tr></table>'
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
    shown = [str(one) for one in outputs([display({"text/html": table}), display({"image/png": png + "\n"})])]
    assert "<td>3.5</td>" in shown[0] and "style" not in shown[0]
    assert shown[1] == f'<img alt="" src="data:image/png;base64,{png}">'
    assert str(coloured("\x1b[31mred\x1b[0m & <b>")) == '<span class="ansi-red-fg">red</span> &amp; &lt;b&gt;'


def test_a_picture_that_is_none_or_too_large_is_left_out() -> None:
    html = base64.b64encode(b"<script>alert(1)</script>").decode()
    big = base64.b64encode(b"\x89PNG" + bytes(LARGEST_PICTURE)).decode()
    for data in (html, big, "not base64 \u2028", '"><script>'):
        assert outputs([display({"image/png": data, "text/plain": "a figure"})])[0] == '<pre class="out">a figure</pre>'


@given(st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_outputs_of_any_shape_never_stop_the_page(thing: Any) -> None:
    for output in (thing, {"output_type": "stream", "text": thing}, display(thing), display({"text/html": thing}),
                   display({"image/svg+xml": thing}), {"output_type": "error", "traceback": thing, "ename": thing}):  # fmt: skip
        assert dangers("".join(outputs([output]))) == []


@given(st.text(alphabet="<>/=\"' abimgsrconed:;&#x1\x1b[m\r\n\u202e\ud800`$*[]()!"))
def test_no_text_becomes_markup_that_acts(text: str) -> None:
    for shown in (
        clean_html(text),
        clean_markdown(text),
        coloured(text),
        outputs([{"output_type": "stream", "text": text}]),
    ):
        assert dangers(str(shown)) == []


def test_a_line_of_a_hidden_test_is_taken_out_of_an_output_and_a_learners_own_line_is_not() -> None:
    cell = {
        "metadata": {"nbgrader": {"grade_id": "t"}},
        "source": "assert f(1) == 1\nassert f(2) == 34567\nshared = 12345678",
    }
    hide = HiddenLines(PublicNotebook({"t": "assert f(1) == 1"}), [cell], ["shared = 12345678"])
    assert hide("said:  assert f(2)  == 34567 !\nassert f(1) == 1\nshared = 12345678") == (
        "[…]\nassert f(1) == 1\nshared = 12345678"
    )


def test_regions_are_cut_where_no_release_is_kept() -> None:
    public = PublicNotebook({}, (("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),))
    assert public.without_regions("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc") == "a\nc"
    assert public.without_regions("a\n# BEGIN HIDDEN TESTS\nb\nc") == "a"


def test_a_message_in_two_languages_is_told_in_the_learners() -> None:
    both = "[ch02-MEAN] 取平均而不是求和 / average, do not sum: a / b"
    assert in_language(both, "zh") == "取平均而不是求和"
    assert in_language(both, "en") == "average, do not sum: a / b"
    assert in_language("divide a / b", "zh") == "divide a / b"


def test_the_prose_of_the_course_says_the_language_not_the_learners_answer() -> None:
    answer = markdown("我" * 500, nbgrader={"solution": True, "grade": True, "grade_id": "why"})
    assert language_of({"cells": [markdown("# Losses\n\nThe mean of squares."), answer]}) == "en"
    assert language_of({"cells": [markdown("# 损失\n\n平方的平均，`mean_squared_error`。")]}) == "zh"


def test_names_titles_and_reasons_are_text_whatever_stands_in_them() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    shown = page(
        [
            markdown(f"# {evil}"),
            code(f"print(1) # {evil}", [seen(evil)], nbgrader={"solution": True, "grade_id": evil}),
        ],
        reasons=[{"code": "x", "en": evil, "zh": evil}],
        checks={},
    )
    assert dangers(shown) == [] and "<script" not in shown and "<img src=x" not in shown


def test_details_for_authors_stay_with_authors() -> None:
    fault = {"code": "test-fault", "en": "the test ends in 34567", "zh": "34567"}
    shown = page([check("t", "assert f()\n### BEGIN HIDDEN TESTS\nf() == 34567\n### END HIDDEN TESTS")], [fault],
                 {"t": {"kind": "fault"}})  # fmt: skip
    assert "34567" not in shown and "a person looks at it" in shown and "not your fault" in shown


def test_the_policy_of_the_page_allows_its_own_style_and_pictures_in_it_alone() -> None:
    shown = page([], [], {})
    policy = (
        shown.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0].replace("&#39;", "'")
    )
    assert (
        policy.startswith("default-src 'none'; style-src 'sha256-")
        and "script" not in policy
        and "unsafe" not in policy
    )


def page(cells: list[dict], reasons: list[dict], checks: dict) -> str:
    record = {"isolation": "examiner", "status": "graded", "reasons": reasons, "checks": checks}
    grades = NotebookGrades(
        '<script>"ada"', 1.0, 2.0, 0.5, {"t": CellGrade(1.0, 2.0)}, {"t": "<script>x</script> *well*"}
    )
    public = PublicNotebook({}, (("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),))
    nb = json.loads(json.dumps({"metadata": {}, "cells": cells}))
    feedback = gather_feedback(nb, record, "ch<script>", "ch02", grades, public, "en")
    assert isinstance(feedback, Feedback)
    return render_feedback(feedback, "A & <script>")


def markdown(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "m", "source": source, "metadata": metadata}


def code(source: str, found: list[dict], **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "id": "c", "source": source, "metadata": metadata, "outputs": found}


def check(name: str, source: str) -> dict[str, Any]:
    return code(source, [], nbgrader={"grade": True, "locked": True, "grade_id": name, "points": 2})


def seen(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_the_helper_of_these_tests_sees_what_is_dangerous() -> None:
    for text in ("<script>", "<a href='javascript:x'>", "<p onclick=x>", "<img src=http://x>", "<p style=x>"):
        assert dangers(text), text


NESTING = (
    "<ul><li>",
    "<div>",
    "<b><p>",
    "<i><div>",
    "<table><tr><td>",
    "</p>",
    "<ul><object></ul></object>",
    "<b a=1>",
    "\\begin{a}",
)


@pytest.mark.parametrize("unit", NESTING)
def test_markup_that_nests_without_end_takes_no_time(unit: str) -> None:
    text = unit * (540_000 // len(unit))
    words = unit * (20_000 // len(unit))
    cells = [
        code("x", [display({"text/html": text}), display({"text/markdown": text}), display({"text/html": words})])
    ] * 40
    cells += [
        {
            "cell_type": "markdown",
            "id": "m",
            "source": text,
            "metadata": {"nbgrader": {"solution": True, "grade_id": "m"}},
        }
    ]
    started = time.process_time()
    feedback = page_of(cells)
    assert time.process_time() - started < 20  # with nothing bounded: hours
    assert dangers(feedback) == []


def test_a_table_as_large_as_pandas_shows_them_stays_a_table() -> None:
    table = "<table>" + f"<tr>{'<td><b>1</b></td>' * 20}</tr>" * 60 + "</table>"
    assert "<table>" in str(outputs([display({"text/html": table})]))


def page_of(cells: list[dict[str, Any]]) -> str:
    grades = NotebookGrades("ada", 0.0, 0.0)
    found = gather_feedback(
        {"cells": cells, "metadata": {}}, {"isolation": "examiner"}, "a", "n", grades, PublicNotebook(), "en"
    )
    return render_feedback(found, "c")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("`cross_entropy_from_logits`: _stable_ and **fast**", "cross_entropy_from_logits: stable and fast"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("``a`b`` and `_x_`", "a`b and _x_"),
        ("one ` alone, __all__ of it", "one ` alone, all of it"),
        ("`f(*args)` and `g(**kwargs)`", "f(*args) and g(**kwargs)"),
    ],
)
def test_a_heading_keeps_what_is_no_mark(line: str, shown: str) -> None:
    assert unmarked(line) == shown
