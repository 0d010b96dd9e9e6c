"""One page for institutions: the funnel as a chart and as a table, live."""
