"""From facts to the grade, the standing and what is said of it: what a policy makes of them. Pure."""
