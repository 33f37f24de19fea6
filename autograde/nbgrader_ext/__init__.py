"""Plugins that nbgrader calls through its own settings, and how nbgrader's commands are called."""
