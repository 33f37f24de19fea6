"""A graded notebook's bytes are those that nbformat writes."""

import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograde.grading.graded.notebook_bytes import notebook_bytes

RELEASES = sorted((Path(__file__).parents[4] / "release").rglob("*.ipynb"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def same(notebook: nbformat.NotebookNode) -> None:
    expected = nbformat.writes(copy.deepcopy(notebook)).encode("utf-8", "replace")
    assert notebook_bytes(notebook) == expected


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: "-".join(path.parts[-3:-1]))
def test_every_release_is_written_alike(path: Path) -> None:
    same(nbformat.read(path, as_version=4))


@given(st.text(), st.text(), st.dictionaries(st.text(), JSON, max_size=3), JSON)
def test_any_notebook_is_written_alike(source: str, printed: str, metadata: dict[str, Any], data: Any) -> None:
    outputs = [
        new_output("stream", text=printed),
        new_output("display_data", data={"text/plain": printed, "application/json": data, "image/svg+xml": printed}),
        new_output("error", ename="E", evalue=printed, traceback=[printed, ""]),
    ]
    cells = [new_code_cell(source, outputs=outputs, metadata={"own": metadata}), new_markdown_cell(source)]
    cells[0].metadata["trusted"] = True
    same(new_notebook(cells=cells, metadata={"own": metadata, "signature": "x"}))
