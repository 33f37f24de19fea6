"""Calls over the wire, the same on both sides: a call may call back and is answered exactly once."""

import threading
from collections.abc import Callable
from typing import Any

from autograde.grading.wire.changes import has_changed, snapshot
from autograde.grading.wire.decode import Decoder
from autograde.grading.wire.encode import Encoder
from autograde.grading.wire.frames import CALL, RAISE, RETURN, Frame, Limits, Malformed, NotPlain, Wire, WireFailure
from autograde.grading.wire.types import RESTORED

Raised = tuple[BaseException, list[str], int | None, str | None]
"""The value of a RAISE frame: (exception, lines of traceback, number of the caller's own exception
that passed through, why the result cannot cross). The last two are None if they do not apply."""


class _Reading:
    """Turns any error while reading a message into Malformed: its sender is at fault."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, Malformed):
            raise Malformed(f"a message that cannot be read ({type(error).__name__})") from error


_READING = _Reading()


class Link:
    """One side of the wire; a subclass decides which objects stay, how proxies look and what calls
    do.

    Each CALL carries its sender's next number, each answer its call's number; anything else is
    malformed.
    """

    def __init__(self, wire: Wire, limits: Limits) -> None:
        self.wire, self.limits = wire, limits
        self.lock = threading.RLock()
        self.waiting = 0
        self.owed = 0
        """Answers not yet received; giving up on one makes the connection unusable."""
        self._exports: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next = self._sent = self._seen = 0
        self._dropped: set[int] = set()

    # what a subclass provides

    def number_of_theirs(self, value: Any) -> int | None:
        """The number of the other side's object that ``value`` is a proxy for, or None."""
        raise NotImplementedError

    def proxy(self, number: int, name: str, is_callable: bool) -> Any:
        """The proxy for object ``number`` of the other side."""
        raise NotImplementedError

    def may_export(self, value: Any) -> str | None:
        """Why an object of this side may not be exported, or None."""
        raise NotImplementedError

    def perform(self, op: Any, target: Any, args: Any, kwargs: Any) -> Any:
        """Do what a CALL asks for."""
        raise NotImplementedError

    def describe(self, error: BaseException) -> Raised:
        """What the caller is told about an exception of :meth:`perform`."""
        raise NotImplementedError

    def rethrow(self, raised: Any) -> BaseException:
        """The exception to raise for a RAISE frame."""
        raise NotImplementedError

    # calls

    def request(self, op: str, target: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Any:
        """Call the other side and return its result; in-place changes of arguments are applied
        here.

        Raises:

        """
        with self.lock:
            message, dropped = Encoder(self.limits, self._export), tuple(sorted(self._dropped))
            names = tuple(kwargs) if kwargs else ()
            first = self._next
            try:
                message.put((op, target, (*args, *kwargs.values()) if kwargs else args, names, dropped))
                message.finish()
            except BaseException:
                self._forget(tuple(range(first + 1, self._next + 1)))  # never sent to the other side
                raise
            self._dropped.difference_update(dropped)
            self.owed += 1
            self._sent += 1
            number = self._sent
            self.wire.send(CALL, number, message.body, message.buffers)
            self.waiting += 1
            try:
                while True:
                    frame = self.wire.receive()
                    if frame.kind != CALL:
                        break
                    self.answer(frame)
            finally:
                self.waiting -= 1
            if frame.number != number:
                raise Malformed("an answer to another call")
            reader = self._reader(frame, message.met)
            with _READING:
                value = reader.get()
                changes = self._read_changes(reader, len(message.met))
            try:
                reader.finish()
            except NotPlain as error:
                self.owed -= 1
                raise WireFailure("result", f"the function returned {error}") from None
            with _READING:
                for change in changes:
                    change()
            thrown = self.rethrow(value) if frame.kind == RAISE else None
            self.owed -= 1
        if thrown is not None:
            raise thrown
        return value

    def answer(self, frame: Frame) -> None:
        """Do what a CALL asks for and send its result or its exception."""
        if frame.kind != CALL or frame.number != self._seen + 1:
            raise Malformed("a call out of turn")
        self._seen += 1
        reader = self._reader(frame)
        with _READING:
            message = reader.get()
        try:
            reader.finish()
            problem = None
        except NotPlain as error:
            problem = error
        if type(message) is not tuple or len(message) != 5:
            raise Malformed("not a call")
        op, target, args, names, dropped = message
        if type(args) is not tuple or type(names) is not tuple or not all(type(name) is str for name in names):
            raise Malformed("not a call")
        first = len(args) - len(names)
        kwargs = dict(zip(names, args[first:], strict=False)) if names else {}
        if first < 0 or len(kwargs) != len(names):
            raise Malformed("not a call")
        self._forget(dropped)
        before = [snapshot(value) for value in reader.met]
        try:
            if problem is not None:
                raise problem
            kind, value = RETURN, self.perform(op, target, args[:first], kwargs)
        except Malformed:
            raise
        except BaseException as error:  # any exception is an answer
            if isinstance(error, WireFailure) and error.code not in ("result", "test"):
                raise
            kind, value = RAISE, self.describe(error)
        with self.lock:
            self._send_answer(kind, frame.number, value, reader.met, before)

    def _send_answer(self, kind: int, number: int, value: Any, met: list[Any], before: list[Any]) -> None:
        known, first = met[: len(before)], self._next
        reply = Encoder(self.limits, self._export, known)
        try:
            reply.put(value)
            changed = [i for i, old in enumerate(before) if type(known[i]) in RESTORED and has_changed(known[i], old)]
            reply.put(len(changed))
            for i in changed:
                reply.put(i)
                reply.put_content(known[i])
            reply.finish()
        except Exception as error:  # a learner's object may raise anything
            self._forget(tuple(range(first + 1, self._next + 1)))  # never sent to the other side
            reason = str(error) if isinstance(error, NotPlain) else f"a value that raised ({type(error).__name__})"
            kind, reply = RAISE, Encoder(self.limits, self._export)
            reply.put((TypeError("does not cross"), [], None, reason))
            reply.put(0)
        self.wire.send(kind, number, reply.body, reply.buffers)

    def _read_changes(self, reader: Decoder, known: int) -> list[Callable[[], None]]:
        changes = []
        for _ in range(reader.get_count()):
            index = reader.get()
            if type(index) is not int or not 0 <= index < known:
                raise Malformed("a change of an unknown container")
            changes.append(reader.get_content(reader.met[index]))
        return changes

    def _reader(self, frame: Frame, known: list[Any] | None = None) -> Decoder:
        return Decoder(frame.body, frame.payload, self.wire.fill, self.limits, self._resolve, known or ())

    # objects that stay on their side

    def _export(self, value: Any) -> tuple[str, int, str, bool]:
        number = self.number_of_theirs(value)
        if number is not None:
            return "yours", number, "", False
        number = self._numbers.get(id(value))
        if number is None:
            reason = self.may_export(value)
            if reason is not None:
                raise NotPlain(reason)
            if len(self._exports) >= self.limits.handles:
                raise NotPlain(f"one more than {self.limits.handles} objects")
            self._next += 1
            number = self._numbers[id(value)] = self._next
            self._exports[number] = value
        return "mine", number, type(value).__name__, callable(value)

    def _resolve(self, theirs: bool, number: int, name: str, is_callable: bool) -> Any:
        if theirs:
            self._dropped.discard(number)
            return self.proxy(number, name, is_callable)
        if number not in self._exports:
            raise Malformed("a handle of an unknown object")
        return self._exports[number]

    def drop(self, number: int) -> None:
        """Tell the other side with the next call that its object ``number`` is no longer held here."""
        self._dropped.add(number)

    def _forget(self, numbers: Any) -> None:
        if type(numbers) is not tuple:
            raise Malformed("not a call")
        for number in numbers:
            if type(number) is int and number in self._exports:
                del self._numbers[id(self._exports.pop(number))]
