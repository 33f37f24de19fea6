"""The whole cycle, from chapter text to decisions, with scripted learners."""
