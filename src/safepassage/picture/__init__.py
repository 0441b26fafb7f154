"""The common operational picture: all folds at one tree size. `Picture = f(entries[:n], now)`, kept up entry by entry.

Nothing here interprets twice: each fold is fed the same changes, and each answers for itself. The picture of an earlier tree
size stays available by building it from those entries: what did we know then?
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec.structs import replace

from safepassage.agreement.asked import Asked, asked
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import Ground, facts_of
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.linked import Linked
from safepassage.agreement.monpoly import LeftOut, Opinion, left_out, opinions
from safepassage.agreement.once import each_once
from safepassage.agreement.parity import Exchange
from safepassage.agreement.proved import Proved
from safepassage.agreement.verdict import ClauseVerdict, InstanceVerdict
from safepassage.aid import Aid
from safepassage.claims import Claims, Dispute, our_bounds
from safepassage.errors import NOT_REACHED, stop
from safepassage.fold import Change, Feed, Form, Keepers, Kept
from safepassage.observation import Entry
from safepassage.observation.desk import AgreementAdopted, AgreementAmended
from safepassage.observation.setting import DeploymentOpened
from safepassage.picture import decided
from safepassage.picture.decided import Call, PlanNow, RefusalAnswer, Standing, Suspension
from safepassage.values.ids import CardId, ClauseLabel, EntryId, EnvelopeDigest, PlaceId, PlanId, VehicleId
from safepassage.values.places import World, parse_world
from safepassage.values.times import Instant
from safepassage.whereabouts import Question, Whereabouts, by_size, of_unbelieved


class Picture:
    """All folds over the entries heard so far. `opening` is the ledger's first entry."""

    def __init__(self, opening: Entry) -> None:
        if not isinstance(opened := opening.observation.what, DeploymentOpened):
            stop(NOT_REACHED, reason="the first entry does not open a deployment")
        self.opened: DeploymentOpened = opened
        self.world: World = parse_world(opened.world)
        self.entries: list[Entry] = []
        self.now = Instant(0)
        self.whereabouts = Whereabouts(self.world)
        self.claims = Claims(self.world)
        self.aid = Aid()
        self._index: dict[EntryId, int] = {}
        self._form: Form = _none_yet
        self._proved: Proved = {}
        self._plans = Kept(decided.PLANS, _all, decided.plans_of)
        self._calls = Kept(decided.CALLS, _all, decided.calls_of)
        self._answers = Kept(decided.ANSWERS, _all, decided.answers_of)
        self._suspensions = Kept(decided.PASSAGE, _all_signed, decided.suspensions_of)
        self._lights = Kept(decided.LIGHTS, _all, decided.lights_of)
        self._withdrawn = Kept(decided.LIGHTS, _all, decided.withdrawn_of)
        self._closed = Kept(decided.ROADS, _all_signed, decided.closed_of)
        self._refusing = Kept(decided.DRIVERS, _all, decided.refusing_of)
        self._rooms = Kept(decided.ROOMS, _all_signed, decided.rooms_of)
        passage = (self._suspensions, self._lights, self._withdrawn, self._closed, self._refusing, self._rooms)
        decisions = (self._plans, self._calls, self._answers, *passage)
        self._folds = Keepers(self.whereabouts, self.claims, self.aid, *decisions)
        self.add(opening, opening.logged_at)

    @classmethod
    def of(cls, entries: Iterable[Entry], now: Instant) -> Picture:
        """The picture of these entries, the first of which opens the deployment."""
        first, *rest = entries
        picture = cls(first)
        for entry in rest:
            picture.add(entry, entry.logged_at)
        picture.settle(now)
        return picture

    def add(self, entry: Entry, now: Instant) -> None:
        """Take an entry in; time goes on to `now`, never back."""
        self.settle(now)
        self.entries.append(entry)
        self._index[entry.id] = entry.index
        for change in self._feed.add(entry, self.now):
            self._take(change)

    def settle(self, now: Instant) -> None:
        """Let time pass: limits run out, entries held aside come into force."""
        self.now = max(self.now, now)
        for change in self._feed.settle(self.now):
            self._take(change)

    def as_of(self, at: Instant) -> Picture:
        """How it was at an instant, by all that is known now: what was corrected since is corrected here too."""

        def form(id: EntryId) -> Entry | None:
            entry = self._in_force.get(id)
            return entry if entry is not None and entry.observation.seen_at <= at else None

        past = self._then(form, at, self.size)
        past._feed = self._feed
        return past

    def as_known(self, size: int, now: Instant | None = None) -> Picture:
        """What was known when the ledger had `size` entries, at `now`: when the last of them was heard, or later.

        Equal to the picture of those entries alone (tests/laws/test_as_known.py); each fold is cut where it is asked, nothing is replayed.
        """
        at = max(now or Instant(0), self.entries[size - 1].logged_at)
        return self._then(lambda id: self._feed.form_at(id, size, at), at, size)

    def as_heard(self, at: Instant) -> Picture:
        """What was known at an instant, by what had been heard by then; the opening always had been."""
        return self.as_known(max(1, bisect_right(self.entries, at, key=lambda entry: entry.logged_at)), at)

    # Answers of the small folds.
    @property
    def size(self) -> int:
        return len(self.entries)

    @property
    def held(self) -> list[Entry]:
        return self._feed.held

    def contradictions(self) -> list[Question]:
        """Everything that cannot be so, largest first: of the folds, and of devices that are not believed any more."""
        unbelieved = [question for entry in self._feed.unbelieved if (question := of_unbelieved(entry)) is not None]
        return sorted([*self.whereabouts.questions(), *unbelieved], key=by_size)

    def entry(self, id: EntryId) -> Entry:
        """The entry as it was signed."""
        return self.entries[self._index[id]]

    def counted(self, id: EntryId) -> Entry | None:
        """The form in which it counts: corrected, confirmed; None: it does not."""
        return self._in_force.get(id)

    def knows(self, id: EntryId) -> bool:
        return self._index.get(id, self.size) < self.size

    def verdicts(self) -> list[ClauseVerdict]:
        """Clause by clause, at `now`, reasons left out; none where no agreement was adopted."""
        if self._evaluator is None:
            return []
        self._evaluator.settle(self.now)
        return self._evaluator.verdicts()

    def reasons(self, label: ClauseLabel, ones: Sequence[InstanceVerdict]) -> list[InstanceVerdict]:
        """These instances of one clause with their reasons, at `now`."""
        return [] if self._evaluator is None else self._evaluator.reasons(label, ones)

    def linked(self) -> Linked | None:
        """What links the sides, and what may be done next; None where no agreement was adopted."""
        if self._evaluator is None:
            return None
        self._evaluator.settle(self.now)
        return self._evaluator.linked()

    @property
    def asks_for_proof(self) -> bool:
        """Whether a clause counts times only as far as they are proved."""
        return self._evaluator is not None and any(clause.by_proof for clause in self._evaluator.agreement.clauses)

    def prove(self, proved: Proved) -> None:
        """What is proved of when entries were made; who asks a cosigner or opens an envelope stands outside of any picture."""
        self._proved = proved
        if self._evaluator is not None:
            self._evaluator.prove(proved)

    def asked(self) -> Asked | None:
        """What the agreement asks of a plan; None where none was adopted."""
        return None if self._evaluator is None else asked(self._evaluator.agreement)

    def opinions(self) -> list[Opinion]:
        """Every clause as another monitor is given it to judge, with what is in force at `now`."""
        if self._evaluator is None:
            return []
        agreement, ground, found = self._evaluator.agreement, Ground(self.world), dict[str, Opinion]()
        for clauses, entries in self._evaluator.counted(self._in_force.values()):
            facts = each_once(fact for entry in entries for fact in facts_of(entry, ground))
            mine = opinions(replace(agreement, clauses=clauses), self.world, self._evaluator.opened, facts, self.now)
            found |= {opinion.label: opinion for opinion in mine}
        return [found[clause.label] for clause in agreement.clauses if clause.label in found]

    def left_out(self) -> list[LeftOut]:
        """Every clause of which another monitor is given nothing."""
        return [] if self._evaluator is None else left_out(self._evaluator.agreement)

    def exchange(self) -> Exchange | None:
        """What each side has given and received; None where no agreement was adopted."""
        if self._evaluator is None:
            return None
        self._evaluator.settle(self.now)
        return self._evaluator.exchange()

    def disputes(self) -> list[Dispute]:
        """Claims side by side, and our own bound beside them."""
        return self.claims.disputes(our_bounds(self.world, self.whereabouts, self.now))

    def plans(self) -> dict[PlanId, PlanNow]:
        return self._plans.answers().get("all", {})

    def adopted(self) -> PlanNow | None:
        """The plan in force."""
        return next((plan for plan in self.plans().values() if plan.standing is Standing.ADOPTED), None)

    def calls(self) -> dict[CardId, tuple[Call, ...]]:
        return self._calls.answers().get("all", {})

    def refusals_answered(self) -> dict[EnvelopeDigest, RefusalAnswer]:
        """What people said of envelopes that were not accepted, here or at another hub."""
        return self._answers.answers().get("all", {})

    def suspensions(self) -> tuple[Suspension, ...]:
        return self._suspensions.answers().get("all", ())

    def green_lights(self) -> dict[str, EntryId]:
        return self._lights.answers().get("all", {})

    def lights_withdrawn(self) -> dict[str, EntryId]:
        """Green lights that had been given and stand no longer."""
        return self._withdrawn.answers().get("all", {})

    def roads_closed(self) -> dict[tuple[PlaceId, PlaceId], EntryId]:
        """From which place to which, and the entry that says so."""
        return self._closed.answers().get("all", {})

    def rooms(self) -> dict[PlaceId, tuple[decided.Room, ...]]:
        """What receptions say that they take."""
        return self._rooms.answers().get("all", {})

    def drivers_refusing(self) -> dict[VehicleId, EntryId]:
        """Vehicles that nobody drives."""
        return self._refusing.answers().get("all", {})

    def amended_by(self, id: EntryId) -> list[Entry]:
        """Later entries that correct, confirm or withdraw this one."""
        return self._feed.amendments(id)

    # The parts.
    def _then(self, form: Form, at: Instant, size: int) -> Picture:
        past = Picture(self.entries[0])
        past.entries, past._index, past._form, past.now = self.entries[:size], self._index, form, at
        for kept in ("_in_force", "_feed", "_evaluator"):
            past.__dict__.pop(kept)  # made anew from the form, where somebody asks
        past.whereabouts, past.claims, past.aid = self.whereabouts.then(form), self.claims.then(form), self.aid.then(form)
        past._plans, past._calls, past._answers = self._plans.then(form), self._calls.then(form), self._answers.then(form)
        past._suspensions, past._lights = self._suspensions.then(form), self._lights.then(form)
        return past

    @cached_property
    def _in_force(self) -> dict[EntryId, Entry]:
        """Every form that counts; kept up from then on."""
        return {entry.id: form for entry in self.entries if (form := self._form(entry.id)) is not None}

    @cached_property
    def _feed(self) -> Feed:
        """What is made of entries as they are heard; kept up from then on."""
        feed = Feed()
        for entry in self.entries:
            feed.add(entry, self.now)
        return feed

    @cached_property
    def _evaluator(self) -> Evaluator | None:
        """The agreement's; kept up from then on."""
        return self._agreed()

    def _take(self, change: Change) -> None:
        self._keep(change)
        self._folds.add(change)
        if _is_agreement(change):
            self._evaluator = self._agreed()
        elif self._evaluator is not None:
            self._evaluator.add(change)

    def _keep(self, change: Change) -> None:
        if change.out is not None:
            del self._in_force[change.out.id]
        if change.into is not None:
            self._in_force[change.into.id] = change.into

    def _agreed(self) -> Evaluator | None:
        """The evaluator of the newest text in force, fed with all that is in force: a late adoption takes the same path."""
        texts = [
            (entry.observation.seen_at, entry.id, what)
            for entry in self._in_force.values()
            if isinstance(what := entry.observation.what, AgreementAdopted | AgreementAmended)
        ]
        if not texts:
            return None
        _, _, newest = max(texts, key=lambda text: text[:2])
        first = min(what.since for _, _, what in texts)
        evaluator = Evaluator(parse_agreement(newest.text, self.world, "agreement.clauses"), self.world, first)
        evaluator.prove(self._proved)
        for entry in self._in_force.values():
            evaluator.add(Change(None, entry))
        return evaluator


def _none_yet(_: EntryId) -> None:
    """No form of any entry counts before the first is heard."""


def _all(_: Entry) -> tuple[str]:
    return ("all",)


def _all_signed(entry: Entry) -> tuple[str, ...]:
    return ("all",) if entry.observation.told_by is None else ()


def _is_agreement(change: Change) -> bool:
    return any(
        form is not None and isinstance(form.observation.what, AgreementAdopted | AgreementAmended) for form in (change.out, change.into)
    )
