"""The words of the documents, English and Chinese. Pure."""

from datetime import datetime
from typing import Literal

Lang = Literal["en", "zh"]
LANGS: tuple[Lang, ...] = ("en", "zh")

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

LEVELS = {
    "pass": {"en": "Pass", "zh": "合格"},
    "merit": {"en": "Merit", "zh": "良好"},
    "distinction": {"en": "Distinction", "zh": "优秀"},
}

WORDS: dict[str, dict[Lang, str]] = {
    "certification": {"en": "Certificate", "zh": "证　书"},
    "completion": {"en": "Certificate of Completion", "zh": "结业证书"},
    "this-certifies": {"en": "This certifies that", "zh": "兹证明"},
    "has-earned": {"en": "has met every requirement of", "zh": "已达到以下课程的全部要求"},
    "level": {"en": "Level", "zh": "等级"},
    "overall": {"en": "Overall score", "zh": "总成绩"},
    "exam": {"en": "Exam score", "zh": "考试成绩"},
    "issued": {"en": "Issued", "zh": "颁发日期"},
    "expires": {"en": "Valid until", "zh": "有效期至"},
    "never": {"en": "does not expire", "zh": "长期有效"},
    "policy": {"en": "Policy", "zh": "认证政策"},
    "assurance": {"en": "Assurance", "zh": "保证级别"},
    "issuer": {"en": "Issued by", "zh": "颁发者"},
    "id": {"en": "Credential", "zh": "证书编号"},
    "fingerprint": {"en": "Fingerprint (SHA-256)", "zh": "指纹（SHA-256）"},
    "scan": {"en": "Scan to verify", "zh": "扫码验证"},
    "scan-text": {
        "en": "The code opens the verification page; drop this PDF there. The signed credential is attached to it.",
        "zh": "二维码打开验证页面，请将本 PDF 拖入该页面。签名凭证已作为附件嵌入本文件。",
    },
    "no-address": {
        "en": "The code holds the number and the fingerprint. To verify, open the attached credential.json on the "
        "issuer's verification page or with: course verify",
        "zh": "二维码中为证书编号与指纹。验证方法：在颁发者的验证页面打开附件 credential.json，或运行 course verify。",
    },
}

ASSURANCE: dict[str, dict[Lang, tuple[str, str]]] = {
    "unproctored": {
        "en": ("Unproctored", "graded work was done without supervision; the learner's identity was not checked."),
        "zh": ("无监考", "作业与考试在无人监督的条件下完成，学员身份未经核验。"),
    },
}


def level_word(level: str, lang: Lang | Literal["en+zh"]) -> str:
    """A level's name for people; a level that the words do not know is shown as the policy names it."""
    word = LEVELS.get(level, {"en": level, "zh": level})
    if lang == "en+zh":
        return word["en"] if word["en"] == word["zh"] else f"{word['en']} · {word['zh']}"
    return word[lang]


def assurance_words(assurance: str, lang: Lang) -> tuple[str, str]:
    """The assurance level's name and what it means; an unknown one is shown as it is, with no meaning claimed."""
    return ASSURANCE.get(assurance, {}).get(lang, (assurance, ""))


def day(moment: datetime, lang: Lang) -> str:
    """The UTC day of `moment`, written out: ``5 March 2026``, ``2026 年 3 月 5 日``."""
    if lang == "zh":
        return f"{moment.year} 年 {moment.month} 月 {moment.day} 日"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
