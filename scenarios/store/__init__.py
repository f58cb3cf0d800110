"""Rows that scenarios read, by subject."""
