"""Credentials for those who pass, and what the issuer publishes."""
