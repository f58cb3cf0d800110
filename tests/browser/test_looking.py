"""The eyes of the sweep see: each kind of fault is found on a page that has it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looking import Watch, all_well, axe, dark_colours, too_wide

GOOD = '<!doctype html><html lang="en"><head><title>Good</title></head><body><main><h1>Good</h1></main></body></html>'


@pytest.mark.parametrize(
    ("part", "look", "seen"),
    [
        ('<img src="data:,">', axe, "image-alt"),
        ('<p style="color: #aaa; background: #fff">pale</p>', axe, "color-contrast"),
        ('<input name="x">', axe, "label"),
        ('<div style="width: 500px">wide</div>', too_wide, "wider than 360 px"),
        (
            "<style>p { color: #000 } @media (prefers-color-scheme: dark) { body { background: #111 } }</style><p>dark on dark</p>",
            dark_colours, "dark: axe color-contrast",
        ),
    ],
)
def test_a_fault_is_found(open_browser: Callable[..., Page], part: str, look: Callable[[Page], list[str]], seen: str) -> None:
    page = open_browser()
    page.set_content(GOOD)
    assert look(page) == []
    page.set_content(GOOD.replace("</main>", part + "</main>"))
    assert any(seen in line for line in look(page))


def test_errors_of_console_script_and_answer_are_collected(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/login")
    assert all_well(page) == []
    page.evaluate("() => console.error('from the console')")
    page.evaluate("() => { setTimeout(() => { throw new Error('from a script') }) }")
    page.evaluate("() => fetch('/nowhere').then(() => 0)")
    page.evaluate("() => { const s = document.createElement('style'); s.textContent = 'p { }'; document.head.append(s) }")
    found = "\n".join(Watch.over(page).take())
    for part in ("from the console", "from a script", "404 for GET", "Content Security Policy"):
        assert part in found
    assert Watch.over(page).take() == []
