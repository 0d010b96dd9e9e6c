"""What LTI tools are served: tokens, line items and the scores that they post."""
