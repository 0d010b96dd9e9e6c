"""The measured processes: the same fold on three engines."""
