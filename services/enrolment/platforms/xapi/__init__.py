"""xAPI 1.0.3, with cmi5 and Open edX's tracking log."""
