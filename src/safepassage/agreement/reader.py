"""From a parsed tree to clauses: names meet the world's table, pronouns meet what the first phrase gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from lark import Token, Tree

from safepassage.agreement import clause as c
from safepassage.agreement.idle import idle
from safepassage.agreement.render import render_shape
from safepassage.agreement.tongue import ENGLISH, Tongue
from safepassage.agreement.vocabulary import BY_WORDS, ROWS, Join, Row
from safepassage.values.ids import ClauseLabel, PartyId, PlaceId, SideId
from safepassage.values.places import Party, Place, PlaceKind, Side, World
from safepassage.values.times import DAY, HOUR, MINUTE

ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_WESTERN = str.maketrans(ARABIC_DIGITS + "٬", "0123456789,")
_MOST_SOURCES = 9
_UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY}
_MOST_DAYS = 36_525
"""A hundred years: no agreement waits longer, and every instant that a limit reaches is one of the calendar."""
_MOST_COUNTED = 1_000_000_000
_DIGITS = 15
"""No number is read further than so many digits: whatever is longer lies beyond every bound above."""


class Unread(Exception):
    """Well formed, and still not readable: where, why, and what to ask."""

    def __init__(self, at: Token | Tree[Token], reason: str, question: str) -> None:
        super().__init__(reason)
        self.line, self.column = _position(at)
        self.reason, self.question = reason, question


def _position(at: Token | Tree[Token]) -> tuple[int, int]:
    if isinstance(at, Token):
        return at.line or 0, at.column or 0
    return at.meta.line, at.meta.column


class Reader:
    """Reads one tree against one world."""

    def __init__(self, world: World, tongue: Tongue) -> None:
        self._world, self._tongue = world, tongue
        self._zone = world.zone

    def agreement(self, tree: Tree[Token]) -> c.Agreement:
        header, *clauses = _trees(tree)
        title, *zone = _tokens(header)
        if zone:
            self._zone = self._zone_of(zone[0])
        read: dict[str, c.Clause] = {}
        for each in clauses:
            clause = self._clause(each)
            if clause.label in read:
                raise Unread(each, f"clause {clause.label} stands twice", "Which of the two is meant, or what is the other's label?")
            read[clause.label] = clause
        return c.Agreement(_unquoted(title), self._zone, bool(zone), tuple(read.values()), self._tongue.code)

    def _zone_of(self, token: Token) -> str:
        try:
            ZoneInfo(str(token))
        except (OSError, ValueError, KeyError):
            raise Unread(token, f"{token} is no time zone", "Which zone of the IANA table is meant, such as Asia/Damascus?") from None
        return str(token)

    def _clause(self, tree: Tree[Token]) -> c.Clause:
        label, title = _tokens(tree)
        body, *notes = _trees(tree)
        shape = self._shape(body)
        if asked := idle(shape):
            raise Unread(body, *asked)
        read = tuple(self._note(note, shape) for note in notes)
        return c.Clause(ClauseLabel(_western(label)), _unquoted(title), render_shape(shape, self._tongue), shape, self._zone, read)

    def _shape(self, tree: Tree[Token]) -> c.Shape:
        parts = _trees(tree)
        match tree.data:
            case "duty":
                each, act, within, *unless = parts
                return c.Duty(self._atom(each), self._bound(act, each), self._limit(within), tuple(self._bound(u, each) for u in unless))
            case "pairing":
                each, act, within = parts
                return c.Pairing(self._atom(each), self._bound(act, each), self._limit(within))
            case "before":
                each, past, *at_most = parts
                return c.Before(self._atom(each), self._bound(past, each), self._elapsed(at_most[0]) if at_most else None)
            case "ban":
                what, *spot = parts
                return c.Ban(self._atom(what), c.Spot(*self._place(spot[0])) if spot else None)
            case "permission":
                return c.Permission(self._atom(parts[0]))
            case "hours":
                return c.Hours(self._atom(parts[0]), *self._clocks(tree))
            case "presence":
                enters, leaves, present, gap = parts
                return c.Presence(self._atom(enters), self._atom(leaves), self._atom(present), self._elapsed(gap))
            case "cycle":
                act, first, after, then = parts
                return c.Cycle(self._atom(act), self._limit(first), self._atom(after), self._limit(then))
            case "milestone" | "in_all":
                once, then, within = parts
                reached, amount = _numbers(tree)
                return c.Milestone(self._atom(once), reached, self._atom(then), amount, self._limit(within), tree.data == "in_all")
            case "ceiling" | "daily":
                (limit,) = _numbers(tree)
                return c.Ceiling(self._atom(parts[0]), limit, tree.data == "daily")
            case _:
                return self._balance(tree)

    def _balance(self, tree: Tree[Token]) -> c.Balance:
        one, other = _trees(tree)
        units = [_row(part).counts for part in (one, other)]
        if units[0] is not units[1]:
            reason = f"{units[0].value} cannot be balanced against {units[1].value}"
            raise Unread(
                other, reason, "How many of the one for how many of the other? Write a milestone: `Once 20 ..., 200 ... within ...`."
            )
        return c.Balance(self._atom(one), self._atom(other), *_numbers(tree))

    def _clocks(self, tree: Tree[Token]) -> tuple[str, str]:
        for token in _tokens(tree):
            if _western(token) > "23:59":
                raise Unread(token, f"{token} is no clock time", "Which hour of the day is meant, from 00:00 to 23:59?")
        start, end = map(_western, _tokens(tree))
        return start, end

    def _bound(self, tree: Tree[Token], first: Tree[Token]) -> c.Atom:
        """A phrase whose pronouns the first phrase must give."""
        row, given = _row(tree), _row(first).gives
        if row.needs and row.needs not in given:
            which = "that bus" if row.needs == "bus" else f"the {row.needs}"
            raise Unread(tree, f"`{row.words}` speaks of {which}, which the first phrase does not name", "Of whom or what does it speak?")
        if Join.OTHER_SIDE in row.joins and len(self._world.sides) != 2:
            sides = len(self._world.sides)
            raise Unread(tree, f"`the other side` is said, but this world has {sides} sides", "Which side is meant, for each side?")
        return self._atom(tree)

    def _atom(self, tree: Tree[Token]) -> c.Atom:
        words, kind = _row(tree).words, _row(tree).at
        if kind is not None:
            return c.Atom(words, places=self._of_kind(kind, tree))
        for part in _trees(tree):
            if part.data == "place":
                return c.Atom(words, *self._place(part))
            (token,) = _tokens(part)
            return c.Atom(words, _spelt(token), party=self._party(token, _spelt(token)))
        return c.Atom(words)

    def _of_kind(self, kind: PlaceKind, tree: Tree[Token]) -> frozenset[PlaceId]:
        """Every place of a kind; in a world of nothing but names, any."""
        found = frozenset(place.id for place in self._world.places if place.kind is kind)
        if not found and any(place.kind is not PlaceKind.OTHER for place in self._world.places):
            reason = f"`{_row(tree).words}` is said, and the world has no {kind.value}"
            raise Unread(tree, reason, f"Which place is a {kind.value}, or should the phrase that names no kind of place be used?")
        return found

    def _place(self, tree: Tree[Token]) -> tuple[str, frozenset[PlaceId]]:
        (token,) = _tokens(tree)
        name = _spelt(token)
        places = places_named(self._world, name)
        if not places:
            known = sorted({p.area for p in self._world.places if p.area} | {p.name for p in self._world.places})
            raise Unread(token, f"the world has no place or area {name}", f"Which of these is meant: {', '.join(known)}?")
        return name, places

    def _limit(self, tree: Tree[Token]) -> c.Limit:
        match tree.data:
            case "calendar":
                days, unit = _tokens(tree)
                if _whole(days) > _MOST_DAYS:
                    raise _too_long(days)
                self._counted(days, unit, "calendar")
                return c.Calendar(_whole(days))
            case "left_open":
                return c.Open(" ".join(_tokens(tree)[0].strip("[]").split()))
            case _:
                return self._elapsed(tree)

    def _elapsed(self, tree: Tree[Token]) -> c.Elapsed:
        amount, unit = _tokens(tree)
        spelt = plain(_western(unit))
        name = next(name for name in _UNITS if spelt in {plain(each) for each in self._tongue.units[name]})
        number = _whole(amount)
        if not number:
            raise Unread(amount, f"0 {unit} is no time at all", "How long is it, or is it not agreed: `[time to be agreed]`?")
        if number * _UNITS[name] > _MOST_DAYS * DAY:
            raise _too_long(amount)
        self._counted(amount, unit, name)
        return c.Elapsed(number * _UNITS[name], number, name)

    def _counted(self, amount: Token, unit: Token, name: str) -> None:
        """One hour, twelve hours: a number and a unit that do not go together may have lost a digit. Arabic counts in other ways."""
        number = _whole(amount)
        said = ENGLISH.unit(number, name)
        if self._tongue is ENGLISH and plain(_western(unit)) != plain(said):
            raise Unread(amount, f"`{number} {unit}` is neither one nor several", f"Is it `{number} {said}`, or is the number another?")

    def _sourced(self, token: Token) -> c.Sourced:
        if not 2 <= _whole(token) <= _MOST_SOURCES:
            reason = f"{token} independent sources cannot be asked for: without the note, one signed record is enough"
            raise Unread(token, reason, f"How many, from 2 to {_MOST_SOURCES}?")
        return c.Sourced(_whole(token))

    def _note(self, tree: Tree[Token], shape: c.Shape) -> c.Note:
        words = [" ".join(_unquoted(token).split()) for token in _tokens(tree)]
        match tree.data:
            case "owed":
                return c.Owed(words[0], self._party(_tokens(tree)[0], words[0]))
            case "source":
                return c.Source(words[0])
            case "through":
                return c.Through(words[0])
            case "by_proof" if not isinstance(shape, c.Duty | c.Before | c.Hours):
                reason = "proved times are judged of duties, preconditions and hours alone, not of a sentence of this shape"
                raise Unread(tree, reason, "Should times count as they are claimed here, or can the term be written as a duty?")
            case "by_proof":
                return c.ByProof()
            case "sourced":
                return self._sourced(_tokens(tree)[0])
            case _:
                return c.ClockStops()

    def _party(self, token: Token, words: str) -> PartyId:
        """A debtor is a signatory, never a town or its people."""
        wanted = _debtor(words)
        for party in self._world.parties:
            if wanted in (_debtor(party.name), party.id) or (party.arabic and wanted == plain(party.arabic)):
                return party.id
        known = ", ".join(party.name for party in self._world.parties) or "nobody yet: the world names no party"
        raise Unread(token, f"{words} is no signatory", f"Which signatory owes it: {known}?")


def world_named(tree: Tree[Token], sides: Sequence[str]) -> World:
    """A world of nothing but the names in a text; two sides at least, since a text may speak of the other one."""
    places = {_spelt(_tokens(each)[0]) for each in tree.find_data("place")}
    debtors = {_spelt(_tokens(each)[0]) for rule in ("owed", "signatory") for each in tree.find_data(rule)}
    both = [*sides, *("one side", "another side")[: max(0, 2 - len(sides))]]
    return World(
        name="",
        zone="UTC",
        places=tuple(Place(PlaceId(plain(name)), name, PlaceKind.OTHER) for name in sorted(places)),
        sides=tuple(Side(SideId(side), side, "", 0) for side in both),
        parties=tuple(Party(PartyId(plain(name)), name) for name in sorted(debtors)),
    )


def _spelt(token: Token) -> str:
    return " ".join(_unquoted(token).split())


def places_named(world: World, name: str) -> frozenset[PlaceId]:
    """Every place that a name means: those of the area or side so called, or the place itself; capitals do not matter."""
    wanted = plain(name)
    areas = {side.area for side in world.sides if wanted in (plain(side.name), side.id, plain(side.area), plain(side.arabic))}
    return frozenset(
        place.id
        for place in world.places
        if (place.area and (place.area in areas or plain(place.area) == wanted))
        or wanted in (plain(place.name), place.id, plain(place.arabic))
    )


def _row(tree: Tree[Token]) -> Row:
    return ROWS[int(str(tree.data).removeprefix("row_"))]


def row_of(atom: c.Atom) -> Row:
    """The vocabulary's row behind a phrase."""
    return BY_WORDS[atom.words]


def _debtor(words: str) -> str:
    return plain(words).removeprefix("the ")


def plain(words: str) -> str:
    """Without capitals, Arabic vowel signs and doubled spaces: by what names are compared."""
    return " ".join(re.sub("[\u064b-\u0652\u0640]", "", words.casefold()).split())


def _numbers(tree: Tree[Token]) -> list[int]:
    numbers = [token for token in _tokens(tree) if token.type == "NUMBER"]
    for token in numbers:
        if _whole(token) > _MOST_COUNTED:
            raise Unread(token, f"{token} is more than there are people or buses", f"Is more than {_MOST_COUNTED:,} meant?")
    return [_whole(token) for token in numbers]


def _whole(token: Token) -> int:
    digits = _western(token).replace(",", "").lstrip("0")
    return int(digits[:_DIGITS] or "0")


def _western(token: Token) -> str:
    """A number, a clock time or a label in the digits in which they are kept and rendered."""
    return token.translate(_WESTERN)


def _too_long(amount: Token) -> Unread:
    reason = f"{amount} of these would be more than 100 years, and no limit may be longer"
    return Unread(amount, reason, "Is a limit of more than 100 years meant? If none was agreed, leave it `[time to be agreed]`.")


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [child for child in tree.children if isinstance(child, Token)]


def _unquoted(token: Token) -> str:
    return str(token).strip('"«»“”')
