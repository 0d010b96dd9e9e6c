"""Asking strangers' servers: what a credential names elsewhere, without being led to where only we can reach."""
