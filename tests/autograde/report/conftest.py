"""The gradebooks of the certification tests serve here too."""

import importlib.util
from pathlib import Path

_source = Path(__file__).parents[1] / "certify" / "conftest.py"
_spec = importlib.util.spec_from_file_location("certify_gradebooks", _source)
assert _spec and _spec.loader
_gradebooks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_gradebooks)

book, course_toml, empty_gradebook = _gradebooks.book, _gradebooks.course_toml, _gradebooks.empty_gradebook
