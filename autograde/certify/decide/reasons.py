"""Why a decision is what it is, in plain words, English and Chinese. Pure.

Percentages are cut off, not rounded, so no sentence shows a pass that was not reached.
"""

from dataclasses import dataclass
from fractions import Fraction

from autograde.certify.decide.attempts import Judged
from autograde.certify.decide.tally import Tally
from autograde.exact import percent, plain


@dataclass(frozen=True)
class Reason:
    """One sentence in both languages."""

    en: str
    zh: str


_HOW_GRADED = {
    "examiner": Reason("its tests ran apart from the learner's code", "测试与学员代码分开运行"),
    "shared": Reason("its tests ran beside the learner's code (shared)", "测试与学员代码在同一进程中运行（shared）"),
    "unrecorded": Reason("no grading by the course's engine is on record for it", "没有课程评分引擎对它评分的记录"),
    "": Reason("how it was graded is not on record", "没有其评分方式的记录"),
}


def open_grading(tally: Tally) -> Reason:
    """Why the grading of a submitted assignment is not final."""
    name, count = tally.assignment, tally.open_cells
    cells, wait, lack = ("cell", "waits", "lacks") if count == 1 else ("cells", "wait", "lack")
    match tally.state:
        case "not-graded":
            return Reason(
                f"{name}: submitted but not graded yet; no cell has a score.",
                f"{name}：已提交但尚未评分，没有任何单元格有分数。",
            )
        case "partly-graded":
            return Reason(
                f"{name}: {count} {cells} {lack} a grade in the gradebook; grade the submission again.",
                f"{name}：成绩册中有 {count} 个单元格缺少成绩，请重新评分。",
            )
        case "awaiting-manual":
            return Reason(
                f"{name}: {count} {cells} {wait} for manual grading.",
                f"{name}：有 {count} 个单元格等待人工评分。",
            )
        case "in-review":
            return Reason(
                f"{name}: grading sent it to review, and nobody has decided; give its cells their scores by hand.",
                f"{name}：评分时转入复核，尚无人裁定；请人工为其单元格评分。",
            )
        case "not-examined":
            how = tally.attempts[tally.attempt - 1].attempt.isolation
            return Reason(
                f"{name}: {_HOW_GRADED[how or ''].en}, which this policy does not accept; "
                f"run course grade {name} --force --isolation examiner.",
                f"{name}：{_HOW_GRADED[how or ''].zh}，本政策不予接受；"
                f"请运行 course grade {name} --force --isolation examiner。",
            )
    raise ValueError(f"the grading of {name} is final")


def below_minimum(tally: Tally, minimum: Fraction) -> Reason:
    """Why a chapter's or the exam's minimum is not reached."""
    name, needed = tally.assignment, plain(minimum * 100)
    if tally.maximum == 0:
        return Reason(
            f"{name}: the gradebook holds no points for it, so its minimum of {needed} % cannot be reached.",
            f"{name}：成绩册中该项没有分值，无法达到 {needed}% 的最低要求。",
        )
    if tally.state == "not-submitted":
        return Reason(
            f"{name}: nothing submitted; {needed} % needed.",
            f"{name}：未提交；要求 {needed}%。",
        )
    score, maximum = plain(tally.score), plain(tally.maximum)
    share = percent(tally.score, tally.maximum)
    late, late_zh = "", ""
    if tally.late_penalty > 0:
        late = f", after {plain(tally.late_penalty)} off for lateness"
        late_zh = f"（已扣迟交分 {plain(tally.late_penalty)}）"
    return Reason(
        f"{name}: {score} of {maximum} points{late} ({share} %); {needed} % needed.",
        f"{name}：{maximum} 分中得 {score} 分{late_zh}（{share}%）；要求 {needed}%。",
    )


def exam_not_taken(assignment: str) -> Reason:
    return Reason(f"{assignment}: exam not taken.", f"{assignment}：未参加考试。")


def overall_below(score: Fraction, maximum: Fraction, minimum: Fraction, level: str) -> Reason:
    share, needed = percent(score, maximum), plain(minimum * 100)
    return Reason(
        f"Overall {share} % of the chapter points; {level} needs {needed} %.",
        f"章节总成绩 {share}%；{level} 要求 {needed}%。",
    )


def exam_below(tally: Tally, minimum: Fraction, level: str) -> Reason:
    share, needed = percent(tally.score, tally.maximum), plain(minimum * 100)
    return Reason(
        f"{tally.assignment}: {share} % in the exam; {level} needs {needed} %.",
        f"{tally.assignment}：考试成绩 {share}%；{level} 要求 {needed}%。",
    )


def level_reached(level: str, score: Fraction, maximum: Fraction, minimum: Fraction) -> Reason:
    share, needed = percent(score, maximum), plain(minimum * 100)
    return Reason(
        f"Every rule of {level} is met: overall {share} % of the chapter points, {needed} % needed.",
        f"已满足 {level} 的全部要求：章节总成绩 {share}%，要求 {needed}%。",
    )


def attempt_too_early(assignment: str, item: Judged, wait_days: int) -> Reason:
    number, at = item.number, item.attempt.submitted_at[:10]
    days = "1 day" if item.days == 1 else f"{item.days} days"
    return Reason(
        f"{assignment}: attempt {number} of {at} does not count: it came {days} after the last that counts; "
        f"{wait_days} must lie between them.",
        f"{assignment}：{at} 的第 {number} 次提交不计入：距上一次计入的提交仅 {item.days} 天，须间隔 {wait_days} 天。",
    )


def attempt_beyond(assignment: str, item: Judged, allowed: int) -> Reason:
    number, at = item.number, item.attempt.submitted_at[:10]
    return Reason(
        f"{assignment}: attempt {number} of {at} does not count: the number of attempts allowed is {allowed}.",
        f"{assignment}：{at} 的第 {number} 次提交不计入：最多允许 {allowed} 次。",
    )


def attempt_barred(assignment: str, item: Judged) -> Reason:
    """Why an earlier attempt does not count for what grading found out about it."""
    number, at = item.number, item.attempt.submitted_at[:10]
    how = _HOW_GRADED[item.attempt.isolation or ""]
    why = {
        "in-review": Reason(
            "grading sent it to review, and nobody had decided when the next one came",
            "评分时转入复核，至下一次提交时仍无人裁定",
        ),
        "waiting": Reason(
            "cells still waited for manual grading when the next one came", "至下一次提交时仍有单元格等待人工评分"
        ),
        "not-examined": Reason(f"{how.en}, which this policy does not accept", f"{how.zh}，本政策不予接受"),
    }[item.standing]
    return Reason(
        f"{assignment}: attempt {number} of {at} does not count: {why.en}.",
        f"{assignment}：{at} 的第 {number} 次提交不计入：{why.zh}。",
    )


def attempt_chosen(tally: Tally) -> Reason:
    """That the score is not that of the newest attempt."""
    name, number, share = tally.assignment, tally.attempt, percent(tally.score, tally.maximum)
    return Reason(
        f"{name}: attempt {number} of {len(tally.attempts)} is the one that counts ({share} %).",
        f"{name}：以 {len(tally.attempts)} 次提交中的第 {number} 次为准（{share}%）。",
    )


def points_missing(assignment: str, points: Fraction) -> Reason:
    amount = plain(points)
    return Reason(f"{assignment}: points still needed: {amount}.", f"{assignment}：还需 {amount} 分。")


def overall_missing(points: Fraction) -> Reason:
    amount = plain(points)
    return Reason(f"Overall: weighted points still needed: {amount}.", f"章节总成绩：还需 {amount} 个加权分。")


def grading_missing(assignment: str) -> Reason:
    return Reason(f"{assignment}: the rest of its grading.", f"{assignment}：评分尚未完成。")
