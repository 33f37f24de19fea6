"""Do the links lead where they say, and is anything but a repository's address refused?"""

import pytest

from autograde.publish.address import Address

PATH = "release/zh/ch02/ch02.ipynb"


def test_no_publication_no_address() -> None:
    assert Address.parse("") is None


@pytest.mark.parametrize(
    "text",
    ["https://github.com/org/course", "https://github.com/org/course/", "https://github.com/org/course.git"],
)
def test_a_github_repository_opens_on_colab_and_binder(text: str) -> None:
    address = Address.parse(text)
    assert address is not None
    assert address.url == "https://github.com/org/course"
    assert address.colab(PATH) == f"https://colab.research.google.com/github/org/course/blob/main/{PATH}"
    assert address.binder(PATH) == (
        "https://mybinder.org/v2/gh/org/course/main?urlpath=lab%2Ftree%2Frelease%2Fzh%2Fch02%2Fch02.ipynb"
    )
    assert address.pip() == "git+https://github.com/org/course@main"


def test_a_branch_stands_in_every_link() -> None:
    address = Address.parse("https://github.com/org/course/tree/term/2026")
    assert address is not None
    assert address.branch == "term/2026"
    assert "/blob/term/2026/release" in str(address.colab(PATH))
    assert "/gh/org/course/term%2F2026?" in address.binder(PATH)


def test_elsewhere_than_on_github_there_is_binder_but_no_colab() -> None:
    address = Address.parse("https://gitlab.example.org/group/sub/course/-/tree/main")
    assert address is not None
    assert address.url == "https://gitlab.example.org/group/sub/course"
    assert address.colab(PATH) is None
    assert "/v2/git/https%3A%2F%2Fgitlab.example.org%2Fgroup%2Fsub%2Fcourse/main?" in address.binder(PATH)


@pytest.mark.parametrize(
    "text",
    [
        "github.com/org/course", "http://github.com/org/course", "https://github.com/org", "https://user:pw@github.com/o/c",
        "https://github.com/org/course\n", 'https://github.com/org/c"; rm -rf', "https://github.com/org/course?x=1",
        "https://github.com/a/b/c",
    ],
)  # fmt: skip
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not"):
        Address.parse(text)
