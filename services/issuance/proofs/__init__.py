"""Proofs on credentials: Data Integrity and JWT, made and checked."""
