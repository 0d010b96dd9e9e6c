"""What people see: a credential's page, and the page that checks one. Whole without scripts, everything escaped."""
