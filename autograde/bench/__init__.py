"""Throughput compared with stock nbgrader, measured in one run."""
