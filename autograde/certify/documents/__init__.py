"""Documents: PDF certificate, baked badges, the learner's page, the verification site."""

from autograde.certify.documents.carriers import documents, extra_fonts, level_badge, write_documents
from autograde.certify.documents.drawing.fonts import MissingGlyphs
from autograde.certify.documents.letterhead import Letterhead, read_letterhead
from autograde.certify.documents.verification_site import site_files, write_site

__all__ = [
    "Letterhead", "MissingGlyphs", "documents", "extra_fonts", "level_badge", "read_letterhead", "site_files",
    "write_documents", "write_site",
]  # fmt: skip
