"""Rows of certification ↔ values, by subject."""
