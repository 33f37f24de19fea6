"""Tests in a process that runs no code of the learner's, and their hold on the learner's objects."""
