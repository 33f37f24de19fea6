"""What a course's own cells determine: which cell runs where, what tests may hold, what to import."""
