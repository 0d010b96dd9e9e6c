"""Tables of events: looked at, then taken."""
