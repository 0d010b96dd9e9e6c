"""What institutions rule on grades, from HTTP to the document."""
