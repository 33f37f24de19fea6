"""Feedback pages for learners, without a line of a hidden test."""
