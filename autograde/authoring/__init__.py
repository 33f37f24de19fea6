"""Chapter text → nbgrader source → release, and the gate that proves it."""
