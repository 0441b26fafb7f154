"""The exchange as claimed: what sources say has left each side, of what they say was agreed. Nothing of it is established."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safepassage.claims.bounds import PERSONS
from safepassage.claims.group import questions_of
from safepassage.claims.relate import topic_of
from safepassage.claims.words import Claim, hull
from safepassage.observation.desk import Basis, Predicate
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId, SideId
from safepassage.values.places import Side, World


class Agreed(msgspec.Struct, frozen=True):
    """A figure that was to leave, as claimed: 1,200 in one convoy, 2,500 in this period, 4,000 in all."""

    quantity: Count
    who: str
    basis: Basis
    entry: EntryId


class SideClaimed(msgspec.Struct, frozen=True):
    """One side. `departed`: all that the newest claims in all allow, None where nobody gives a figure; `origins`: independent ones."""

    side: SideId
    name: str
    departed: Count | None
    origins: int
    agreed: tuple[Agreed, ...]
    entries: tuple[EntryId, ...]


def exchange_as_claimed(claims: Iterable[Claim], world: World) -> tuple[SideClaimed, ...]:
    """Each side's departures and terms as claimed, in the order of the world's sides."""
    heard = sorted(claims, key=lambda claim: (claim.heard_at, claim.entry))
    return tuple(_side(side, [claim for claim in heard if _of(side, claim, world)], world) for side in world.sides)


def _of(side: Side, claim: Claim, world: World) -> bool:
    where = claim.said.where
    return where is not None and world.side_of_place(where) == side


def _side(side: Side, heard: list[Claim], world: World) -> SideClaimed:
    newest = _newest([claim for claim in heard if _departures(claim)], world)
    agreed = [claim for claim in heard if claim.said.predicate is Predicate.REQUIREMENT]
    return SideClaimed(
        side=side.id,
        name=side.name,
        departed=hull(claim.said.quantity for claim in newest) if newest else None,
        origins=len({claim.origin for claim in newest}),
        agreed=tuple(Agreed(claim.said.quantity, claim.said.who, claim.said.basis, claim.entry) for claim in agreed),
        entries=tuple(claim.entry for claim in newest),
    )


def _departures(claim: Claim) -> bool:
    said = claim.said
    return said.predicate is Predicate.LEFT and said.who == PERSONS and said.basis is Basis.CUMULATIVE


def _newest(claims: list[Claim], world: World) -> list[Claim]:
    """The claims in all of the last question of each place; a side whose people leave from several places has several."""
    topics = dict.fromkeys(topic_of(claim) for claim in claims)
    groups = [questions_of(topic, [claim for claim in claims if topic_of(claim) == topic], world)[-1] for topic in topics]
    if len(groups) > 1:  # figures of parts and of the whole are not added: only the newest question is shown
        groups = [max(groups, key=lambda group: (group[0].time.end, len(group[1]), group[0].asked))]
    return [claim for _, group in groups for claim in group]
