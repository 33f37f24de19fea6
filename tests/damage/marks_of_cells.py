"""Damage to what stands beside the texts: ids, grading marks, outputs, the notebook's own metadata."""

import random

from damage import Notebook, edit, is_answer, is_test, marks, pick, text


@edit("ids-restored", "format-converted")
def colab(notebook: Notebook, rng: random.Random) -> None:
    """As Colab saves: format 4.0, ids in the metadata, its own metadata, one string for a source."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook["cells"]:
        cell["metadata"] = {**cell["metadata"], "id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
        cell["source"] = text(cell)


@edit("ids-restored", "format-converted", "metadata-restored", "kernel-restored")
def all_metadata_stripped(notebook: Notebook, rng: random.Random) -> None:
    notebook["nbformat_minor"] = 4
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell.pop("id")
        cell["metadata"] = {}


@edit("metadata-restored")
def grading_marks_stripped(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)


@edit("ids-restored")
def ids_made_anew(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        cell["id"] = f"{rng.getrandbits(32):08x}"


@edit("ids-restored", "shape-mended")
def ids_no_schema_admits(notebook: Notebook, rng: random.Random) -> None:
    for place, cell in enumerate(notebook["cells"]):
        cell["id"] = ["", "a b", "x" * 65, 7, None, "same"][place % 6]
    notebook["cells"][0]["speaker_notes"] = "none"


@edit("cell-renamed")
def answer_renamed(notebook: Notebook, rng: random.Random) -> None:
    marks(notebook["cells"][pick(notebook, rng)])["grade_id"] = "my-answer"


@edit("cell-renamed")
def answer_renamed_to_another(notebook: Notebook, rng: random.Random) -> None:
    one, other = [cell for cell in notebook["cells"] if is_answer(cell)][:2]
    marks(one)["grade_id"] = marks(other)["grade_id"]


@edit("cell-renamed")
def names_of_answers_swapped(notebook: Notebook, rng: random.Random) -> None:
    one, other = [cell for cell in notebook["cells"] if is_answer(cell)][:2]
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


@edit("cell-renamed")
def every_cell_renamed(notebook: Notebook, rng: random.Random) -> None:
    for place, cell in enumerate(notebook["cells"]):
        if marks(cell):
            marks(cell)["grade_id"] = f"cell-{place}"


@edit("metadata-restored")
def flags_flipped(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        if is_test(cell):
            marks(cell).update(grade=False, solution=True, locked=False, points=1000)


@edit("metadata-restored")
def points_raised(notebook: Notebook, rng: random.Random) -> None:
    marks(notebook["cells"][pick(notebook, rng, is_test)])["points"] = 100


@edit("metadata-restored")
def marks_of_an_old_schema(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        if marks(cell):
            marks(cell).pop("task", None)
            marks(cell)["schema_version"] = 1


@edit("metadata-restored")
def marks_of_wrong_types(notebook: Notebook, rng: random.Random) -> None:
    values = [True, "yes", [1], {}, -1, None, 1e9]
    for place, cell in enumerate(notebook["cells"]):
        if marks(cell):
            cell["metadata"]["nbgrader"] = {**marks(cell), "grade_id": values[place % 7], "points": values[-place % 7]}


@edit("kernel-restored")
def kernel_of_a_private_environment(notebook: Notebook, rng: random.Random) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "conda-env-dl-py", "display_name": "dl", "language": "python"}


@edit("outputs-dropped")
def one_line_of_output_of_many_megabytes(notebook: Notebook, rng: random.Random) -> None:
    code = notebook["cells"][pick(notebook, rng, lambda cell: cell["cell_type"] == "code")]
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 3_000_000}]


@edit("outputs-dropped")
def outputs_no_schema_admits(notebook: Notebook, rng: random.Random) -> None:
    wrong = [None, 7, {}, {"output_type": "pyout"}, {"output_type": "stream", "text": [1]}, {"output_type": "error"},
             {"output_type": "display_data", "data": {"text/plain": 7}, "metadata": {}}]  # fmt: skip
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = list(wrong)


@edit("shape-mended")
def keys_missing(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
        if not marks(cell):
            cell.pop("metadata")


@edit("shape-mended")
def cells_that_are_none(notebook: Notebook, rng: random.Random) -> None:
    for value in (None, 7, [], "a loose note", {}, {"cell_type": "graph"}, {"source": None}):
        notebook["cells"].insert(rng.randrange(len(notebook["cells"]) + 1), value)


@edit("shape-mended")
def line_feeds_missing_between_lines(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        cell["source"] = text(cell).split("\n")


@edit("shape-mended")
def metadata_of_wrong_types(notebook: Notebook, rng: random.Random) -> None:
    notebook["metadata"].update(language_info=[], authors="me", title=7, orig_nbformat=3)
    for cell in notebook["cells"]:
        cell["metadata"].update(tags="a,b", collapsed="no", scrolled=3, name="", jupyter=[], execution={"x": 1})


@edit("whitespace-mended")
def line_ends_of_windows(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        cell["source"] = text(cell).replace("\n", "\r\n")


@edit("whitespace-mended")
def trailing_blanks_added(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        cell["source"] = "  \n".join(text(cell).splitlines()) + "\n"


@edit("format-converted")
def format_of_the_future(notebook: Notebook, rng: random.Random) -> None:
    notebook["nbformat_minor"] = 9


@edit("format-converted")
def format_5(notebook: Notebook, rng: random.Random) -> None:
    notebook["nbformat"], notebook["nbformat_minor"] = 5, 0
