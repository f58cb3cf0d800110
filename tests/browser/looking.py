"""What is looked for on every page: errors in the console, barriers (axe), and a page wider than the phone."""

from functools import cache
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]


class Watch:
    """Collects what goes wrong on a page while it is used."""

    _watches: "WeakKeyDictionary[Page, Watch]" = WeakKeyDictionary()

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    @classmethod
    def over(cls, page: Page) -> "Watch":
        """The watch over ``page``, begun at the first call."""
        if page not in cls._watches:
            cls._watches[page] = cls(page)
        return cls._watches[page]

    def take(self) -> list[str]:
        """What was found since the last time."""
        found, self.found = self.found, []
        return found

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:  # said better by the answer's status
            self.found.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that was left while loading
            self.found.append(f"request failed: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status} for {response.request.method} {response.url}")


@cache
def _axe() -> Axe:
    return Axe()


def axe(page: Page, rules: list[str] | None = None) -> list[str]:
    """A sentence for each barrier on the page as it stands; all of WCAG 2.2 AA, or only ``rules``."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    answer = _axe().run(page, options={"resultTypes": ["violations"], "runOnly": only}).response
    return [
        f"axe {violation['id']}: {violation['help']} - {node['target'][0]} {node['html'][:160]}"
        for violation in answer["violations"]
        for node in violation["nodes"][:3]
    ]


def dark_colours(page: Page) -> list[str]:
    """Barriers of contrast when the same page is shown dark."""
    page.emulate_media(color_scheme="dark")
    found = [f"dark: {line}" for line in axe(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


def too_wide(page: Page) -> list[str]:
    """The parts that make the page wider than its window, if it is."""
    width, parts = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.scrollingElement.scrollWidth <= room) return [room, []];
            const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > room + 0.5);
            return [room, wide.slice(0, 3).map(e => e.outerHTML.slice(0, 120))];
        }"""
    )
    return [f"wider than {width} px: {part}" for part in parts]


def all_well(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, once it stands (a click returns before the next page is there)."""
    page.wait_for_load_state()
    return [*Watch.over(page).take(), *too_wide(page), *axe(page)]
