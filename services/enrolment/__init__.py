"""Who is enrolled on what: the door for platforms and the catalogue."""
