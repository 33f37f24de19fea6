"""The wire between examiner and learner: frames of plain data, bounded. See ``docs/wire.md``."""
