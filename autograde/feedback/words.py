"""The words of the feedback page in both languages.

English ``one|many`` chooses by the number ``n``.
"""

from autograde.report.words import Words

_WORDS: dict[str, tuple[str, str]] = {
    "feedback": ("Feedback", "反馈"),
    "for": ("for {learner}", "学员：{learner}"),
    "handed-in": ("handed in {moment} UTC", "提交于 {moment} UTC"),
    "points": ("{score} of {maximum} points", "{maximum} 分中得 {score} 分"),
    "point-share": ("{score} / {maximum}", "{score} / {maximum}"),
    "late": (
        "{score} points earned; {points} off for lateness ({n} started day after the due date); {rest} count"
        "|{score} points earned; {points} off for lateness ({n} started days after the due date); {rest} count",
        "得 {score} 分；迟交 {n} 天（不足一天按一天计）扣 {points} 分；计 {rest} 分",
    ),
    "late-plain": (
        "{score} points earned; {points} off for lateness; {rest} count",
        "得 {score} 分；迟交扣 {points} 分；计 {rest} 分",
    ),
    "so-far": ("so far: a person still has to grade some of it", "目前得分：部分内容尚待人工评分"),
    "passed-n": ("{n} check passed|{n} checks passed", "通过 {n} 项检查"),
    "partial-n": ("{n} partly|{n} partly", "部分得分 {n} 项"),
    "failed-n": ("{n} not yet|{n} not yet", "未通过 {n} 项"),
    "unanswered-n": ("{n} not answered|{n} not answered", "未作答 {n} 项"),
    "open-n": ("{n} waits for a person|{n} wait for a person", "待人工评分 {n} 项"),
    "all-passed": ("Everything passed. Well done!", "全部通过，做得好！"),
    # states
    "passed": ("passed", "通过"),
    "partial": ("partly", "部分得分"),
    "failed": ("not yet", "未通过"),
    "unanswered": ("not answered", "未作答"),
    "open": ("waits for a person", "待人工评分"),
    "graded": ("graded by a person", "人工评分"),
    # sentences of a check
    "partial-about": ("Part of what it looks at is right.", "检查的内容部分正确。"),
    "failed-about": (
        "Something that your code gives is not as it should be. The check tells no more than this; compare your answer "
        "with the text above it, in cases of your own.",
        "你的代码给出的结果不符合要求。该检查不提供更多信息；请对照题目说明，用自己构造的例子验证。",
    ),
    "error-about": ("Your code ended with an error while it was checked:", "检查时你的代码出错："),
    "unanswered-about": (
        "No answer yet. You can still learn from it: try it in your notebook.",
        "尚未作答。可以在笔记本中继续尝试。",
    ),
    "undefined-about": (
        "`{name}` is not defined: is the cell that defines it still there, and does it run without an error?",
        "`{name}` 未定义：定义它的单元还在吗？运行时是否出错？",
    ),
    "unusable-about": (
        "What your code gave has another type or shape than the check can use.",
        "你的代码返回的内容，其类型或形状无法用于检查。",
    ),
    "none-returned": ("It gave None: did you forget a `return`?", "返回值是 None：是否忘了写 `return`？"),
    "stopped": ("Your code could not be asked.", "无法调用你的代码。"),
    "stopped-died": (
        "The process that ran your code had ended before this check (out of memory, or an exit).",
        "此项检查之前，运行你的代码的进程已经终止（内存不足或主动退出）。",
    ),
    "stopped-timeout": (
        "It took too long: look for a loop that does not end.",
        "运行超时：请检查是否有不会结束的循环。",
    ),
    "stopped-violation": (
        "Your code wrote where only the grader's messages belong, so its answers could not be read.",
        "你的代码干扰了评分程序的通信，其结果无法读取。",
    ),
    "stopped-flood": ("Your code called back far too often.", "你的代码回调次数过多。"),
    "stopped-result": (
        "What your code gave cannot be handed to a check. Return plain numbers, texts, lists or NumPy arrays, no classes of "
        "your own made from them.",
        "你的代码返回的内容无法交给检查。请返回普通的数、文本、列表或 NumPy 数组，不要返回由它们派生的自定义类。",
    ),
    "stopped-left-out": (
        "It needs a cell that did not run to its end: it took too long, or the process that ran your code ended with it.",
        "它依赖的单元没有运行到结束：运行超时，或使运行你的代码的进程终止。",
    ),
    "stopped-lost": (
        "It needs something that was lost when the process that ran your code ended.",
        "它依赖的对象随运行你的代码的进程终止而丢失。",
    ),
    "stopped-memory": (
        "What your code gave takes more memory than a check may use.",
        "你的代码给出的内容占用的内存超过检查可用的上限。",
    ),
    "stopped-process": (
        "It was not run: the process that ran your code had ended too many times.",
        "未运行：运行你的代码的进程终止次数过多。",
    ),
    "stopped-time": (
        "It was not run: the time of the whole notebook was over.",
        "未运行：整个笔记本的时间已用完。",
    ),
    "fault-about": (
        "This check did not work as meant. That is not your fault; an instructor will grade it.",
        "此项检查本身有问题，与你无关；将由人工评分。",
    ),
    "where": ("in your code", "出错位置"),
    "hint": ("Hint", "提示"),
    "shown-check": ("What you can see of this check", "此检查的公开部分"),
    # the page
    "checks": ("Checks", "检查项"),
    "check": ("Check", "检查"),
    "result": ("Result", "结果"),
    "pts": ("Points", "分数"),
    "your-notebook": ("Your notebook", "你的笔记本"),
    "as-graded": ("as it ran when it was graded", "评分时的运行结果"),
    "as-known": (
        "as it ran when it was graded; after the first private check with the outputs that you handed in",
        "评分时的运行结果；首个不公开的检查之后，显示你提交时的输出",
    ),
    "as-handed-in": ("with the outputs that you handed in", "显示你提交时的输出"),
    "your-answer": ("Your answer", "你的答案"),
    "your-cell": ("Your cell", "你的单元"),
    "course-cell": ("Cell of the course", "课程单元"),
    "no-answer": ("No answer.", "未作答。"),
    "ended-with": ("When it was graded, this cell ended with {error}.", "评分时此单元以 {error} 结束。"),
    "comment": ("From your grader", "评阅意见"),
    "extra": ("{points} extra", "附加 {points} 分"),
    "notes": ("What the grader noticed", "评分说明"),
    "notes-about": (
        "Your notebook was not quite as it was released. Nothing that you wrote was lost.",
        "你的笔记本与发布时略有不同。你写的内容没有丢失。",
    ),
    "code": ("code", "代码"),
    "no-page": (
        "This notebook could not be graded by the machine; a person will look at it.",
        "此笔记本无法自动评分，将由人工查看。",
    ),
    "missing": ("You handed in no {name}.ipynb.", "你没有提交 {name}.ipynb。"),
    "foot": (
        "Some checks are kept private so that they can be used again; this page tells what they found, not what they hold.",
        "部分检查不公开，以便再次使用；本页只说明检查结果，不展示其内容。",
    ),
    # reasons that hold details for the course's authors
    "test-fault": (
        "One of the checks did not work as meant; a person looks at it.",
        "有一项检查本身有问题，将由人工查看。",
    ),
    "setup-failed": (
        "One of the course's own cells failed where your code ran; a person looks at it.",
        "有一个课程自带的单元在你的代码环境中出错，将由人工查看。",
    ),
    "tampering": (
        "Your code changed what the checks rely on; a person looks at it.",
        "你的代码改动了检查所依赖的环境，将由人工查看。",
    ),
    "engine-fault": ("The grader itself failed; a person looks at it.", "评分程序自身出错，将由人工查看。"),
}


class FeedbackWords(Words):
    """The page's words in one language: ``words("points", score="3", maximum="4")``."""

    table = _WORDS
