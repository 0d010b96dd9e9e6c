"""Starting everything on this machine, watching it, stopping it."""
