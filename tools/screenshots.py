"""Take the pictures of the README from a running demonstration.

``python tools/screenshots.py ADDRESS PASSWORD`` signs in as each role and
writes ``docs/screenshots/<role>.png``; needs Chromium and the packages of
requirements-dev.txt.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PAGES = {
    "candidate": ("/", PHONE), "coordinator": ("/", DESK), "trainer": ("/question-bank", DESK), "officer": ("/", DESK),
    "rater": ("/", PHONE),
    "decider": ("/decisions", DESK), "hr": ("/licences", DESK), "auditor": ("/audit", DESK), "admin": ("/accounts", DESK),
}


def sign_in(page: Page, name: str, password: str) -> None:
    """Through the door, as everybody does."""
    page.goto("/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def main(address: str, password: str) -> None:
    """One picture per role, one of a refused dispatch and one of the public page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

        def opened(size: dict[str, int]) -> Page:
            context = browser.new_context(base_url=address, viewport=size, locale="zh-CN", color_scheme="light", reduced_motion="reduce")
            return context.new_page()

        for name, (path, size) in PAGES.items():
            page = opened(size)
            sign_in(page, name, password)
            page.goto(path)
            page.screenshot(path=FOLDER / f"{name}.png")
        page = opened(DESK)
        sign_in(page, "hr", password)
        page.goto("/dispatch/log?q=W-17")
        page.locator("main a[href^='/dispatch/']").filter(has_text="W-17").first.click()
        page.screenshot(path=FOLDER / "dispatch.png")
        page = opened(PHONE)
        sign_in(page, "candidate", password)
        page.goto("/")
        target = page.locator("a.licence-qr").first.get_attribute("href") or "/"
        page.goto(target)
        page.screenshot(path=FOLDER / "verify.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
