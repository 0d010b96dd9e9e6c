"""One file for each platform format: raw payload to canonical events."""
