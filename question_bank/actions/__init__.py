"""The verbs of the question bank, by subject."""
