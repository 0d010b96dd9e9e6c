"""Learners themselves: who is shown, erased, or the same person as another."""
