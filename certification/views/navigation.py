"""The rail and the phone's bottom bar: which doors a role sees, in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, request, session, url_for
from flask_babel import lazy_pgettext as _p

from people.login import Me, me
from people.permission import Permission, Role


@dataclass(frozen=True)
class Door:
    """One entry: where it leads, its name and icon, and the permission that shows it."""

    endpoint: str
    label: str
    icon: str
    permission: Permission | tuple[Permission, ...]
    prefix: str

    def open_to(self, person: Me) -> bool:
        """Whether the person may come in, by any of the door's permissions."""
        wanted = self.permission if isinstance(self.permission, tuple) else (self.permission,)
        return any(map(person.may, wanted))


P = Permission
DOORS = (
    Door("home.index", _p("navigation", "首页"), "home", P.SIGNED_IN, "/"),
    Door("exams.index", _p("navigation", "考试"), "exam", P.SIT, "/exams"),
    Door("licences.mine", _p("navigation", "上岗证"), "licence", P.SIT, "/licences"),
    Door("person_file.me", _p("navigation", "档案"), "user", P.SIT, "/people/me"),
    Door("decisions.index", _p("navigation", "决定"), "seal", P.DECISION_READ, "/decisions"),
    Door("licence_board.index", _p("navigation", "持证"), "licence", P.STANDING_READ, "/licences"),
    Door("trainings.index", _p("navigation", "培训"), "training", P.TRAINING_READ, "/trainings"),
    Door("dispatch.index", _p("navigation", "派单"), "dispatch", P.DISPATCH_TRY, "/dispatch"),
    Door("partners.index", _p("navigation", "合作方"), "partner", P.PARTNER_READ, "/partners"),
    Door("custody.index", _p("navigation", "标识物品"), "hand-over", P.CUSTODY_READ, "/custody"),
    Door("sittings.index", _p("navigation", "场次"), "calendar", (P.BOOK, P.SITTING_READ), "/sittings"),
    Door("regrades.index", _p("navigation", "重新评分"), "edit", P.REGRADE_READ, "/regrades"),
    Door("breaches.index", _p("navigation", "违规"), "breach", P.BREACH_READ, "/breaches"),
    Door("appeals.index", _p("navigation", "申诉"), "inbox", P.APPEAL_READ, "/appeals"),
    Door("marking.index", _p("navigation", "阅卷"), "edit", P.MARK, "/marking"),
    Door("papers.index", _p("navigation", "试卷"), "lock", P.FORM_READ, "/papers"),
    Door("question_bank.index", _p("navigation", "题库"), "question", P.ITEM_READ, "/question-bank"),
    Door("programmes.index", _p("navigation", "项目"), "grade", P.PROGRAMME_READ, "/programmes"),
    Door("standards.index", _p("navigation", "规范"), "clause", P.SIGNED_IN, "/standards"),
    Door("notices.index", _p("navigation", "提醒"), "notice", P.NOTICE_READ, "/notices"),
    Door("audit.index", _p("navigation", "审计"), "audit", P.AUDIT_READ, "/audit"),
    Door("accounts.index", _p("navigation", "账号"), "people", P.ACCOUNT_READ, "/accounts"),
    Door("dispatch_policy.index", _p("navigation", "派单政策"), "settings", P.POLICY_WRITE, "/dispatch/policy"),
    Door("webhooks.index", _p("navigation", "变化通知"), "webhook", P.ACCOUNT_READ, "/webhooks"),
    Door("keys.index", _p("navigation", "密钥"), "key", P.ACCOUNT_READ, "/keys"),
)
PHONE = {
    Role.CANDIDATE: ("home.index", "exams.index", "licences.mine", "standards.index"),
    Role.COORDINATOR: ("home.index", "partners.index", "licence_board.index", "sittings.index"),
}


@dataclass(frozen=True)
class Item:
    """An entry as the template draws it."""

    url: str
    label: str
    icon: str
    active: bool


def init_app(app: Flask) -> None:
    """Offer the navigation to every template; a door that leads nowhere fails at the start."""
    missing = [door.endpoint for door in DOORS if door.endpoint not in app.view_functions]
    if missing:
        raise RuntimeError(f"the navigation names doors that do not exist: {', '.join(missing)}")
    app.context_processor(offer)


def offer() -> dict[str, object]:
    """``nav_items``, ``nav_phone`` and ``theme`` for the frame."""
    person = me()
    doors = [door for door in DOORS if person and door.open_to(person)]
    return {"nav_items": [_item(door) for door in doors], "nav_phone": _phone(doors, person), "theme": session.get("theme", "auto")}


def _item(door: Door) -> Item:
    active = request.path == "/" if door.prefix == "/" else request.path.startswith(door.prefix)
    return Item(url_for(door.endpoint), str(door.label), door.icon, active)


def _phone(doors: Sequence[Door], person: Me | None) -> list[Item]:
    wanted = next((names for role, names in PHONE.items() if person and role in person.roles), None)
    chosen = [door for door in doors if door.endpoint in wanted] if wanted else list(doors[:4])
    return [_item(door) for door in chosen[:4]]
