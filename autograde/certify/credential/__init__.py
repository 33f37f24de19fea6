"""Credentials: their claims, exact form, securing and keys."""
