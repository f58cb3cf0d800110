"""The exam room in a browser on a phone: what was typed is what is scored, whatever network, device, session or storage do.

``--histories N`` plays N seeded histories instead of the few of the suite.
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from certification.layout import canonical
from certification.sitting import Step, fingerprints
from certification.timing import Kind
from tests.browser.hall import API, CHOICES, FAULTS, PATIENCE, SAVES, SLOTS, Device, Hall, open_hall
from tests.browser.looking import all_well
from tests.databases import Databases

OPS = 16
SILENT = {"offline", "bad_gateway", "captive_portal", "captive_redirect", "empty", "other_json"}  # nothing reaches the server through these


@pytest.fixture(scope="module")
def hall(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(databases, tmp_path_factory.mktemp("hall")) as opened:
        yield opened


@pytest.fixture
def device(hall: Hall, browser: Browser) -> Iterator[Callable[..., Device]]:
    """``device()``: one more browser of the candidate."""
    opened: list[Device] = []

    def another(name: str = "owner", **more: Any) -> Device:
        opened.append(Device(hall, browser, name, **more))
        return opened[-1]

    yield another
    for one in opened:
        one.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for something that no page can be asked for."""
    end = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


# Histories


class History:
    """A seeded run of things that happen to a candidate, and what the candidate typed last."""

    def __init__(self, hall: Hall, another: Callable[..., Device], seed: int) -> None:
        self.hall, self.another, self.dice = hall, another, random.Random(seed)
        self.told: list[str] = [f"seed {seed}"]
        self.attempt = hall.attempt()
        self.devices = [another().enter(self.attempt)]
        self.here = self.devices[0]
        self.stamp = 0
        self.arrived: dict[int, tuple[int, list[str]]] = {}  # by slot: when it was typed, and what
        self.pending: dict[Device, dict[int, tuple[int, list[str]]]] = {self.here: {}}
        self.cut: dict[Device, str] = {}  # devices that do not reach the server, and why
        self.options = {slot: self.here.options(slot) for slot in range(1, SLOTS + 1)}
        self.kinds = {slot: self.here.kind(slot) for slot in range(1, SLOTS + 1)}

    def play(self) -> None:
        steps = [
            (self.type, 9), (self.clear, 1), (self.flag, 1), (self.settle, 2), (self.reload, 2), (self.reopen, 2),
            (self.offline, 2), (self.fault, 4), (self.mend, 2), (self.other_device, 2), (self.session_ends, 1),
        ]
        deeds, weights = zip(*steps, strict=True)
        for _ in range(OPS):
            deed = self.dice.choices(deeds, weights)[0]
            self.told.append(deed.__name__)
            deed()
            self.honest()
        self.told.append("hand in")
        self.settle()
        self.here.hand_in()

    # What the candidate does

    def type(self) -> None:
        slot = self.dice.randrange(1, SLOTS + 1)
        texts, kind, letters = self.options[slot], self.kinds[slot], "一二三 09aé😀\"\\<"
        if kind in ("fill", "short"):
            words = ["".join(self.dice.choices(letters, k=self.dice.randint(1, 9))).strip() or "好" for _ in range(2)]
            self.note(slot, words if kind == "fill" else words[:1])
        elif kind == "order":
            self.note(slot, self.dice.sample(texts, len(texts)))
        else:
            self.note(slot, sorted(self.dice.sample(texts, self.dice.randint(1, len(texts)) if kind == "multiple" else 1)))

    def clear(self) -> None:
        self.note(self.dice.randrange(1, SLOTS + 1), [])

    def note(self, slot: int, texts: list[str]) -> None:
        self.told.append(f"{slot}: {texts}")
        if self.expected().get(slot, []) == texts:
            return
        self.here.choose(slot, texts)
        self.stamp += 1
        self.pending[self.here][slot] = (self.stamp, texts)

    def flag(self) -> None:
        self.here.page.click("#flag")

    def reload(self) -> None:
        """Whether or not the server can be reached a moment before; what was typed comes back."""
        self.reach()
        self.here.page.reload()
        self.here.ready()
        self.compare()

    def reopen(self) -> None:
        """The tab is closed without a word, and opened again."""
        self.here.page.close()
        self.reach()
        self.here.page = self.here.new_page()
        self.here.enter(self.attempt)
        self.compare()

    # What happens to the candidate

    def offline(self) -> None:
        self.mend()
        self.here.context.set_offline(True)
        self.cut[self.here] = "offline"

    def fault(self) -> None:
        self.mend()
        name = self.dice.choice(sorted(FAULTS))
        self.told.append(name)
        self.here.context.route(SAVES, FAULTS[name])
        self.cut[self.here] = name

    def mend(self) -> None:
        self.reach()
        self.here.wake()

    def reach(self) -> None:
        if self.cut.pop(self.here, None):
            self.here.context.set_offline(False)
            self.here.context.unroute_all(behavior="ignoreErrors")

    def settle(self) -> None:
        """Everything that was typed here is on the server, and the room says so."""
        self.mend()
        self.here.saved()
        for slot, entry in self.pending[self.here].items():
            if entry > self.arrived.get(slot, (0, [])):
                self.arrived[slot] = entry
        self.pending[self.here] = {}

    def other_device(self) -> None:
        """Another device takes over; what waits on this one waits until it is taken up again, and overwrites nothing typed later."""
        if self.cut.get(self.here) not in SILENT:
            self.settle()
        kept = self.hall.kept(self.attempt)  # what was on its way when the network broke may have arrived, or not
        for slot, entry in self.pending[self.here].items():
            if kept.get(slot, []) == entry[1]:
                self.arrived[slot] = max(entry, self.arrived.get(slot, entry))
        if len(self.devices) == 1:
            self.devices.append(self.another().enter(self.attempt))
            self.pending[self.devices[1]] = {}
        self.here = self.devices[1 - self.devices.index(self.here)]
        self.reach()
        self.here.wake()
        self.here.page.get_by_role("button", name="在这台设备上继续").click(timeout=PATIENCE)
        expect(self.here.page.locator("#list")).to_be_enabled()
        self.settle()
        self.compare()

    def session_ends(self) -> None:
        """The next save finds out; the candidate signs in again in the room and goes on."""
        self.settle()
        self.here.end_session()
        slot = self.dice.randrange(1, CHOICES + 1)
        self.note(slot, [text for text in self.options[slot] if [text] != self.expected().get(slot)][:1])
        self.here.page.locator("#sign-in").wait_for()
        self.here.sign_in_again()
        self.settle()

    # What must hold

    def expected(self) -> dict[int, list[str]]:
        """What this device is to show: what was typed last, as far as it can know."""
        both = [*self.arrived.items(), *self.pending[self.here].items()]
        newest: dict[int, tuple[int, list[str]]] = {}
        for slot, entry in both:
            newest[slot] = max(entry, newest.get(slot, entry))
        return {slot: texts for slot, (_, texts) in newest.items() if texts}

    def honest(self) -> None:
        """The room says "saved" only when the server has all that was typed on it."""
        if self.here.state() == "saved":
            assert self.hall.kept(self.attempt) == self.expected(), " / ".join(self.told)

    def compare(self) -> None:
        shown = {slot: texts for slot in range(1, SLOTS + 1) if (texts := self.here.shown(slot))}
        assert shown == self.expected(), " / ".join(self.told)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "history" in metafunc.fixturenames:
        metafunc.parametrize("history", range(metafunc.config.getoption("histories")))


def test_what_was_typed_last_is_what_is_scored(hall: Hall, device: Callable[..., Device], history: int) -> None:
    run = History(hall, device, history)
    run.play()
    typed = run.expected()
    assert hall.kept(run.attempt) == typed, " / ".join(run.told)
    right = hall.right(run.attempt)
    assert hall.marks(run.attempt) == {slot: 2 * (typed.get(slot) == right[slot]) for slot in right}, " / ".join(run.told)
    assert run.here.held() == []


# What the device does to the room

FORBIDDEN = "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })"
HANGING = "IDBFactory.prototype.open = () => new EventTarget()"
FULL = "IDBTransaction.prototype.commit = IDBTransaction.prototype.abort"
SLOW = """const own = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "onsuccess");
const late = { set(act) { own.set.call(this, (event) => setTimeout(() => act(event), 3000)) } };
Object.defineProperty(IDBOpenDBRequest.prototype, "onsuccess", late);
"""
STUMBLING = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function () {
    IDBFactory.prototype.open = open;
    throw new DOMException("no", "UnknownError");
};
"""


@pytest.mark.parametrize("trouble", [FORBIDDEN, HANGING, FULL], ids=["forbidden", "hanging", "full"])
def test_a_device_that_keeps_nothing_is_honest_about_it(hall: Hall, device: Callable[..., Device], trouble: str) -> None:
    one = device()
    one.context.add_init_script(trouble)
    one.enter(hall.attempt())
    texts = one.options(1)
    one.context.set_offline(True)
    one.choose(1, texts[:1])
    expect(one.page.locator("#net")).to_contain_text("1 题等待上传。这个浏览器不能暂存答案")
    one.choose(2, one.options(2)[:1])
    one.context.set_offline(False)
    one.wake()
    one.saved()
    expect(one.page.locator("#net")).to_be_hidden()
    assert set(hall.kept(one.attempt)) == {1, 2}
    one.hand_in()


def test_what_a_slow_device_holds_is_taken_up_when_it_comes(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    text = one.options(3)[:1]
    one.context.set_offline(True)
    one.choose(3, text)
    one.page.close()
    one.context.set_offline(False)
    one.context.add_init_script(SLOW)
    one.page = one.new_page()
    one.enter(one.attempt)
    assert hall.kept(one.attempt) == {}
    one.page.wait_for_function("() => document.querySelectorAll('#overview a.slot-done').length === 1")
    one.saved()
    assert hall.kept(one.attempt) == {3: text} == {3: one.shown(3)}


def test_what_a_slow_device_holds_of_the_question_on_the_screen_is_shown(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    text = one.options(1)[:1]
    one.context.set_offline(True)
    one.choose(1, text)
    one.page.close()
    one.context.set_offline(False)
    one.context.add_init_script(SLOW)
    one.page = one.new_page()
    one.enter(one.attempt)
    assert one.here() == []
    one.page.wait_for_function("() => document.querySelectorAll('#choices input:checked').length === 1")
    assert one.here() == text


def test_what_a_device_holds_is_taken_up_when_it_opens_at_the_second_try(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    first, third = one.options(1)[:1], one.options(3)[:1]
    one.context.set_offline(True)
    one.choose(3, third)
    one.page.close()
    one.context.set_offline(False)
    one.context.add_init_script(STUMBLING)
    one.page = one.new_page()
    one.enter(one.attempt)
    one.choose(1, first)
    one.page.wait_for_function("() => document.querySelectorAll('#overview a.slot-done').length === 1")
    one.saved()
    assert hall.kept(one.attempt) == {1: first, 3: third}


def test_without_subtle_cryptography_fingerprints_are_checked_all_the_same(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.context.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    one.enter(hall.attempt())
    one.choose(1, one.options(1)[:1])
    one.saved()
    one.context.route(SAVES, FAULTS["wrong_mark"])
    one.choose(2, one.options(2)[:1])
    expect(one.page.locator("#saved")).to_have_attribute("data-state", "waiting")


TEXTS: list[Any] = [
    None, "", "a" * 55, "a" * 56, "a" * 64, "中文，标点。",
    "\"\\/\b\f\n\r\t\0\x1b\x7f", "😀\u2028\ufeff\ufffe", ["", "二"], {"b": "x", "a": "y", "-Z": "q"},
]


@pytest.mark.parametrize("subtle", [True, False])
def test_the_fingerprint_is_the_servers(hall: Hall, device: Callable[..., Device], subtle: bool) -> None:
    one = device()
    if not subtle:
        one.context.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    one.page.goto("/exams")
    for answer in TEXTS:
        found = one.page.evaluate(
            "async (answer) => (await import('/static/js/exam/fingerprint.js')).fingerprint('at-t_1', { slot: 7, seq: 12, answer })", answer
        )
        assert [found] == fingerprints("at-t_1", [Step(7, 12, canonical(answer))]), answer


def test_of_two_pages_on_one_device_the_last_one_writes(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    first = one.page
    one.choose(1, one.options(1)[:1])
    one.saved()
    one.page = one.new_page()
    one.enter(one.attempt)
    expect(first.locator("#notice")).to_contain_text("已在另一个页面打开")
    assert first.locator("#choices input:not(:disabled)").count() == 0
    text = one.options(2)[:1]
    one.choose(2, text)
    one.saved()
    first.get_by_role("button", name="在这里继续").click()
    expect(one.page.locator("#notice")).to_contain_text("已在另一个页面打开")
    one.page = first
    one.ready()
    assert one.shown(2) == text


def test_what_only_one_page_holds_is_brought_to_the_server_before_that_page_goes(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.context.add_init_script(FORBIDDEN)
    one.enter(hall.attempt())
    first, text = one.page, one.options(1)[:1]
    one.context.route(SAVES, FAULTS["bad_gateway"])
    one.choose(1, text)
    expect(one.page.locator("#saved")).to_have_attribute("data-state", "waiting")
    one.new_page().goto(f"/attempts/{one.attempt}")
    expect(first.locator("#notice")).to_contain_text("已在另一个页面打开")
    one.context.unroute_all(behavior="ignoreErrors")
    first.get_by_role("button", name="在这里继续").click()
    until(lambda: hall.kept(one.attempt) == {1: text})


def test_a_row_that_is_dropped_after_the_room_was_locked_goes_back(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    slot = next(slot for slot in range(1, SLOTS + 1) if one.kind(slot) == "order")
    dealt = (one.go(slot), one.texts())[1]
    first, handle = one.page, one.page.locator("#choices .order-handle").first
    box = handle.bounding_box()
    assert box is not None
    first.mouse.move(box["x"] + 5, box["y"] + 5)
    first.mouse.down()
    first.mouse.move(box["x"] + 5, box["y"] + 300, steps=5)
    assert one.texts() != dealt
    one.new_page().goto(f"/attempts/{one.attempt}")
    expect(first.locator("#notice")).to_contain_text("已在另一个页面打开")
    first.mouse.up()
    assert (one.here(), one.texts()) == ([], dealt)


# What the network does


def test_whatever_is_not_our_acknowledgement_is_not_saved(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    texts = one.options(1)[:2]
    for turn, fault in enumerate(sorted(FAULTS)):
        one.context.route(SAVES, FAULTS[fault])
        one.choose(1, [texts[turn % 2]])
        expect(one.page.locator("#net")).to_contain_text("1 题等待上传。可以继续作答，答案暂存在这台设备上")
        assert one.state() == "waiting", fault
        assert [entry["slot"] for entry in one.held()] == [1], fault
        one.context.unroute_all(behavior="ignoreErrors")
        one.wake()
        one.saved()
        assert hall.kept(one.attempt) == {1: [texts[turn % 2]]}, fault
        until(lambda: one.held() == [])


def test_a_portal_in_front_of_everything_neither_opens_nor_ends_the_room(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    faults = iter(("captive_portal", "other_json", "empty"))
    one.context.route(API, lambda route: FAULTS[next(faults)](route), times=3)
    one.page.clock.install()
    one.page.goto(f"/attempts/{hall.attempt()}")
    expect(one.page.locator("#net")).to_contain_text("打不开试卷")
    assert one.page.locator("#question").is_hidden()
    one.wait(12)
    one.ready()
    expect(one.page.locator("#net")).to_be_hidden()


def test_half_an_hour_offline_and_a_reload_bring_everything_back(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    typed = {slot: one.options(slot)[:1] for slot in range(1, CHOICES)}
    one.choose(1, typed[1])
    one.saved()
    one.context.set_offline(True)
    for slot in (2, 3):
        one.choose(slot, typed[slot])
    expect(one.page.locator("#net")).to_contain_text("2 题等待上传")
    hall.clock.tick(minutes=30)
    one.page.clock.fast_forward("30:00")
    for slot in (4, 5):
        one.choose(slot, typed[slot])
    expect(one.page.locator("#net")).to_contain_text("4 题等待上传")
    assert one.page.locator("#time-left").inner_text().startswith("29:")
    one.context.set_offline(False)
    one.page.reload()
    one.ready()
    one.saved()
    assert hall.kept(one.attempt) == typed
    assert {slot: one.shown(slot) for slot in typed} == typed


def test_what_comes_after_the_end_is_evidence_and_the_person_is_told(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    in_time, late = one.options(1)[:1], one.options(2)[:1]
    one.choose(1, in_time)
    one.saved()
    one.context.set_offline(True)
    one.choose(2, late)
    one.page.close()
    hall.clock.tick(hours=1, seconds=1)
    one.context.set_offline(False)
    one.page = one.new_page()
    one.page.goto(f"/attempts/{one.attempt}")
    expect(one.page.locator("#lost")).to_contain_text("有 1 题的最后修改没有在收卷前上传")
    expect(one.page.locator("main")).to_contain_text("答卷回执")
    until(lambda: one.held() == [])
    assert hall.kept(one.attempt) == {1: in_time}
    assert hall.late(one.attempt) == [(2, "late")]


def test_an_answer_whose_acknowledgement_was_lost_is_not_called_lost(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    text = one.options(1)[:1]
    one.context.route(SAVES, FAULTS["dropped"])
    one.choose(1, text)
    expect(one.page.locator("#net")).to_contain_text("1 题等待上传")
    assert hall.kept(one.attempt) == {1: text}
    assert [entry["slot"] for entry in one.held()] == [1]
    one.page.close()
    one.context.unroute_all(behavior="ignoreErrors")
    hall.clock.tick(hours=1, seconds=1)
    one.page = one.new_page()
    one.page.goto(f"/attempts/{one.attempt}")
    expect(one.page.locator("main")).to_contain_text("答卷回执")
    until(lambda: one.held() == [])
    assert one.page.locator("#lost").is_hidden()
    assert hall.kept(one.attempt) == {1: text}


def test_an_exam_that_ends_while_cut_off_says_so_and_finds_its_receipt(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    one.context.set_offline(True)
    one.choose(1, one.options(1)[:1])
    hall.clock.tick(hours=1)
    one.page.clock.fast_forward("59:59")
    one.wait(2)
    expect(one.page.locator("#net")).to_contain_text("时间到，系统已收卷。网络不通，1 题的最后修改没有来得及上传")
    assert one.page.locator("#choices input:not(:disabled)").count() == 0
    one.context.set_offline(False)
    one.wait(20)
    expect(one.page.locator("main")).to_contain_text("答卷回执", timeout=PATIENCE)
    assert hall.late(one.attempt) == [(1, "late")]


# The session


def test_signing_in_again_in_place_keeps_what_was_typed(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    one.end_session()
    text = one.options(1)[:1]
    one.choose(1, text)
    dialog = one.page.locator("#sign-in")
    dialog.wait_for()
    assert all_well(one.page) == ["401 for PUT " + f"{hall.address}/api/v1/attempts/{one.attempt}/responses"]
    assert one.page.locator("#sign-in-name").input_value() == "owner"
    assert one.page.locator("#sign-in-name").get_attribute("readonly") is not None
    one.page.fill("#sign-in-password", "不是这个口令")
    one.page.click("#sign-in-confirm")
    expect(one.page.locator("#sign-in-problem")).to_contain_text("密码不对")
    one.sign_in_again()
    one.saved()
    expect(one.page.locator("#notice")).to_be_hidden()
    assert hall.kept(one.attempt) == {1: text} == {1: one.shown(1)}
    one.hand_in()


def test_a_browser_that_somebody_else_signed_in_on_saves_nothing(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    one.end_session()
    one.name = "colleague"
    one.sign_in()
    text = one.options(1)[:1]
    one.choose(1, text)
    expect(one.page.locator("#notice")).to_contain_text("不是这份答卷的考生")
    assert hall.kept(one.attempt) == {}
    one.name = "owner"
    one.sign_in_again()
    one.saved()
    assert hall.kept(one.attempt) == {1: text}


def test_a_dialog_does_not_open_into_the_middle_of_a_hand_in(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    text = one.options(1)[:1]
    one.choose(1, text)
    one.saved()
    one.end_session()
    one.page.click("#list")
    one.page.click("#finish")
    one.page.click("#confirm")
    one.page.locator("#sign-in").wait_for()
    one.sign_in_again()
    one.hand_in()
    assert hall.kept(one.attempt) == {1: text}


# Another device, and the officer


def test_another_device_takes_over_within_a_minute(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    one.choose(1, one.options(1)[:1])
    one.saved()
    other = device().enter(one.attempt)
    expect(other.page.locator("#notice")).to_contain_text("正在另一台设备上作答")
    assert other.page.locator("#choices input:not(:disabled)").count() == 0
    assert all_well(other.page) == []
    other.page.get_by_role("button", name="在这台设备上继续").click()
    text = other.options(1)[1:2]
    other.choose(1, text)
    other.saved()
    one.wait(31)
    expect(one.page.locator("#notice")).to_contain_text("正在另一台设备上作答")
    assert one.page.locator("#choices input:not(:disabled)").count() == 0
    one.page.get_by_role("button", name="在这台设备上继续").click()
    expect(one.page.locator("#list")).to_be_enabled()
    assert one.shown(1) == text
    one.hand_in()
    assert hall.kept(one.attempt) == {1: text}


def test_a_device_that_comes_back_overwrites_nothing_typed_later(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    first, second = one.options(1)[0], one.options(1)[1]
    alone = one.options(2)[:1]
    one.context.set_offline(True)
    for text in (second, first, second, first):
        one.choose(1, [text])
    one.choose(2, alone)
    other = device().enter(one.attempt)
    other.page.get_by_role("button", name="在这台设备上继续").click()
    other.choose(1, [second])
    other.saved()
    one.context.set_offline(False)
    one.wake()
    one.page.get_by_role("button", name="在这台设备上继续").click()
    expect(one.page.locator("#notice")).to_contain_text("第 1 题在别处也改过")
    one.saved()
    assert hall.kept(one.attempt) == {1: [second], 2: alone} == {1: one.shown(1), 2: one.shown(2)}


def test_a_paused_room_says_so_and_goes_on_by_itself(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    typed = {slot: one.options(slot)[:1] for slot in (1, 2)}
    one.choose(1, typed[1])
    one.saved()
    hall.turn(one.attempt, Kind.PAUSED)
    one.choose(2, typed[2])
    expect(one.page.locator("#paused")).to_be_visible()
    expect(one.page.locator("#time-left")).to_have_text("已暂停")
    assert one.page.locator("#question").is_hidden()
    assert all_well(one.page) == []
    hall.clock.tick(minutes=20)
    hall.turn(one.attempt, Kind.RESUMED)
    one.wait(9)
    expect(one.page.locator("#notice")).to_contain_text("考务恢复了答卷")
    one.saved()
    assert one.page.locator("#time-left").inner_text().startswith("59:")
    assert hall.kept(one.attempt) == typed == {slot: one.shown(slot) for slot in typed}


def test_the_page_of_a_paused_attempt_opens_the_room_by_itself(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    attempt = hall.attempt()
    hall.turn(attempt, Kind.PAUSED)
    one.page.goto(f"/attempts/{attempt}")
    expect(one.page.locator("main")).to_contain_text("请等待考务恢复答卷")
    hall.turn(attempt, Kind.RESUMED)
    one.wait(9)
    one.ready()


def test_more_time_is_announced_and_moves_the_clock(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    hall.turn(one.attempt, Kind.EXTENDED, 600)
    one.wait(31)
    expect(one.page.locator("#notice")).to_contain_text("考试时间延长了 10 分钟")
    expect(one.page.locator("#time-left")).to_contain_text("1:09:")


def test_time_given_at_the_last_moment_opens_the_room_again(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    hall.turn(one.attempt, Kind.EXTENDED, 600)
    one.page.clock.fast_forward("59:58")  # this device sleeps past the end that it knows; for the server less than a minute has gone by
    one.wait(3)
    expect(one.page.locator("#list")).to_be_enabled()
    one.choose(1, one.options(1)[:1])
    one.saved()


def test_a_phone_that_slept_finds_the_time_when_it_wakes(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    hall.clock.tick(minutes=25)
    one.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(one.page.locator("#time-left")).to_contain_text("34:")


# What it says and how it looks


def test_the_timer_speaks_at_ten_five_and_one_minutes_only(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    one.page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(document.getElementById("time-speaker").textContent)).observe(
            document.getElementById("time-speaker"), { childList: true });
    }""")
    one.context.set_offline(True)  # nothing but the device's own counting
    for _ in range(59):
        one.page.clock.fast_forward(59_000)
        one.wait(1)
    assert one.page.evaluate("() => window.said") == ["还剩 10 分钟", "还剩 5 分钟", "还剩 1 分钟"]


def test_size_and_colours_are_remembered_on_the_device(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    font = "() => parseFloat(getComputedStyle(document.getElementById('stem')).fontSize)"
    before = one.page.evaluate(font)
    for size, contrast in (("large", "high"), ("larger", "dark")):
        one.page.get_by_role("button", name="显示和键盘").click()
        one.page.check(f"#comfort input[name=size][value={size}]", force=True)
        one.page.check(f"#comfort input[name=contrast][value={contrast}]", force=True)
        assert all_well(one.page) == []
        one.page.keyboard.press("Escape")
        assert all_well(one.page) == []
    one.page.reload()
    one.ready()
    assert one.page.evaluate(font) > 1.3 * before
    assert one.page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_the_keyboard_is_enough(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    press = one.page.keyboard.press
    for key in ("2", "ArrowRight", "a", "*"):
        press(key)
    assert one.here() == one.texts()[:1]
    assert one.shown(1) == one.options(1)[1:2]
    one.page.locator("#stem").focus()
    press("?")
    expect(one.page.locator("#comfort")).to_be_visible()
    press("Escape")
    for _ in range(SLOTS):
        press("Enter")
    expect(one.page.locator("#hand-in")).to_be_visible()
    expect(one.page.locator("#left-flagged")).to_be_visible()
    assert all_well(one.page) == []


def test_signs_of_life_tell_where_the_candidate_is_and_what_was_noticed(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.enter(hall.attempt())
    one.go(4)
    one.page.evaluate("() => { dispatchEvent(new Event('blur')); dispatchEvent(new Event('focus')) }")
    one.page.evaluate("() => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: new DataTransfer() }))")
    with one.page.expect_response("**/signals"):
        one.wait(2.1)
    assert hall.presence(one.attempt) == (4, 0, False)
    assert [event[0] for event in hall.noticed(one.attempt)] == ["focus_lost", "focus_back", "pasted"]
    assert {event[1] for event in hall.noticed(one.attempt)} == {4}


def test_another_question_on_the_screen_is_told_soon_and_once(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    with one.page.expect_response("**/signals"):
        one.enter(hall.attempt())
    sent: list[str] = []
    one.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/signals") else None)
    for slot in (2, 3, 4):
        one.go(slot)
        one.wait(1)
    assert sent == [], "whoever leafs through is not told page by page"
    with one.page.expect_response("**/signals"):
        one.wait(1.1)
    assert hall.presence(one.attempt) == (4, 0, False)
    one.go(3)
    one.go(4)
    one.wait(20)
    assert len(sent) == 1, "who comes back is where they were"


def test_signs_that_do_not_arrive_stand_in_nobodys_way(hall: Hall, device: Callable[..., Device]) -> None:
    one = device()
    one.page.clock.install()
    one.context.route("**/signals", FAULTS["bad_gateway"])
    one.enter(hall.attempt())
    one.page.evaluate("() => dispatchEvent(new Event('blur'))")
    one.wait(31)
    one.choose(1, one.options(1)[:1])
    one.saved()
    expect(one.page.locator("#net")).to_be_hidden()
    one.context.unroute_all(behavior="ignoreErrors")
    with one.page.expect_response("**/signals"):
        one.wait(31)
    assert [event[0] for event in hall.noticed(one.attempt)] == ["focus_lost"]
