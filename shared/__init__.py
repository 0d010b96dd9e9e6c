"""What services have in common: contracts, mechanism, test help."""
