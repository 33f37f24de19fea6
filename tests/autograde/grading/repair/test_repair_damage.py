"""Does every kind of damage end with the points of the intact answers and a reason?"""

import json
import random

import nbformat
import pytest
from damage import DAMAGES, Damage, mixtures
from damage.small import FULL, RELEASES, answered, points, released

from autograde.grading.repair.repair import Repaired, repair

pytestmark = pytest.mark.thorough


def check_structure(repaired: Repaired) -> None:
    """Whatever came in: a valid notebook with every marked cell once, in order, locked ones as released."""
    nbformat.validate(repaired.notebook)
    assert repaired.notebook.nbformat == 4 and repaired.notebook.nbformat_minor == 5
    made = [cell for cell in repaired.notebook.cells if "nbgrader" in cell.metadata]
    wanted = [cell for cell in released()["cells"] if "nbgrader" in cell["metadata"]]
    assert [cell.metadata.nbgrader for cell in made] == [cell["metadata"]["nbgrader"] for cell in wanted]
    for cell, original in zip(made, wanted, strict=True):
        assert cell.cell_type == original["cell_type"]
        if original["metadata"]["nbgrader"]["locked"]:
            assert cell.source == "".join(original["source"])
    nbformat.writes(repaired.notebook).encode()


def test_the_undamaged_notebook_is_left_alone() -> None:
    repaired = repair(answered(), RELEASES)
    assert repaired.whole and repaired.release == 0
    assert repaired.notebook == nbformat.reads(answered().decode(), 4)
    assert points(repaired.notebook) == FULL == {"square-of-two": 2.0, "square-of-less": 1.0, "essay": 3.0,
                                                 "total-is-six": 1.0, "cube-of-two": 2.0, "mean-of-three": 2.0}  # fmt: skip


def test_the_other_edition_is_recognised() -> None:
    repaired = repair(answered("zh"), RELEASES)
    assert repaired.whole and repaired.release == 1


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
@pytest.mark.parametrize("seed", range(5))
def test_damage_is_healed_with_a_reason(damage: Damage, seed: int) -> None:
    raw = damage.apply(answered(), random.Random(seed))
    assert raw != answered()
    repaired = repair(raw, RELEASES)
    check_structure(repaired)
    assert {reason.code for reason in repaired.review} == damage.review
    assert {reason.code for reason in repaired.repairs} >= damage.repairs
    assert not repaired.whole
    earned = points(repaired.notebook)
    lost = {name for name in FULL if earned[name] < FULL[name]}
    if damage.points == "kept":
        assert not lost
    elif damage.points == "some":
        assert 0 < len(lost) <= 2
    else:
        assert len(lost) == len(FULL)


@pytest.mark.parametrize("seed", range(300))
def test_mixtures_are_healed(seed: int) -> None:
    kinds, rng = mixtures.mixture(seed)
    raw = mixtures.apply(answered(), kinds, rng)
    if raw is None:
        pytest.skip(f"nothing left to damage: {[kind.name for kind in kinds]}")
    repaired = repair(raw, RELEASES)
    check_structure(repaired)
    assert not repaired.whole
    if all(kind.points == "kept" for kind in kinds) and not repaired.review:
        assert points(repaired.notebook) == FULL, [kind.name for kind in kinds]


def test_what_repair_makes_is_whole() -> None:
    for damage in DAMAGES:
        repaired = repair(damage.apply(answered(), random.Random(1)), RELEASES)
        again = repair(nbformat.writes(repaired.notebook).encode(), RELEASES)
        assert again.whole, (damage.name, again.repairs, again.review)
        assert json.loads(nbformat.writes(again.notebook)) == json.loads(nbformat.writes(repaired.notebook))
