"""The learners' project file, with a fixed version, since their repository has other tags. Pure."""

import re


def with_version(text: str, version: str) -> str:
    """Return a ``pyproject.toml`` with a fixed version instead of one read from git; others are unchanged.

    Args:
        text: the project file of the course.
        version: a PEP 440 version.
    """
    fixed, count = re.subn(r'(?m)^dynamic = \["version"\].*$', f'version = "{version}"', text)
    if not count:
        return text
    without = re.sub(r"(?ms)^\[tool\.hatch\.version[^\n]*\]\n.*?(?=^\[)", "", fixed)
    return re.sub(r', "hatch-vcs[^"]*"', "", without)
