"""Warm kernels, seen from the process that uses them."""
