"""Grading of submissions, through nbgrader's plugin points."""
