"""Keys: which one signs, where it lies, how it is written down, and what it signed."""
