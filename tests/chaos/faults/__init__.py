"""What strikes: small named faults of one shape, in files by what they strike."""
