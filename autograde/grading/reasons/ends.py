"""Why a process ended, as the rest of a sentence in both languages."""

import builtins
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from autograde.grading.reasons.bounds import bound_words


@dataclass(frozen=True)
class Why:
    """The rest of a sentence: ``The process ended (…)``.

    Attributes:
        en, zh: the words.
    """

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en


NO_START = Why("it did not start", "它未能启动")
NO_ANSWER = Why("it closed its line", "它关闭了与评分程序的连接")
GARBLED = Why("it wrote something else where its messages belong", "它在消息通道中写入了其他内容")
NOT_TAKEN = Why("it did not take the next cell", "它没有接收下一个单元")
TOO_MUCH = Why("it wrote more output than is read", "它输出的内容超过读取上限")
STUCK = Why("it took too long and could not be interrupted", "它运行超时且无法中断")
NO_ROOM = Why("what it gave takes more memory than `memory_mb` allows", "它给出的内容所需内存超过 `memory_mb`")
FLOOD = Why("it called functions of the test far too often", "它调用测试函数的次数过多")


class HowItEnded(Protocol):
    """See :class:`autograde.grading.kernels.client.Ended`."""

    status: int
    exceeded: str | None


def why_ended(ended: HowItEnded, limits: Mapping[str, int]) -> Why:
    """Return why a process ended that nobody told to."""
    if ended.exceeded:
        return Why(*bound_words(ended.exceeded, limits))
    if ended.status == -signal.SIGSYS:  # by the sandbox's filter (autograde.grading.sandbox.linux.seccomp)
        return Why("it ended or stopped itself", "它自行终止或暂停")
    if ended.status < 0:
        name = _signal(-ended.status)
        return Why(f"{name} ended it", f"{name} 使其终止")
    return Why(f"it left with exit status {ended.status}", f"它以退出状态 {ended.status} 退出")


def why_crashed(text: str) -> Why:
    """Return why a process ended that still could say what broke it, ``MemoryError: …``.

    It may know a hidden test and lie: of its words only the name of a built-in exception goes on.
    """
    kind = getattr(builtins, text.partition(":")[0], None)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return Why(f"it broke with {kind.__name__}", f"它因 {kind.__name__} 出错")
    return Why("it broke with an error", "它因错误而终止")


def template_gone(error: OSError) -> Why:
    """Return why no process could be started at all."""
    return Why(f"its template is gone ({error.strerror})", "其模板进程已不存在")


def import_hangs(name: str, seconds: float) -> Why:
    """Return why a template did not start that was still at an import when its time was up."""
    return Why(
        f"importing {name or 'what every kernel needs'} takes longer than {seconds:g} s (start_seconds in [grading])",
        f"导入 {name or '内核所需的模块'} 超过 {seconds:g} 秒（[grading] 中的 start_seconds）",
    )


def import_ends(name: str, status: int) -> Why:
    """Return why a template did not start that an import ended."""
    how = f"by {_signal(-status)}" if status < 0 else f"with exit status {status}"
    return Why(
        f"importing {name or 'what every kernel needs'} ends the process {how}",
        f"导入 {name or '内核所需的模块'} 使进程终止（{_signal(-status) if status < 0 else f'退出状态 {status}'}）",
    )


def _signal(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"
