"""What learners and files are called, as a terminal, a log and a shell can take it. Pure.

A name from outside may hold line feeds, escape sequences, marks that turn the direction of writing, or bytes that are
no text. None of them may reach whoever reads the name, or pastes a command that has it.
"""

import shlex


def one_line(text: str, longest: int = 1000) -> str:
    """Return a text as one line of printable characters, of bounded length."""
    kept = text if len(text) <= longest else text[:longest] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in kept)


def plain(text: str) -> str:
    """Return a text of several lines without what else a terminal would obey."""
    return "\n".join(one_line(line.replace("\t", " "), len(line)) for line in text.split("\n"))


def word(text: str) -> str:
    """Return a text as one word of a shell command, to be pasted as it stands; what no line shows is escaped."""
    if text.isprintable():
        return shlex.quote(text)
    escaped = "".join({"\\": "\\\\", "'": "\\'"}.get(c, c) if c.isprintable() else _bytes(c) for c in text)
    return f"$'{escaped}'"


def operand(text: str) -> str:
    """Return a text as the last word of a shell command, one that begins with a dash no option of it."""
    return f"-- {word(text)}" if text.startswith("-") else word(text)


def _bytes(sign: str) -> str:
    """A character as the escapes of bash, zsh and ksh; an undecodable byte is itself again."""
    errors = "surrogateescape" if "\udc80" <= sign <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in sign.encode("utf-8", errors))
