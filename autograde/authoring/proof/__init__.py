"""Prove a chapter's tests: the steps of a proof, its dependencies, and its record."""
