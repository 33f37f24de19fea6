"""What was handed in: by whom, when, and which files count."""
