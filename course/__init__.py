"""What a learner imports inside a notebook: data, figures, widgets, device choice.

Importing ``course`` loads nothing heavy; each module loads NumPy, and heavier libraries only where they are used.
"""
