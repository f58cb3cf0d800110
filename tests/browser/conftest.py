"""A real browser in front of the real server with the demonstration loaded; skipped with a reason where there is no Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.looking import Watch
from tests.databases import SECRETS, Databases

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "示范公司的一句长口令-2026"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
PATIENCE = 30.0


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; asking for it marks a test ``browser``."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium here: install the package chromium to run the browser tests")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser, once for the run; its sandbox needs rights that a container seldom gives."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own, with the content pack and the demonstration company."""
    folder = tmp_path_factory.mktemp("site")
    url = databases.fresh(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CHIZHENG_", "DATABASE_URL"))}
    env |= {"CHIZHENG_DATA": str(folder), "CHIZHENG_DEMO_PASSWORD": PASSWORD, "PORT": str(port), "WEB_CONCURRENCY": "1", **SECRETS}
    if url:
        env["DATABASE_URL"] = url
    for command in (["content", "load"], ["demo"]):
        subprocess.run([sys.executable, "-m", "flask", "--app", "app", *command], cwd=ROOT, env=env, check=True, capture_output=True)
    log = folder / "server.log"
    with log.open("w") as file:
        server = subprocess.Popen([sys.executable, "-m", "gunicorn", "app:create_app()"], cwd=ROOT, env=env, stdout=file, stderr=file)
    try:
        _wait(port, server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)
        databases.drop(url)
    written = log.read_text("utf-8")
    assert not any(word in written for word in ("ERROR", "Traceback", "unexpected error")), f"the server complained:\n{written[-4000:]}"


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8')[-2000:]}")


@pytest.fixture
def open_browser(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """``open_browser("officer")``: a page of that person's browser, signed in through the door; nobody's when None.

    The page's ``watch`` collects what goes wrong on it: errors of the console,
    of scripts and of requests.
    """
    contexts: list[BrowserContext] = []

    def opened(name: str | None = None, *, size: dict[str, int] = PHONE, language: str = "zh-CN", dark: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            base_url=site, viewport=size, locale=language, color_scheme="dark" if dark else "light", timezone_id="Asia/Shanghai",
            reduced_motion="reduce", **more,
        )
        contexts.append(context)
        page = context.new_page()
        Watch.over(page)
        if name:
            page.goto("/login")
            page.get_by_role("textbox").first.fill(name)
            page.locator("input[type=password]").fill(PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
