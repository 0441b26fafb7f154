"""The pages in a real browser: they follow observations, and what a person signs there is verified by Python."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from demo import Demo
from playwright.sync_api import Browser, Page, Route, expect

from safepassage.hub import Hub, open_folder
from safepassage.ledger.tiles import bundle
from safepassage.observation import Observation
from safepassage.observation.desk import PlanAdopted, PlanDeclined, Reason, RefusalAnswered, RefusedFor
from safepassage.observation.passage import RoomStated
from safepassage.observation.setting import PostTaken
from safepassage.observation.vehicles import HeadsCounted, Passed
from safepassage.values.counts import Tally, exactly
from safepassage.values.times import local

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SLOW = 60_000
KEPT = """navigator.serviceWorker.ready.then(async () => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((one) => one.url);
})"""


def opened(browser: Browser, address: str, **size: int) -> tuple[Page, list[str]]:
    """A page, and every error that it has met."""
    page = browser.new_page(viewport={"width": size.get("width", 1440), "height": size.get("height", 900)})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    return page, errors


def observations(demo: Demo) -> list[Observation]:
    """All that is in the ledger, read while the server writes."""
    hub = Hub(open_folder(demo.deployment), lambda: 2**52, writer=False)
    try:
        assert hub.picture is not None
        return [entry.observation for entry in hub.picture.entries]
    finally:
        hub.close()


def signed(demo: Demo, by: str, kind: type[Any]) -> list[Any]:
    return [seen.what for seen in observations(demo) if seen.by == by and isinstance(seen.what, kind)]


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for a condition outside the page; the page's own clock turns the wheel."""
    for _ in range(240):
        if holds():
            return
        page.wait_for_timeout(250)
    raise AssertionError("it never came to hold")


def verified(demo: Demo) -> bool:
    """`safepassage verify`, as a stranger would run it."""
    command = [sys.executable, "-m", "safepassage", "verify", str(demo.deployment)]
    return subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0


def test_the_page_follows_the_ledger_and_a_person_adopts_the_proposal(demo: Demo, browser: Browser) -> None:
    """Six buses burn, the hub proposes, an officer's own key signs the adoption in the browser; Python verifies it."""
    page, errors = opened(browser, demo.address)
    first = int(re.findall(r"(\d+) entries", page.get_by_text(re.compile(r"\d+ entries")).first.inner_text())[0])
    page.get_by_role("button", name=re.compile("^Adopt")).first.click(timeout=SLOW)
    page.get_by_label("soonest for the weakest").check()
    page.get_by_role("button", name=re.compile("^Sign: adopt")).click()
    expect(page.get_by_text("Receipt")).to_be_visible(timeout=SLOW)
    later = int(re.findall(r"(\d+) entries", page.get_by_text(re.compile(r"\d+ entries")).first.inner_text())[0])
    assert later > first
    (adopted,) = signed(demo, "o3", PlanAdopted)
    assert (adopted.plan, adopted.reason) == ("p-3", Reason.SOONEST)
    assert verified(demo)
    assert errors == []


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_a_proposals_gates_are_drawn_and_a_bar_says_its_convoy(demo: Demo, browser: Browser, size: tuple[int, int]) -> None:
    """A bar for each convoy at its gate; touched, or reached with an arrow key, it says which vehicles, when and how many persons."""
    page, errors = opened(browser, demo.address, width=size[0], height=size[1])
    proposed = page.get_by_role("region", name="Proposal P-3")
    proposed.get_by_role("button", name=re.compile("^Why")).click(timeout=SLOW)
    why = page.get_by_role("dialog")
    drawn, said = why.locator("svg.gates.waiting"), why.locator(".bar-said")
    expect(drawn.locator(".taken")).to_have_count(5)
    expect(drawn.locator("text", has_text="Ramouseh")).to_have_count(1)
    expect(why).to_contain_text("Ramouseh: 3 convoys, 22 min taken in 23:48–19 Dec 03:14, open all this time")
    expect(drawn.locator("rect.open")).to_have_count(2)
    drawn.focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Ramouseh 23:48–23:57: Ramouseh–Khan al-Assal, 200 persons, B-08")
    last = drawn.locator(".taken").last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 1, box["y"] + 1)
    expect(said).to_contain_text("Rashideen 19 Dec 08:04–08:13: Foua gate–Jibreen, 48 persons, B-13")
    assert errors == []


def test_a_duty_officer_asks_and_the_answer_has_bounds_and_entries(demo: Demo, browser: Browser) -> None:
    page, errors = opened(browser, f"{demo.address}#ask")
    page.get_by_role("button", name="Which runs a vehicle has driven").click()
    page.locator("input[name=about]").fill("B-07")
    page.get_by_role("button", name="Ask", exact=True).click()
    first = page.locator(".findings li").first
    expect(first).to_contain_text("ramouseh–rashideen, departed 21:14", timeout=SLOW)
    expect(first).to_contain_text("bounds that hold 45–51")
    first.get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Where was a wristband last").click()
    page.locator("input[name=about]").fill("w-0000")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="SP-117")).to_be_visible()
    assert not errors
    page.close()


def test_a_declined_proposal_says_who_and_why_and_that_none_stands(demo: Demo, browser: Browser) -> None:
    """Only reasons to decline are offered; afterwards the panel names the officer, the reason, and that nothing new is proposed."""
    page, errors = opened(browser, demo.address)
    page.get_by_role("button", name=re.compile("^Decline")).first.click(timeout=SLOW)
    assert page.get_by_label("soonest for the weakest").count() == 0
    page.get_by_label("not safe").check()
    page.get_by_role("button", name=re.compile("^Sign: decline")).click()
    page.get_by_role("button", name="Done").click(timeout=SLOW)
    expect(page.get_by_text(re.compile(r"P-3 was declined .* by o3")).first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text(re.compile("not safe. No new proposal stands")).first).to_be_visible()
    (declined,) = signed(demo, "o3", PlanDeclined)
    assert (declined.plan, declined.reason) == ("p-3", Reason.NOT_SAFE)
    assert errors == []


def test_an_envelope_that_was_not_accepted_is_answered_on_the_page(demo: Demo, browser: Browser) -> None:
    """Harmed on the way; an officer signs what was behind it, and that it was recorded anew."""
    hub = Hub(open_folder(demo.deployment), lambda: 2**52, writer=False)
    (row,) = hub.ledger.read(40, 41)
    hub.close()
    harmed = bundle([row.envelope.replace(b'"seen_at":1', b'"seen_at":2')])
    headers = {"content-type": "application/octet-stream"}
    with urllib.request.urlopen(urllib.request.Request(f"{demo.address}api/envelopes", harmed, headers)) as answer:
        assert b"problem" in answer.read()
    page, errors = opened(browser, f"{demo.address}#ledger")
    page.get_by_role("button", name="Answer", exact=True).click(timeout=SLOW)
    page.get_by_label("harmed on the way").check()
    page.get_by_label("Recorded anew as entry").fill("40")
    page.get_by_role("button", name="Sign: answer").click()
    page.get_by_role("button", name="Done").click(timeout=SLOW)
    expect(page.locator(".proof")).to_contain_text("answered: harmed on the way; recorded anew as entry 40, says o3", timeout=SLOW)
    (said,) = signed(demo, "o3", RefusalAnswered)
    assert (said.reason, said.entry) == (RefusedFor.HARMED, row.id)
    assert errors == []


def test_what_a_monitor_signs_is_in_the_ledger_once_also_after_no_signal_and_a_killed_hub(demo: Demo, browser: Browser) -> None:
    """She records with no signal; the hub is killed; the phone sends when it answers again: nothing is lost, nothing twice."""
    page, errors = opened(browser, demo.address + "monitor", width=390, height=844)
    page.get_by_role("button", name="Make my key").click()
    page.get_by_role("button", name="Ramouseh").click()
    page.get_by_role("button", name=re.compile("on post|post", re.IGNORECASE)).last.click()
    until(page, lambda: bool(signed(demo, "m40", PostTaken)))
    kept = page.evaluate(KEPT)
    assert kept and all(url.endswith("/monitor") or "/static/" in url for url in kept)
    page.context.set_offline(True)
    page.reload()  # the phone kept the page: it opens where there is no signal
    page.get_by_role("button", name="Bus passed").click()
    page.get_by_role("button", name="B-08").click()
    page.get_by_role("button", name=re.compile("^Save")).click()
    for part, times in (("Men", 2), ("Women", 3), ("Youth", 1), ("Children", 4)):
        for _ in range(times):
            page.get_by_role("button", name=re.compile(f"^{part}")).click()
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_text(re.compile("2 not sent")).first).to_be_visible()
    assert signed(demo, "m40", HeadsCounted) == []
    demo.kill()
    demo.start(int(demo.address.split(":")[2].split("/")[0]))
    page.context.set_offline(False)
    until(page, lambda: len(signed(demo, "m40", HeadsCounted)) == 1)
    (counted,) = signed(demo, "m40", HeadsCounted)
    assert (counted.vehicle, counted.heads, counted.tally) == ("B-08", exactly(10), Tally(2, 3, 1, 4))
    assert len(signed(demo, "m40", Passed)) == 1
    assert verified(demo)
    assert errors == []


def test_a_reception_says_its_room_on_the_phone_and_other_posts_are_not_asked(demo: Demo, browser: Browser) -> None:
    page, errors = opened(browser, demo.address + "monitor", width=390, height=844)
    page.get_by_role("button", name="Make my key").click()
    page.get_by_role("button", name="Khan al-Assal").click()
    page.get_by_role("button", name=re.compile("on post|post", re.IGNORECASE)).last.click()
    page.get_by_role("button", name="Room here").click()
    page.get_by_label("How many persons can be received here on a day?").fill("120")
    page.get_by_role("button", name="+10", exact=True).click()
    page.get_by_role("button", name=re.compile("^Tomorrow")).click()
    page.get_by_role("button", name="Save: 130 a day").click()
    until(page, lambda: bool(signed(demo, "m40", RoomStated)))
    (room,) = signed(demo, "m40", RoomStated)
    assert room.persons == 130 and room.since is not None
    assert f"{local(room.since, 'Asia/Damascus'):%H:%M}" == "00:00", "the first hour of the next day there"
    page.get_by_role("button", name="Leave post").click()
    page.get_by_role("button", name="Leave post").click()
    page.get_by_role("button", name="Ramouseh").click()
    page.get_by_role("button", name=re.compile("on post|post", re.IGNORECASE)).last.click()
    expect(page.get_by_role("button", name="Bus in")).to_be_visible()
    expect(page.get_by_role("button", name="Room here")).to_have_count(0)
    assert errors == []


def test_the_entry_page_names_each_deployment_and_its_pages_in_either_theme(demo: Demo, browser: Browser) -> None:
    home = "/".join(demo.address.split("/")[:3])
    for scheme, ground in (("dark", "rgb(15, 20, 23)"), ("light", "rgb(251, 251, 249)")):
        page = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844}).new_page()
        refused: list[str] = []
        page.on("console", lambda said, refused=refused: refused.append(said.text))
        page.goto(home + "/")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.get_by_text("EXERCISE · DEMONSTRATION")).to_be_visible()
        for name, path in (("Operations", ""), ("Monitor’s page", "monitor"), ("Report", "report"), ("Public totals", "public")):
            assert page.get_by_role("link", name=name).get_attribute("href") == demo.address.removeprefix(home) + path
        assert refused == []


def test_a_phone_whose_answer_was_lost_asks_what_arrived_and_sends_nothing_twice(demo: Demo, browser: Browser) -> None:
    """What she signed arrives, deflated, and the line dies before the answer: the phone asks, and drops what has a receipt."""
    page, errors = opened(browser, demo.address + "monitor", width=390, height=844)
    page.get_by_role("button", name="Make my key").click()
    page.get_by_role("button", name="Ramouseh").click()
    said: list[str] = []

    def arrives(route: Route) -> None:
        route.fetch()
        said.append(f"{route.request.headers.get('content-encoding')} {len(signed(demo, 'm40', PostTaken))}")
        route.abort()

    page.route("**/api/envelopes", arrives)
    with page.expect_response(lambda answer: "/api/strand" in answer.url and "receipt" in answer.text(), timeout=SLOW) as answer:
        page.get_by_role("button", name=re.compile("on post|post", re.IGNORECASE)).last.click()
    (held,) = answer.value.json()
    assert said == ["deflate 1"]
    expect(page.get_by_text(re.compile("not sent"))).to_have_count(0)
    assert (held["sequence"], len(signed(demo, "m40", PostTaken))) == (1, 1)
    assert verified(demo)
    assert errors == []


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_the_page_fits_and_meets_no_error(demo: Demo, browser: Browser, size: tuple[int, int]) -> None:
    """Nothing is wider than the window, on a desk or a phone."""
    page, errors = opened(browser, demo.address, width=size[0], height=size[1])
    expect(page.get_by_text("EXERCISE").first).to_be_visible()
    expect(page.get_by_text("Not accounted for").first).to_be_visible(timeout=SLOW)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert errors == []


def test_nothing_inline_and_nothing_from_elsewhere_is_asked_for(demo: Demo, browser: Browser) -> None:
    """The content security policy refuses it; here nothing even tries."""
    page = browser.new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    for path in ("", "monitor", "report", "public"):
        page.goto(demo.address + path)
        page.wait_for_timeout(500)
    home = "/".join(demo.address.split("/")[:3])
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
    assert refused == []
