"""Mechanism without meaning: it would make sense in another company."""
