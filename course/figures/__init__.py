"""Pure figures: every function takes numbers and returns a ``matplotlib.figure.Figure``; nothing needs a display."""
