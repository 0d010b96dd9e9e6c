"""The `microcred` command."""
