"""What a graded notebook carries: its bytes, what learners get to read, what a person has to see."""
