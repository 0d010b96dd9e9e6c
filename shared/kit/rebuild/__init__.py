"""Rebuilding read models from the log into a new generation, while the service goes on (docs/decisions/0008)."""
