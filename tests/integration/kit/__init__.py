"""The engine on real servers."""
