"""Shapes of what trainers type, by subject."""
