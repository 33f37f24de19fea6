"""A damaged notebook → its release again. Nothing here knows nbgrader."""
