"""The release gate: everything that must be true before learners see a chapter."""
