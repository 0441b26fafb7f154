"""The disclosure table, cell by cell: what an audience is not granted is not in its view, and the view says that it is not.

Source: DESIGN 11 (what harms people, and what stops it).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from safepassage.disclosure import Audience, LogState, Part, disclose
from safepassage.disclosure.audience import GRANTS
from safepassage.disclosure.log import RefusalView
from safepassage.observation import Entry, Observation, What, to_bytes
from safepassage.observation.people import ArrivalRegistered, Boarded, ReceptionAccepted, TakenOff
from safepassage.observation.vehicles import Departed, HeadsCounted
from safepassage.picture import Picture
from safepassage.values.counts import Tally, exactly
from safepassage.values.encoding import content_id
from safepassage.values.ids import EnvelopeDigest
from safepassage.values.times import Instant
from tests.laws.night import entries, view_of

FIELDS: dict[Part, tuple[str, ...]] = {
    Part.TOTALS: ("places", "legs"),
    Part.GAPS: ("gaps",),
    Part.ALARMS: ("alarms", "cards"),
    Part.CLAUSES: ("clauses",),
    Part.VEHICLES: ("vehicles", "moves"),
    Part.POSTS: ("posts", "watches"),
    Part.PLANS: ("plans", "drift", "gates", "suspended_by", "green_lights"),
    Part.EXCHANGE: ("exchange",),
    Part.CLAIMS: ("disputes",),
    Part.QUESTIONS: ("questions",),
    Part.AID: ("aid",),
    Part.LINES: ("lines", "activity", "refused", "refusals", "waiting_envelopes", "held", "devices"),
}
"""Where each part stands in a view; `sides` is looked at apart, since the public has a share of it."""
ALWAYS = {
    "cosigned",
    "deployment",
    "name",
    "audience",
    "exercise",
    "demonstration",
    "zone",
    "now",
    "size",
    "newest",
    "root",
    "sides",
    "hidden",
    "activity_from",
}
SMALL = 10
"""No party learns of fewer people than this by sex and age (DESIGN 11)."""


@lru_cache
def picture(size: int | None = None) -> Picture:
    """While passage is suspended, so that every part has something to show."""
    heard = entries()[:size]
    return Picture.of(heard, heard[-1].logged_at)


@lru_cache
def seen(audience: Audience) -> dict[str, Any]:
    log = LogState(len(entries()), "root", refusals=(RefusalView(EnvelopeDigest("5" * 64), "m17-1", Instant(1), 202, "said"),), waiting=2)
    built = msgspec.to_builtins(disclose(suspended(), audience, log))
    assert isinstance(built, dict)
    return built


@lru_cache
def suspended() -> Picture:
    """The night up to its suspension, a taking that somebody saw, one observation from the future, and a device with a hole."""
    size = next(number for number, entry in enumerate(entries()) if type(entry.observation.what).__name__ == "PassageSuspended") + 1
    made = Picture.of(entries()[:size], entries()[size - 1].logged_at)
    ahead = replace(entries()[size - 1].observation, seen_at=made.now + 600_000)
    made.add(Entry(content_id(to_bytes(ahead)), size, made.now, "m17-1", 1, ahead), made.now)
    taken = Observation(by="m05", seen_at=made.now, what=TakenOff(exactly(1), "B-07"), at="khan-road")
    made.add(Entry(content_id(to_bytes(taken)), size + 1, made.now, "m17-1", 3, taken), made.now)
    return made


@pytest.mark.slow
def test_every_part_of_a_view_belongs_to_one_part_of_the_table() -> None:
    """Whoever adds a field to the view decides here who sees it."""
    known = [field for fields in FIELDS.values() for field in fields]
    assert set(FIELDS) == set(Part) and len(known) == len(set(known))
    assert set(known) | ALWAYS == set(seen(Audience.OPERATIONS)) and not set(known) & ALWAYS


def test_operations_see_something_of_every_part() -> None:
    """Otherwise an empty cell would say nothing."""
    assert [field for fields in FIELDS.values() for field in fields if not seen(Audience.OPERATIONS)[field]] == []


@pytest.mark.parametrize("audience", Audience, ids=lambda audience: audience.value)
@pytest.mark.parametrize("part", Part, ids=lambda part: part.name.lower())
def test_a_part_is_shown_where_it_is_granted_and_is_empty_and_named_where_it_is_not(audience: Audience, part: Part) -> None:
    granted = part in GRANTS[audience]
    assert (part.value in seen(audience)["hidden"]) is not granted
    for field in FIELDS[part]:
        assert bool(seen(audience)[field]) is granted, field


def test_the_table_is_this_and_is_changed_on_purpose_only() -> None:
    """Parties and the public: nothing that moves, nothing by trip, nobody's post, no plan, no line."""
    assert GRANTS[Audience.OPERATIONS] == frozenset(Part)
    assert frozenset(Part) - GRANTS[Audience.GUARANTOR] == {Part.POSTS, Part.LINES}
    assert GRANTS[Audience.PARTY] == {Part.TOTALS, Part.CLAUSES, Part.EXCHANGE, Part.CLAIMS, Part.AID}
    assert GRANTS[Audience.PUBLIC] == frozenset()


# --- what must never be in it ---------------------------------------------------------------------------------------
PLANTED = ("w-7kq2m9", "w-99zz99")
OBSERVER = "m77"


@lru_cache
def with_planted() -> Picture:
    """The night, and a planted observer who reads planted wristbands, counts a small bus and sees somebody taken off."""
    night, now = entries(), entries()[-1].logged_at
    said: list[What] = [
        Boarded("B-77", PLANTED),
        HeadsCounted("B-77", exactly(2), Tally(1, 1, 0, 0)),
        Departed("B-77", "rashideen", exactly(2), Tally(1, 1, 0, 0)),
        TakenOff(exactly(1), "B-77", tally=Tally(1, 0, 0, 0), by_whom="party-south"),
        ArrivalRegistered(PLANTED[1:]),
    ]
    heard = [*night]
    for number, what in enumerate(said):
        observation = Observation(by=OBSERVER, seen_at=now + number, what=what, at="ramouseh")
        heard.append(Entry(content_id(to_bytes(observation)), len(heard), now + number, f"{OBSERVER}-1", number + 1, observation))
    return Picture.of(heard, now + len(said))


@pytest.mark.parametrize("audience", [Audience.PARTY, Audience.PUBLIC], ids=lambda audience: audience.value)
def test_no_wristband_and_no_observer_leaves_the_house_for_a_party_or_the_public(audience: Audience) -> None:
    text = json.dumps(view_of(with_planted(), audience))
    persons = set(with_planted().whereabouts.persons())
    observers = {entry.observation.by for entry in with_planted().entries} - {party.id for party in with_planted().world.parties}
    devices = {entry.device for entry in with_planted().entries} - {f"{party.id}-1" for party in with_planted().world.parties}
    assert persons >= set(PLANTED) and OBSERVER in observers
    words = set(text.replace('"', " ").replace(",", " ").replace(":", " ").replace(";", " ").split())
    assert not persons & words and not (observers - {"hub", "desk", "authority"}) & words and not devices & words
    assert not any(code in text for code in persons)


@pytest.mark.parametrize("audience", [Audience.PARTY, Audience.PUBLIC], ids=lambda audience: audience.value)
def test_a_party_is_shown_no_people_by_sex_and_age_and_no_count_of_one_vehicle(audience: Audience) -> None:
    for keys in paths(view_of(with_planted(), audience)):
        assert not set(keys) & {"men", "women", "youth", "children", "stretchers", "before", "after", "aboard", "persons", "tally"}, keys
    assert '"B-77"' not in json.dumps(view_of(with_planted(), audience))


def paths(value: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every path of keys to a value that says something."""
    if isinstance(value, dict):
        return [path for key, inner in value.items() for path in paths(inner, (*above, key))]
    if isinstance(value, list | tuple):
        return [path for inner in value for path in paths(inner, above)]
    return [above] if value not in (None, "", 0, False) else []


def test_operations_do_see_them_so_that_the_search_can_find() -> None:
    text = json.dumps(view_of(with_planted()))
    assert OBSERVER in text and '"men"' in text and "B-77" in text and PLANTED[0] in text


# --- an attack by differences ----------------------------------------------------------------------------------------
@dataclass
class Attack:
    """Somebody who keeps every view of one audience, entry by entry, and looks at what changed."""

    audience: Audience
    first: int
    last: int

    def differences(self) -> list[tuple[Entry, set[str]]]:
        found = []
        growing = Picture.of(entries()[: self.first], entries()[self.first - 1].logged_at)
        before = stripped(view_of(growing, self.audience))
        for entry in entries()[self.first : self.last]:
            growing.add(entry, entry.logged_at)
            after = stripped(view_of(growing, self.audience))
            found.append((entry, {field for field in after if after[field] != before[field]}))
            before = after
        return found


def stripped(view: dict[str, Any]) -> dict[str, Any]:
    """Without the clock, which goes on by itself."""
    return {field: value for field, value in view.items() if field != "now"}


def test_whoever_watches_the_public_view_while_people_move_learns_of_arrivals_and_of_nothing_else() -> None:
    """No departure, passing, stop, boarding, taking, suspension or plan changes anything that the public sees; nor does growth."""
    for entry, changed in Attack(Audience.PUBLIC, 380, 640).differences():
        registered = isinstance(entry.observation.what, ArrivalRegistered | ReceptionAccepted)
        assert changed <= ({"sides"} if registered else set()), entry


def test_whoever_watches_a_partys_view_learns_of_no_bus_no_post_and_no_unwatched_hour() -> None:
    """What a clause says of its reasons names them; a party gets verdicts, counts and coverage."""
    for size in range(400, len(entries()), 40):
        view = view_of(picture(size), Audience.PARTY)
        del view["disputes"]  # beside a claim of burned buses stand those that were seen burned
        text = json.dumps(view)
        assert not re.findall(r"\b(?:B|MA|X)-\d+\b|\bm\d\d\b|nobody signs", text), size


def test_the_public_is_told_of_each_side_what_was_agreed_and_who_was_registered_at_reception() -> None:
    for size in range(300, len(entries()), 40):
        for side in view_of(picture(size), Audience.PUBLIC)["sides"]:
            assert {path[0] for path in paths(side)} <= {"side", "name", "agreed", "registered_there"}
