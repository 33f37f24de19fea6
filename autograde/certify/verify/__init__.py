"""A file from a stranger → a verdict."""
