"""What may be done to an account (product.md, "Who may do what").

Two roles that may not be held together are ``permission.clash``; here stands
what keeps the house from locking itself out.
"""

import re
from collections.abc import Collection
from enum import StrEnum

from people.permission import Role, clash

USERNAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$")
"""What a username may be: 2 to 64 letters, digits, dots, dashes and underscores, a letter or digit first."""


class Refusal(StrEnum):
    """Why an account stays as it is."""

    CLASH = "clash"
    OWN_ADMIN = "own_admin"
    OWN_ACCOUNT = "own_account"
    LAST_ADMIN = "last_admin"
    SAME = "same"


def change_roles(held: Collection[Role], wanted: Collection[Role], own: bool, other_admins: int) -> Refusal | None:
    """Whether ``held`` may become ``wanted``; ``other_admins`` counts open admin accounts besides this one.

    Nobody takes the admin role from themselves: a slip would need a shell to mend.
    """
    if set(held) == set(wanted):
        return Refusal.SAME
    if clash(wanted):
        return Refusal.CLASH
    if Role.ADMIN in held and Role.ADMIN not in wanted:
        return Refusal.OWN_ADMIN if own else None if other_admins else Refusal.LAST_ADMIN
    return None


def close(held: Collection[Role], own: bool, other_admins: int) -> Refusal | None:
    """Whether an account with these roles may be closed."""
    if own:
        return Refusal.OWN_ACCOUNT
    return Refusal.LAST_ADMIN if Role.ADMIN in held and not other_admins else None
