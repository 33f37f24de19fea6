"""Damage to the file: encodings, broken JSON, other formats, no notebook at all."""

import json
import random

from damage import damage, is_answer, marks, text, written


@damage("encoding-mended")
def utf8_with_a_byte_order_mark(raw: bytes, rng: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + raw


@damage("encoding-mended")
def utf16(raw: bytes, rng: random.Random) -> bytes:
    return raw.decode().encode("utf-16")


@damage("encoding-mended")
def utf16_without_a_mark(raw: bytes, rng: random.Random) -> bytes:
    return raw.decode().encode("utf-16-le")


@damage("encoding-mended")
def gbk(raw: bytes, rng: random.Random) -> bytes:
    return raw.replace(b"a ", "平方 ".encode(), 1).decode().encode("gb18030")


@damage("encoding-mended")
def latin1(raw: bytes, rng: random.Random) -> bytes:
    notebook = json.loads(raw)
    notebook["cells"].append({"cell_type": "markdown", "id": "cafe", "metadata": {}, "source": "un café"})
    return written(notebook).decode().encode("latin-1", "ignore")


@damage("encoding-mended")
def nul_bytes_between(raw: bytes, rng: random.Random) -> bytes:
    place = raw.index(b'"cells"')
    return raw[:place] + b"\x00\x00" + raw[place:] + b"\x00" * 512


@damage("whitespace-mended")
def nul_characters_in_the_texts(raw: bytes, rng: random.Random) -> bytes:
    notebook = json.loads(raw)
    for cell in notebook["cells"]:
        cell["source"] = text(cell) + "\x00"
    return json.dumps(notebook).encode()


@damage("json-mended")
def half_a_surrogate_pair(raw: bytes, rng: random.Random) -> bytes:
    notebook = json.loads(raw)
    notebook["cells"].append({"cell_type": "markdown", "id": "smile", "metadata": {}, "source": "\ud83d gone"})
    return json.dumps(notebook).encode()


@damage("json-mended")
def trailing_commas(raw: bytes, rng: random.Random) -> bytes:
    return raw.replace(b"\n ]", b",\n ]").replace(b"\n}", b",\n}")


@damage("json-mended")
def comma_missing_between_cells(raw: bytes, rng: random.Random) -> bytes:
    return raw.replace(b"\n  },\n", b"\n  }\n")


@damage("json-mended")
def numbers_that_json_lacks(raw: bytes, rng: random.Random) -> bytes:
    notebook = json.loads(raw)
    notebook["metadata"]["loss"] = [float("nan"), float("inf")]
    return json.dumps(notebook).encode()


@damage("file-cut-short")
def last_bracket_missing(raw: bytes, rng: random.Random) -> bytes:
    return raw.rstrip()[:-1]


@damage("cell-deleted", review=("answers-cut-off",), points="some")
def cut_in_half(raw: bytes, rng: random.Random) -> bytes:
    """In the middle of an answer's text."""
    notebook = json.loads(raw)
    answer = [cell for cell in notebook["cells"] if is_answer(cell)][-1]
    mark = json.dumps(answer["metadata"], ensure_ascii=False).encode()[:20]
    flat = json.dumps(notebook, ensure_ascii=False).encode()
    assert mark in flat
    return flat[: flat.index(json.dumps(marks(answer), ensure_ascii=False).encode())]


@damage("merge-conflict-resolved")
def merge_conflict_in_the_outputs(raw: bytes, rng: random.Random) -> bytes:
    notebook = json.loads(raw)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 41
    line = b'   "execution_count": 41,\n'
    both = b"<<<<<<< HEAD\n" + line + b"=======\n" + line.replace(b"41", b"42") + b">>>>>>> theirs\n"
    return written(notebook).replace(line, both)


@damage(review=("merge-conflict",))
def merge_conflict_in_an_answer(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    place = next(n for n, line in enumerate(lines) if b"return " in line)
    other = lines[place].replace(b"return ", b"return 7 * ")
    lines[place : place + 1] = [b"<<<<<<< HEAD", lines[place], b"=======", other, b">>>>>>> 1234abc"]
    return b"\n".join(lines)


@damage("shape-mended")
def answer_of_the_contents_api(raw: bytes, rng: random.Random) -> bytes:
    return json.dumps({"name": "a.ipynb", "type": "notebook", "format": "json", "content": json.loads(raw)}).encode()


@damage("shape-mended")
def only_the_list_of_cells(raw: bytes, rng: random.Random) -> bytes:
    return json.dumps(json.loads(raw)["cells"]).encode()


@damage("shape-mended")
def written_as_json_twice(raw: bytes, rng: random.Random) -> bytes:
    return json.dumps(raw.decode()).encode()


@damage("format-converted")
def format_3(raw: bytes, rng: random.Random) -> bytes:
    """Worksheets, `input`, `prompt_number`, `pyout`."""
    notebook = json.loads(raw)
    for cell in notebook["cells"]:
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["prompt_number"] = cell.pop("execution_count")
            cell["language"] = "python"
            cell["outputs"] = [{"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {}}]
    sheets = [{"cells": notebook["cells"], "metadata": {}}]
    return json.dumps({"worksheets": sheets, "metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}).encode()


@damage("format-converted", "metadata-restored")
def percent_script(raw: bytes, rng: random.Random) -> bytes:
    """As jupytext and VS Code export it."""
    parts = []
    for cell in json.loads(raw)["cells"]:
        if cell["cell_type"] == "markdown":
            body = "\n".join(f"# {line}".rstrip() for line in text(cell).split("\n"))
            parts.append(f"# %% [markdown]\n{body}\n")
        else:
            parts.append(f"# %%\n{text(cell)}\n")
    return ("# ---\n# jupyter: python3\n# ---\n\n" + "\n".join(parts)).encode()


@damage(review=("file-empty",), points="review")
def empty_file(raw: bytes, rng: random.Random) -> bytes:
    return b""


@damage(review=("file-empty",), points="review")
def file_of_blanks(raw: bytes, rng: random.Random) -> bytes:
    return b"\x00" * 4096


@damage(review=("html-page",), points="review")
def web_page_instead(raw: bytes, rng: random.Random) -> bytes:
    return b"\n<!DOCTYPE html>\n<html><head><title>ch02 - Colab</title></head><body>Sign in</body></html>"


@damage(review=("not-a-notebook",), points="review")
def archive_instead(raw: bytes, rng: random.Random) -> bytes:
    return b"PK\x03\x04" + rng.randbytes(3000)


@damage(review=("not-a-notebook",), points="review")
def essay_instead(raw: bytes, rng: random.Random) -> bytes:
    return b"Dear instructor, my laptop broke; this is what I remember.\n"


@damage("cell-deleted", review=("other-chapter",), points="review")
def another_notebook_instead(raw: bytes, rng: random.Random) -> bytes:
    cells = [
        {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "source": "print('hello')",
            "outputs": [],
            "execution_count": 1,
        }
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
