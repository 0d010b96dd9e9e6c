"""The four services; they know each other only through events."""
