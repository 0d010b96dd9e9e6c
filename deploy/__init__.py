"""How Microcred is run."""
