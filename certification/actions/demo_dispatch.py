"""The demonstration's policy for winter, and somebody whom two people let go in an emergency."""

from datetime import datetime, timedelta

from certification.actions import dispatch_overrides, dispatch_policies
from certification.actions.dispatch_overrides import Asker
from certification.dispatch_policy import Parameters
from certification.store import dispatch_overrides as store
from certification.store import dispatch_search
from foundation.database import db
from foundation.work import Actor, work

WINTER = "2027-01"
REASON = "昨夜暴雨，三个基站同时退服，熟悉现场的持证人员都在别处抢修"


def load(now: datetime, today: datetime, programme: str) -> None:
    """A version that takes effect in a month, and an override until tomorrow night: HR proposed, a decider confirmed."""
    with work(_named("admin")[0], now - timedelta(hours=5)) as w:
        winter = Parameters(override_hours=48, pass_hours=8)
        dispatch_policies.add(w, WINTER, winter, today + timedelta(days=30), "冬季保障期，放行和通行码都收紧")
    dispatch_policies.forget()
    number = dispatch_search.suspended(db.session, programme)
    if number is None:
        return
    hr, proposer = _named("hr")
    with work(hr, now - timedelta(hours=2)) as w:
        kept = dispatch_overrides.propose(w, proposer, number, programme, REASON, today + timedelta(days=1, hours=23))
    decider, confirmer = _named("decider")
    if isinstance(kept, int):
        with work(decider, now - timedelta(hours=1)) as w:
            dispatch_overrides.confirm(w, confirmer, kept)


def _named(username: str) -> tuple[Actor, Asker]:
    row = store.account_of(db.session, username)
    if row is None:
        raise LookupError(f"the demonstration has no account {username}")
    return Actor(f"account:{row.id}", row.id), Asker(row.id, row.person_id)
