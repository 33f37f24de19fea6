"""An untrusted file → a verdict."""
