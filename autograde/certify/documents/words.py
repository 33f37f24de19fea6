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
    "issuer-id": {"en": "Issuer", "zh": "颁发者标识"},
    "id": {"en": "Credential", "zh": "证书编号"},
    "fingerprint": {"en": "Fingerprint (SHA-256)", "zh": "指纹（SHA-256）"},
    "scan": {"en": "Scan to verify", "zh": "扫码验证"},
    "scan-text": {
        "en": "The code opens the verification page. It shows this certificate if its holder has made it public; "
        "otherwise drop this PDF there.",
        "zh": "二维码打开验证页面。持有人已公开的证书直接显示，否则请将本 PDF 拖入该页面。",
    },
    "verify": {"en": "How to verify", "zh": "如何验证"},
    "no-address": {
        "en": "The signed credential is attached to this PDF. Ask the issuer for its verification page and drop the "
        "file there, or run course verify on it. A printout alone proves nothing.",
        "zh": "本 PDF 附有签名凭证。请向颁发者索取验证页面，将本文件拖入其中，或运行 course verify。仅凭打印件无法证明真伪。",
    },
    "skills": {"en": "Skills shown", "zh": "已掌握的技能"},
    "signatory": {"en": "for the issuer", "zh": "代表颁发者"},
    "colon": {"en": ": ", "zh": "："},
    "comma": {"en": ", ", "zh": "，"},
}

TAGS: dict[Lang, str] = {"en": "en", "zh": "zh-CN"}
"""A language as HTML and PDF name it."""

ASSURANCE: dict[str, dict[Lang, tuple[str, str]]] = {
    "unproctored": {
        "en": ("Unproctored", "graded work was done without supervision; the learner's identity was not checked."),
        "zh": ("无监考", "计分作业在无人监督的条件下完成，学员身份未经核验。"),
    },
}


def level_word(level: str, lang: Lang | Literal["en+zh"]) -> str:
    """A level's name for people; an unknown level is shown as the policy names it."""
    word = LEVELS.get(level, {"en": level, "zh": level})
    if lang == "en+zh":
        return word["en"] if word["en"] == word["zh"] else f"{word['en']} · {word['zh']}"
    return word[lang]


def assurance_words(assurance: str, lang: Lang) -> tuple[str, str]:
    """The assurance level's name and meaning; an unknown one is shown as it is, without a meaning."""
    return ASSURANCE.get(assurance, {}).get(lang, (assurance, ""))


def day(moment: datetime, lang: Lang) -> str:
    """The UTC day of `moment`, written out: ``5 March 2026``, ``2026 年 3 月 5 日``."""
    if lang == "zh":
        return f"{moment.year} 年 {moment.month} 月 {moment.day} 日"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
