"""Accounts, their roles and one-time passwords; API keys."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select

from foundation.work import Work
from people import account as rule
from people.actions.sign_in import failure_keys
from people.permission import Role, clash
from people.store import accounts as store
from people.store import sign_in as sign_ins
from people.tables import Account, ApiKey, Partner, Person


class AccountRefused(Exception):
    """An account or key that cannot be made; the text says which field and why."""

    @property
    def field(self) -> str:
        """The field that is wrong: role, partner, username, staff_no or name."""
        return str(self).partition(":")[0]


def create_account(w: Work, username: str, name: str, roles: Sequence[Role], partner_code: str, staff_no: str, hashed: str) -> int:
    """Add a person with an account and a one-time password; raises AccountRefused."""
    if pair := clash(roles):
        raise AccountRefused(f"role: {pair[0]} and {pair[1]} cannot be held together")
    if not rule.USERNAME.match(username):
        raise AccountRefused(f"username: {username!r} is not 2 to 64 letters, digits, dots, dashes or underscores, a letter or digit first")
    partner = w.session.scalar(select(Partner).where(Partner.code == partner_code))
    if partner is None:
        raise AccountRefused(f"partner: there is no company {partner_code!r}")
    if w.session.scalar(select(Account.id).where(func.lower(Account.username) == username.lower())):
        raise AccountRefused(f"username: {username!r} is taken")
    person = w.session.scalar(select(Person).where(Person.staff_no == staff_no))
    if person is None:
        person = Person(staff_no=staff_no, name=name, partner_id=partner.id)
        w.session.add(person)
        w.session.flush()
    elif w.session.scalar(select(Account.id).where(Account.person_id == person.id)):
        raise AccountRefused(f"staff_no: {staff_no!r} has an account already")
    given = [str(role) for role in roles]
    account = Account(person_id=person.id, username=username, password_hash=hashed, one_time=True, roles=given, created=w.now)
    w.session.add(account)
    w.session.flush()
    w.record("account.created", f"account:{account.id}", roles=sorted(roles))
    return account.id


def set_email(w: Work, account_id: int, email: str) -> None:
    """Where an account's reminders go; empty for nowhere."""
    w.session.get_one(Account, account_id).email = email
    w.record("account.email", f"account:{account_id}", given=bool(email))


def set_roles(w: Work, account_id: int, roles: Sequence[Role]) -> rule.Refusal | None:
    """Give an account these roles; they count from the next request on, in every process."""
    account, others = store.account_for_change(w.session, account_id)
    held = [Role(role) for role in account.roles]
    if refusal := rule.change_roles(held, roles, account.id == w.actor.account_id, others):
        return refusal
    account.roles = [str(role) for role in roles]
    w.record("account.roles_changed", f"account:{account_id}", before=sorted(held), after=sorted(roles))
    return None


def close_account(w: Work, account_id: int) -> rule.Refusal | None:
    """Close an account and end its sign-ins at once."""
    account, others = store.account_for_change(w.session, account_id)
    if refusal := rule.close([Role(role) for role in account.roles], account.id == w.actor.account_id, others):
        return refusal
    if account.closed is None:
        account.closed = w.now
        sign_ins.drop_sessions_of(w.session, account_id)
        w.record("account.closed", f"account:{account_id}")
    return None


def reopen_account(w: Work, account_id: int) -> None:
    """Open a closed account again; it signs in with the password it had."""
    account, _ = store.account_for_change(w.session, account_id)
    if account.closed is not None:
        account.closed = None
        w.record("account.reopened", f"account:{account_id}")


def reset_password(w: Work, account_id: int, hashed: str) -> None:
    """Give an account a one-time password; its sign-ins end and its counted failures are forgotten."""
    account, _ = store.account_for_change(w.session, account_id)
    sign_ins.set_password(w.session, account_id, hashed, one_time=True)
    sign_ins.drop_sessions_of(w.session, account_id)
    sign_ins.clear_failures(w.session, failure_keys(account.username, "")[:1])
    w.record("password.reset", f"account:{account_id}")


def create_key(w: Work, name: str, scope: str, key: str) -> int:
    """Keep the SHA-256 of a new API key; raises AccountRefused when a live key has the name."""
    if w.session.scalar(select(ApiKey.id).where(ApiKey.name == name, ApiKey.revoked.is_(None))):
        raise AccountRefused(f"name: a live key named {name!r} exists already")
    row = ApiKey(name=name, scope=scope, key_hash=hashlib.sha256(key.encode()).digest(), created=w.now)
    w.session.add(row)
    w.session.flush()
    w.record("key.created", f"key:{row.id}", scope=scope)
    return row.id


def revoke_key(w: Work, name: str) -> bool:
    """Revoke the live key of that name; it stops working with the commit."""
    row = w.session.scalar(select(ApiKey).where(ApiKey.name == name, ApiKey.revoked.is_(None)))
    if row is None:
        return False
    row.revoked = w.now
    w.record("key.revoked", f"key:{row.id}")
    return True
