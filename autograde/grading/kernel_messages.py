"""Whether a message has the shape that Jupyter's protocol gives it; the process that sent it runs a learner's code.

https://jupyter-client.readthedocs.io/en/stable/messaging.html
"""

from typing import Any


def is_message(message: dict[str, Any]) -> bool:
    """Whether a message of a kernel can become an output; kinds that become none need a kind and a content only."""
    kind, content = message.get("msg_type"), message.get("content")
    if not isinstance(kind, str) or not isinstance(content, dict):
        return False
    if kind == "stream":
        return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)
    if kind in ("display_data", "execute_result", "update_display_data"):
        count = content.get("execution_count")
        return (
            _is_bundle(content.get("data"))
            and _is_table(content.get("metadata", {}))
            and type(count) in (int, type(None))
        )
    if kind == "error":
        lines = content.get("traceback")
        return (
            isinstance(content.get("ename"), str)
            and isinstance(content.get("evalue"), str)
            and isinstance(lines, list)
            and all(isinstance(line, str) for line in lines)
        )
    return True


def _is_bundle(data: Any) -> bool:
    """Text by media type; JSON types may hold anything."""
    return _is_table(data) and all(isinstance(value, str) or kind.endswith("json") for kind, value in data.items())


def _is_table(data: Any) -> bool:
    return isinstance(data, dict)
