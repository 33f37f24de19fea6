"""Runs tests in a process without learner code, with handles on the learner's objects."""
