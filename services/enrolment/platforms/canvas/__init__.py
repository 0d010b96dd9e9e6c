"""Canvas Live Events."""
