"""The learner's own page: the certificate, how to share it, what to write in a CV, and all files.
Pure.

Two radio buttons choose the language, so that it works without a script; the page's only script
copies a text, and its policy allows no other.
"""

from html import escape

from autograde.certify.documents.drawing.fonts import clean
from autograde.certify.documents.facts import Facts
from autograde.certify.documents.words import LANGS, TAGS, Lang, day, level_word
from autograde.exact import source_hash

_TEXTS: dict[Lang, dict[str, str]] = {
    "en": {
        "head": "Congratulations, {name}",
        "said": "You have earned {title}, level {level}.",
        "open": "The certificate as PDF",
        "linkedin": "Add to LinkedIn",
        "verify": "Verify",
        "share": "Share it",
        "address": "Address of your certificate",
        "private": "Whoever opens this address is asked for your PDF, unless you agree to a public page: tell your instructor, "
        "then one click shows your badge, level and skills.",
        "nowhere": "The issuer has published no address, so there is nothing to link to: send the PDF, which carries the "
        "signed credential.",
        "cv": "For your CV",
        "copy": "Copy",
        "copied": "Copied",
        "files": "Your files",
        "kept": "Each carries the signed credential: keep them as they are. Saved again by another program, a picture loses it.",
        "certificate-{lang}.svg": "Certificate as picture",
        "badge.png": "Badge for web pages and profiles",
        "badge.svg": "Badge, sharp at every size",
        "credential.json": "Credential for wallets (Data Integrity)",
        "credential.jwt": "Credential for wallets (JWT)",
        "line": "{title}, {level} ({overall} %)",
        "by": "{issuer}, {issued}",
        "until": ", valid until {expires}",
        "skills": "Skills: {skills}",
        "number": "Credential: {id}",
        "comma": ", ",
    },
    "zh": {
        "head": "祝贺您，{name}",
        "said": "您已获得“{title}”证书，等级：{level}。",
        "open": "PDF 证书",
        "linkedin": "添加到领英",
        "verify": "验证",
        "share": "分享",
        "address": "证书网址",
        "private": "打开此网址的人需要您的 PDF 才能验证。如果您同意公开，请告知教师：之后点击即可看到您的徽章、等级和技能。",
        "nowhere": "颁发者没有公布网址，因此没有可分享的链接：请发送 PDF，其中含有签名凭证。",
        "cv": "写入简历",
        "copy": "复制",
        "copied": "已复制",
        "files": "您的文件",
        "kept": "每个文件都含有签名凭证，请原样保存。图片被其他程序另存后会丢失凭证。",
        "certificate-{lang}.svg": "证书图片",
        "badge.png": "徽章，用于网页和个人主页",
        "badge.svg": "徽章，任意大小均清晰",
        "credential.json": "数字钱包凭证（Data Integrity）",
        "credential.jwt": "数字钱包凭证（JWT）",
        "line": "{title}，{level}（{overall} %）",
        "by": "{issuer}，{issued}",
        "until": "，有效期至 {expires}",
        "skills": "技能：{skills}",
        "number": "证书编号：{id}",
        "comma": "、",
    },
}
_NAMES: dict[Lang, str] = {"en": "English", "zh": "中文"}
_CHOOSE = "Language · 语言"
_FILES = ("certificate-{lang}.svg", "badge.png", "badge.svg", "credential.json", "credential.jwt")
_STYLE = """
:root { --text: #1b2430; --grey: #55606f; --line: #ccd5e0; --paper: #fff; --ground: #f3f6f9; --sea: #135462;
  --on-sea: #fff; --ink: #10243f; color-scheme: light; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6ebf1; --grey: #a9b5c4; --line: #3a475a; --paper: #1a2331; --ground: #10161f; --sea: #8fd0de;
    --on-sea: #0c1a24; --ink: #dfe9f5; color-scheme: dark; }
}
* { box-sizing: border-box; }
body { font: 17px/1.6 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--text);
  background: var(--ground); max-width: 58rem; margin: 0 auto; padding: 1.25rem; }
h1 { color: var(--ink); font-size: clamp(1.6rem, 5vw, 2.3rem); font-weight: 600; line-height: 1.25; margin: 1rem 0 .3rem;
  overflow-wrap: anywhere; }
h2 { color: var(--ink); font-size: 1.2rem; font-weight: 600; margin: 0 0 .6rem; }
a { color: var(--sea); }
main, .languages input { display: none; }
.languages { display: flex; justify-content: flex-end; gap: .5rem; }
.languages input { display: block; position: absolute; opacity: 0; }
.languages label { border: 1px solid var(--grey); border-radius: 2rem; padding: .15rem .9rem; font-size: .95rem;
  cursor: pointer; }
.languages :checked + label { background: var(--sea); border-color: var(--sea); color: var(--on-sea); }
:focus-visible, .languages :focus-visible + label { outline: 3px solid #d78a00; outline-offset: 3px; }
body:has(#en:checked) main.en, body:has(#zh:checked) main.zh { display: block; }
.certificate { display: block; margin: 1.2rem 0; }
.certificate img { display: block; width: 100%; aspect-ratio: 297 / 210; background: #fff; border-radius: .5rem;
  box-shadow: 0 .4rem 1.6rem rgb(16 36 63 / .22); }
.actions { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1.4rem 0; }
.button { font: inherit; font-weight: 600; border: 1px solid var(--sea); border-radius: 2rem; padding: .45rem 1.3rem;
  background: none; color: var(--sea); cursor: pointer; text-decoration: none; }
.button.first { background: var(--sea); color: var(--on-sea); }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.1rem; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: .8rem; padding: 1.1rem 1.3rem; }
section p { margin: .5rem 0 0; color: var(--grey); font-size: .92rem; }
textarea { display: block; width: 100%; margin: 0 0 .7rem; padding: .6rem .7rem; font: inherit; font-size: .92rem;
  line-height: 1.5; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: .5rem;
  resize: vertical; overflow-wrap: anywhere; }
ul { margin: 0; padding: 0; list-style: none; columns: 18rem; column-gap: 2rem; }
.wide { margin-top: 1.1rem; }
@media print { .languages, .actions, .grid, .wide { display: none !important; } }
"""
_SCRIPT = """
for (const button of document.querySelectorAll('[data-copy]')) {
  const word = button.textContent;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy);
    text.select();
    try { await navigator.clipboard.writeText(text.value); } catch { document.execCommand('copy'); }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = word; }, 2500);
  });
}
"""


def learner_page(facts: Facts, lang: Lang, linkedin: str, verification: str) -> bytes:
    """HTML that opens in `lang`; `verification` is the address of the verification page, if any."""
    title = escape(f"{facts.title[lang]}: {clean(facts.name)}")
    choice = "".join(
        f'<input type="radio" name="language" id="{each}"{" checked" if each == lang else ""}>'
        f'<label for="{each}" lang="{TAGS[each]}">{_NAMES[each]}</label>'
        for each in LANGS
    )
    mains = "".join(_main(facts, each, linkedin, verification) for each in LANGS)
    policy = (
        f"default-src 'none'; img-src 'self' file:; style-src '{source_hash(_STYLE)}'; script-src '{source_hash(_SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{TAGS[lang]}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n"
        f'<div class="languages" role="radiogroup" aria-label="{_CHOOSE}">{choice}</div>\n'
        f"{mains}<script>{_SCRIPT}</script>\n</html>\n"
    ).encode()


def cv_text(facts: Facts, lang: Lang, verification: str) -> str:
    """The text for a CV: only what is signed, and where to verify it."""
    texts = _TEXTS[lang]
    said = {
        "title": facts.title[lang],
        "level": level_word(facts.level, lang),
        "overall": facts.overall,
        "issuer": clean(facts.issuer),
        "issued": day(facts.issued, lang),
        "expires": day(facts.expires, lang) if facts.expires else "",
        "skills": texts["comma"].join(facts.skills[lang]),
        "id": facts.id,
    }
    lines = [
        texts["line"],
        texts["by"] + (texts["until"] if facts.expires else ""),
        *([texts["skills"]] if facts.skills[lang] else []),
        texts["number"],
    ]
    return "\n".join([*(line.format(**said) for line in lines), *([verification] if verification else [])])


def _main(facts: Facts, lang: Lang, linkedin: str, verification: str) -> str:
    texts = {key: escape(text) for key, text in _TEXTS[lang].items()}
    shown = {"name": clean(facts.name), "title": facts.title[lang], "level": level_word(facts.level, lang)}
    head, said = (escape(_TEXTS[lang][key].format(**shown)) for key in ("head", "said"))
    picture = f"certificate-{lang}.svg"
    links = [
        ("certificate.pdf", texts["open"], " first"),
        (linkedin, texts["linkedin"], ""),
        *([(verification, texts["verify"], "")] if verification else []),
    ]
    actions = "".join(f'<a class="button{more}" href="{escape(link)}">{text}</a>' for link, text, more in links)
    address = (
        f"{_copied(f'address-{lang}', verification, 4, texts, texts['address'])}<p>{texts['private']}</p>"
        if verification
        else f"<p>{texts['nowhere']}</p>"
    )
    cv = _copied(f"cv-{lang}", cv_text(facts, lang, verification), 9, texts, texts["cv"])
    items = "".join(f'<li><a href="{name.format(lang=lang)}" download>{texts[name]}</a></li>' for name in _FILES)
    return (
        f'<main class="{lang}" lang="{TAGS[lang]}">\n<h1>{head}</h1>\n<p>{said}</p>\n'
        f'<a class="certificate" href="certificate.pdf"><img src="{picture}" alt="{texts["open"]}"></a>\n'
        f'<div class="actions">{actions}</div>\n'
        f'<div class="grid"><section><h2>{texts["share"]}</h2>{address}</section>\n'
        f"<section><h2>{texts['cv']}</h2>{cv}</section></div>\n"
        f'<section class="wide"><h2>{texts["files"]}</h2><ul>{items}</ul><p>{texts["kept"]}</p></section>\n</main>\n'
    )


def _copied(name: str, text: str, rows: int, texts: dict[str, str], label: str) -> str:
    return (
        f'<textarea id="{name}" rows="{rows}" readonly aria-label="{label}">{escape(text)}</textarea>'
        f'<button type="button" class="button" data-copy="{name}" data-done="{texts["copied"]}">{texts["copy"]}</button>'
    )
