"""What institutions ask: funnels and a dashboard."""
