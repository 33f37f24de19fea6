"""The first page that an instructor sees: where each chapter stands, and what comes next."""
