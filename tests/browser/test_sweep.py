"""Every page that a role can reach, opened on a phone: no error, no barrier, nothing wider than the window, no dead link.

Starts from the pages of ``tests/authorization.yaml`` and follows the links.
``make test`` opens each route for two of its roles, in one language and light
(with the contrast of dark); ``make sweep`` everything for everybody, lists
asked in other ways too, in all languages and themes and on a desktop.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page
from werkzeug.exceptions import HTTPException

from people.permission import Permission, Role, allowed
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import Watch, all_well, dark_colours
from tests.databases import make_app
from tests.test_authorization import doors

PEOPLE = {
    "candidate": Role.CANDIDATE, "coordinator": Role.COORDINATOR, "trainer": Role.TRAINER, "officer": Role.OFFICER, "rater": Role.RATER,
    "decider": Role.DECIDER, "hr": Role.HR, "auditor": Role.AUDITOR, "admin": Role.ADMIN,
}
ENOUGH = 2  # roles that open the same route in a short run
NOT_PAGES = ("/api/", "/static/", "/.well-known/", "/credentials/CZ-", "/credentials/status/", "/healthz", "/readyz", "/metrics")


@dataclass
class Tour:
    """One person's way through the site, one page of a kind; ``others`` counts who was there before."""

    page: Page
    kind_of: Callable[[str], str]
    others: Counter[str]
    thorough: bool
    seen: set[str] = field(default_factory=set)
    found: dict[str, list[str]] = field(default_factory=dict)

    def go(self, starts: list[str]) -> dict[str, list[str]]:
        """Visit ``starts`` and what they link to; answers what is wrong, with the pages on which it is."""
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            kind = self.kind_of(path)
            if kind and kind not in self.seen and (self.thorough or self.others[kind] < ENOUGH or path == "/"):
                self.seen.add(kind)
                waiting += self._visit(path)
        self.others.update(self.seen)
        return self.found

    def _visit(self, path: str) -> list[str]:
        try:
            answer = self.page.goto(path, wait_until="load")
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            return []
        problems = all_well(self.page) if answer and "html" in answer.headers.get("content-type", "") else Watch.over(self.page).take()
        if not self.thorough:
            problems += dark_colours(self.page)
        for problem in problems:
            self.found.setdefault(problem, []).append(path)
        whole = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"  # a link in a drawing has no plain href
        links: list[str] = self.page.eval_on_selector_all("a[href]", whole)
        here = urlsplit(self.page.url).netloc
        return [_path(link) for link in links if urlsplit(link).netloc == here]


def _path(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.fixture(scope="session")
def others() -> Counter[str]:
    """How many roles have opened a kind of page in this run."""
    return Counter()


@pytest.fixture(scope="session")
def kind_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The route behind a path, with how its list is asked when all is to be seen. Empty for what is no page."""
    thorough = request.config.getoption("sweep")
    urls = make_app(tmp_path_factory.mktemp("routes"), None).url_map.bind("localhost")

    def kind(path: str) -> str:
        bare, _, query = path.partition("?")
        if bare.startswith(NOT_PAGES):
            return ""
        try:
            endpoint = urls.match(bare, "GET")[0]
        except HTTPException:
            return f"unknown {bare}"  # opened all the same, so that a dead link is seen
        asked = sorted(set(re.findall(r"(?:^|&)(\w+)=", query)) - {"sort"}) if thorough else []
        return " ".join([str(endpoint), *asked[:1]])

    return kind


def starts(role: Role | None) -> list[str]:
    """The pages without parameters that the role may open."""
    wanted = [door for door in doors() if door.method == "GET" and not door.at and not door.rule.startswith(NOT_PAGES)]
    if role is None:
        return [door.rule for door in wanted if door.needs == "public"]
    return ["/"] + [door.rule for door in wanted if door.needs != "public" and allowed([role], Permission(door.needs)) and door.rule != "/"]


def ways(config: pytest.Config) -> list[tuple[str, bool, dict[str, int]]]:
    """Language, dark, window."""
    if not config.getoption("sweep"):
        return [("zh-CN", False, PHONE)]
    return [(language, dark, size) for language in ("zh-CN", "en-GB") for dark, size in ((False, PHONE), (True, PHONE), (False, DESK))]


@pytest.mark.parametrize("name", [None, *PEOPLE], ids=str)
def test_every_page_is_open_to_everyone(
    request: pytest.FixtureRequest, open_browser: Callable[..., Page], kind_of: Callable[[str], str], others: Counter[str], name: str | None
) -> None:
    lines = []
    for language, dark, size in ways(request.config):
        page = open_browser(name, language=language, dark=dark, size=size)
        found = Tour(page, kind_of, others, request.config.getoption("sweep")).go(starts(PEOPLE[name] if name else None))
        way = f"{language}, {'dark' if dark else 'light'}, {size['width']} px"
        lines += [f"{way}: {problem}\n    on {', '.join(dict.fromkeys(paths[:5]))}" for problem, paths in found.items()]
    assert not lines, f"{len(lines)} things are wrong:\n" + "\n".join(lines)
