"""Open edX's event bus."""
