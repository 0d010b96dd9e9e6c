"""What stands beside offerings and below them: checks, versions, ELM."""
