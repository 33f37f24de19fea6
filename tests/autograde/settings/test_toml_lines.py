"""Is every key's line found, however the file is laid out?"""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from autograde.settings.toml_lines import key_lines

TEXT = '''\
title = "a # no comment"   # [no.table]
"quoted key" = 1
words = ["x", # a comment
  "y]", [1, 2],
]
[policy]
late = { accept = true, "max days" = 7, deep = { er = [ { a = 1 } ] } }
a.b.c = 2
text = """
[chapter]
x = "1" """
other = \'\'\'
= = ]\'\'\'\'\'
[[chapter]]
min = "0.6"
[[chapter]]

min = "0.7"
  [[chapter.part]]
  n = 1
  [chapter.extra]
  m = 2026-01-05 10:00:00
'''


def test_lines_are_right_in_tables_inline_tables_arrays_strings_and_comments():
    lines = key_lines(TEXT)
    assert lines["title",] == 1
    assert lines["quoted key",] == 2
    assert (lines["words",], lines["words", 1], lines["words", 2, 0]) == (3, 4, 4)
    assert lines["policy", "late", "max days"] == 7
    assert lines["policy", "late", "deep", "er", 0, "a"] == 7
    assert lines["policy", "a", "b", "c"] == 8
    assert (lines["policy", "text"], lines["policy", "other"]) == (9, 12)
    assert (lines["chapter", 0, "min"], lines["chapter", 1], lines["chapter", 1, "min"]) == (15, 16, 18)
    assert lines["chapter", 1, "part", 0, "n"] == 20
    assert lines["chapter", 1, "extra", "m"] == 22
    assert not any("x" in path for path in lines)


def paths(value, here=()):
    """Every path into a parsed document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*here, key)
        yield from paths(inner, (*here, key))


def written(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(key)} = {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ", # ]\n".join(map(written, value)) + "\n]"
    return text(value) if isinstance(value, str) else str(value).lower()


def text(value: str) -> str:
    return '"' + "".join(f"\\U{ord(c):08X}" if c in '"\\' or not c.isprintable() else c for c in value) + '"'


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES = st.recursive(
    st.integers(-9, 9) | st.booleans() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(top=st.dictionaries(KEYS, VALUES, max_size=4), tables=st.lists(st.dictionaries(KEYS, VALUES, max_size=3)))
def test_every_path_of_any_document_has_a_line(top, tables):
    top.pop("table", None)
    document = "".join(f"{text(key)} = {written(value)}\n" for key, value in top.items())
    for table in tables:
        document += "[[table]] # [x]\n" + "".join(f"{text(k)} = {written(v)}\n" for k, v in table.items())
    lines = key_lines(document)
    assert set(lines) == set(paths(tomllib.loads(document)))
    at = 1
    for key, value in top.items():
        assert lines[key,] == at
        at += f"{text(key)} = {written(value)}\n".count("\n")
