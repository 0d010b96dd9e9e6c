"""Issuance."""
