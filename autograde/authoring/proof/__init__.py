"""Proofs: what shows that a chapter's tests hold, what each proof depends on, and the record that is kept of it."""
