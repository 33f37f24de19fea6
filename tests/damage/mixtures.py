"""Two or three kinds of damage on top of each other."""

import random

from damage import DAMAGES, Damage


def mixture(seed: int) -> tuple[list[Damage], random.Random]:
    """Return the kinds that a seed stands for, in the order in which they happen, and the rng to apply them with.

    Kinds that read cells come first; at most one that leaves a file only repair can read comes last.
    """
    rng = random.Random(seed)
    kinds = rng.sample([kind for kind in DAMAGES if kind.mixes], rng.choice([1, 2, 2]))
    if len(kinds) == 1 or rng.random() < 0.3:
        kinds.append(rng.choice([kind for kind in DAMAGES if not kind.mixes and kind.points == "kept"]))
    return kinds, rng


def apply(raw: bytes, kinds: list[Damage], rng: random.Random) -> bytes | None:
    """Return the file after all kinds happened; None where one finds nothing left to damage."""
    for kind in kinds:
        try:
            raw = kind.apply(raw, rng)
        except (ValueError, IndexError, KeyError, AttributeError, AssertionError, TypeError, StopIteration):
            return None
    return raw
