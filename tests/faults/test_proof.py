"""The books against the database: that a loss would be found, whatever kind it is."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, insert, select, update

from certification.sitting import Step, link
from certification.tables import LateStep
from faults import proof
from faults.ledger import Ledger, canonical
from faults.proof import ATTEMPTS, RESULTS, STEPS
from foundation.database import db
from tests.cast import Cast
from tests.certification.exams import Room, document, room_for
from tests.databases import SECRETS

SECRET = SECRETS["SECRET_KEY"]


@pytest.fixture
def sat(app: Flask, cast: Cast, seed: Any, sign_in: Any) -> tuple[Engine, Ledger, Room]:
    """An attempt that was saved and handed in, with the device's books."""
    room = room_for(app, sign_in, seed(document(cast))["T1"])("owner")
    room.start()
    book = Ledger(room.attempt)
    for right in (False, True):
        asked = [book.send(one["slot"], one["seq"], one["answer"]) for one in room.answers(right)]
        assert book.settle({(one["slot"], one["seq"]) for one in asked}, room.put(*asked).json)
    book.receipt = room.submit().json["receipt"]
    late = [book.send(1, 9, None)]
    assert book.settle({(1, 9)}, room.put(*late).json)
    with app.app_context():
        engine = db.engine
    return engine, book, room


def change(engine: Engine, *statements: Any) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement.execution_options(writes=True))


def test_an_honest_site_has_lost_nothing(sat: tuple[Engine, Ledger, Room]) -> None:
    engine, book, _ = sat
    assert len(book.acknowledged) == 12
    assert book.refused == {(1, 9): "closed"}
    assert proof.losses(engine, [book], SECRET) == []
    assert proof.missing_evidence(engine, [book]) == []


def test_every_kind_of_loss_is_found(sat: tuple[Engine, Ledger, Room]) -> None:
    engine, book, _ = sat
    with engine.connect() as connection:
        steps = connection.execute(select(STEPS).order_by(STEPS.c.position)).mappings().all()
        attempt = connection.execute(select(ATTEMPTS)).mappings().one()
    last = STEPS.c.position == len(steps)
    change(engine, delete(STEPS).where(last))
    assert "acknowledged and not there" in str(found := proof.losses(engine, [book], SECRET))
    assert "the chain does not hold" in str(found)
    change(engine, insert(STEPS).values(dict(steps[-1]) | {"answer": "null"}))
    assert "null is kept" in str(found := proof.losses(engine, [book], SECRET))
    assert "kept and never sent" in str(found)
    # Somebody who mends the chain as well is found by the receipt.
    chain = bytes(32)
    for step in [*steps[:-1], {**steps[-1], "answer": "null"}]:
        chain = link(chain, [Step(step["slot"], step["seq"], step["answer"])], step["received"])
    change(engine, update(ATTEMPTS).values(chain=chain))
    assert "the receipt is for other answers" in str(found := proof.losses(engine, [Ledger(book.attempt)], SECRET))
    assert "the chain" not in str(found)
    change(engine, update(ATTEMPTS).values(chain=attempt["chain"]), update(STEPS).where(last).values(answer=steps[-1]["answer"]))
    assert proof.losses(engine, [book], SECRET) == []
    assert "cannot be verified" in str(proof.losses(engine, [book], "another secret"))
    change(engine, delete(LateStep.__table__), delete(RESULTS))
    assert "not kept as evidence" in str(proof.missing_evidence(engine, [book]))
    assert "has 0 results" in str(proof.losses(engine, [book], SECRET))
    change(engine, delete(STEPS), delete(ATTEMPTS))
    assert proof.losses(engine, [book], SECRET) == [f"{book.attempt}: the attempt is gone"]


def test_a_device_believes_only_a_typed_acknowledgement_of_its_own_answers() -> None:
    book = Ledger("a1")
    book.send(1, 1, "x")
    right = {"slot": 1, "seq": 1, "sha256": book.fingerprint((1, 1))}
    for body in (None, [], {}, {"saved": []}, {"saved": [right]}, {"saved": "all", "refused": []}, {"saved": [], "refused": []}):
        assert not book.settle({(1, 1)}, body)
    assert not book.acknowledged
    book.settle({(1, 1)}, {"saved": [right | {"sha256": "0" * 64}], "refused": []})
    assert not book.acknowledged
    assert "for another answer" in book.broken[-1]
    assert book.settle({(1, 1)}, {"saved": [right], "refused": []})
    assert book.acknowledged == {(1, 1): '"x"'}
    assert canonical({"b": ["é", "上岗"], "a": None}) == '{"a":null,"b":["é","上岗"]}'
