"""Build chapters: text → nbgrader source → release, and the gate that checks the result."""
