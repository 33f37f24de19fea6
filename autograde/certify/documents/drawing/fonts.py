"""Which font draws which character, so that a name is drawn whole or not at all: never as an empty box.

Noto Serif SC and Noto Sans SC (OFL-1.1, 30,900 characters with the rare ones of Chinese names) come from the package
``pylopdf-fonts-zh-cn``; STIX and DejaVu, for the letters of Europe, Arabic and Hebrew, come with matplotlib. Other
scripts need a font file of the issuer's, passed as `extra`.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from autograde.errors import CourseError

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # spelling in Persian and in Indian scripts


class MissingGlyphs(CourseError):
    """No font at hand draws some characters of a text.

    Attributes:
        text: what was to be drawn; `characters`: those that no font draws.
    """

    def __init__(self, text: str, characters: Sequence[str]) -> None:
        self.text, self.characters = text, tuple(characters)
        listed = ", ".join(f"{c} (U+{ord(c):04X})" for c in characters)
        super().__init__(
            f"no font draws {listed} of {text!r}; put a font file that does into the folder fonts beside the issuer's keys"
        )


@dataclass(frozen=True)
class Face:
    """A font file and the characters that it draws."""

    name: str
    path: Path
    characters: frozenset[str]

    def draws(self, text: str) -> bool:
        return set(text.replace(" ", "")) <= self.characters


def clean(text: str) -> str:
    """`text` as it may be shown: composed (NFC), white space joined, no control and no text-direction characters."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(c for c in spaced if c in _JOINERS or not unicodedata.category(c).startswith("C"))


def needs_shaping(text: str) -> bool:
    """Whether letters join, stack or run from right to left, so that one glyph after the other would be wrong."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") or unicodedata.category(c) in ("Mn", "Mc") for c in text)


def serif(extra: Sequence[Path] = ()) -> tuple[Face, ...]:
    """Faces for names and titles, the preferred first."""
    return _chosen(("serif", "stix", "dejavu-serif", "dejavu"), extra)


def sans(extra: Sequence[Path] = ()) -> tuple[Face, ...]:
    """Faces for small text, the preferred first."""
    return _chosen(("sans", "dejavu"), extra)


def runs(text: str, faces: Sequence[Face]) -> list[tuple[Face, str]]:
    """`text` cut into pieces, each with the face that draws it; one face for all of it where one can.

    Raises:
        MissingGlyphs: some character is in no face.
    """
    whole = next((face for face in faces if face.draws(text)), None)
    if whole:
        return [(whole, text)]
    missing = [c for c in dict.fromkeys(text) if not any(face.draws(c) for face in faces)]
    if missing:
        raise MissingGlyphs(text, missing)
    pieces: list[tuple[Face, str]] = []
    for word, letters in groupby(text, key=str.isspace):
        chunk = "".join(letters)
        face = next((face for face in faces if face.draws(chunk)), None)
        if word and pieces:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + chunk)
        elif face:
            pieces.append((face, chunk))
        else:
            owner = {c: next(face for face in faces if face.draws(c)) for c in chunk}
            pieces.extend((face, "".join(group)) for face, group in groupby(chunk, key=owner.__getitem__))
    return pieces


def _chosen(names: Sequence[str], extra: Sequence[Path]) -> tuple[Face, ...]:
    paths = _shipped()
    given = [(f"extra{number}", path) for number, path in enumerate(extra)]
    return tuple(_face(name, path) for name, path in [*((name, paths[name]) for name in names), *given])


@cache
def _shipped() -> dict[str, Path]:
    import matplotlib
    import pylopdf_fonts_zh_cn

    chinese = Path(str(files(pylopdf_fonts_zh_cn)))
    european = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return {
        "serif": chinese / "NotoSerifSC-Regular.otf",
        "sans": chinese / "NotoSansSC-Regular.otf",
        "stix": european / "STIXGeneral.ttf",
        "dejavu-serif": european / "DejaVuSerif.ttf",
        "dejavu": european / "DejaVuSans.ttf",
    }


@cache
def _face(name: str, path: Path) -> Face:
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            drawn = frozenset(map(chr, font.getBestCmap() or {}))
    except (OSError, TTLibError) as error:
        raise CourseError(f"cannot read the font {path} ({error}); remove or replace it") from None
    return Face(name, path, drawn)
