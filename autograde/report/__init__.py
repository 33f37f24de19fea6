"""What instructors take away: exports and reports."""
