"""What an author and an instructor run: authoring, grading, certification, reports and the ``course`` command."""
