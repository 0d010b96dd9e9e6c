"""Tests, in layers."""
