"""The headings of a chapter: numbered sections, exercises with their points, one quiz, the references. Pure."""

import re
from collections.abc import Iterator

from autograde.authoring.cell import LANGUAGES
from autograde.authoring.chapter import Chapter
from autograde.authoring.style.shown import REFERENCES, masked

_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
_TITLE = {"en": re.compile(r"Chapter (\d+) · \S.*"), "zh": re.compile(r"第 (\d+) 章 · \S.*")}
_SECTION = re.compile(r"(\d+) · \S.*")
_ANY_EXERCISE = {"en": re.compile(r"Exercises?\b"), "zh": re.compile(r"练习|习题")}
_EXERCISE = {
    "en": re.compile(r"Exercise (\d+) · (`\w+`(?:(?:, | and )`\w+`)*) \(([\d.]+) points?\)"),
    "zh": re.compile(r"练习 (\d+) · (`\w+`(?:(?:、| 与 | 和 )`\w+`)*)（([\d.]+) 分）"),
}
_QUIZ = {"en": "Check yourself", "zh": "自测"}
_ANY_QUIZ = {
    "en": re.compile(r"\bquiz\b|check yourself|-minute check", re.IGNORECASE),
    "zh": re.compile("自测|小测|测验"),
}
_OPTIONAL = {"en": "(optional)", "zh": "（选读）"}
_ANY_OPTIONAL = {"en": re.compile(r"\boptional\b", re.IGNORECASE), "zh": re.compile("选读|选做|选学|可选")}
_SECTION_FORM = {"en": "## {number} · Title", "zh": "## {number} · 标题"}
_TITLE_FORM = {"en": "# Chapter {number} · Title", "zh": "# 第 {number} 章 · 标题"}
_EXERCISE_FORM = {
    "en": "### Exercise {count} · `{name}` ({points:g} point{s})",
    "zh": "### 练习 {count} · `{name}`（{points:g} 分）",
}
_REFERENCES = {"en": "References", "zh": "参考文献"}


def heading_faults(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for the headings of both editions."""
    for lang in LANGUAGES:
        yield from _edition(chapter, lang, list(_headings(chapter, lang)))


def _headings(chapter: Chapter, lang: str) -> Iterator[tuple[int, str, str]]:
    """(line, ``##``, text) of each heading of an edition."""
    for cell in chapter.cells:
        if cell.lang == lang:
            fences = masked(cell.source)
            for match in _HEADING.finditer(cell.source):
                if fences[match.start()] == "#":
                    yield cell.line + 1 + cell.source.count("\n", 0, match.start()), match[1], match[2]


def _edition(chapter: Chapter, lang: str, headings: list[tuple[int, str, str]]) -> Iterator[tuple[int, str]]:
    number, quizzes, exercises, references = 0, 0, 0, 0
    yield from _title(chapter, lang, headings)
    for line, level, text in headings:
        if references:
            yield line, f"put {level} {text} before the references, which end the chapter"
        quiz = level == "##" and bool(_ANY_QUIZ[lang].search(text))
        if level == "##" and REFERENCES.match(f"## {text}"):
            references += 1
            number += text[0].isdigit()
        elif level == "##":
            number += 1
            match = _SECTION.fullmatch(text)
            if match is None and not quiz:
                yield (
                    line,
                    f"number the section: `{_SECTION_FORM[lang].format(number=number)}` instead of {level} {text}",
                )
            elif match and int(match[1]) != number:
                yield line, f"this section is number {number}, not {match[1]}: number them 1, 2, 3 …"
                number = int(match[1])
        if quiz:
            quizzes += 1
            if not re.fullmatch(rf"\d+ · {_QUIZ[lang]}", text):
                yield line, f"call the quiz `## {number} · {_QUIZ[lang]}` instead of {level} {text}"
        if _ANY_EXERCISE[lang].match(text):
            exercises += 1
            yield from _exercise(chapter, lang, line, f"{level} {text}", exercises)
        if _ANY_OPTIONAL[lang].search(text) and not text.endswith(_OPTIONAL[lang]):
            yield line, f"end the heading in `{_OPTIONAL[lang]}`: {level} {text}"
    end = headings[-1][0] if headings else 1
    if exercises < len(chapter.exercises):
        name = chapter.exercises[exercises].name
        yield end, f"{lang}: {exercises} of {len(chapter.exercises)} exercises have a heading; write one for {name!r}"
    if quizzes != 1:
        yield end, f"{lang}: a chapter has one section `## N · {_QUIZ[lang]}`, not {quizzes}"
    if references != 1:
        yield end, f"{lang}: a chapter ends in one section `## {_REFERENCES[lang]}`, not {references}"


def _title(chapter: Chapter, lang: str, headings: list[tuple[int, str, str]]) -> Iterator[tuple[int, str]]:
    number = int(re.sub("[a-z]", "", chapter.name) or 0)
    wanted = _TITLE_FORM[lang].format(number=number)
    titles = [(line, text) for line, level, text in headings if level == "#"]
    if not titles:
        yield (headings[0][0] if headings else 1), f"{lang}: the chapter has no title; write `{wanted}`"
    for line, text in titles:
        match = _TITLE[lang].fullmatch(text)
        if match is None or int(match[1]) != number or line != titles[0][0]:
            yield line, f"the chapter's one title is `{wanted}`; not # {text}"


def _exercise(chapter: Chapter, lang: str, line: int, text: str, count: int) -> Iterator[tuple[int, str]]:
    if count > len(chapter.exercises):
        yield line, f"the chapter has {len(chapter.exercises)} graded exercises, this heading is one more: {text}"
        return
    exercise = chapter.exercises[count - 1]
    wanted = _EXERCISE_FORM[lang].format(
        count=count, name=exercise.name, points=exercise.points, s="" if exercise.points == 1 else "s"
    )
    match = _EXERCISE[lang].fullmatch(text.removeprefix("### "))
    points = float(match[3]) if match and re.fullmatch(r"\d+(\.\d+)?", match[3]) else None
    names = re.findall(r"`(\w+)`", match[2]) if match else []
    if (
        match is None
        or int(match[1]) != count
        or points != exercise.points
        or exercise.name not in names
        or text != f"### {match[0]}"
        or (lang == "en" and (points == 1) != match[0].endswith(" point)"))
    ):
        yield line, f"write `{wanted}` instead of {text}"
