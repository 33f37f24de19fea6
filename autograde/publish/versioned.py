"""The learners' project file, with a fixed version, since their repository has other tags. Pure."""

import re


def with_version(text: str, version: str) -> str:
    """Return a ``pyproject.toml`` whose version is written out instead of read from git; any other as it is.

    Args:
        text: the project file of the course.
        version: as PEP 440 writes it.
    """
    fixed, count = re.subn(r'(?m)^dynamic = \["version"\].*$', f'version = "{version}"', text)
    if not count:
        return text
    without = re.sub(r"(?ms)^\[tool\.hatch\.version[^\n]*\]\n.*?(?=^\[)", "", fixed)
    return re.sub(r', "hatch-vcs[^"]*"', "", without)
