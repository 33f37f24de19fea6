"""The benchmark's workloads: released chapters, and a notebook that trains a small CNN for about a second."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograde.authoring.chapter import Chapter
from autograde.authoring.release import build, read_chapters
from autograde.authoring.stock import solved
from autograde.errors import UsageProblem
from autograde.settings.course_folder import CourseFolder
from autograde.settings.places import chapter_file

CNN = "cnn"
CNN_TEXT = '''\
"""A notebook that imports TensorFlow and trains a small CNN for about a second."""
# %% [markdown] lang="en"
# # A small CNN
# %% [markdown] lang="zh"
# # 小型 CNN
# %% setup
import numpy as np
import keras

rng = np.random.default_rng(0)
y = rng.integers(0, 2, 512)
x = rng.normal(size=(512, 16, 16, 1)).astype("float32") + y[:, None, None, None]
keras.ops.zeros(1)  # TensorFlow's notes about the machine belong to this cell: nbgrader counts them against a test's
# %% solution="learn"
def learn(x, y):
    """Train a CNN on x (n, 16, 16, 1) and labels 0 and 1; return the loss of each epoch and the probabilities (n, 2)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input((16, 16, 1)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    history = model.fit(x, y, epochs=2, batch_size=64, verbose=0)
    return history.history["loss"], keras.ops.convert_to_numpy(model(x))
    ### END SOLUTION
# %% test="network-learns" points=2
losses, probabilities = learn(x, y)
assert losses[-1] < losses[0], "`learn`: the loss does not fall"
### BEGIN HIDDEN TESTS
assert probabilities.shape == (512, 2), "`learn` gives probabilities of another shape than (n, 2)"
assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5), "`learn`: the probabilities of an example do not sum to one"
### END HIDDEN TESTS
'''
# stock nbgrader, without our engine
STOCK_CONFIG = """\
from pathlib import Path
c = get_config()
root = Path(__file__).resolve().parent
c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.release_directory = "release/en"
c.CourseDirectory.submitted_directory = "gradebook/submitted"
c.CourseDirectory.autograded_directory = "gradebook/autograded"
c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook' / 'gradebook.db'}"
c.Execute.timeout = 300
"""


@dataclass(frozen=True)
class Workload:
    """A cohort's submissions of one assignment, in identical course directories.

    Attributes:
        stock: course directory for stock nbgrader.
        engines: course directories for the engine, by isolation.
        students: learner ids by round.
        cells: sources of the cells of one submission, tests included, in order.
        points: maximum of each test cell.
    """

    name: str
    assignment: str
    stock: Path
    engines: dict[str, Path]
    students: tuple[tuple[str, ...], ...]
    cells: tuple[str, ...]
    points: dict[str, float]


def prepare(
    course: CourseFolder,
    name: str,
    into: Path,
    submissions: int,
    rounds: int,
    isolations: Sequence[str],
    progress: Callable[[str], None],
) -> Workload:
    """Build the course directories of one workload, with solved submissions for each round.

    Raises:
        UsageProblem: there is no such workload.
    """
    if name != CNN and name not in course.assignments:
        raise UsageProblem(f"no workload {name!r}; choose from {', '.join((CNN, *course.assignments))}")
    progress(f"{name}: preparing {submissions} submissions")
    stock = into / name / "stock"
    stock.mkdir(parents=True)
    assignment = "ch90" if name == CNN else name
    text = CNN_TEXT if name == CNN else chapter_file(course.root, name).read_text(encoding="utf-8")
    (stock / "notebooks").mkdir()
    (stock / "notebooks" / f"{assignment}_bench.py").write_text(text, encoding="utf-8")
    (stock / "course.toml").write_text(f'languages = ["en"]\n[[chapter]]\nassignment = "{assignment}"\n')
    shutil.copyfile(course.root / "nbgrader_config.py", stock / "nbgrader_config.py")
    built = CourseFolder.open(stock)
    build(built)
    (stock / "nbgrader_config.py").write_text(STOCK_CONFIG)
    (chapter,) = read_chapters(built)
    students = _submit(stock, chapter, submissions, rounds)
    engines = {isolation: shutil.copytree(stock, into / name / isolation) for isolation in isolations}
    points = {cell.id: cell.points for cell in chapter.cells if cell.role == "test"}
    return Workload(name, assignment, stock, engines, students, _cells(stock, chapter), points)


def _submit(root: Path, chapter: Chapter, submissions: int, rounds: int) -> tuple[tuple[str, ...], ...]:
    notebook = solved(root / "release" / "en" / chapter.name / f"{chapter.name}.ipynb", chapter)
    shares = [submissions // rounds + (number < submissions % rounds) for number in range(rounds)]
    students = tuple(
        tuple(f"round{number}-{index:03}" for index in range(share)) for number, share in enumerate(shares)
    )
    for student in (name for group in students for name in group):
        folder = root / "gradebook" / "submitted" / student / chapter.name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{chapter.name}.ipynb")
    return students


def _cells(root: Path, chapter: Chapter) -> tuple[str, ...]:
    """The code cells of a graded submission: answers and complete tests."""
    source = nbformat.read(root / "source" / chapter.name / f"{chapter.name}.ipynb", as_version=4)
    return tuple(cell.source for cell in source.cells if cell.cell_type == "code" and cell.source.strip())
