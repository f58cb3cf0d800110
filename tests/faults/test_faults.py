"""A few of each kind of trouble; ``make faults`` runs the full counts. Each test is a whole server of several processes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from faults import cuts, expiry, kills, mischief, races, takeover
from faults.disk import NoCompiler
from faults.proof import Report

pytestmark = pytest.mark.slow
SEED = "suite"


def nothing_lost(report: Report) -> None:
    assert report.good, "\n".join([report.line(), *report.losses[:20]])


@pytest.mark.xdist_group("faults-kills")
def test_twenty_times_everything_is_killed_and_no_acknowledged_answer_is_lost(make_site: Callable) -> None:
    site, sitting, names = make_site(12, GUNICORN_CMD_ARGS="--preload")  # the start is what a cycle costs: import once, not per worker
    report = kills.run(site, sitting, names, 20, SEED)
    nothing_lost(report)
    assert report.rounds == 20
    assert report.acknowledged > 500


@pytest.mark.xdist_group("faults-races")
def test_fifty_races_leave_one_of_everything_and_every_save_is_scored_or_refused(make_site: Callable) -> None:
    site, sitting, names = make_site(50)
    with site.serving():
        report = races.run(site, sitting, names, SEED)
    nothing_lost(report)
    assert report.refused["closed"]


@pytest.mark.xdist_group("faults-races")
def test_what_comes_before_the_deadline_is_scored_and_what_comes_after_is_evidence(make_site: Callable) -> None:
    site, sitting, names = make_site(12)
    with site.serving():
        report = expiry.run(site, sitting, names, SEED)
    nothing_lost(report)
    assert report.refused["late"]


@pytest.mark.xdist_group("faults-races")
def test_lost_cut_doubled_and_delayed_answers_end_in_exactly_what_was_meant(make_site: Callable) -> None:
    site, sitting, names = make_site(8)
    with site.serving():
        report = mischief.run(site, sitting, names, 15, SEED)
    nothing_lost(report)
    assert report.notes["mischief"] > 50


@pytest.mark.xdist_group("faults-races")
def test_two_devices_that_take_the_pen_from_each_other_lose_nothing(make_site: Callable) -> None:
    site, sitting, names = make_site(5)
    with site.serving():
        nothing_lost(takeover.run(site, sitting, names, 8, SEED))


@pytest.mark.xdist_group("faults-cuts")
def test_a_power_cut_takes_no_acknowledged_answer_and_takes_many_where_the_log_is_not_synced(tmp_path: Path) -> None:
    try:
        full, normal = (cuts.run(_folder(tmp_path, name), 8, 1, 8, SEED, weak=name == "normal") for name in ("full", "normal"))
    except NoCompiler as error:
        pytest.skip(f"POWER CUTS ARE NOT TRIED HERE: {error}")
    nothing_lost(full)
    assert full.rounds == 8
    assert any("acknowledged and not there" in sentence or "is gone" in sentence for sentence in normal.losses), normal.line()


def _folder(base: Path, name: str) -> Path:
    made = base / name
    made.mkdir()
    return made
