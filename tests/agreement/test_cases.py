"""The staged cases of the reference material, each a few observations and the verdicts that a person wrote by hand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.naive import naive
from safepassage.fold import Feed, in_force
from safepassage.observation import Entry, What
from safepassage.observation.amend import Confirmed, Withdrawn
from safepassage.observation.people import ArrivalRegistered, Boarded, HandedOver, Receiver, TakenOff, TriageChanged
from safepassage.observation.setting import PostTaken, WatchClosed, Watched
from safepassage.observation.vehicles import Arrived, Departed
from safepassage.values.counts import exactly
from safepassage.values.people import Care, Teller
from safepassage.values.times import Instant, Stretch, instant
from tests.agreement.told import entry, world

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "agreement" / "cases.json"
CANNOT = {
    "consent-after-boarding": "consent is never recorded by wristband here (DESIGN 11)",
    "post-gap": "its second stage needs a watch over posts, which no kind of watch is yet",
}
WATCHED = {"depart": Watched.DEPARTURE, "register": Watched.REGISTRATION, "handover": Watched.HANDOVER}
PLACES = {"Aleppo": "ramouseh", "Foua": "foua-gate", "Ramouseh": "ramouseh", "Rashideen": "rashideen"}


def cases() -> list[Any]:
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the reference cases are not on this machine"))]
    return [pytest.param(case, id=case["name"]) for case in json.loads(CASES.read_text())]


def when(text: str) -> Instant:
    return instant(datetime.fromisoformat(text))


def person(number: int) -> str:
    return f"w-{number:04d}"


def what_of(said: dict[str, Any], ids: dict[int, str]) -> What | None:
    match said["kind"]:
        case "depart":
            return Departed(f"B-{said['id']}", "idlib", exactly(said["n"]))
        case "board":
            return Boarded("B-1", (person(said["person"]),))
        case "register":
            return ArrivalRegistered((person(said["person"]),))
        case "wounded":
            return TriageChanged(person(said["person"]), Care.WOUNDED)
        case "handover":
            return HandedOver(exactly(1), Receiver.HOSPITAL, None, (person(said["person"]),))
        case "takeoff":
            return TakenOff(exactly(1), "B-1", by_whom="party-south")
        case "enter":
            return Arrived(f"C-{said['ref'][1:]}")
        case "leave":
            return Departed(f"C-{said['ref'][1:]}", "idlib")
        case "post":
            return PostTaken()
        case "retract":
            return Withdrawn(ids[said["about"]])
        case "confirm":
            return Confirmed(ids[said["about"]])
        case "watch" if said["watched"] in WATCHED:
            return WatchClosed(Stretch(when(said["seen_at"]), when(said["until"])), (WATCHED[said["watched"]],))
        case _:
            return None


def entry_of(said: dict[str, Any], ids: dict[int, str]) -> Entry | None:
    what = what_of(said, ids)
    if what is None:
        return None
    at = when(said["until"] if said["kind"] == "watch" else said["seen_at"])
    by = f"m{said['id']:02d}" if said["kind"] == "post" else "m01"
    told = Teller.DRIVER if said.get("standing") == "alleged" else None
    heard = entry(what, at, PLACES.get(said.get("place", "")), by, told)
    ids[said["id"]] = heard.id
    return heard


@pytest.mark.parametrize("case", cases())
def test_every_stage_of_a_case_gives_the_verdicts_written_by_hand(case: dict[str, Any]) -> None:
    opened, ids, heard = when(case["opens"]), dict[int, str](), list[Entry]()
    agreement = parse_agreement(case["agreement"], world())
    engine, feed = Evaluator(agreement, world(), opened), Feed()
    for number, stage in enumerate(case["stages"]):
        if case["name"] == "consent-after-boarding" or (case["name"] == "post-gap" and number == 1):
            pytest.skip(CANNOT[case["name"]])
        now = when(stage["now"])
        arrived = [one for said in stage["arrive"] if (one := entry_of(said, ids)) is not None]
        heard += arrived
        for change in [*feed.settle(now), *(change for one in arrived for change in feed.add(one, now))]:
            engine.add(change)
        engine.settle(now)
        expected = {
            (e["clause"], ids.get(e["instance"]), e["verdict"], e["said"], e["until"] and when(e["until"])) for e in stage["expected"]
        }
        for verdicts in (engine.verdicts(), naive(agreement, world(), opened, in_force(heard, now), now)):
            assert {(v.label, i.opened_by, i.verdict.value, i.said, i.until) for v in verdicts for i in v.instances} == expected
