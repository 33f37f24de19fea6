"""The map of the chapters: which builds on which, what is done, what comes next. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["done", "next", "begun", "open"]

MARKS: dict[State, str] = {"done": "✓", "next": "▶", "begun": "…", "open": ""}
"""What stands beside a chapter's title, so that its state does not hang on a colour."""

STYLES: dict[State, str] = {
    "done": "fill:#1b7f4b,stroke:#1b7f4b,color:#ffffff",
    "next": "fill:#f2a33a,stroke:#b36b00,color:#1a1a1a,stroke-width:3px",
    "begun": "fill:#dbeaf5,stroke:#2f6f9f,color:#1a1a1a",
    "open": "fill:#f1f3f5,stroke:#868e96,color:#1a1a1a",
}
"""Each with its own text colour, so that both of JupyterLab's themes can show it."""


@dataclass(frozen=True)
class Place:
    """A chapter on the map.

    Attributes:
        name: its assignment.
        title: what stands on the map.
        state: how far the learner is.
        needs: the chapters that it builds on; those that are not on the map are left out.
    """

    name: str
    title: str
    state: State
    needs: tuple[str, ...] = ()


def chapter_map(places: Sequence[Place]) -> str:
    """Return the map as a Mermaid diagram in Markdown, which JupyterLab draws; "" where nothing builds on anything."""
    names = {place.name for place in places}
    ways = [(need, place.name) for place in places for need in place.needs if need in names]
    if not ways:
        return ""
    lines = ["flowchart LR"]
    lines += [f'    {place.name}["{_label(place)}"]:::{place.state}' for place in places]
    lines += [f"    {start} --> {end}" for start, end in ways]
    used = [state for state in STYLES if any(place.state == state for place in places)]
    lines += [f"    classDef {state} {STYLES[state]}" for state in used]
    return "```mermaid\n" + "\n".join(lines) + "\n```"


def _label(place: Place) -> str:
    """The title, with what Mermaid would read as markup taken out."""
    title = re.sub(r"\s+", " ", re.sub(r'["`<>\[\]{}|#;\\]', " ", place.title)).strip()
    return f"{title} {MARKS[place.state]}".rstrip()
