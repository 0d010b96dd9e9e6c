"""Everything on this machine, without Docker."""
