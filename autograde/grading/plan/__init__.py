"""What a course's own cells say of grading: which cell runs where, what a test may hold, what to import."""
