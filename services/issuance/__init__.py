"""Signs, keeps, revokes and verifies credentials."""
