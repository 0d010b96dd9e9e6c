"""The only thing that services know of each other."""
