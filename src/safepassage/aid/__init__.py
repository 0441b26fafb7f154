"""Aid: who asked to be let through and what became of it, what is needed where, and what was delivered.

A refusal of access is a finding in itself; so is an answer that was never recorded. What somebody only said is kept apart: it neither
answers a signed request nor adds to a signed delivery.
"""

from __future__ import annotations

from enum import Enum

import msgspec

from safepassage.fold import Form, Keepers, Kept
from safepassage.observation import Entry
from safepassage.observation.passage import AccessAsked, AccessGranted, AccessRefused, DeliveryMade, NeedStated, Relief, ReliefGiven
from safepassage.values.counts import NONE, Count, total
from safepassage.values.ids import EntryId, PartyId, PlaceId
from safepassage.values.times import Instant


class Answer(Enum):
    GRANTED = "granted"
    REFUSED = "refused"
    NONE_RECORDED = "no answer recorded"


class Answered(msgspec.Struct, frozen=True):
    """One answer to a request; a refusal can be followed by a grant, and both stay."""

    answer: Answer
    by: PartyId
    at: Instant
    alleged: bool
    entry: EntryId


class Request(msgspec.Struct, frozen=True):
    """A request for access. `relief` None: for a monitor. `answers`: in order of time, alleged ones among them."""

    asked_at: Instant
    place: PlaceId | None
    party: PartyId
    relief: Relief | None
    alleged: bool
    entry: EntryId
    answers: tuple[Answered, ...] = ()

    @property
    def last(self) -> Answered | None:
        """The last answer that counts: of a signed request, a signed one."""
        counted = [answer for answer in self.answers if self.alleged or not answer.alleged]
        return counted[-1] if counted else None

    @property
    def answer(self) -> Answer:
        return self.last.answer if self.last else Answer.NONE_RECORDED

    @property
    def answered_after(self) -> int | None:
        """Milliseconds from asking to the last answer that counts; None where none is recorded."""
        return self.last.at - self.asked_at if self.last else None

    @property
    def entries(self) -> tuple[EntryId, ...]:
        return (self.entry, *(answer.entry for answer in self.answers))


class Stage(Enum):
    """What was said of relief: that it is needed, that it was brought, that people received it."""

    NEEDED = "needed"
    DELIVERED = "delivered"
    GIVEN = "given"


class Statement(msgspec.Struct, frozen=True):
    """One need, delivery or gift, for so many heads."""

    at: Instant
    place: PlaceId | None
    stage: Stage
    relief: Relief
    heads: Count
    alleged: bool
    entry: EntryId


class PlaceAid(msgspec.Struct, frozen=True):
    """One place: its statements in order of time, signed and alleged apart."""

    place: PlaceId | None
    signed: tuple[Statement, ...] = ()
    alleged: tuple[Statement, ...] = ()

    def needed(self, relief: Relief) -> Count | None:
        """The newest signed need; None where nobody stated one. Needs of two days are not added."""
        stated = [statement.heads for statement in self.signed if (statement.stage, statement.relief) == (Stage.NEEDED, relief)]
        return stated[-1] if stated else None

    def delivered(self, relief: Relief) -> Count:
        """All signed deliveries added: rations for heads, not different people."""
        made = [statement.heads for statement in self.signed if (statement.stage, statement.relief) == (Stage.DELIVERED, relief)]
        return total(made) if made else NONE


_ASKING: frozenset[type] = frozenset({AccessAsked, AccessGranted, AccessRefused})
_GIVING: frozenset[type] = frozenset({NeedStated, DeliveryMade, ReliefGiven})


class Aid(Keepers):
    """The folds of access and relief, kept up as changes come."""

    def __init__(self) -> None:
        self._requests: Kept[EntryId, Request | None] = Kept(_ASKING, _requests_of, _request_of)
        self._places: Kept[PlaceId | None, PlaceAid] = Kept(_GIVING, lambda entry: (entry.observation.at,), _place_of)
        super().__init__(self._requests, self._places)

    def then(self, form: Form) -> Aid:
        """The same over the entries as `form` shows them."""
        past = Aid()
        past._requests, past._places = self._requests.then(form), self._places.then(form)
        return past

    def requests(self, alleged: bool = False) -> list[Request]:
        """Requests in order of time: the signed ones, or apart from them the alleged ones."""
        known = [request for request in self._requests.answers().values() if request is not None and request.alleged == alleged]
        return sorted(known, key=lambda request: (request.asked_at, request.entry))

    def places(self) -> list[PlaceAid]:
        """Every place of which a need, a delivery or a gift was recorded."""
        return [here for _, here in sorted(self._places.answers().items(), key=lambda pair: pair[0] or "")]

    def why_request(self, request: EntryId) -> list[Entry]:
        return self._requests.why(request)

    def why_place(self, place: PlaceId | None) -> list[Entry]:
        return self._places.why(place)


def _requests_of(entry: Entry) -> tuple[EntryId, ...]:
    match entry.observation.what:
        case AccessAsked():
            return (entry.id,)
        case AccessGranted(_, asked) | AccessRefused(_, asked):
            return (asked,)
        case _:
            return ()


def _request_of(key: EntryId, history: list[Entry]) -> Request | None:
    """The request and its answers; None while only answers are here and the request is not."""
    asked = next((entry for entry in history if entry.id == key), None)
    if asked is None or not isinstance(what := asked.observation.what, AccessAsked):
        return None
    seen = asked.observation
    answers = tuple(_answered(entry) for entry in history if entry.id != key)
    return Request(seen.seen_at, seen.at, what.party, what.relief, seen.told_by is not None, key, answers)


def _answered(entry: Entry) -> Answered:
    seen, what = entry.observation, entry.observation.what
    assert isinstance(what, AccessGranted | AccessRefused)  # keys are given to nothing else
    answer = Answer.GRANTED if isinstance(what, AccessGranted) else Answer.REFUSED
    return Answered(answer, what.party, seen.seen_at, seen.told_by is not None, entry.id)


def _place_of(place: PlaceId | None, history: list[Entry]) -> PlaceAid:
    stated = [_statement(entry) for entry in history]
    return PlaceAid(place, tuple(s for s in stated if not s.alleged), tuple(s for s in stated if s.alleged))


def _statement(entry: Entry) -> Statement:
    seen, what = entry.observation, entry.observation.what
    assert isinstance(what, NeedStated | DeliveryMade | ReliefGiven)  # keys are given to nothing else
    stage = {NeedStated: Stage.NEEDED, DeliveryMade: Stage.DELIVERED, ReliefGiven: Stage.GIVEN}[type(what)]
    return Statement(seen.seen_at, seen.at, stage, what.relief, what.heads, seen.told_by is not None, entry.id)
