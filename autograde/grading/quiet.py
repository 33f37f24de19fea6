"""What nbgrader says of every submission, and means nothing."""

import logging


class ExpectedChange(logging.Filter):
    """Drops nbgrader's warning that a test cell's checksum has changed.

    nbgrader records the checksum of the cell with its hidden tests and then finds, in every honest submission too, the
    checksum of the released cell without them (nbgrader 0.9.6, OverwriteCells).
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be shown."""
        return not record.getMessage().startswith("Attribute 'checksum' for cell ")
