"""Programmes and their editions."""

from sqlalchemy import select

from certification import programme as rule
from certification.programme import ProgrammeDoc
from certification.tables import Programme, ProgrammeEdition
from foundation.work import Work


def keep_programme(w: Work, doc: ProgrammeDoc) -> tuple[int, str]:
    """Add a programme or update it; answers its id and ``added``, ``changed`` or ``same``.

    An edition that no sitting has used yet is changed in place; a frozen one
    stays as it is and a new edition follows it.
    """
    programme = w.session.scalar(select(Programme).where(Programme.code == doc.code))
    if programme is None:
        programme = Programme(code=doc.code, title=dict(doc.title), summary=dict(doc.summary))
        w.session.add(programme)
        w.session.flush()
        _add_edition(w, programme.id, 1, doc)
        w.record("programme.added", f"programme:{programme.id}", edition=1)
        return programme.id, "added"
    renamed = (programme.title, programme.summary) != (doc.title, doc.summary)
    programme.title, programme.summary = dict(doc.title), dict(doc.summary)
    edition = newest_edition(w, programme.id)
    if edition.digest == rule.digest(doc.spec):
        return programme.id, "changed" if renamed else "same"
    if edition.frozen:
        _add_edition(w, programme.id, edition.number + 1, doc)
    else:
        edition.spec, edition.digest = rule.to_json(doc.spec), rule.digest(doc.spec)
    w.record("programme.changed", f"programme:{programme.id}", edition=edition.number + bool(edition.frozen))
    return programme.id, "changed"


def newest_edition(w: Work, programme_id: int) -> ProgrammeEdition:
    """The edition that a new sitting uses."""
    query = select(ProgrammeEdition).where(ProgrammeEdition.programme_id == programme_id)
    return w.session.scalars(query.order_by(ProgrammeEdition.number.desc()).limit(1)).one()


def _add_edition(w: Work, programme_id: int, number: int, doc: ProgrammeDoc) -> None:
    w.session.add(
        ProgrammeEdition(
            programme_id=programme_id, number=number, spec=rule.to_json(doc.spec), digest=rule.digest(doc.spec), created=w.now
        )
    )
    w.session.flush()
