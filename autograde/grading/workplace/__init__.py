"""Where a submission runs: its folders, and what lies beside a notebook."""
