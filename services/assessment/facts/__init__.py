"""What is known of a learner on an offering, and of the offering: as it came in, whatever its order. Pure."""
