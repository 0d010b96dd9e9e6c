"""Pure projections, one file for each read model."""
