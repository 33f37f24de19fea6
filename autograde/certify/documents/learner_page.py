"""The page beside a learner's five files that says what each is for. Pure; no script in it."""

from html import escape

from autograde.certify.documents.facts import Facts
from autograde.certify.documents.fonts import clean
from autograde.certify.documents.words import LANGS, Lang, level_word

_FILES = ("certificate.pdf", "badge.png", "badge.svg", "credential.json", "credential.jwt")
_TEXTS: dict[Lang, dict[str, str]] = {
    "en": {
        "head": "Congratulations, {name}",
        "said": "You have earned {title}, level {level}. Each of these files carries the signed credential: keep them, "
        "and send whichever one you are asked for.",
        "certificate.pdf": "the certificate, to print or to send",
        "badge.png": "the badge, for web pages and profiles; do not convert or resize it, that loses the signature",
        "badge.svg": "the badge, sharp at every size",
        "credential.json": "the credential for wallets (Open Badges 3.0, Data Integrity)",
        "credential.jwt": "the credential for wallets (Open Badges 3.0, VC-JWT)",
        "linkedin": "Add it to your LinkedIn profile",
        "verify": "Verify it",
    },
    "zh": {
        "head": "祝贺您，{name}",
        "said": "您已获得“{title}”证书，等级：{level}。以下每个文件都含有签名凭证：请妥善保存，对方需要哪一个就发送哪一个。",
        "certificate.pdf": "证书，可打印或发送",
        "badge.png": "徽章，用于网页和个人主页；请勿转换格式或缩放，否则签名会丢失",
        "badge.svg": "徽章，任意大小均清晰",
        "credential.json": "供数字钱包使用的凭证（Open Badges 3.0，Data Integrity）",
        "credential.jwt": "供数字钱包使用的凭证（Open Badges 3.0，VC-JWT）",
        "linkedin": "添加到 LinkedIn 个人主页",
        "verify": "验证",
    },
}
_STYLE = """
body { font: 17px/1.6 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1b2430;
  max-width: 44rem; margin: 2.5rem auto; padding: 0 1.25rem; }
img { width: 11rem; float: right; margin: 0 0 1rem 1.5rem; }
h1, h2 { color: #10243f; font-weight: 600; line-height: 1.25; }
section { clear: both; border-top: 1px solid #dde3ea; padding-top: .5rem; margin-top: 2rem; }
section:first-of-type { clear: none; border: 0; margin-top: 0; }
a { color: #135462; }
"""


def learner_page(facts: Facts, lang: Lang, linkedin: str, verification: str) -> bytes:
    """HTML with both languages, `lang` first; `verification` is the address of the verification page, may be empty."""
    order = (lang, *(other for other in LANGS if other != lang))
    sections = "".join(_section(facts, each, linkedin, verification) for each in order)
    title = escape(f"{facts.title[lang]}: {clean(facts.name)}")
    alternative = escape(f"{facts.title['en']}: {level_word(facts.level, 'en+zh')}", quote=True)
    return (
        f'<!doctype html>\n<html lang="{_tag(lang)}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; "
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n"
        f'<img src="badge.png" alt="{alternative}">\n{sections}</html>\n'
    ).encode()


def _section(facts: Facts, lang: Lang, linkedin: str, verification: str) -> str:
    texts = _TEXTS[lang]
    shown = {"name": clean(facts.name), "title": facts.title[lang], "level": level_word(facts.level, lang)}
    head, said = (escape(texts[key].format(**shown)) for key in ("head", "said"))
    items = "".join(f'<li><a href="{name}">{name}</a>: {escape(texts[name])}</li>' for name in _FILES)
    links = [(linkedin, texts["linkedin"]), *([(verification, texts["verify"])] if verification else [])]
    actions = " · ".join(f'<a href="{escape(link, quote=True)}">{escape(text)}</a>' for link, text in links)
    return f'<section lang="{_tag(lang)}">\n<h1>{head}</h1>\n<p>{said}</p>\n<ul>{items}</ul>\n<p>{actions}</p>\n</section>\n'


def _tag(lang: Lang) -> str:
    return "zh-CN" if lang == "zh" else "en"
