"""The services as processes that kill themselves at a named point when they are told to; no hook in what ships."""
