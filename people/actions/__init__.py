"""The verbs of people, by subject: ``sign_in``, ``accounts`` (with keys), ``companies`` (documents), ``rosters`` (pages)."""
