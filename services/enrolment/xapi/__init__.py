"""xAPI over HTTP: statements in, and what takes them back."""
