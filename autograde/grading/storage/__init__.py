"""Outcomes on their way into the gradebook, whatever crashes."""
