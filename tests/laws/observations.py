"""Any observation at all, for the laws: built from the kinds' own type hints, so that a new kind is covered at once."""

from __future__ import annotations

from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from safepassage.notation.words import form
from safepassage.observation import KINDS, Amendable, Kind, Observation
from safepassage.values import ids
from safepassage.values.counts import Count, Tally
from safepassage.values.people import Teller
from safepassage.values.times import Instant, Stretch
from safepassage.values.trips import Outlook, PlannedTrip

ZONES = st.sampled_from(["Asia/Damascus", "Europe/Kyiv", "UTC"])
INSTANTS = st.integers(1_400_000_000_000, 1_800_000_000_000).map(Instant) | st.integers(24_000_000, 29_000_000).map(
    lambda m: Instant(m * 60_000)
)
NUMBERS = st.integers(-9, 99_999)
STRETCHES = st.builds(Stretch, INSTANTS, INSTANTS)
COUNTS = st.builds(Count, NUMBERS, NUMBERS) | st.builds(Count, NUMBERS)
PARTS = st.none() | NUMBERS
TALLIES = st.builds(Tally, PARTS, PARTS, PARTS, PARTS, PARTS).filter(lambda tally: tally != Tally())
WORDS = st.from_regex(r"[b-z]{1,6}( [b-z]{1,6}){0,2}", fullmatch=True)


def of_id(kind: object) -> st.SearchStrategy[Any]:
    """Ids of this form, kept short: `*` and `+` repeat at most three times."""
    bounded = form(kind).pattern.replace("*)*", "{0,3}){0,2}").replace("]*", "]{0,3}").replace("+)*", "{1,3}){0,2}").replace("]+", "]{1,3}")
    return st.from_regex(bounded, fullmatch=True)


VEHICLES = st.lists(of_id(ids.VehicleId), min_size=1, max_size=3).map(tuple)
TRIPS = st.builds(
    PlannedTrip,
    of_id(ids.PlaceId),
    of_id(ids.PlaceId),
    INSTANTS,
    INSTANTS,
    VEHICLES,
    st.integers(0, 999),
    st.sampled_from(["parity", "gate", "nothing"]),
)
POSITIVE = st.integers(0, 99_999)
OUTLOOKS = st.builds(Outlook, POSITIVE, POSITIVE, INSTANTS, INSTANTS, POSITIVE, INSTANTS, POSITIVE, POSITIVE, INSTANTS)
KEYS = st.builds(
    lambda a, b, c: f"{a}+{b}+{c}",
    of_id(ids.DeviceId),
    st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9+/]{4,44}={0,2}", fullmatch=True),
)
BY_FIELD = {
    "commitment": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    "key": KEYS,
    "authority": KEYS,
    "who": WORDS,
    "grade": st.sampled_from("SMX"),
}
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: NUMBERS,
    str: st.text(st.characters(codec="utf-8", exclude_characters="\n\r")),
    bool: st.booleans(),
    Count: COUNTS,
    Tally: TALLIES,
    Instant: INSTANTS,
    Stretch: STRETCHES,
    Outlook: OUTLOOKS,
    PlannedTrip: TRIPS,
}


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    if hint in PLAIN:
        return PLAIN[hint]
    if hasattr(hint, "__supertype__"):
        return of_id(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if get_origin(hint) is tuple:
        return st.lists(of_type(get_args(hint)[0]), min_size=1, max_size=3).map(tuple)
    return st.one_of([of_type(part) for part in get_args(hint) if part is not type(None)])


def of_kind(kind: type[Kind]) -> st.SearchStrategy[Kind]:
    """A kind with every field given, and with each default in turn left in place."""
    if kind.__name__ == "Corrected":
        instead = st.one_of([of_kind(inner) for inner in get_args(Amendable)])
        return st.builds(kind, entry=of_id(ids.EntryId), instead=instead)
    hints = get_type_hints(kind)
    given = {field: BY_FIELD[field] if field in BY_FIELD else of_type(hints[field]) for field in kind.__struct_fields__}
    optional = kind.__struct_fields__[len(kind.__struct_fields__) - len(kind.__struct_defaults__) :]
    needed = {field: value for field, value in given.items() if field not in optional}
    return st.fixed_dictionaries(needed, optional={f: given[f] for f in optional}).map(lambda fields: kind(**fields))


def observations(kinds: tuple[type[Kind], ...] = KINDS) -> st.SearchStrategy[Observation]:
    what = st.sampled_from(kinds).flatmap(of_kind)
    return st.builds(
        Observation,
        by=of_id(ids.ObserverId),
        seen_at=INSTANTS,
        what=what,
        at=st.none() | of_id(ids.PlaceId),
        told_by=st.none() | st.sampled_from(Teller),
    )
