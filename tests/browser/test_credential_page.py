"""The public page of a credential, opened from its address in Chromium, from plain files, with its learner's consent."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from book import Book
from nbgrader.api import Gradebook
from test_verification_site import CONTRAST
from typer.testing import CliRunner

from autograde.certify.command import certify_course
from autograde.certify.erase import erase
from autograde.certify.record.audit import open_log
from autograde.certify.revoke import revoke_credential
from autograde.certify.share import share
from autograde.cli import app
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url

REPOSITORY = Path(__file__).parents[2]
NOW = datetime.now(UTC).replace(microsecond=0)
CHAPTERS = ("ch01", "ch02", "ch03", "ch04")
ISSUER = '\n[issuer]\nname = "Example Academy"\nurl = "https://academy.example/ai"\n'


class Class:
    """Ada, whose credential was superseded by a better one; Rita's is revoked; Nina wants no page; Li is Chinese."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = root, root / "certificates"
        (root / "gradebook").mkdir(parents=True)
        text = (REPOSITORY / "tests" / "four_chapters.toml").read_text(encoding="utf-8").split("\n[issuer]")[0]
        (root / "course.toml").write_text(text + ISSUER, encoding="utf-8")
        Gradebook(gradebook_url(CourseFolder.read(root))).close()
        book = Book(root / "gradebook" / "gradebook.db")
        names = {
            "ada": ("Ada", "Lovelace"),
            "rita": ("Rita", "Revoked"),
            "nina": ("Nina", "Private"),
            "li": ("晓明", "李"),
        }
        for learner, (first, last) in names.items():
            book.learner(learner, first_name=first, last_name=last)
        for chapter in CHAPTERS:
            book.assignment(chapter, {"easy": 8, "hard": 12})
            for learner in names:
                book.submit(learner, chapter, {"easy": 8, "hard": 9})
        first = self.certify(3)
        with book.open() as gradebook:
            for chapter in CHAPTERS:
                gradebook.find_grade("hard", chapter, chapter, "ada").manual_score = 12
            gradebook.db.commit()
        for learner in ("ada", "rita", "li"):
            share(CourseFolder.read(root), self.out, learner, True, NOW)
        self.ids = {**first, "better": self.certify(1)["ada"]}
        revoke_credential(CourseFolder.read(root), self.out, first["rita"], "revoked", "a mistake", NOW)

    def certify(self, days_ago: int) -> dict[str, str]:
        when = NOW - timedelta(days=days_ago)
        return certify_course(CourseFolder.read(self.root), self.out, when.date(), now=when).issued

    def address(self, who: str, lang: str = "en") -> str:
        return f"{(self.out / 'site' / 'index.html').as_uri()}?lang={lang}#id={self.ids[who]}"

    def page(self, who: str) -> Path:
        return self.out / "site" / "c" / f"{self.ids[who].removeprefix('urn:uuid:')}.js"


@pytest.fixture(scope="module")
def klass(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return Class(tmp_path_factory.mktemp("class"))


@pytest.fixture
def faults(page: Any) -> Iterator[list[str]]:
    """What the page complained of or asked for beyond files; at the end of the test there must be none."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:")) else found.append(request.url)
    )
    yield found
    assert found == []


def verdict(page: Any) -> str:
    page.wait_for_selector("#result:not(.working):not([hidden])")
    return str(page.get_attribute("#result", "class"))


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("who", "is_"), [("better", "valid"), ("ada", "valid"), ("rita", "revoked"), ("li", "valid")])
def test_one_click_shows_the_credential(
    page: Any, faults: list[str], klass: Class, keep: Callable[[str], None], who: str, is_: str, lang: str, colours: str
) -> None:
    page.emulate_media(color_scheme=colours)
    page.goto(klass.address(who, lang))
    assert verdict(page) == is_
    shown = page.inner_text("#facts")
    document = json.loads(
        (
            klass.root / "certificates" / "learners" / ("ada" if who == "better" else who) / "credential.json"
        ).read_bytes()
    )
    assert document["credentialSubject"]["identifier"][0]["identityHash"] in shown
    assert klass.ids[who] in shown
    assert "Example Academy" in shown
    assert ("Merit" if who != "better" else "Distinction") in shown or lang == "zh"
    assert page.evaluate("document.getElementById('badge').naturalWidth") > 0
    assert ("Gradient descent" if lang == "en" else "梯度下降") in page.inner_text("#skills")
    assert ("AI Practitioner" if lang == "en" else "人工智能从业者（AI Practitioner）") in page.inner_text("dd.title")
    assert "AI Practitioner" in page.inner_text("#meaning")
    assert page.is_visible("#newer") is (who == "ada")
    assert not page.is_visible("#drop")
    keep(f"credential-{who}-{lang}-{colours}")
    assert [(text, ratio) for text, ratio in page.evaluate(CONTRAST) if ratio < 4.5] == []


def test_a_superseded_one_leads_to_the_newer(page: Any, faults: list[str], klass: Class) -> None:
    page.goto(klass.address("ada"))
    assert verdict(page) == "valid"
    assert page.inner_text("#newer").startswith("Superseded")
    page.click("#newer a")
    page.wait_for_function("id => document.querySelector('dd.id')?.textContent === id", arg=klass.ids["better"])
    assert not page.is_visible("#newer")


def test_without_consent_the_page_asks_for_the_file(page: Any, klass: Class) -> None:
    assert not klass.page("nina").exists()
    page.goto(klass.address("nina"))
    assert page.is_visible("#drop")
    assert "Now choose the certificate" in page.inner_text("#scanned")
    assert not page.is_visible("#result")


def test_a_page_put_under_another_number_is_refused(page: Any, klass: Class, tmp_path: Path) -> None:
    shutil.copytree(klass.out / "site", tmp_path / "site")
    shutil.copy(klass.page("better"), tmp_path / "site" / "c" / klass.page("li").name)
    page.goto((tmp_path / "site" / "index.html").as_uri() + f"#id={klass.ids['li']}")
    assert verdict(page) == "invalid"
    assert "not the certificate" in page.inner_text("#reasons")


def code_of(klass: Class, learner: str) -> str:
    """Where the certificate's code leads, with the files of this class in the place of the published ones."""
    pdf = pypdf.PdfReader(klass.out / "learners" / learner / "certificate.pdf")
    (link,) = [note.get_object()["/A"]["/URI"] for note in pdf.pages[0]["/Annots"]]
    assert link.startswith("https://academy.example/ai/")
    return str(link).replace("https://academy.example/ai", klass.out.as_uri())


def load(page: Any, address: str) -> None:
    """Open it anew: between two addresses that differ behind ``#`` the page itself would load again."""
    page.goto("about:blank")
    page.goto(address)


def test_revoked_the_policy_changed_lifted_and_what_the_code_of_the_certificate_opens(
    page: Any, faults: list[str], tmp_path: Path
) -> None:
    klass = Class(tmp_path / "class")
    settings, first = klass.root / "course.toml", klass.ids["rita"]
    superseded = code_of(klass, "li")
    load(page, superseded)
    assert verdict(page) == "valid"
    printed = code_of(klass, "rita")
    load(page, printed)
    assert verdict(page) == "revoked"

    text = settings.read_text(encoding="utf-8").replace('overall = "0.80"', 'overall = "0.81"')
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="the policy changed"):
        klass.certify(0)
    settings.write_text(text.replace('version = "1.1.0"', 'version = "1.2.0"'), encoding="utf-8")
    blocked = certify_course(CourseFolder.read(klass.root), klass.out, NOW.date(), now=NOW)
    assert set(blocked.issued) == {"ada", "nina", "li"}
    assert any(f"{first} is revoked" in note for note in blocked.notes)
    load(page, printed)
    assert verdict(page) == "revoked"
    load(page, superseded)
    assert verdict(page) == "valid"
    assert page.is_visible("#newer")

    revoke_credential(CourseFolder.read(klass.root), klass.out, first, "lifted", "it was hers after all", NOW)
    assert set(klass.certify(0)) == {"rita"}
    load(page, code_of(klass, "rita"))
    assert verdict(page) == "valid"
    assert "1.2.0" in page.inner_text("dd.policy")
    load(page, printed)
    assert verdict(page) == "revoked"
    assert page.is_visible("#newer")


def test_on_a_telephone_nothing_is_wider_than_the_screen(page: Any, klass: Class, keep: Callable[[str], None]) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(klass.address("better"))
    assert verdict(page) == "valid"
    keep("credential-telephone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_consent_is_recorded_withdrawn_and_ends_with_the_learner(tmp_path: Path, monkeypatch: Any) -> None:
    klass = Class(tmp_path / "class")
    monkeypatch.chdir(klass.root)
    with open_log(klass.root) as log:
        assert [entry["public"] for entry in log.of_kind("consent")] == [True, True, True]
    assert klass.page("li").exists()
    stopped = CliRunner().invoke(app, ["share", "li", "--stop"])
    assert stopped.exit_code == 0, stopped.output
    assert not klass.page("li").exists()
    klass.certify(0)
    assert not klass.page("li").exists()
    again = CliRunner().invoke(app, ["share", "li"])
    assert f"https://academy.example/ai/site/index.html#id={klass.ids['li']}" in again.output
    assert klass.page("li").exists()
    with Gradebook(gradebook_url(CourseFolder.read(klass.root))) as gradebook:
        gradebook.remove_student("ada")
    erase(CourseFolder.read(klass.root), klass.out, "ada", gradebook_url(CourseFolder.read(klass.root)), NOW)
    assert not klass.page("ada").exists()
    assert not klass.page("better").exists()
    klass.certify(0)
    assert not klass.page("ada").exists()
    assert CliRunner().invoke(app, ["share", "nobody"]).exit_code != 0
