"""One vehicle's account: where it is and how many heads are aboard, from its own history alone.

Counts conserve: whoever boarded is aboard until counted out, and a count that is lower than what must be aboard opens a gap
with bounds on that leg (sound, not tight; tests/laws/test_conserve.py). A late report refolds this one history, nothing else.
"""

from __future__ import annotations

from typing import TypeAlias, get_args

from msgspec.structs import replace

from safepassage.observation import KINDS, Entry
from safepassage.observation import people as p
from safepassage.observation import vehicles as v
from safepassage.observation.amend import AmendKind
from safepassage.observation.desk import DeskKind
from safepassage.observation.passage import PassageKind
from safepassage.observation.people import Alighted, Boarded, Born, Died, HandedOver, Receiver, SeenAboard, TakenOff, Transferred
from safepassage.observation.setting import SettingKind
from safepassage.observation.vehicles import (
    Arrived,
    Departed,
    HeadsCounted,
    OutOfAction,
    Passed,
    StopBegun,
    StopEnded,
    TurnedBack,
    UnlistedVehicleEntered,
    VehicleReady,
)
from safepassage.values.counts import NONE, Count, Tally, exactly
from safepassage.values.ids import EntryId, PersonId, PlaceId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts.again import same_departure
from safepassage.whereabouts.boarding import in_rows, read_in
from safepassage.whereabouts.words import Account, Alighting, Cause, Doing, Gap, Move, Puzzle, Question, Station

NOWHERE = PlaceId("not-known")
UNSEEN = EntryId("0" * 64)
"""Stands for the sighting before the first; never cited."""


def vehicles_of(entry: Entry) -> tuple[VehicleId, ...]:
    """The vehicles whose accounts an entry belongs to; an alleged entry belongs to none: it moves nobody."""
    if entry.observation.told_by is not None:
        return ()
    match entry.observation.what:
        case (
            Boarded(vehicle)
            | SeenAboard(vehicle)
            | Departed(vehicle)
            | Passed(vehicle)
            | Arrived(vehicle)
            | TurnedBack(vehicle)
            | HeadsCounted(vehicle)
            | StopBegun(vehicle)
            | StopEnded(vehicle)
            | VehicleReady(vehicle)
            | Alighted(_, vehicle)
            | TakenOff(_, vehicle)
            | UnlistedVehicleEntered(_, vehicle)
        ):
            return (vehicle,)
        case Transferred(_, vehicle, to):
            return (vehicle, to)
        case OutOfAction(vehicles):
            return vehicles
        case HandedOver(_, _, vehicle) | Born(vehicle) | Died(_, vehicle):
            return () if vehicle is None else (vehicle,)
        case other:
            return _moves_no_vehicle(other)


_MovesNoVehicle: TypeAlias = (
    SettingKind | PassageKind | AmendKind | DeskKind
    | v.DriverAssigned | v.DriverRefused | v.EscortJoined | v.EscortLeft | v.SearchBegun | v.SearchEnded
    | p.PersonRegistered | p.GroupFormed | p.ManifestRegistered | p.WristbandIssued | p.WristbandReplaced | p.WristbandRemoved
    | p.BoardingDenied | p.ReceptionAccepted | p.ArrivalRegistered | p.OnwardMove | p.Separated | p.Reunited | p.ChildAloneFound
    | p.GuardianTakenOver | p.BodyHandedOver | p.Injured | p.TriageChanged | p.ChoseToStay | p.ConsentAsked | p.DestinationChosen
    | p.Robbed | p.PapersTaken | p.WaitingCounted | p.IdentityMerged | p.IdentityUnmerged | p.WeaponHandedIn | p.DetaineeReleased
    | p.DetaineeDeclined
)  # fmt: skip
"""Kinds that were looked at and move no vehicle. A new kind stands neither above nor here until somebody decides: mypy says so."""


MOVING: frozenset[type] = frozenset(KINDS) - set(get_args(_MovesNoVehicle))
"""Kinds of which one may belong to a vehicle's account."""


def _moves_no_vehicle(_: _MovesNoVehicle) -> tuple[VehicleId, ...]:
    return ()


def account_of(vehicle: VehicleId, history: list[Entry], seats: int | None) -> Account:
    """The fold of one vehicle's history."""
    book = _Book(vehicle, seats)
    for row in in_rows(history):
        book.take(row[0]) if len(row) == 1 else book.take_row(row)
    return book.close(history[-1])


class _Book:
    """The running account while a history is read."""

    def __init__(self, vehicle: VehicleId, seats: int | None) -> None:
        self.vehicle, self.seats = vehicle, seats
        self.doing, self.place, self.since = Doing.STANDING, NOWHERE, Instant(0)
        self.aboard, self.counted = NONE, False
        self.scanned: set[PersonId] = set()
        self.ever: set[PersonId] = set()
        self.alighted: list[Alighting] = []
        self.station: Station | None = None
        self.expected = NONE
        """What must be aboard at the present standstill by all that came before it."""
        self.last = (Instant(0), NOWHERE, UNSEEN)
        self.behind = self.last
        """The last sighting before the present standstill."""
        self.start, self.end, self.opened = NOWHERE, NOWHERE, UNSEEN
        self.stations: list[Station] = []
        self.gaps: list[Gap] = []
        self.moves: list[Move] = []
        self.questions: list[Question] = []
        self.lost = UNSEEN
        """The entry by which it went out of action."""
        self.handed = NONE
        self.entered = False
        """Whether it was recorded to have entered although it is on no list."""
        self.open_gap: Gap | None = None

    def take(self, entry: Entry) -> None:
        seen = entry.observation
        where = seen.at or self.place
        if self.doing is Doing.LOST and not isinstance(seen.what, OutOfAction | Alighted | HandedOver | Transferred):
            size = len(set(seen.what.persons)) if isinstance(seen.what, Boarded | SeenAboard) else 1
            self._ask(Puzzle.LOST_VEHICLE, exactly(size), (self.lost, entry.id), f"{self.vehicle} was out of action since an earlier entry")
        match seen.what:
            case Boarded(_, persons) | SeenAboard(_, persons):  # most of all entries, so they come first
                self._board(set(persons), where, seen.seen_at)
            case VehicleReady():
                self._stand(Doing.STANDING, where, seen.seen_at)
            case UnlistedVehicleEntered():
                self._stand(Doing.ARRIVED, where, seen.seen_at)
                self.entered = True
            case Departed(_, _, heads, tally) if self._left_already(where, seen.seen_at):
                self._count_again(entry, where, heads, tally)
            case Departed(_, to, heads, tally):
                self._count(entry, where, heads, tally)
                self._leave(entry, where, to)
            case Passed(_, heads, tally):
                self._move_to(where)
                self._count(entry, where, heads, tally)
                self.since = self.since if self.doing is Doing.ON_THE_ROAD else seen.seen_at
                self._leave_station(where)
            case Arrived(_, heads, tally):
                self._arrive(entry, where, Doing.ARRIVED)
                self._count(entry, where, heads, tally)
            case TurnedBack(_, to):
                self._turn(entry, where, to)
            case HeadsCounted(_, heads, tally):
                self._count(entry, where, heads, tally)
            case StopBegun():
                self._move_to(where)
                self.doing = Doing.STOPPED
            case StopEnded():
                self.doing = Doing.ON_THE_ROAD
            case OutOfAction():
                self._lose(entry, where)
            case Alighted(heads):
                self._take_out(heads)
                self.alighted.append(Alighting(where, seen.seen_at, heads, entry.id))
            case TakenOff(heads):
                self._taken(entry, heads, seen.what.where or where)
            case HandedOver(heads, Receiver.RECEPTION):
                self._take_out(heads)
                self.alighted.append(Alighting(where, seen.seen_at, heads, entry.id))
            case HandedOver(heads):
                self._take_out(heads)
                self.handed = self.handed + heads
            case Transferred(heads, source, _):
                self._take_out(heads) if source == self.vehicle else self._add(heads)
            case Born():
                self._add(exactly(1))
            case Died():
                self._take_out(exactly(1))
            case _:
                return
        self.last = (seen.seen_at, where, entry.id)

    def take_row(self, row: list[Entry]) -> None:
        """Boardings in a row, one after another or, where nothing is asked about each, together."""
        if self.doing is Doing.LOST:
            for entry in row:
                self.take(entry)
            return
        seen = row[0].observation
        where = seen.at or self.place
        self._board(read_in(row), where, seen.seen_at)
        self.last = (row[-1].observation.seen_at, where, row[-1].id)

    def close(self, newest: Entry) -> Account:
        if self.seats is None and not self.entered:
            self._ask(Puzzle.UNLISTED, exactly(1), (newest.id,), "it moves or carries people, and no list has it")
        return Account(
            vehicle=self.vehicle,
            doing=self.doing,
            place=None if self.place == NOWHERE else self.place,
            since=self.since,
            aboard=self.aboard,
            counted=self.counted,
            entry=newest.id,
            by=newest.observation.by,
            stations=tuple(self.stations),
            gaps=tuple(self.gaps),
            moves=tuple(self.moves),
            questions=tuple(self.questions),
            alighted=tuple(self.alighted),
            handed=self.handed,
            scanned=tuple(sorted(self.ever)),
        )

    # Standing and moving.
    def _stand(self, doing: Doing, where: PlaceId, at: Instant) -> None:
        self.doing, self.since = doing, at
        self._move_to(where)

    def _move_to(self, where: PlaceId) -> None:
        """A new standstill: what is aboard now is what any count here must find."""
        if where != self.place or self.station is None:
            self.place = where
            self._new_station()

    def _new_station(self) -> None:
        """What is aboard now is what the next count must find; counts from before do not join it."""
        self.station, self.open_gap, self.expected, self.behind = None, None, self.aboard, self.last

    def _leave_station(self, where: PlaceId) -> None:
        self.doing = Doing.ON_THE_ROAD
        self.place = where

    def _leave(self, entry: Entry, where: PlaceId, to: PlaceId) -> None:
        at = entry.observation.seen_at
        self.doing, self.since = Doing.ON_THE_ROAD, at
        self.start, self.end, self.opened = where, to, entry.id
        self.moves.append(Move(self.vehicle, where, to, at, self.aboard, entry.id))
        self.place = where
        self._new_station()

    def _arrive(self, entry: Entry, where: PlaceId, doing: Doing) -> None:
        self._stand(doing, where, entry.observation.seen_at)
        self._close_move(entry, where)

    def _close_move(self, entry: Entry, where: PlaceId) -> None:
        if self.moves and self.moves[-1].closed is None:
            last = self.moves[-1]
            self.moves[-1] = Move(
                last.vehicle, last.start, last.end, last.departed, last.heads, last.entry, entry.observation.seen_at, where, entry.id
            )

    def _turn(self, entry: Entry, where: PlaceId, to: PlaceId) -> None:
        self._close_move(entry, where)
        self._leave(entry, where, to)

    def _lose(self, entry: Entry, where: PlaceId) -> None:
        self._close_move(entry, where)
        if self.aboard.high != 0:
            at, place, last = self.last
            lost = self._gap(self.aboard, Cause.LOST, where, (last, entry.id), at, place, entry.observation.seen_at)
            self.gaps.append(lost)
        self.lost = entry.id
        self.aboard, self.doing, self.since, self.place = NONE, Doing.LOST, entry.observation.seen_at, where

    # Heads.
    def _board(self, persons: set[PersonId], where: PlaceId, at: Instant) -> None:
        if self.doing is not Doing.STANDING:
            self._stand(Doing.STANDING, where, at)
        new = persons - self.scanned
        self.scanned |= persons
        self.ever |= persons
        self.counted = True
        self._add(exactly(len(new)))

    def _add(self, heads: Count) -> None:
        self.aboard, self.counted = self.aboard + heads, True
        self._new_station()

    def _take_out(self, heads: Count) -> None:
        self.aboard = self.aboard.minus(heads)
        self._new_station()
        if self.aboard.high == 0:
            self.scanned.clear()

    def _taken(self, entry: Entry, heads: Count, where: PlaceId) -> None:
        behind = (self.last[2], entry.id)
        self._take_out(heads)
        self.gaps.append(self._gap(heads, Cause.TAKEN, where, behind, entry.observation.seen_at, where, entry.observation.seen_at))

    def _count(self, entry: Entry, where: PlaceId, heads: Count | None, tally: Tally | None) -> None:
        """A count at a standstill: joined with the others there, compared with what must be aboard."""
        if heads is None:
            return
        seen = entry.observation
        if self.seats is not None and heads.low > self.seats:
            self._over(entry.id, heads, self.seats)
        first = self.station is None
        self.station = _joined(self.station, Station(where, seen.seen_at, heads, (entry.id,), (seen.by,), tally))
        if first:
            self.stations.append(self.station)
        else:
            self.stations[-1] = self.station
            self._compare_counts()
        self._compare(where)
        self.counted = True

    def _left_already(self, where: PlaceId, at: Instant) -> bool:
        """Whether somebody else has recorded this very departure."""
        here = self.doing is Doing.ON_THE_ROAD and self.place == where and bool(self.moves)
        return here and self.moves[-1].start == where and same_departure(self.moves[-1], at)

    def _count_again(self, entry: Entry, where: PlaceId, heads: Count | None, tally: Tally | None) -> None:
        """A departure's second record begins no second run; its count joins the first one's."""
        if heads is None:
            return
        move = self.moves[-1]
        if self.stations and move.entry in self.stations[-1].entries:
            seen = entry.observation
            self.station = self.stations[-1] = _joined(
                self.stations[-1], Station(where, seen.seen_at, heads, (entry.id,), (seen.by,), tally)
            )
            self._compare_counts()
            self.aboard = self.aboard.hull(heads)
        else:
            self._count(entry, where, heads, tally)
        self.moves[-1] = replace(move, heads=self.aboard)
        self._new_station()

    def _over(self, entry: EntryId, heads: Count, seats: int) -> None:
        """More heads than seats is accepted, and asked about once for each number."""
        said = f"{heads} heads on {seats} seats"
        same = next((q for q in self.questions if (q.puzzle, q.said) == (Puzzle.OVER_SEATS, said)), None)
        if same is not None:
            self.questions.remove(same)
        self._ask(Puzzle.OVER_SEATS, exactly(heads.low - seats), (*(same.entries if same else ()), entry), said)

    def _compare_counts(self) -> None:
        assert self.station is not None  # called after a count joined it
        low, high = self.station.heads.low, self.station.heads.high
        self.questions = [q for q in self.questions if not (q.puzzle is Puzzle.COUNTS_DIFFER and q.entries[0] in self.station.entries)]
        if high is not None and high > low and len(self.station.entries) > 1:
            size = Count(high - low, high - low)
            said = f"{self.station.heads} heads at {self.station.place}, by {', '.join(self.station.by)}"
            self._ask(Puzzle.COUNTS_DIFFER, size, self.station.entries, said)

    def _compare(self, where: PlaceId) -> None:
        """Fewer than must be aboard: a gap. More than can be: a question. Then what the count leaves possible."""
        assert self.station is not None  # called after a count
        heads = self.station.heads
        if self.open_gap is not None:
            self.gaps.remove(self.open_gap)
            self.open_gap = None
        if not self.counted:
            self.aboard = heads
            return
        missing, extra = self.expected.minus(heads), heads.minus(self.expected)
        boarding = self.doing is Doing.STANDING
        if missing.high != 0 and not boarding:
            at, place, last = self.behind
            counted_before = self.stations[-2].entries if len(self.stations) > 1 else ()
            behind = dict.fromkeys((*counted_before, last, *self.station.entries))
            self.open_gap = self._gap(missing, Cause.FEWER, where, tuple(behind), at, place, self.station.at)
            self.gaps.append(self.open_gap)
        if extra.low > 0 and not boarding:
            self._ask(
                Puzzle.MORE_HEADS, extra, self.station.entries, f"{heads} heads at {where}, at most {self.expected.high} can be aboard"
            )
        self.aboard = heads if boarding else _possible(self.expected, heads)

    def _gap(
        self, missing: Count, cause: Cause, end: PlaceId, entries: tuple[EntryId, ...], at: Instant, place: PlaceId, until: Instant
    ) -> Gap:
        """`entries[-1]`, or the first count of the standstill, is where the stretch ends."""
        start = self._stretch_began(place)
        seen = tuple(entry for entry in entries if entry != UNSEEN)
        ended = self.station.entries[0] if cause is Cause.FEWER and self.station else entries[-1]
        return Gap(self.vehicle, start, end, missing, cause, at, place, seen, self.expected, ended=ended, until=until)

    def _stretch_began(self, place: PlaceId) -> PlaceId:
        """Where the run began; once it is over and another standstill has begun, where the vehicle was last seen: `place`."""
        over = bool(self.moves) and self.moves[-1].closed is not None and self.place != self.moves[-1].closed_at
        return place if over or self.start == NOWHERE else self.start

    def _ask(self, puzzle: Puzzle, size: Count, entries: tuple[EntryId, ...], said: str) -> None:
        self.questions.append(Question(puzzle, self.vehicle, size, entries, said))


def _possible(expected: Count, heads: Count) -> Count:
    """Aboard after a count: never more than could be, and not less than the count; who may be missing is not counted as aboard."""
    highs = [high for high in (expected.high, heads.high) if high is not None]
    high = min(highs) if highs else None
    return heads if high is not None and high < heads.low else Count(heads.low, high)


def _joined(here: Station | None, new: Station) -> Station:
    """All counts of one standstill: bounds that hold every one of them; the tally of the newest that has one."""
    if here is None:
        return new
    highs = (here.heads.high, new.heads.high)
    high = None if None in highs else max(high for high in highs if high is not None)
    heads = Count(min(here.heads.low, new.heads.low), high)
    return Station(here.place, here.at, heads, (*here.entries, *new.entries), (*here.by, *new.by), new.tally or here.tally)
