"""Shapes of what people type into certification, by subject."""
