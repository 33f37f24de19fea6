"""Throughput beside stock nbgrader, measured in one run."""
