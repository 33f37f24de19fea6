"""The release gate: the checks that a chapter must pass before learners see it."""
