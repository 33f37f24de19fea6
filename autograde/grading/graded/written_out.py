"""Write out the messages that a released test names by a key, as authors wrote them.

A released test says ``say("ch02-MEAN", shape)``; the text is in ``course/texts`` of the package
that the test imports (:mod:`autograde.authoring.texts.extract`). While a notebook is graded the message is
``[ch02-MEAN] 中文 / English``, and feedback has to recognise it as its author's.
"""

import ast
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Formatter
from typing import Any


def written_out(tree: ast.Module) -> ast.Module:
    """Return a parsed cell with each such call replaced by the string or f-string that it stands for."""
    return ast.fix_missing_locations(_WrittenOut().visit(tree))  # type: ignore[no-any-return]


class _WrittenOut(ast.NodeTransformer):
    def visit_Call(self, call: ast.Call) -> ast.AST:
        match call:
            case ast.Call(func=ast.Name("say"), args=[ast.Constant(str(key)), *values]):
                entry = _texts(key.partition("-")[0]).get(key, {})
                if "tag" in entry:
                    fields = {str(place): value for place, value in enumerate(values)}
                    return ast.copy_location(_f_string("{tag} {zh} / {en}".format(**entry), fields), call)
        return self.generic_visit(call)


def _f_string(template: str, fields: dict[str, ast.expr]) -> ast.expr:
    if not fields:
        return ast.Constant(template)
    parts: list[ast.expr] = []
    for text, field, _, _ in Formatter().parse(template):
        parts += [ast.Constant(text)] if text else []
        if field is not None:
            parts.append(ast.FormattedValue(fields.get(field, ast.Constant(None)), -1))
    return ast.JoinedStr(parts)


@cache
def _texts(chapter: str) -> dict[str, dict[str, Any]]:
    spec = find_spec("course")  # it is not imported: only tests and learners do that
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place) / "texts" / f"{chapter}.json"
        if chapter.isalnum() and path.is_file():
            texts: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            return texts
    return {}
