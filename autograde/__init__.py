"""What an author and an instructor run: authoring, grading, certification, reports and the ``course`` command."""

__version__ = "0.1.0"
