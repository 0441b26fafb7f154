"""What an entry says in the agreement's words, read once more for the definition: one plain question after the other.

It shares the shape of a fact with the engine and nothing of how one is read. Sentences are left out, but for what names a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from safepassage.agreement.facts import Fact
from safepassage.agreement.vocabulary import Happening as H
from safepassage.observation import Entry, Observation, Sphere, desk, passage, people, setting, vehicles
from safepassage.values.ids import PartyId, PlaceId, SideId
from safepassage.values.people import Care
from safepassage.values.places import PlaceKind, World
from safepassage.values.times import MINUTE, Instant, Stretch

Said: TypeAlias = tuple[H, Mapping[str, Any]]


def facts_by_definition(entry: Entry, world: World) -> list[Fact]:
    """Every fact that an entry in force states."""
    seen = entry.observation
    standing = 1 if seen.told_by is not None else 2
    made = []
    for what, more in _said(seen, world):
        common = {"at": seen.seen_at, "standing": standing, "entry": entry.id, "observer": seen.by, "place": seen.at}
        fields: dict[str, Any] = {**common, **more}
        made.append(Fact(what=what, **fields))
    if standing == 2 and not entry.hearsay and seen.at is not None and type(seen.what).sphere is Sphere.FIELD:
        made.append(Fact(H.SEEN_THERE, seen.seen_at, 2, entry.id, seen.by, seen.at))
    return made


def _said(seen: Observation, world: World) -> Iterator[Said]:
    """Each happening, with what it says besides who signed it when and where."""
    what, at_crossing = seen.what, any(p.id == seen.at and p.kind is PlaceKind.CROSSING for p in world.places)
    if isinstance(what, vehicles.Departed):
        roads = [leg for leg in world.legs if {leg.start, leg.end} == {seen.at, what.to}]
        own = [leg for leg in roads if leg.start == seen.at] or roads
        away = {"vehicle": what.vehicle, "heads": what.heads, "until": Instant(seen.seen_at + own[0].overdue * MINUTE) if own else None}
        if _leaves(seen.at, what.to, world):
            yield H.DEPARTURE, away
            if not any(v.id == what.vehicle and v.kind != "bus" for v in world.vehicles):
                yield H.BUS_DEPARTURE, away
            if what.last:
                yield H.LAST_DEPARTURE, away
    if isinstance(what, vehicles.Arrived | vehicles.TurnedBack | vehicles.VehicleReady):
        yield H.RETURN, {"vehicle": what.vehicle}
    if at_crossing and isinstance(what, vehicles.Arrived | vehicles.StopBegun):
        yield H.ENTRY, {"vehicle": what.vehicle}
    if at_crossing and isinstance(what, vehicles.Departed | vehicles.StopEnded):
        yield H.EXIT, {"vehicle": what.vehicle}
    yield from _of_people(what)
    yield from _of_harm(seen)
    yield from _of_sides(what, world)
    yield from _of_watching(seen)
    if isinstance(what, desk.InquiryOpened):
        yield H.INQUIRY, {"about": what.entry}
    if isinstance(what, desk.ReportSent):
        yield H.REPORT, {"words": f"report {what.number}"}
    if isinstance(what, desk.AgreementAdopted):
        yield H.ADOPTION, {"at": what.since}
    if isinstance(what, people.ConsentAsked):
        yield H.CONSENT_SAMPLE, {}


def _leaves(start: PlaceId | None, end: PlaceId, world: World) -> bool:
    """Whoever stays in one area has not left it."""
    areas = [next((place.area for place in world.places if place.id == one), "") for one in (start, end)]
    return areas[0] == "" or areas[0] != areas[1]


def _of_people(what: object) -> Iterator[Said]:
    hurt = (Care.CRITICAL, Care.WOUNDED)
    if isinstance(what, people.Boarded):
        yield from ((H.BOARDING, {"person": person, "vehicle": what.vehicle}) for person in what.persons)
    if isinstance(what, people.Alighted):
        yield from ((H.ALIGHTING, {"person": person, "vehicle": what.vehicle}) for person in what.persons)
    if isinstance(what, people.ArrivalRegistered):
        yield from ((H.REGISTRATION, {"person": person}) for person in what.persons)
    if isinstance(what, people.PersonRegistered) and what.care in hurt:
        yield from ((H.WOUNDED, {"person": person}) for person in what.persons)
    if isinstance(what, people.TriageChanged) and what.care in hurt:
        yield H.WOUNDED, {"person": what.person}
    if isinstance(what, people.HandedOver) and what.receiver is people.Receiver.HOSPITAL:
        yield from ((H.HOSPITAL, {"person": person, "vehicle": what.vehicle}) for person in what.persons)
    if isinstance(what, people.DestinationChosen):
        yield from ((H.CHOICE, {"person": person, "place": what.to}) for person in what.persons)


def _of_harm(seen: Observation) -> Iterator[Said]:
    what = seen.what
    if isinstance(what, people.TakenOff):
        there = {"vehicle": what.vehicle, "place": what.where or seen.at}
        yield H.TAKING, {**there, "heads": what.heads, "party": what.by_whom}
        yield H.ALLEGATION, {**there, "standing": 2}
    if isinstance(what, people.Injured):
        yield H.INJURY, {"heads": what.heads, "party": what.by_whom}
    if isinstance(what, people.Robbed | people.PapersTaken):
        yield H.ROBBERY, {"heads": what.heads, "party": what.by_whom}
    if isinstance(what, people.BoardingDenied):
        yield H.DENIAL, {"heads": what.heads, "vehicle": what.vehicle, "party": what.by_whom}
    if isinstance(what, people.Separated):
        yield H.SEPARATION, {}
    if isinstance(what, passage.RoadClosed):
        yield H.CLOSURE, {"party": what.by_whom}
    if isinstance(what, passage.Attacked):
        medical = what.struck in (passage.Struck.MEDICAL_STAFF, passage.Struck.MEDICAL_TRANSPORT, passage.Struck.HOSPITAL)
        if medical or what.struck in (passage.Struck.CONVOY, passage.Struck.ASSEMBLY):
            yield (H.MEDICAL_ATTACK if medical else H.CONVOY_ATTACK), {"vehicle": what.vehicle, "party": what.by_whom}
    if isinstance(what, vehicles.OutOfAction) and what.loss is not vehicles.Loss.BROKEN:
        yield H.CONVOY_ATTACK, {"party": what.by_whom}
    if isinstance(what, vehicles.SearchBegun):
        yield H.SEARCH, {"vehicle": what.vehicle, "party": what.by_whom}
    if isinstance(what, setting.MonitorExpelled):
        yield H.EXPULSION, {"party": what.by_whom}


def _of_sides(what: object, world: World) -> Iterator[Said]:
    if isinstance(what, people.DetaineeReleased):
        yield H.RELEASE, {"heads": what.heads, "party": what.by_whom, "side": _side(what.by_whom, world)}
    if isinstance(what, passage.PassageSuspended | passage.PassageResumed):
        happening = H.SUSPENSION if isinstance(what, passage.PassageSuspended) else H.RESUMPTION
        yield happening, {"party": what.party, "side": _side(what.party, world)}
    if isinstance(what, desk.FindingSigned):
        yield H.FINDING, {"party": what.party, "side": _side(what.party, world), "about": what.entry, "clause": what.clause}
    if isinstance(what, passage.AccessAsked):
        yield (H.MONITOR_REQUEST if what.relief is None else H.RELIEF_REQUEST), {"party": what.party}
    if isinstance(what, passage.AccessGranted):
        yield H.GRANT, {"party": what.party, "about": what.entry}
    if isinstance(what, passage.AccessRefused):
        yield H.REFUSAL, {"party": what.party, "about": what.entry}
    if isinstance(what, passage.AccessGranted | passage.AccessRefused):
        yield H.REPLY, {"party": what.party, "about": what.entry}


def _side(party: PartyId | None, world: World) -> SideId | None:
    return next((one.side for one in world.parties if one.id == party), None)


def _of_watching(seen: Observation) -> Iterator[Said]:
    """Posts; and a closed watch, of anything but posts, shows that its signer was there for all of it but its gaps."""
    what = seen.what
    if isinstance(what, setting.PostTaken):
        yield H.ON_POST, {}
    if isinstance(what, setting.PostLeft):
        yield H.OFF_POST, {}
    speaks_here = isinstance(what, setting.WatchClosed) and seen.at is not None and setting.Watched.POST not in what.kinds
    if isinstance(what, setting.WatchClosed) and speaks_here and seen.told_by is None and what.kinds:
        for part in _apart(Stretch(what.stretch.start, min(what.stretch.end, seen.seen_at)), what.gaps):
            yield H.WATCHED_THERE, {"at": part.start, "until": part.end}


def _apart(whole: Stretch, gaps: tuple[Stretch, ...]) -> list[Stretch]:
    """What no gap holds: each part begins where the whole or a gap ends, and runs to the next gap."""
    free = [edge for edge in {whole.start, *(gap.end + 1 for gap in gaps)} if whole.holds(Instant(edge))]
    starts = sorted(edge for edge in free if not any(gap.holds(Instant(edge)) for gap in gaps))
    ends = [min([whole.end, *(gap.start - 1 for gap in gaps if gap.start > start)]) for start in starts]
    return [Stretch(Instant(start), Instant(end)) for start, end in zip(starts, ends, strict=True)]
