"""Made-up learners for demonstrations and tests: their events, and the figures that must come of them."""
