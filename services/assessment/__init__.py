"""Grades results under a policy and decides passes."""
