"""What nbgrader's formgrader shows otherwise here, through nbconvert's own setting for templates."""

from importlib.resources import files
from pathlib import Path

FORMGRADER_TEMPLATES = (
    Path(__file__).parent,
    Path(str(files("nbgrader"))) / "server_extensions" / "formgrader" / "templates",
)
"""Folders of templates for ``HTMLExporter.extra_template_basedirs``: ours first, then all of nbgrader's."""
