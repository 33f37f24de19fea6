"""What is kept of decisions: records, evidence, the audit log; and the same decision again."""
