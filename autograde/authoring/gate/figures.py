"""Check that every figure of a chapter has alternative text in both languages. Pure."""

import ast
import re
from collections.abc import Iterator

from autograde.authoring.cell import EXPLORE, LANGUAGES
from autograde.authoring.chapter import Chapter

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FIGURE = re.compile(r"fig_\w+")


def figure_faults(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield (line in the chapter's file, fault) for the figures of a chapter.

    A figure is an argument of ``explore`` or ``explore_in_turn``, or a call of a function ``fig_…`` whose result a cell
    shows.
    """
    for cell in chapter.cells:
        if cell.role == "prose":
            continue
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node) in EXPLORE:
                for fault in _faults(node):
                    yield cell.line + node.lineno, f"cell {cell.id!r}: {fault}"
        for line, shown in _shown(tree):
            yield (
                cell.line + line,
                f"cell {cell.id!r}: {shown} is shown as a picture without a description; show it by `explore` with alt=…",
            )


def _faults(call: ast.Call) -> Iterator[str]:
    figure = ast.unparse(call.args[0]) if call.args else "a figure"
    alt = next((keyword.value for keyword in call.keywords if keyword.arg == "alt"), None)
    example = 'alt=say(en="…", zh="…")'
    if alt is None:
        yield f"{figure} has no description for those who cannot see it; add {example}"
        return
    texts = _texts(alt)
    if texts is None:
        yield f"the description of {figure} is not a literal in both languages; write {example}"
        return
    for language in LANGUAGES:
        text = texts.get(language)
        if not isinstance(text, str) or not text.strip():
            yield f"the description of {figure} lacks {language!r}"
        elif bool(_CHINESE.search(text)) != (language == "zh"):
            yield f"the description of {figure} under {language!r} is in another language"


def _texts(alt: ast.expr) -> dict[str, object] | None:
    """The literals of ``say(en=…, zh=…)`` or of a dict, by language; None if it is anything else."""
    try:
        if isinstance(alt, ast.Call) and _name(alt) == "say" and not alt.args:
            return {
                keyword.arg: ast.literal_eval(keyword.value) for keyword in alt.keywords if keyword.arg in LANGUAGES
            }
        texts = ast.literal_eval(alt)
    except (ValueError, TypeError):
        return None
    return texts if isinstance(texts, dict) else None


def _shown(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The calls of figure functions that a cell shows, as its last value or through ``display``."""
    last = tree.body[-1] if tree.body else None
    shown = [last.value] if isinstance(last, ast.Expr) else []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) == "display":
            shown += node.args
    for part in shown:
        if isinstance(part, ast.Call) and _FIGURE.fullmatch(_name(part)):
            yield part.lineno, ast.unparse(part.func)


def _name(call: ast.Call) -> str:
    """``explore`` for ``explore(…)`` and for ``interact.explore(…)``."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
