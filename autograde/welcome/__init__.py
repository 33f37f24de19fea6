"""The welcome page in JupyterLab: where to begin, a map of the chapters, and the learner's progress."""
