"""What frameworks of micro-credentials ask for, and what an offering says: rules as data, findings and no verdicts."""
