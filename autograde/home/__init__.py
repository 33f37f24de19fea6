"""The instructor's start page: the state of each chapter and the next step."""
