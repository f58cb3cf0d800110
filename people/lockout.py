"""How long a name or an address must wait after failed sign-ins.

Five free tries, then a wait that doubles from one minute to one hour; counts
fade after a day. A running exam is not touched: its session stays good.
"""

from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FADES_AFTER = timedelta(days=1)


def counted(count: int, last: datetime | None, now: datetime) -> int:
    """The number of failures including this one; old ones have faded."""
    return 1 if last is None or now - last > FADES_AFTER else count + 1


def wait(count: int) -> timedelta | None:
    """The wait after ``count`` failures, None while tries are free."""
    if count < FREE_TRIES:
        return None
    doublings = min(count - FREE_TRIES, 10)  # beyond the longest wait by then; more would leave the range of a timedelta
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))
