"""Graded notebooks: their bytes, what learners read, what a person has to check."""
