"""Grades to decisions: policy, snapshot, decision."""
