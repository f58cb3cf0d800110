"""The verbs of certification, by subject."""
