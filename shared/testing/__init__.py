"""Builders, in-memory twins of the ports, servers for tests."""
