"""Safe Exam Browser: the configuration, the Config Key worked out by hand, the proof of a request."""

import hashlib
import plistlib
from datetime import UTC, datetime

import pytest

from certification import safe_browser
from certification.safe_browser import HEADER, NOTHING_SEEN, PAGE_HEADER, Seen, Settings

SITE = "https://exam.example.cn"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_seb_json_is_what_the_rules_make_of_it_by_hand() -> None:
    """Sorted without regard to case, no blanks, nothing escaped, empty dictionaries gone, data in base 64."""
    settings = {
        "startURL": "https://exam.example.cn/a?b=1&c=/d", "originatorVersion": "SEB_Win_3.7", "allowWlan": False, "URLFilterRules": [
            {"regex": False, "active": True, "action": 1, "expression": "exam.example.cn/*"}, {},
        ],
        "browserViewMode": 1, "allowedDisplaysMaxNumber": 2, "proxies": {}, "allowDownUploads": False, "salt": b"\x00\xff",
        "messageSocket": "ws:\\localhost", "unicode": "考试“一”", "at": datetime(2026, 11, 22, 1, 0, tzinfo=UTC), "urlFilterRegex": True,
    }
    by_hand = (
        '{"allowDownUploads":false,"allowedDisplaysMaxNumber":2,"allowWlan":false,"at":"2026-11-22T01:00:00+00:00","browserViewMode":1,'
        '"messageSocket":"ws:\\localhost","salt":"AP8=","startURL":"https://exam.example.cn/a?b=1&c=/d","unicode":"考试“一”",'
        '"urlFilterRegex":true,"URLFilterRules":[{"action":1,"active":true,"expression":"exam.example.cn/*","regex":false},{}]}'
    )
    counted = {key: value for key, value in settings.items() if key != "originatorVersion"}
    assert safe_browser.seb_json(counted) == by_hand
    assert safe_browser.config_key(settings) == sha(by_hand)


def test_the_key_of_a_small_configuration_is_known() -> None:
    """Worked out with another tool: printf '{"startURL":"https://a.cn"}' | sha256sum."""
    key = safe_browser.config_key({"startURL": "https://a.cn", "originatorVersion": "x"})
    assert key == "3e8aeb1c5a0646b74aa8551a23d80da4fd3aea48873093bffcfa0749879b3cf0"


def test_what_no_property_list_holds_is_refused() -> None:
    with pytest.raises(TypeError):
        safe_browser.seb_json({"a": None})


def test_the_file_says_what_the_key_was_made_of() -> None:
    chosen = safe_browser.configuration(Settings(quit_hash="ab" * 32), SITE, 7)
    document = safe_browser.document(chosen)
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    read = plistlib.loads(document)
    assert read == chosen
    assert safe_browser.config_key(read) == safe_browser.config_key(chosen)


def test_the_configuration_suits_an_exam() -> None:
    chosen = safe_browser.configuration(Settings(), SITE, 7)
    assert chosen["startURL"] == f"{SITE}/exams/sittings/7"
    assert chosen["quitURL"] == f"{SITE}/exams/sittings/7/seb/leave"
    assert chosen["URLFilterEnable"]
    assert [rule["expression"] for rule in chosen["URLFilterRules"]] == [f"{SITE}/*"]
    assert chosen["sendBrowserExamKey"]
    assert chosen["enablePrivateClipboard"]
    off = ("allowSpellCheck", "enableRightMouse", "enablePrintScreen", "allowDownUploads", "allowPreferencesWindow", "removeLocalStorage")
    assert not any(chosen[name] for name in off)
    assert chosen["hashedQuitPassword"] == ""


def test_every_setting_and_every_sitting_has_its_own_key() -> None:
    made = [(Settings(), 7), (Settings(), 8), (Settings(spell_check=True), 7), (Settings(reload=False), 7), (Settings(quit_hash="a"), 7)]
    assert len({safe_browser.config_key(safe_browser.configuration(chosen, SITE, sitting)) for chosen, sitting in made}) == len(made)


def test_a_password_is_kept_as_its_hash() -> None:
    assert safe_browser.password_hash("") == ""
    assert safe_browser.password_hash("room 3 leaves") == sha("room 3 leaves")


def test_the_link_names_the_browsers_own_scheme() -> None:
    assert safe_browser.open_link(SITE, 7) == "sebs://exam.example.cn/exams/sittings/7/seb"
    assert safe_browser.open_link("http://127.0.0.1:5000", 7) == "seb://127.0.0.1:5000/exams/sittings/7/seb"


def test_a_proof_is_over_the_address_without_its_fragment() -> None:
    assert safe_browser.proof(f"{SITE}/a?b#c", "key") == sha(f"{SITE}/a?bkey")


def proven(shown: Seen, demanded: object = {}) -> bool:
    return safe_browser.proven(demanded, SITE, 7, shown, "abc")


def key() -> str:
    return safe_browser.config_key(safe_browser.configuration(Settings(), SITE, 7))


def test_nothing_is_to_be_proven_where_nothing_is_demanded() -> None:
    assert proven(NOTHING_SEEN, None)


def test_the_browsers_header_proves_the_request() -> None:
    here = f"{SITE}/api/v1/attempts/abc"
    assert proven(safe_browser.seen(SITE, "/api/v1/attempts/abc", "", {HEADER: safe_browser.proof(here, key())}))
    assert proven(safe_browser.seen(SITE, "/api/v1/attempts/abc", "x=1", {HEADER: safe_browser.proof(f"{here}?x=1", key()).upper()}))
    assert not proven(safe_browser.seen(SITE, "/api/v1/attempts/abc", "x=2", {HEADER: safe_browser.proof(here, key())}))
    assert not proven(safe_browser.seen("http://inside:8000", "/api/v1/attempts/abc", "", {HEADER: safe_browser.proof(here, key())}))


def test_the_pages_script_proves_by_its_own_address() -> None:
    for page in (f"{SITE}/attempts/abc", f"{SITE}/exams/sittings/7"):
        assert proven(safe_browser.seen(SITE, "/api/v1/attempts/abc", "", {PAGE_HEADER: safe_browser.proof(page, key())}))
        assert proven(safe_browser.seen(SITE, "/exams/sittings/7", "", {}, safe_browser.proof(page, key())))
    for page in (f"{SITE}/attempts/abd", f"{SITE}/exams/sittings/8", f"{SITE}/"):
        assert not proven(safe_browser.seen(SITE, "/api/v1/attempts/abc", "", {PAGE_HEADER: safe_browser.proof(page, key())}))


@pytest.mark.parametrize("shown", [NOTHING_SEEN, Seen(SITE, "", "none"), Seen(SITE, "0" * 64), Seen(SITE, "考"), Seen(SITE, "", "x" * 500)])
def test_anything_else_proves_nothing(shown: Seen) -> None:
    assert not proven(shown)


def test_another_configuration_proves_nothing() -> None:
    here = f"{SITE}/attempts/abc"
    shown = safe_browser.seen(SITE, "/attempts/abc", "", {HEADER: safe_browser.proof(here, key())})
    assert proven(shown)
    assert not proven(shown, {"spell_check": True})
