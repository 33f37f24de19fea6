"""What learners get to read of their graded work, without a line of a hidden test."""
