"""Grades, attempts and policy → decisions."""
