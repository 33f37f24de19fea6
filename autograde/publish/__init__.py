"""The public repository of the learners: what they need, and proof that it holds nothing else."""
