"""The package that learners import in a notebook: data, figures, widgets, choice of device.

Importing ``course`` is cheap; its modules import NumPy, and heavier libraries only where they are
used.
"""
