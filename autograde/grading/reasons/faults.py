"""What is wrong with a course's own cells, or with a submission's file, so that a person has to look; in both languages.

Details that come as text of a program (a message of Python's, of a library, of the wire) are English and stay in the
English sentence; the Chinese one says what kind of fault it is.
"""

import re
from collections.abc import Iterable

from autograde.grading.reasons.ends import Why
from autograde.grading.reasons.reason import Reason
from autograde.shown import word

# what an author did in a test, by how its description begins
_IN_TESTS = {
    "the test ends in a value of type": "它以不能作为分数的值结尾；应以 assert 或数字结尾",
    "the test ends in a time span": "它以时间间隔结尾；应以 assert 或数字结尾",
    "the test ends in": "它结尾的数字不在零与满分之间",
    "the test is not plain Python": "它不是普通的 Python 代码",
    "the test hands over": "它把无法传递的内容交给了学习者的函数",
    "the test holds an object": "它直接使用了学习者的对象；应先取得普通数据再比较",
    "a test calls the learner's functions from": "它在另一个线程中调用了学习者的函数",
    "the examiner cannot carry": "它需要的内容无法在两个进程之间传递，此课程宜用 shared 方式评分",
    "the test reads": "它查询了函数的内部信息，而这不是普通数据",
    "the test compares": "它比较了无法传递的类型标注",
    "nobody defines": "它使用的名字既不在课程中也不在答案中",
    "it imports": "它导入的模块不存在",
    "it opens": "它打开的文件不属于课程",
    "the examiner ended": "运行测试的进程终止",
}
PLAIN = {
    "test-fault": ("The check {cells} did not work as meant.", "检查 {cells} 本身有问题。"),
    "setup-fault": (
        "The course's cell {cells} failed where the checks run.",
        "课程单元 {cells} 在运行检查的进程中出错。",
    ),
}
"""By code, what learners may read of reasons that hold details for a course's authors."""
_TAMPERED = {
    "a method of IPython's shell": "IPython shell 的方法",
    "an AST transformer": "AST 转换器",
    "an input transformer": "输入转换器",
    "an exception handler of IPython's": "IPython 的异常处理",
    "the display": "输出的显示",
    "a trace function": "跟踪函数",
    "a result that is not the test's own": "不属于测试的结果",
}


def test_fault(name: str, detail: str) -> Reason:
    """A test cell is at fault itself.

    Args:
        detail: what it did, in English, for its author.
    """
    kind = next((zh for start, zh in _IN_TESTS.items() if detail.startswith(start)), "它未能正常完成")
    return Reason(
        "test-fault",
        f"The test {name} itself is at fault ({detail}); a person has to grade it.",
        f"测试 {name} 自身有误：{kind}。需人工评分。",
        (name,),
    )


def setup_fault(name: str, error: str) -> Reason:
    """A setup cell failed in the examiner, with an error as ``ValueError: …``."""
    return Reason(
        "setup-fault",
        f"The course's cell {name} failed where the tests run ({error}).",
        f"课程单元 {name} 在运行测试的进程中出错（{_kind(error)}）。",
        (name,),
    )


def setup_failed(name: str, error: str) -> Reason:
    """A setup cell failed in the learner's process, where nothing of the course's is wrong."""
    return Reason(
        "setup-failed",
        f"The course's cell {name} failed in the learner's process only ({error[:200]}); a person has to look.",
        f"课程单元 {name} 仅在学习者的进程中出错（{_kind(error)}），需人工复核。",
        (name,),
    )


def tampering(name: str, seen: Iterable[str]) -> Reason:
    """Something that tests rely on was changed; `seen` is what :mod:`autograde.grading.kernels.tampering` says."""
    seen = list(seen)
    return Reason(
        "tampering",
        f"After the cell {name} the tests' surroundings were changed ({', '.join(seen)}); a person has to look.",
        f"单元 {name} 运行后，测试所依赖的环境被改动（{'、'.join(dict.fromkeys(map(_tampered, seen)))}），需人工复核。",
    )


def engine_fault(last: str) -> Reason:
    """The grader itself failed; `last` is the last line of the traceback."""
    return Reason("engine-fault", f"The grader itself failed: {last}", f"评分程序自身出错（{_kind(last)}）。")


def template_failed(why: Why) -> Reason:
    """What the course imports could not be imported, so no kernel was started."""
    return Reason("template-failed", f"Nothing was run: {why.en}.", f"未运行任何单元：{why.zh}。")


def not_confined(why: str) -> Reason:
    """A process could not be confined as the course asks; `why`, in English, is for the instructor."""
    return Reason(
        "not-run",
        f"Nothing was run: {why}.",
        "未运行任何单元：评分所用的机器未能按课程要求隔离此提交，请联系教师。",
    )


def no_kernel(file: str, kernel: str) -> Reason:
    """The kernel that a notebook asks for is not installed."""
    return Reason(
        "no-kernel",
        f"{file} asks for the kernel {kernel!r}, which is not installed; see `jupyter kernelspec list`.",
        f"{file} 需要内核 {kernel!r}，但未安装；参见 `jupyter kernelspec list`。",
    )


def worker_lost(tries: int, student: str) -> Reason:
    """The process that graded a submission ended without an answer, `tries` times."""
    command = f"`--jobs 1 --student={word(student)}`"
    return Reason(
        "worker-lost",
        f"The process that graded it ended {tries} times without an answer; grade it alone: {command}.",
        f"评分进程 {tries} 次意外终止，未得出结果；请单独评分：{command}。",
    )


def test_unknown(name: str) -> Reason:
    """The source has no such test."""
    return Reason(
        "test-unknown",
        f"The test {name} was not run: the source notebook has no such test; a person has to grade it.",
        f"测试 {name} 未运行：源笔记本中没有这一测试，需人工评分。",
        (name,),
    )


def unreadable_file(name: str, why: str) -> Reason:
    """A file of the submission cannot be read."""
    return Reason("unreadable-file", f"The file {name} could not be read: {why}.", f"无法读取文件 {name}。")


def unreadable_notebook(file: str, why: str) -> Reason:
    """A file is not a notebook."""
    return Reason("unreadable-notebook", f"{file} is not a notebook: {why}", f"{file} 不是有效的笔记本。")


def damaged_metadata(file: str, why: str) -> Reason:
    """nbgrader's marks in a notebook are not as nbgrader writes them."""
    return Reason("metadata", f"{file}: its cells' metadata is damaged: {why}", f"{file}：单元的评分标记已损坏。")


def _kind(error: str) -> str:
    """The class of an error as ``ValueError: …``."""
    kind = error.partition(":")[0].rpartition(".")[2]
    return kind if kind.isidentifier() else "未知错误"


def _tampered(what: str) -> str:
    if what in _TAMPERED:
        return _TAMPERED[what]
    hook = re.fullmatch(r"a (\w+) hook", what)
    if hook:
        return f"{hook[1]} 钩子"
    name = what.removeprefix("IPython's ")
    return name if re.fullmatch(r"[\w.]+", name) else "其他"
