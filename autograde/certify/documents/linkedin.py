"""The link that adds a certificate to a LinkedIn profile. Pure.

Source: LinkedIn, "Add to Profile" for certifications (parameters of the ``profile/add`` address).
"""

from urllib.parse import urlencode

from autograde.certify.documents.facts import Facts
from autograde.certify.documents.words import level_word


def linkedin_link(facts: Facts, verification: str) -> str:
    """The address of LinkedIn's form, filled in.

    `verification` is the certificate's address, if any.
    """
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": f"{facts.title['en']}: {level_word(facts.level, 'en')}",
        "organizationName": facts.issuer,
        "issueYear": facts.issued.year,
        "issueMonth": facts.issued.month,
        **({"expirationYear": facts.expires.year, "expirationMonth": facts.expires.month} if facts.expires else {}),
        **({"certUrl": verification} if verification else {}),
        "certId": facts.id,
    }
    return "https://www.linkedin.com/profile/add?" + urlencode(fields)
