"""What is kept of decisions: records, evidence, the audit log; and deriving a decision again."""
