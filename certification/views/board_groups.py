"""The board's groups and its months, as the page draws them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from certification.licence import State
from certification.outlook import Cell
from certification.store.standings import Group, Offers
from certification.views.board_question import Question, month_words
from foundation.wording import said

FIRST = 8
"""Groups that are shown before one asks for all."""
FILTERS = {"partner": "partner", "city": "city", "programme": "programme", "contract": "contract"}


@dataclass(frozen=True)
class Line:
    """One group: its name, its people by standing, where it leads, and the contracts under it when it is unfolded."""

    name: str
    note: str
    counts: dict[str, int]
    url: str
    fold_url: str = ""
    unfolded: bool = False
    inside: list["Line"] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Pairs of person and programme in the group."""
        return sum(self.counts[state] for state in State)

    @property
    def in_force(self) -> int:
        """Those who may be sent."""
        return self.counts[State.ACTIVE] + self.counts[State.EXPIRING]

    @property
    def share(self) -> int:
        """Those who may be sent of all, in whole percent rounded down, so that 100 means everybody."""
        return 100 * self.in_force // self.total if self.total else 0


@dataclass(frozen=True)
class Groups:
    """The groups that are shown, those that need somebody first, and how to see the others."""

    lines: list[Line]
    hidden: int
    all_url: str
    tabs: list[dict[str, Any]]


def groups(asked: Question, offers: Offers, cells: Sequence[Cell], inside: Sequence[Cell]) -> Groups:
    """Lines for each group of ``cells``; ``inside`` are the contracts of the company that is unfolded."""
    listing, by = asked.listing, asked.by
    found = [
        _line(asked, offers, by, group, counts, inside if by == "partner" else ())
        for group, counts in asked.outlook.by_group(inside if by == "contract" else cells).items()
    ]
    found.sort(key=lambda line: (-line.counts["owed"] - line.counts[State.EXPIRING], line.name))
    shown = found if listing.chosen.get("groups") == "all" else found[:FIRST]
    names = {"partner": _("合作方"), "city": _("城市"), "programme": _("认证项目"), "contract": _("合同")}
    tabs = [
        {
            "url": listing.to(by=None if name == "partner" else name, open=None, groups=None) + "#groups", "label": label,
            "active": name == by,
        }
        for name, label in names.items()
    ]
    return Groups(shown, len(found) - len(shown), listing.to(groups="all") + "#groups", tabs)


def _line(
    asked: Question, offers: Offers, by: str, group: Hashable, counts: dict[str, int], inside: Sequence[Cell] = ()
) -> Line:
    """One group as a line; what belongs to no group says so and leads nowhere."""
    known: Group | None = getattr(offers, by).get(group)
    if known is None:
        words = {"city": _("未填写城市"), "programme": _("没有要求持证")}
        return Line(words.get(by, _("其他")), "", counts, "")
    listing, code = asked.listing, known.code
    narrowed: dict[str, str | None] = {FILTERS[by]: code, "open": None, "groups": None, "standing": None, "within": None, "month": None}
    url = listing.to(**narrowed)
    if by != "partner":
        return Line(_name(known), code if by == "contract" else "", counts, url)
    unfolded = asked.unfolded == code
    contracts = [
        _line(asked, offers, "contract", contract, found) for contract, found in asked.outlook.by_group(inside).items()
    ] if unfolded else []
    contracts.sort(key=lambda line: line.note)
    fold = listing.to(open=None if unfolded else code) + "#groups"
    return Line(known.name, "", counts, url, "" if asked.narrowing.partner else fold, unfolded, contracts)


def _name(group: Group) -> str:
    return said(group.name) if isinstance(group.name, dict) else group.name or group.code


def month_bars(asked: Question, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The months for the chart: how many end, how many of those have ended already, and where a bar leads."""
    chosen = asked.asked.month
    return [
        {
            "label": month_words(month, short=True), "name": month_words(month), "count": count, "lapsed": lapsed,
            "active": chosen is not None and chosen.key == month.key,
            "url": asked.listing.to(month=None if chosen and chosen.key == month.key else month.key, standing=None, within=None) + "#list",
        }
        for month, count, lapsed in asked.outlook.by_month(cells)
    ]
