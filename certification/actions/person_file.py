"""What is recorded when somebody looks at a sealed number, or takes a file away."""

from foundation.work import Work


def revealed(w: Work, person_id: int, field: str, reason: str) -> None:
    """A sealed number was shown once; ``reason`` is a code of a closed list."""
    w.record("person.revealed", f"person:{person_id}", field=field, reason=reason)


def exported(w: Work, person_id: int, own: bool) -> None:
    """A file was taken away, by the person themself or by HR."""
    w.record("person.exported", f"person:{person_id}", own=own)
