"""What was handed in: by whom, when, and which of it counts."""
