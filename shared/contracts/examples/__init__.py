"""One example of each event, which the schemas and the AsyncAPI document show."""
