"""An issuer's unsigned additions to a certificate: its logo and the signatory's role.

The signatory's name is signed (``official`` of the credential's issuer); logo and role are not.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image

from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder

MOST_BYTES = 1024 * 1024
LEAST_SIDE, MOST_SIDE, MOST_RATIO = 64, 4000, 8


@dataclass(frozen=True)
class Letterhead:
    """`logo`: a PNG, or empty. `roles`: the signatory's role, by name and then by language."""

    logo: bytes | None = None
    roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_letterhead(course: CourseFolder) -> Letterhead:
    """The letterhead of a course's issuer.

    Raises:
        CourseError: the logo is missing, not a PNG, or of a size that does not fit a certificate.
    """
    signatory, logo = course.issuer.signatory, course.issuer.logo
    roles = {}
    if signatory and signatory.role_en:
        roles = {signatory.name: {"en": signatory.role_en, "zh": signatory.role_zh}}
    return Letterhead(_logo(course, course.root / logo) if logo else None, roles)


def _logo(course: CourseFolder, path: Path) -> bytes:
    """The picture, re-encoded so that no other data of the file gets into a certificate."""

    def fault(what: str) -> CourseError:
        return course.error(f"[issuer] logo: {path} {what}", "issuer", "logo")

    try:
        if path.stat().st_size > MOST_BYTES:
            raise fault(f"is larger than {MOST_BYTES // 1024} KiB; save it smaller")
        data = path.read_bytes()
    except OSError as error:
        raise fault(f"cannot be read ({error.strerror}); name a PNG beside course.toml, or leave logo out") from None
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(data), formats=["PNG"]) as image:
            warnings.simplefilter("ignore")
            wide, high = image.size
            if (
                min(wide, high) < LEAST_SIDE
                or max(wide, high) > MOST_SIDE
                or max(wide, high) > MOST_RATIO * min(wide, high)
            ):
                limits = f"{LEAST_SIDE} to {MOST_SIDE} pixels a side, at most {MOST_RATIO} times as wide as high"
                raise fault(f"has {wide} × {high} pixels; it must have {limits}")
            picture = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise fault("is not a readable PNG; save it as PNG again") from None
    picture.info.clear()
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
