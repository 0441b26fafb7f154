"""One entry down to its bytes, and the setting that a phone needs."""

from __future__ import annotations

from safepassage.disclosure.log import NotAfter, NotBefore, ProofView
from safepassage.disclosure.movement import refs
from safepassage.disclosure.views import EntryView, Setting, SettingHead, SettingPlace, SettingVehicle
from safepassage.notation import context_for, render
from safepassage.picture import Picture


def entry_view(
    picture: Picture, index: int, envelope: bytes, proof: ProofView, not_before: NotBefore | None, not_after: NotAfter | None
) -> EntryView:
    """The entry as it was signed, with what proves that it is in the log."""
    entry = picture.entries[index]
    seen = entry.observation
    line = render(seen, context_for(seen, picture.world.zone))
    form = picture.counted(entry.id)
    counts = "not at all" if form is None else render(form.observation, context_for(form.observation, picture.world.zone))
    otherwise = counts if counts != line else ""
    amended = refs(picture, (other.id for other in picture.amended_by(entry.id)))
    return EntryView(
        index, entry.id, line, otherwise, seen.by, entry.device, entry.sequence, seen.seen_at, entry.logged_at, seen.standing,
        envelope.decode("utf-8"), proof, amended, not_before, not_after,
    )  # fmt: skip


def setting_of(picture: Picture, origin: str, head: SettingHead) -> Setting:
    world = picture.world
    return Setting(
        deployment=picture.opened.deployment,
        origin=origin,
        zone=world.zone,
        exercise=picture.opened.exercise,
        demonstration=picture.opened.demonstration,
        places=tuple(SettingPlace(place.id, place.name, place.kind.value, place.arabic) for place in world.places),
        vehicles=tuple(SettingVehicle(v.id, v.kind, v.seats, v.side) for v in world.vehicles),
        parties=tuple(party.id for party in world.parties),
        treehead=head,
    )
