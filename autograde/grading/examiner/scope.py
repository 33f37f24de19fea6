"""A learner's name that a test deletes is also deleted in the learner's process, until the test
restores it.

So a test can tell whether one function uses another: ``del squares``, call, ``squares = before``.
Only the learner's own object is restored under the name; anything else that a test assigns stays
with the test.
"""

from collections.abc import Collection, Iterator, MutableMapping
from typing import Any

from autograde.grading.examiner.examiner_side import RemoteLink


class ForgettingScope(MutableMapping[str, Any]):
    """The names of a test cell's top level.

    Args:
        namespace: the dict that holds them; functions of the cell read it directly.
        link: the examiner's end of the wire.
        names: the learner's names that the cell deletes.
    """

    def __init__(self, namespace: dict[str, Any], link: RemoteLink, names: Collection[str]) -> None:
        self._namespace, self._link, self._names = namespace, link, names
        self._gone: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self._namespace[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._namespace[name] = value
        if name in self._gone and self._gone[name] is value:
            del self._gone[name]
            self._link.ask("remember", None, (name, value))

    def __delitem__(self, name: str) -> None:
        value = self._namespace.pop(name)
        if name in self._names:
            self._gone[name] = value
            self._link.ask("forget", None, (name,))

    def __iter__(self) -> Iterator[str]:
        return iter(self._namespace)

    def __len__(self) -> int:
        return len(self._namespace)
