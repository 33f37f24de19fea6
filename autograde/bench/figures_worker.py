"""Draw the figures of one chapter and say what each picture took.

A separate program, started by :mod:`autograde.bench.figures`: on standard input the code that the
figures need, on standard output the rows of the table. It runs only the course's own code.
"""

import importlib
import json
import os
import sys
import time
from typing import Any

STEPS = 10
"""Values of a slider that are drawn."""


def main() -> None:
    """Read ``{"program", "file", "reference"}`` and write one row for each call of ``explore`` and each question in turn."""
    order = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what cells print must not get into the results
    try:
        interact: Any = importlib.import_module("course.interact")
        calls: list[tuple[Any, Any, dict[str, Any]]] = []
        interact.explore = lambda figure, predict=None, alt=None, **controls: calls.append((figure, predict, controls))
        rounds: Any = importlib.import_module("course.interact.rounds")
        rounds.explore_in_turn = lambda figure, *questions, alt=None, **controls: calls.extend(
            (rounds.asked(figure, one), one.predict, controls) for one in questions
        )
        exec(compile(order["program"], order["file"], "exec"), {"__name__": "__main__"})
        reference()  # imports, fonts
        rows = [measured(interact, *call, usual=order["reference"]) for call in calls]
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    json.dump(rows, answers)
    answers.flush()


def measured(interact: Any, figure: Any, predict: Any, controls: dict[str, Any], usual: float) -> dict[str, Any]:
    """Show one figure as a notebook does, then move its first player, or else its first control."""
    began = time.process_time()
    explorer = interact.Explorer(figure, predict, controls, {"en": "figure"})
    first = time.process_time() - began
    if predict is not None:
        explorer.guess.value = predict.right
    name = next((name for name, control in controls.items() if control.frames), next(iter(controls), ""))
    further = []
    for value in values(controls[name], explorer.controls[name]) if name else ():
        began = time.process_time()
        explorer.controls[name].value = value
        further.append(time.process_time() - began)
    return {
        "figure": getattr(figure, "__name__", "figure"),
        "control": name,
        "first": first,
        "further": further,
        "slow": max(1.0, reference() / usual),
    }


def values(control: Any, widget: Any) -> list[Any]:
    """The values to draw, without the initial one: each step of a player, else about ten along a slider."""
    if control.frames:
        found = list(control.frames)
    elif hasattr(widget, "min"):
        steps = round((widget.max - widget.min) / widget.step)
        places = sorted({round(steps * share / (STEPS - 1)) for share in range(STEPS)})
        found = [widget.min + widget.step * place for place in places]
    elif hasattr(widget, "options"):
        found = [option[1] if isinstance(option, tuple) else option for option in widget.options]
    elif isinstance(control.value, bool):
        found = [not control.value]
    else:
        found = []
    return [value for value in found if value != control.value]


def reference() -> float:
    """CPU seconds for the picture of a plain figure with two axes, the best of three."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    took = []
    for _ in range(3):
        began = time.process_time()
        figure = Figure(figsize=(8, 4), layout="constrained")
        for axes in figure.subplots(1, 2):
            axes.plot(range(100))
            axes.set_title("reference")
        FigureCanvasAgg(figure).draw()
        took.append(time.process_time() - began)
    return min(took)


if __name__ == "__main__":
    main()
