"""Damage to the order and the number of cells, and to their texts."""

import copy
import random

from damage import Notebook, edit, is_answer, is_test, marks, pick, text


def join(first: Notebook, second: Notebook) -> None:
    """Merge as JupyterLab does: the first cell's type and metadata, a blank line between the texts."""
    first["source"] = text(first) + "\n\n" + text(second)


@edit("cell-duplicated")
def answer_copied(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng)
    notebook["cells"].insert(place + 1, copy.deepcopy(notebook["cells"][place]))


@edit("cell-duplicated")
def emptied_copy_below_its_answer(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng)
    stub = copy.deepcopy(notebook["cells"][place])
    stub["source"] = "\n"
    notebook["cells"].insert(place + 1, stub)


@edit("cell-duplicated")
def old_answer_kept_above(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng)
    old = copy.deepcopy(notebook["cells"][place])
    old["source"] = text(old) + "\n    # an older try, the newer one is below\n    return None"
    notebook["cells"].insert(place, old)


@edit("cell-duplicated")
def answer_copied_to_the_end(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"].append(copy.deepcopy(notebook["cells"][pick(notebook, rng)]))


@edit("cell-duplicated")
def test_copied(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng, is_test)
    notebook["cells"].insert(place, copy.deepcopy(notebook["cells"][place]))


@edit("cell-duplicated")
def test_copied_and_changed(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng, is_test)
    other = copy.deepcopy(notebook["cells"][place])
    other["source"] = "# what does this one want?\n" + text(other)
    notebook["cells"].insert(place + 1, other)


@edit("cell-duplicated")
def everything_pasted_twice(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"] += copy.deepcopy(notebook["cells"])


@edit("cell-split")
def answer_split_in_jupyterlab(notebook: Notebook, rng: random.Random) -> None:
    split(notebook, rng, marks_on="both")


@edit("cell-split")
def answer_split_and_lower_half_unmarked(notebook: Notebook, rng: random.Random) -> None:
    split(notebook, rng, marks_on="upper")


@edit("cell-split")
def answer_split_and_upper_half_unmarked(notebook: Notebook, rng: random.Random) -> None:
    split(notebook, rng, marks_on="lower")


def split(notebook: Notebook, rng: random.Random, marks_on: str) -> None:
    """Split an answer in the middle of a function."""
    place = pick(notebook, rng)
    upper = notebook["cells"][place]
    lower = copy.deepcopy(upper)
    lines = text(upper).split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("def ")]
    inside = [number for number in range(starts[-1] + 1, len(lines)) if lines[number].strip()] if starts else [1]
    cut = inside[len(inside) // 2] if inside else 1
    upper["source"], lower["source"] = "\n".join(lines[:cut]), "\n".join(lines[cut:])
    lower["id"] = f"half-{place}"
    if marks_on == "upper":
        lower["metadata"] = {}
    if marks_on == "lower":
        lower["metadata"], upper["metadata"] = upper["metadata"], {}
        lower["id"], upper["id"] = upper.get("id", "half"), lower["id"]
    notebook["cells"].insert(place + 1, lower)


@edit("cell-merged")
def answer_merged_with_its_test(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng, lambda cell: is_answer(cell) and followed(notebook, cell, is_test))
    join(notebook["cells"][place], notebook["cells"].pop(place + 1))


@edit("cell-merged")
def answer_merged_into_its_test(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng, lambda cell: is_answer(cell) and followed(notebook, cell, is_test))
    answer = notebook["cells"].pop(place)
    test = notebook["cells"][place]
    test["source"] = text(answer) + "\n" + text(test)


@edit("cell-merged")
def prose_merged_with_the_answer(notebook: Notebook, rng: random.Random) -> None:
    def below_prose(cell: Notebook) -> bool:
        place = notebook["cells"].index(cell)
        return is_answer(cell) and place > 0 and notebook["cells"][place - 1]["cell_type"] == "markdown"

    assert any(below_prose(cell) for cell in notebook["cells"])
    place = pick(notebook, rng, below_prose)
    join(notebook["cells"][place - 1], notebook["cells"].pop(place))


@edit("cell-merged")
def two_tests_merged(notebook: Notebook, rng: random.Random) -> None:
    place = pick(notebook, rng, lambda cell: is_test(cell) and followed(notebook, cell, is_test))
    join(notebook["cells"][place], notebook["cells"].pop(place + 1))


def followed(notebook: Notebook, cell: Notebook, kind: object) -> bool:
    """Whether the next cell is of the kind."""
    place = next(n for n, other in enumerate(notebook["cells"]) if other is cell)
    return callable(kind) and place + 1 < len(notebook["cells"]) and bool(kind(notebook["cells"][place + 1]))


@edit("cell-merged")
def two_exercises_in_one_cell(notebook: Notebook, rng: random.Random) -> None:
    answers = [cell for cell in notebook["cells"] if is_answer(cell)]
    join(answers[0], answers[1])
    notebook["cells"] = [cell for cell in notebook["cells"] if cell is not answers[1]]


@edit("cell-moved")
def answer_moved_below_its_tests(notebook: Notebook, rng: random.Random) -> None:
    cells = notebook["cells"]
    place = pick(notebook, rng, lambda cell: is_answer(cell) and followed(notebook, cell, is_test))
    answer = cells.pop(place)
    while place < len(cells) and is_test(cells[place]):
        place += 1
    cells.insert(place, answer)


@edit("cell-moved")
def answer_moved_to_the_top(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"].insert(0, notebook["cells"].pop(pick(notebook, rng)))


@edit("cell-moved")
def answers_moved_to_the_end(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"].sort(key=is_answer)


@edit("cell-moved")
def cells_shuffled(notebook: Notebook, rng: random.Random) -> None:
    own = {id(cell) for cell in notebook["cells"] if not marks(cell)}
    marked = [cell for cell in notebook["cells"] if id(cell) not in own]
    rest = [cell for cell in notebook["cells"] if id(cell) in own]
    rng.shuffle(marked)
    notebook["cells"] = rest + (marked if marked[0] is not notebook["cells"][-1] else marked[::-1])


@edit("cell-deleted")
def test_deleted(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"].pop(pick(notebook, rng, is_test))


@edit("cell-deleted")
def all_locked_cells_deleted(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if not marks(cell) or marks(cell).get("solution")]


@edit("cell-deleted", points="some")
def answer_deleted(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"].pop(pick(notebook, rng))


@edit("cell-deleted")
def only_the_learners_cells_left(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if marks(cell).get("solution") or (cell["cell_type"] == "code" and not marks(cell))
    ]


@edit("metadata-restored")
def answer_cut_and_pasted_into_a_new_cell(notebook: Notebook, rng: random.Random) -> None:
    cell = notebook["cells"][pick(notebook, rng)]
    cell["metadata"] = {}
    cell["id"] = "pasted"


@edit("cell-retyped")
def answer_turned_into_markdown(notebook: Notebook, rng: random.Random) -> None:
    retype(notebook["cells"][pick(notebook, rng)], "markdown")


@edit("cell-retyped")
def test_turned_into_raw(notebook: Notebook, rng: random.Random) -> None:
    retype(notebook["cells"][pick(notebook, rng, is_test)], "raw")


@edit("cell-retyped")
def every_cell_turned_into_code(notebook: Notebook, rng: random.Random) -> None:
    for cell in notebook["cells"]:
        retype(cell, "code")
    retype(notebook["cells"][pick(notebook, rng)], "markdown")


def retype(cell: Notebook, kind: str) -> None:
    """Change a cell's type as JupyterLab does."""
    cell["cell_type"] = kind
    if kind == "code":
        cell.update(outputs=[], execution_count=None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


@edit("locked-cell-changed")
def test_weakened(notebook: Notebook, rng: random.Random) -> None:
    notebook["cells"][pick(notebook, rng, is_test)]["source"] = "pass"


@edit("locked-cell-changed")
def prints_added_to_a_test(notebook: Notebook, rng: random.Random) -> None:
    cell = notebook["cells"][pick(notebook, rng, is_test)]
    cell["source"] = text(cell).replace("assert", "print('here'); assert", 1) + "  # ?"


@edit("cell-unknown")
def cell_of_another_chapter_pasted(notebook: Notebook, rng: random.Random) -> None:
    other = copy.deepcopy(notebook["cells"][pick(notebook, rng, is_test)])
    other["id"] = "elsewhere"
    other["metadata"]["nbgrader"] = {**marks(other), "grade_id": "elsewhere"}
    other["source"] = "elsewhere = True"
    notebook["cells"].append(other)
