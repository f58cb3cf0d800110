"""A site of its own for each fault test, served by real processes on the database of this run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.site import Site
from faults.stage import document, names
from tests.databases import Databases

Made = tuple[Site, int, list[str]]


@pytest.fixture
def make_site(tmp_path: Path, databases: Databases) -> Iterator[Callable[..., Made]]:
    """``make_site(people)``: a site, its sitting and who is booked; what else is given is the server's environment. Killed at the end."""
    made: list[tuple[Site, str | None]] = []

    def make(people: int, **more: str) -> Made:
        folder = tmp_path / f"site-{len(made)}"
        folder.mkdir()
        url = databases.fresh(folder)
        site = Site(folder, url, **more)
        made.append((site, url))
        return site, site.seed(document(people))["FAULTS"], names(people)

    yield make
    for site, url in made:
        site.kill()
        databases.drop(url)
