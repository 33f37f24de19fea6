"""The instructor's report."""
