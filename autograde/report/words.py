"""The words of the report in both languages; English ``one|many`` chooses by the number ``n``."""

from collections.abc import Mapping
from typing import ClassVar, Literal

Language = Literal["en", "zh"]

_WORDS: dict[str, tuple[str, str]] = {
    # head
    "report": ("Cohort report", "班级报告"),
    "as-of": ("Decisions as of {day}", "认证决定截至 {day}"),
    "made-at": ("made {moment} UTC", "生成于 {moment} UTC"),
    "policy": ("policy {id} {version}", "认证规则 {id} {version}"),
    "confidential": (
        "Holds names and grades: for the course's staff only.",
        "含姓名与成绩：仅供课程教职人员使用。",
    ),
    "contents": ("Contents", "目录"),
    # key figures
    "learners": ("learner|learners", "名学员"),
    "submissions": ("submission|submissions", "份提交"),
    "reached-level": ("reached a level", "人达到等级"),
    "things-to-do": ("thing that needs you|things that need you", "类事项需要您处理"),
    "outcomes": ("Outcomes", "认证结果"),
    "outcomes-of": ("Outcome of {n} learner|Outcomes of {n} learners", "{n} 名学员的认证结果"),
    "none": ("Not passed", "未通过"),
    "pending": ("Pending", "待定"),
    "no-learners": (
        "The gradebook holds no learners yet; the report fills as they hand in and are graded.",
        "成绩册中还没有学员；有人提交并评分后，报告会随之充实。",
    ),
    # what waits for a person
    "needs": ("What needs you", "需要您处理"),
    "needs-none": ("Nothing waits for you.", "没有需要您处理的事项。"),
    "need-said": ("{what}.", "{what}。"),
    "comma": (", ", "、"),
    "need-said-where": ("{what}: {places}.", "{what}：{places}。"),
    "need-place": ("{assignment} ({n})", "{assignment}（{n}）"),
    "need-failed": ("submission could not be graded|submissions could not be graded", "份提交评分失败"),
    "need-review": ("submission in review|submissions in review", "份提交待人工复核"),
    "need-manual": (
        "submission with cells that a person grades|submissions with cells that a person grades",
        "份提交有单元格待人工评分",
    ),
    "need-ungraded": ("submission not graded yet|submissions not graded yet", "份提交尚未评分"),
    "need-partly": ("submission graded in part|submissions graded in part", "份提交只评了一部分"),
    "need-not-examined": (
        "submission graded in a way that the policy does not accept"
        "|submissions graded in a way that the policy does not accept",
        "份提交的评分方式不被认证规则接受",
    ),
    "need-left-out": (
        "learner left out: a score in the gradebook can be none|learners left out: a score in the gradebook can be none",
        "名学员未计入：成绩册中有无效分数",
    ),
    "need-near": ("close call on pass or fail|close calls on pass or fail", "人的通过与否接近分数线"),
    "need-unnamed": (
        "learner who passed has no name, and gets no certificate without"
        "|learners who passed have no name, and get no certificate without",
        "名已通过的学员没有姓名，无法颁发证书",
    ),
    "need-items": ("item whose numbers look wrong|items whose numbers look wrong", "道题的数据异常"),
    "need-lines": (
        "line of the grading log cannot be read|lines of the grading log cannot be read",
        "行评分日志无法读取",
    ),
    "do-failed": ("read why, mend the cause, grade again", "查看原因，排除后重新评分"),
    "do-review": ("look at them in the formgrader", "请在 Formgrader 中查看"),
    "do-manual": ("grade them in the formgrader", "请在 Formgrader 中评分"),
    "do-ungraded": ("grade them", "请评分"),
    "do-partly": ("grade them again", "请重新评分"),
    "do-not-examined": ("grade them again", "请重新评分"),
    "do-left-out": ("what is wrong, and the command that mends it", "问题及修复命令"),
    "do-near": ("look at the work again before you decide", "决定之前请复核其作业"),
    "do-unnamed": ("give them names", "请补录姓名"),
    "do-items": ("look at the item’s text and tests", "请检查题目文本与测试"),
    "do-lines": ("look at the log", "请检查日志"),
    # cohort
    "cohort": ("Cohort", "班级总览"),
    "cohort-about": (
        "Percent of the points of each chapter, cut off, not rounded; point at a cell for the points.",
        "各章得分百分比（截断，不四舍五入）；将指针移到单元格上可看分数。",
    ),
    "sort-about": ("Press a heading to sort.", "点击表头排序。"),
    "find": ("Find a learner", "查找学员"),
    "found": ("{n} shown", "显示 {n} 人"),
    "any": ("all", "全部"),
    "with-cell": ("With a chapter", "有章节"),
    "more-reasons": ("{n} more", "另有 {n} 条"),
    "learner": ("Learner", "学员"),
    "id": ("Id", "编号"),
    "overall": ("Overall", "总成绩"),
    "outcome": ("Outcome", "结果"),
    "key-reached": ("minimum reached", "达到最低要求"),
    "key-below": ("below the minimum", "低于最低要求"),
    "key-waiting": ("waits for grading", "等待评分"),
    "key-absent": ("not handed in", "未提交"),
    "key-late": ("late penalty taken off", "已扣迟交分"),
    "points-of": ("{score} of {maximum} points", "{maximum} 分中得 {score} 分"),
    "late-off": ("{points} off for lateness", "迟交扣 {points} 分"),
    # scores
    "scores": ("Scores", "成绩分布"),
    "scores-about": (
        "Learners per tenth of the points; handed in and finally graded. The dashed line is the minimum or a level.",
        "按得分百分比分段的学员人数；仅含已提交且评分完成者。虚线为最低要求或等级线。",
    ),
    "scores-of": ("{assignment}: scores", "{assignment}：成绩分布"),
    "scores-seen": (
        "{n} score; from 0–10 % to 90–100 %: {counts}|{n} scores; from 0–10 % to 90–100 %: {counts}",
        "{n} 个成绩；从 0–10% 到 90–100%：{counts}",
    ),
    "bin": ("{low}–{high} %: {n}", "{low}–{high}%：{n}"),
    "n-graded": ("{n} graded", "{n} 份已评分"),
    "mean-sd": ("mean {mean} %, sd {sd} %", "平均 {mean}%，标准差 {sd}%"),
    "nothing-graded": ("nothing graded yet", "尚无已评分的提交"),
    # progress
    "progress": ("Progress", "学习进度"),
    "progress-about": ("Where the learners stand in each chapter.", "学员在各章的进展。"),
    "progress-by": ("Learners by standing, per chapter", "各章学员状态"),
    "hand-ins": ("Hand-ins over time", "提交时间"),
    "hand-ins-about": (
        "Share of the learners who have handed in, by the time of their last submission, UTC.",
        "已提交学员的比例，按最近一次提交的时间（UTC）。",
    ),
    # items
    "items": ("Item analysis", "题目分析"),
    "items-about": (
        "How well the graded cells measure. Whiskers are 95 % confidence intervals.",
        "评分单元格的测量质量。线段为 95% 置信区间。",
    ),
    "small": (
        "{assignments}: with so few learners the table says how many solved each item, and no more. The intervals are"
        " wide: read them as “between”. How well an item tells learners apart needs {least} learners; with {n}, chance"
        " alone gives correlations up to ±{chance}.",
        "{assignments}：人数较少，表中只列出每题的完成人数。区间很宽，请按“介于两者之间”理解。题目能否区分学员须至少"
        " {least} 人才能判断；{n} 人时，仅凭偶然相关系数就可达 ±{chance}。",
    ),
    "tiny": (
        "{assignments}: with so few learners the table says how many solved each item, and no more; it tells about these"
        " learners, not about the item. How well an item tells learners apart needs {least} learners.",
        "{assignments}：人数极少，表中只列出每题的完成人数，只反映这几名学员，不足以评价题目。题目能否区分学员须至少"
        " {least} 人才能判断。",
    ),
    "nobody": (
        "{assignments}: nobody’s work is finally graded yet.",
        "{assignments}：尚无评分完成的提交。",
    ),
    "withheld-of": ("{assignment} ({n} learner)|{assignment} ({n} learners)", "{assignment}（{n} 人）"),
    "no-items": ("{assignment}: it has no graded cell.", "{assignment}：没有评分单元格。"),
    "no-flags": (
        "No item is flagged: {n} learners, {least} are needed.",
        "不标记题目：{n} 人，至少需要 {least} 人。",
    ),
    "reliability": ("Reliability", "信度"),
    "assignment": ("Assignment", "作业"),
    "n": ("Learners", "人数"),
    "n-items": ("Items", "题数"),
    "mean": ("Mean", "平均分"),
    "sd": ("SD", "标准差"),
    "alpha": ("Cronbach’s alpha", "克龙巴赫 α"),
    "sem": ("SEM, points", "测量标准误（分）"),
    "item": ("Item", "题目"),
    "points": ("Points", "分值"),
    "full": ("Full marks", "满分人数"),
    "full-of": ("{full} of {n}", "{full} / {n}"),
    "items-head": (
        "{n} learner · hardest: {item}, {share} %|{n} learners · hardest: {item}, {share} %",
        "{n} 人 · 最难：{item}，{share}%",
    ),
    "difficulty": ("Difficulty (mean share)", "难度（平均得分率）"),
    "discrimination": ("Item–total correlation, corrected", "校正的题总相关"),
    "look": ("Look at", "需查看"),
    "interval": ("{low} to {high}", "{low} 至 {high}"),
    "undefined": ("not defined", "无定义"),
    "too-easy": ("too easy", "过易"),
    "too-hard": ("too hard", "过难"),
    "negative": ("negative", "负区分度"),
    "perhaps": ("perhaps {flag}", "可能{flag}"),
    "items-of": ("{assignment}: items", "{assignment}：题目"),
    "left-waiting": (
        "{n} submission waits for grading and is left out.|{n} submissions wait for grading and are left out.",
        "另有 {n} 份提交等待评分，未计入。",
    ),
    # near the cut
    "near-title": ("Decisions near the cut", "接近分数线的决定"),
    "near-about": (
        "One rule alone, met or missed by no more than {band} standard error of measurement (SEM), settles the level"
        " of these learners. Look at the work again before you rely on the outcome.",
        "以下学员的等级只取决于一条规则，且与分数线的距离不超过 {band} 个测量标准误（SEM）。采信结果之前，请复核其作业。",
    ),
    "near-unknown": (
        "Where no SEM is known (fewer than {least} learners finally graded, or one item only), the list has whoever is"
        " within {share} % of the points: close, but how doubtful cannot be said.",
        "测量标准误未知时（评分完成者不足 {least} 人，或仅一题），列出距分数线不超过总分 {share}% 者：只说明接近，无法说明可疑程度。",
    ),
    "near-none": ("No decision is near a cut.", "没有接近分数线的决定。"),
    "near-plot": ("{subject}: learners around {cut}", "{subject}：{cut} 附近的学员"),
    "near-seen": (
        "{n} decided learner, {inside} of them within the band around {cut}"
        "|{n} decided learners, {inside} of them within the band around {cut}",
        "{n} 名已决定学员，其中 {inside} 名位于 {cut} 周围的区间内",
    ),
    "near-colours": (
        "Each dot is a learner. Orange: within the band. The table has those whose outcome would change.",
        "每点代表一名学员。橙色：位于区间内。表中只列结果会因此改变者。",
    ),
    "near-pass": ("A certificate hangs on it", "关系到能否获得证书"),
    "near-level": ("Only the level hangs on it", "只关系到等级"),
    "overall-level": ("Overall, around {level}", "总成绩，{level}线附近"),
    "rule": ("Rule", "规则"),
    "score": ("Score", "得分"),
    "cut": ("Cut", "分数线"),
    "distance": ("Distance, points", "距离（分）"),
    "distance-sem": ("in SEM", "（SEM）"),
    "level": ("Level", "等级"),
    "level-if": ("Otherwise", "否则"),
    "overall-rule": ("overall, {share} %", "总成绩 {share}%"),
    "chapter-rule": ("{assignment}, {share} %", "{assignment} {share}%"),
    "exam-rule": ("exam {assignment}, {share} %", "考试 {assignment} {share}%"),
    # reviews, repairs, times
    "left-out": ("Learners left out", "未计入的学员"),
    "review-title": ("Submissions to look at", "待查看的提交"),
    "review-about": (
        "What still waits in the gradebook, and what the engine passed on to a person.",
        "成绩册中仍待评分的提交，以及评分引擎转交人工的提交。",
    ),
    "review-none": ("Nothing waits for you.", "没有待处理的提交。"),
    "why": ("Why", "原因"),
    "now": ("Gradebook now", "成绩册现状"),
    "engine-review": ("review", "人工复核"),
    "engine-failed": ("failed", "评分失败"),
    "unknown-submission": ("not in the gradebook", "不在成绩册中"),
    "waits": ("waits", "等待"),
    "repairs": ("Repairs", "修复记录"),
    "repairs-about": (
        "Damage that the engine repaired before grading; no answer was invented or dropped.",
        "评分前由引擎修复的损坏；不虚构答案，也不丢弃答案。",
    ),
    "repairs-none": ("No submission needed a repair.", "没有需要修复的提交。"),
    "repairs-by": ("Repairs by kind", "按类别统计的修复"),
    "repaired": ("Repaired", "修复内容"),
    "times": ("Grading times", "评分用时"),
    "times-about": (
        "Seconds per submission on a logarithmic scale: line from the 10th to the 90th percentile, bar the median,"
        " circles the shortest and the longest.",
        "每份提交的秒数（对数刻度）：线段为第 10 至第 90 百分位，短杠为中位数，圆圈为最短与最长。",
    ),
    "times-none": ("The log holds no times.", "日志中没有用时记录。"),
    "times-of": ("Grading times per assignment", "各作业的评分用时"),
    "time-row": (
        "{assignment}: {n} graded, median {median} s, longest {longest} s, {total} s in all",
        "{assignment}：{n} 份，中位数 {median} 秒，最长 {longest} 秒，共 {total} 秒",
    ),
    "no-log": (
        "There is no gradebook/grading-log.jsonl: `course grade` writes it; nbgrader’s own autograde does not.",
        "没有 gradebook/grading-log.jsonl：它由 `course grade` 写入，nbgrader 自带的 autograde 不写。",
    ),
    "unreadable": (
        "Line {lines} of gradebook/grading-log.jsonl cannot be read and is left out."
        "|Lines {lines} of gradebook/grading-log.jsonl cannot be read and are left out.",
        "gradebook/grading-log.jsonl 第 {lines} 行无法读取，未计入。",
    ),
    # method
    "method": ("How the numbers are made", "数据说明"),
    "method-who": (
        "Item statistics: learners who handed the assignment in and are finally graded. Whoever handed in nothing is left"
        " out; a cell left blank counts with its score. Cell scores are the instructor’s where there is one; late penalties"
        " and extra credit stay outside; a score above a cell’s maximum counts as the maximum. The cohort’s table shows the"
        " attempt that counts for the certificate, the item statistics the one that the gradebook holds.",
        "题目统计：已提交且评分完成的学员。未提交者不计；提交中留空的单元格按其得分计。有人工评分时以人工评分为准；"
        "不含迟交扣分与附加分；超过单元格满分的得分按满分计。班级总览显示认证所计的那次提交，题目统计用成绩册中的那次。",
    ),
    "method-items": (
        "Items stand in the order of their notebook. Difficulty: mean share of the cell’s points, Wilson interval. Discrimination: correlation of the cell with the"
        " sum of all other cells; interval by Fisher’s z, or by the jackknife where that is wider.",
        "题目按笔记本中的顺序排列。难度：单元格平均得分率，Wilson 区间。区分度：单元格与其余单元格总分的相关；区间取 Fisher z 法与刀切法中较宽者。",
    ),
    "method-alpha": (
        "Cronbach’s alpha on points; interval by Feldt, or by the jackknife where that is wider. SEM = SD·√(1 − alpha),"
        " with Student’s interval for the mean error variance. SEM of the overall score: errors of the chapters are"
        " taken as independent. Alpha is a lower bound of reliability when the cells’ errors are independent; cells"
        " that share an answer are not, and alpha then flatters.",
        "克龙巴赫 α 按分值计算；区间取 Feldt 法与刀切法中较宽者。SEM = 标准差·√(1 − α)，其区间为平均误差方差的 t 区间。"
        "总成绩的 SEM 假定各章误差独立。单元格误差独立时 α 是信度的下界；若多个单元格依赖同一答案，α 会偏高。",
    ),
    "method-flags": (
        "Flags, from {flag} learners on: difficulty at least {easy} or at most {hard}, discrimination below 0. “Perhaps”"
        " means that the interval reaches across the limit. Of 20 intervals about one misses the truth. A flag says"
        " “look”, not “wrong”.",
        "自 {flag} 人起标记：难度不低于 {easy} 或不高于 {hard}，区分度小于 0。“可能”表示区间跨过界限。"
        "约每 20 个区间有 1 个不含真值。标记只表示“请查看”，并非“有错”。",
    ),
    "snapshot": ("Grades: SHA-256 {sha256}", "成绩快照：SHA-256 {sha256}"),
}


class Words:
    """The report's words in one language: ``words("learners", n=12)``.

    Attributes:
        table: (English, Chinese) by key; English may have a singular and a plural, ``learner|learners``.
    """

    table: ClassVar[Mapping[str, tuple[str, str]]] = _WORDS

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with `values` filled in: plain text, to be escaped like any other."""
        text = self.table[key][self.language == "zh"]
        if self.language == "en" and "|" in text:
            text = text.split("|")[values.get("n") != 1]
        return text.format(**values) if values else text

    def level(self, name: str) -> str:
        """A level's name as on certificates, plain text."""
        from autograde.certify.documents.words import level_word  # it imports the fonts and the PDF library

        return level_word(name, self.language)
