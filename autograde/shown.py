"""Make names of learners and files safe to show in a terminal, a log or a shell command. Pure.

A name from outside may contain line feeds, escape sequences, bidirectional control characters or
undecodable bytes. None of them may reach a terminal, or a shell into which a command is pasted.
"""

import shlex


def one_line(text: str, longest: int = 1000) -> str:
    """Return a text as one line of printable characters, at most `longest` of them."""
    shortened = text if len(text) <= longest else text[:longest] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shortened)


def plain(text: str) -> str:
    """Return a text of several lines without control characters other than the line feeds."""
    return "\n".join(one_line(line.replace("\t", " "), len(line)) for line in text.split("\n"))


def word(text: str) -> str:
    """Return a text quoted as one word of a shell command; unprintable characters are escaped."""
    if text.isprintable():
        return shlex.quote(text)
    escaped = "".join({"\\": "\\\\", "'": "\\'"}.get(c, c) if c.isprintable() else _bytes(c) for c in text)
    return f"$'{escaped}'"


def operand(text: str) -> str:
    """Return a text quoted as the last argument of a shell command, after ``--`` if it begins with a dash."""
    return f"-- {word(text)}" if text.startswith("-") else word(text)


def _bytes(char: str) -> str:
    """A character as escapes for bash, zsh and ksh; a surrogate escape becomes its original byte."""
    errors = "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", errors))
