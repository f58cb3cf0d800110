"""What is asked of the board, read from the address: whose standing, on which day, by which groups, narrowed to what."""

from dataclasses import dataclass, field
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from certification.licence import State
from certification.outlook import WITHIN, Asked, Cell, Month, Outlook, Show, last_moment, month_named, months_from
from certification.store.standing_pairs import Narrowing
from certification.store.standings import GROUPS, SORTS
from certification.views.words import STATE_WORDS
from foundation import clock
from foundation.config import settings
from foundation.listing import Listing
from foundation.wording import language, local
from people.login import account
from people.permission import Permission

PLACES = ("partner", "programme", "city", "contract", "contract_state")
"""Filters that say whose standing is meant."""
KEPT = ("standing", "within", "month", *PLACES, "by", "on", "open", "groups")
SHOWN = (Show.IN_FORCE, State.EXPIRING, Show.OWED, State.EXPIRED, State.NONE, State.SUSPENDED, State.REVOKED)
FURTHEST = date(2100, 1, 1)


@dataclass
class Question:
    """One look at the board; ``flaws`` are sentences about what could not be read in the address and was left out."""

    listing: Listing
    outlook: Outlook
    narrowing: Narrowing
    asked: Asked
    on: date | None = None
    flaws: list[str] = field(default_factory=list)

    @property
    def by(self) -> str:
        """What people are grouped by."""
        chosen = self.listing.chosen.get("by", "")
        return chosen if chosen in GROUPS else GROUPS[0]

    @property
    def unfolded(self) -> str:
        """The company whose contracts are shown under it: the one that was opened, or the only one there is."""
        return (self.narrowing.partner or self.listing.chosen.get("open", "")) if self.by == "partner" else ""


def question(company: int | None) -> Question:
    """Read the address; somebody limited to a company asks about that company only."""
    listing = Listing.from_request(SORTS, KEPT)
    flaws: list[str] = []
    on = _day(listing, flaws)
    month = _month(listing, flaws)
    config = settings()
    at = last_moment(on, config.timezone) if on else clock.now()
    chosen = listing.chosen
    days = chosen.get("within", "")
    within = int(days) if days in map(str, WITHIN) else 0
    outlook = Outlook.of(at, config.expiring_days, months_from(at, config.timezone), month)
    narrowing = Narrowing(company, listing.q, **{name: chosen.get(name, "") for name in PLACES})
    show = chosen.get("standing", "")
    known = show in set(Show) or show in set(State)
    return Question(listing, outlook, narrowing, Asked(show if known else "", within, month), on, flaws)


def limit() -> int | None:
    """The company whose people the asker's list is limited to."""
    return account().limit(Permission.STANDING_READ)


def _day(listing: Listing, flaws: list[str]) -> date | None:
    typed = listing.chosen.get("on", "")
    if not typed:
        return None
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        on = None
    if on is None or not date(2000, 1, 1) <= on < FURTHEST:
        flaws.append(_("日期“%(typed)s”看不懂，要像 2027-01-31 这样。下面是今天的情况。", typed=typed))
        return None
    return None if on == local(clock.now()).date() else on


def _month(listing: Listing, flaws: list[str]) -> Month | None:
    typed = listing.chosen.get("month", "")
    month = month_named(typed, settings().timezone) if typed else None
    if typed and month is None:
        flaws.append(_("到期月份“%(typed)s”看不懂，要像 2026-12 这样。下面没有按月份筛选。", typed=typed))
        listing.chosen.pop("month")
    return month


def month_words(month: Month, short: bool = False) -> str:
    """A month as one would say it; short: without its year, unless it is January."""
    first = local(month.starts)
    if language() == "zh":
        return format_date(first, "M月" if short and first.month > 1 else "yyyy年M月", rebase=False)
    return format_date(first, "MMM" if short and first.month > 1 else "MMM y", rebase=False)


def show_words() -> dict[str, str]:
    """What each narrowing by standing is called."""
    return {
        **{str(state): str(word) for state, word in STATE_WORDS.items()}, State.ACTIVE: _("有效，未到提醒期"),
        Show.IN_FORCE: _("可以上岗"), Show.OWED: _("在花名册但没有证"), Show.STOPPED: _("暂停或撤销"), Show.OUT: _("不能上岗"),
    }


def add_chips(asked: Question, counts: "Counts") -> None:
    """The chips above the list, each with how many it would show beside what else is chosen."""
    listing, words = asked.listing, show_words()
    shown = list(SHOWN) if asked.asked.show in ("", *SHOWN) else [asked.asked.show, *SHOWN]
    standings = {str(show): counts.show(str(show)) for show in shown}
    listing.add_filter("standing", _("状态"), {str(show): words[show] for show in shown}, standings)
    ends = {str(days): counts.within(days) for days in WITHIN}
    listing.add_filter("within", _("到期"), {str(days): _("%(days)s 天内", days=days) for days in WITHIN}, ends)
    if month := asked.asked.month:
        listing.add_filter("month", _("到期月份"), {month.key: month_words(month)}, {month.key: counts.show(asked.asked.show)})


@dataclass(frozen=True)
class Counts:
    """How many rows there would be if one thing were asked otherwise."""

    asked: Question
    cells: list[Cell]

    def alone(self, show: str) -> int:
        """With that standing and nothing else."""
        return self.asked.outlook.count(self.cells, Asked(show))

    def show(self, show: str) -> int:
        """With another standing."""
        now = self.asked.asked
        return self.asked.outlook.count(self.cells, Asked(show, now.within, now.month))

    def within(self, days: int) -> int:
        """With an end within so many days."""
        now = self.asked.asked
        return self.asked.outlook.count(self.cells, Asked(now.show, days, now.month))
