"""A :class:`~autograde.feedback.gather.Feedback` → a self-contained HTML page without scripts.

Jinja escapes every text; markup comes from :mod:`.outputs`. The content security policy allows the
page's own style, by its hash, and embedded pictures; no scripts.
"""

import re
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from autograde.exact import source_hash
from autograde.feedback.gather import Feedback, Part
from autograde.feedback.outputs import plain
from autograde.feedback.words import FeedbackWords

_PARTS = files("autograde.feedback") / "templates"
STATES = ("passed", "partial", "failed", "unanswered", "open", "graded")
SIGNS = {"passed": "✓", "partial": "◐", "failed": "✗", "unanswered": "○", "open": "…", "graded": "✓"}
_WIDTH, _GAP = 1000.0, 4.0


def render_feedback(feedback: Feedback, course: str, state: str = "", submitted_at: str = "") -> str:
    """Return the page.

    Args:
        course: the course's title.
        state: the hash of the page's inputs (:func:`.source.state_of`), stored in it.
        submitted_at: when it was handed in, as shown.
    """
    t = FeedbackWords(feedback.language)
    css = Markup((_PARTS / "feedback.css").read_text(encoding="utf-8"))
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"plain": lambda text: plain(text).strip(), "code": _code}
    template = environment.from_string((_PARTS / "feedback.html.j2").read_text(encoding="utf-8"))
    grades = feedback.grades
    style = source_hash(css)
    return template.render(
        t=t,
        feedback=feedback,
        grades=grades,
        course=course,
        state=state,
        submitted_at=submitted_at,
        css=css,
        policy=f"default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'",
        number=number,
        signs=SIGNS,
        strip=_strip(feedback.checks),
        counts=[(name, feedback.counts[name]) for name in STATES if name != "graded" and feedback.counts[name]],
        is_open=bool(feedback.counts["open"]),
        is_perfect=bool(feedback.checks) and grades.maximum > 0 and grades.score >= grades.maximum,
        after_penalty=max(grades.score - grades.late_penalty, 0.0),
        anchor=lambda part: f"check-{feedback.parts.index(part)}",
    )


def number(value: float | None) -> str:
    """Points with at most two decimals, without trailing zeros."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def _strip(checks: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Each check's place in the bar of all points: its share of the width, filled by its score."""
    weights = [max(part.grade.maximum if part.grade else 0.0, 0.25) for part in checks]
    if not checks:
        return []
    scale = (_WIDTH - _GAP * (len(checks) - 1)) / sum(weights)
    at, segments = 0.0, []
    for part, weight in zip(checks, weights, strict=True):
        earned = (part.grade.score or 0.0) / part.grade.maximum if part.grade and part.grade.maximum else 0.0
        assert part.message
        width = weight * scale
        segments.append(
            {"x": f"{at:.1f}", "width": f"{width:.1f}", "state": part.message.state, "part": part,
             "filled": f"{width * min(max(earned, 0.0), 1.0):.1f}"}
        )  # fmt: skip
        at += width + _GAP
    return segments


def _code(text: str) -> Markup:
    """`text` with its words between backquotes as code."""
    return Markup(re.sub(r"`([^`\n]{1,200})`", r"<code>\1</code>", str(escape(text))))
