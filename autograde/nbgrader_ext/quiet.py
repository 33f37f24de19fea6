"""What nbgrader says of every submission, and means nothing."""

import logging

EXPECTED = (
    # The checksum is recorded with the hidden tests; every honest submission has the released cell without them.
    "Attribute 'checksum' for cell ",
    # zip_collect makes the folders that it needs.
    "Directory not found. Creating: ",
)


class Expected(logging.Filter):
    """Drops the warnings that stock nbgrader 0.9.6 gives in normal use."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be shown."""
        return not record.getMessage().startswith(EXPECTED)
