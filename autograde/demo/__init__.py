"""The whole cycle, from chapter text to decisions, on scripted learners."""
