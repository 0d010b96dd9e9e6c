"""Reading events from files, sending them, and going on where an interruption left off."""
