"""The one way out: what each audience may see of a picture.

`disclose` builds each part only where the audience is granted it, so that nothing has to be taken away afterwards.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from safepassage.disclosure import movement, terms
from safepassage.disclosure.audience import EMBARGOED, GRANTS, Audience, Part, hidden
from safepassage.disclosure.devices import odd_devices
from safepassage.disclosure.log import CosignedView, RefusalView
from safepassage.disclosure.movement import LATE
from safepassage.disclosure.refusals import with_answers
from safepassage.disclosure.views import LineView, SideView, View
from safepassage.observation import Entry, tag_of
from safepassage.observation.desk import AgreementAdopted, AgreementAmended, PlanProposed
from safepassage.observation.passage import Attacked
from safepassage.observation.people import TakenOff
from safepassage.observation.setting import DeploymentOpened, DeviceEnrolled
from safepassage.observation.vehicles import OutOfAction
from safepassage.picture import Picture
from safepassage.values.counts import NONE
from safepassage.values.ids import ObserverId
from safepassage.values.people import Role
from safepassage.values.times import HOUR, MINUTE, Instant

__all__ = ["Audience", "LogState", "Part", "View", "disclose", "line_of", "with_answers"]

MOST_LINES = 80
MOST_REFUSALS = 40
LONGEST = 240
BIN = 10 * MINUTE


class LogState(msgspec.Struct, frozen=True):
    """What the hub knows of its log beside the picture: `newest` size, root, and what was not accepted or waits."""

    newest: int
    root: str
    refusals: tuple[RefusalView, ...] = ()
    waiting: int = 0
    cosigned: CosignedView | None = None


def disclose(picture: Picture, audience: Audience, log: LogState) -> View:
    """What this audience may see of this picture. Whoever is not shown totals gets the hour and no tree head: growth reveals activity."""
    granted = GRANTS[audience]
    refusals = with_answers(picture, log.refusals) if Part.LINES in granted else []
    first, bins = _activity(picture) if Part.LINES in granted else (Instant(0), ())
    return View(
        deployment=picture.opened.deployment,
        name=picture.world.name,
        audience=audience.value,
        exercise=picture.opened.exercise,
        demonstration=picture.opened.demonstration,
        zone=picture.world.zone,
        now=picture.now if Part.TOTALS in granted else Instant(picture.now // HOUR * HOUR),
        size=0 if audience in EMBARGOED else picture.size,
        newest=0 if audience in EMBARGOED else log.newest,
        root="" if audience in EMBARGOED else log.root,
        sides=_sides(picture, audience),
        gaps=movement.gaps(picture) if Part.GAPS in granted else (),
        alarms=movement.alarms(picture) if Part.ALARMS in granted else (),
        cards=movement.cards(picture) if Part.ALARMS in granted else (),
        clauses=terms.clauses(picture, audience) if Part.CLAUSES in granted else (),
        vehicles=movement.vehicles(picture) if Part.VEHICLES in granted else (),
        moves=movement.moves(picture) if Part.VEHICLES in granted else (),
        places=movement.places(picture) if Part.TOTALS in granted else (),
        legs=movement.legs(picture) if Part.TOTALS in granted else (),
        posts=movement.posts(picture) if Part.POSTS in granted else (),
        watches=movement.watches(picture) if Part.POSTS in granted else (),
        plans=terms.plans(picture) if Part.PLANS in granted else (),
        drift=terms.drift(picture) if Part.PLANS in granted else (),
        gates=terms.gates(picture) if Part.PLANS in granted else (),
        exchange=terms.exchange(picture) if Part.EXCHANGE in granted else None,
        disputes=terms.disputes(picture, audience) if Part.CLAIMS in granted else (),
        questions=movement.questions(picture) if Part.QUESTIONS in granted else (),
        aid=terms.aid(picture) if Part.AID in granted else (),
        lines=_lines(picture) if Part.LINES in granted else (),
        suspended_by=tuple(s.party for s in picture.suspensions() if s.end is None) if Part.PLANS in granted else (),
        green_lights=tuple(sorted(picture.green_lights())) if Part.PLANS in granted else (),
        refused=sum(each.answer is None for each in refusals),
        refusals=tuple(refusals[:MOST_REFUSALS]),
        waiting_envelopes=log.waiting if Part.LINES in granted else 0,
        held=len(picture.held) if Part.LINES in granted else 0,
        devices=odd_devices(picture) if Part.LINES in granted else (),
        cosigned=None if audience in EMBARGOED else log.cosigned,
        activity=bins,
        activity_from=first,
        hidden=hidden(audience),
    )


def _sides(picture: Picture, audience: Audience) -> tuple[SideView, ...]:
    """The public sees who has been registered at reception, and nothing of anybody who still moves or waits."""
    if audience is not Audience.PUBLIC:
        return movement.sides(picture)
    return tuple(
        SideView(
            side=side.side, name=side.name, agreed=side.agreed, registered=0, waiting=NONE, left=NONE, on_the_road=NONE, stopping=NONE,
            arrived=NONE, registered_there=side.registered_there, handed_over=NONE, stayed=NONE, unaccounted=NONE,
        )
        for side in movement.sides(picture)
    )  # fmt: skip


def line_of(picture: Picture, entry: Entry, parties: frozenset[ObserverId] = frozenset()) -> LineView:
    """One entry as a line; the opening and enrolments without the long texts that they carry. `parties`: who signs for a party."""
    seen = entry.observation
    late = entry.logged_at - seen.seen_at
    return LineView(
        entry=movement.refs(picture, [entry.id])[0],
        seen_at=seen.seen_at,
        logged_at=entry.logged_at,
        by=seen.by,
        place=seen.at,
        said=_said(picture, entry),
        standing=seen.standing,
        sphere=seen.what.sphere.value,
        kind=tag_of(type(seen.what)),
        late=late // MINUTE if late > LATE else None,
        tone=_tone(entry, late),
        role="party" if seen.by in parties else "",
    )


def _said(picture: Picture, entry: Entry) -> str:
    what = entry.observation.what
    match what:
        case DeploymentOpened(deployment):
            return f"deployment {deployment} opened"
        case DeviceEnrolled(device, observer, role):
            return f"device {device} enrolled for {observer} as {role.value}"
        case AgreementAdopted() | AgreementAmended():
            return "agreement adopted" if isinstance(what, AgreementAdopted) else "agreement amended"
        case PlanProposed(plan, trips):
            left = sum(one.persons for one in what.not_planned)
            return f"plan {plan} proposed: {len(trips)} convoys" + (f"; {left:,} persons in none of them" if left else "")
        case _:
            told = f"told by {entry.observation.told_by.value}: " if entry.observation.told_by else ""
            said = told + movement.words(picture, entry)
            return said if len(said) < LONGEST else said[: LONGEST - 4] + " …"


def _tone(entry: Entry, late: int) -> str:
    if entry.observation.told_by is None and isinstance(entry.observation.what, TakenOff | OutOfAction | Attacked):
        return "act"
    return "soon" if late > LATE or entry.observation.told_by is not None else "plain"


def _lines(picture: Picture) -> tuple[LineView, ...]:
    enrolled = (entry.observation.what for entry in picture.entries)
    parties = frozenset(what.observer for what in enrolled if isinstance(what, DeviceEnrolled) and what.role is Role.PARTY)
    return tuple(line_of(picture, entry, parties) for entry in reversed(picture.entries[-MOST_LINES:]))


def _activity(picture: Picture) -> tuple[Instant, tuple[int, ...]]:
    """Entries per ten minutes of when they were seen."""
    times = [entry.observation.seen_at for entry in picture.entries if entry.observation.seen_at <= picture.now]
    counts = Counter(moment // BIN for moment in times)
    first, last = min(counts), max(counts)
    return Instant(first * BIN), tuple(counts.get(index, 0) for index in range(first, last + 1)) if last - first < 5000 else ()
