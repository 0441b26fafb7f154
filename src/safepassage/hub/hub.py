"""The hub of one deployment. Whoever wants to know what happens to an observation reads `Hub.receive`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from types import MappingProxyType

from msgspec.structs import replace

from safepassage.agreement.asked import Asked
from safepassage.agreement.linked import Linked
from safepassage.agreement.monpoly import LeftOut, Opinion
from safepassage.agreement.proved import Bounds
from safepassage.disclosure import Audience, LogState, View, disclose, with_answers
from safepassage.disclosure.entry import entry_view, setting_of
from safepassage.disclosure.log import NotBefore, ProofView, RefusalView
from safepassage.disclosure.views import EntryView, Setting, SettingHead
from safepassage.disclosure.where import Answer, changed, where
from safepassage.errors import NO_FOLDER, STORE_DAMAGED, Refusal, TryAgain, stop
from safepassage.hub.attesting import Attested
from safepassage.hub.bulk import Judged, Judges, lets_in
from safepassage.hub.drift import Drift
from safepassage.hub.folder import HUB, LOG, Folder
from safepassage.intake.door import Accepted, Door, Waits, epoch_of
from safepassage.ledger.chains import Chain
from safepassage.ledger.envelope import FIRST, Envelope, Header, read, seal
from safepassage.ledger.keys import parse_vkey
from safepassage.ledger.ledger import Receipt
from safepassage.ledger.proof import Proof
from safepassage.ledger.store import Kept, Row
from safepassage.ledger.verify import Progress, Verification
from safepassage.observation import Entry, Observation, from_bytes, to_bytes
from safepassage.picture import Picture
from safepassage.planner.extract import USUAL, Effort, propose
from safepassage.planner.plan import Infeasible
from safepassage.planner.postings import Duty
from safepassage.planner.watching import Watching, watching
from safepassage.values.ids import DeviceId, EntryId, EnvelopeDigest, ObserverId
from safepassage.values.times import Instant

Clock = Callable[[], Instant]
PLAN_SEED = 1


class Hub:
    """Opens a folder, keeps its picture, and receives. One hub writes to a folder at a time."""

    def __init__(self, folder: Folder, clock: Clock, writer: bool = True) -> None:
        self.folder, self.clock = folder, clock
        self.ledger = folder.ledger(writer)
        self.door = Door(folder.about.deployment, parse_vkey(folder.about.authority), folder.about.demonstration)
        self.attested = Attested(folder)
        self.picture: Picture | None = None
        self.infeasible: Infeasible | None = None
        self.effort = USUAL
        """What a proposal may cost. Whoever serves raises it once compiled functions are there: until then they would hold a tick."""
        self._quoted: list[Instant | None] = []
        """Of each entry, when the newest tree head that it quotes was here."""
        self._drift = Drift()
        self._told: list[Callable[[int], None]] = []
        self._judges = Judges()
        for row in self.ledger.read():
            self._follow(_entry(row))
        if writer and folder.keys.has(LOG):
            with suppress(TryAgain):  # where the disk is full they go on waiting
                self._try_all_again()

    def receive(self, data: bytes) -> Receipt | Refusal:
        """The life of one observation: from bytes that somebody carried here to an entry that every picture follows.

        Raises
        ------
        TryAgain
            The disk is full or cannot be written: nothing was appended, the sender still has it.
        LedgerAtRisk
            Nothing more is signed.
        """
        envelope = read(data)  # its form
        if isinstance(envelope, Refusal):
            return self.ledger.refuse(envelope, self.clock())
        if (receipt := self._known(envelope.id)) is not None:  # a second copy: the old receipt
            return receipt
        judged = self.door.judge(envelope)  # who signed it, and may they say this here
        if isinstance(judged, Waits):
            return self.ledger.wait(envelope, self.clock())
        if isinstance(judged, Refusal):
            return self.ledger.refuse(judged, self.clock(), envelope.header.device)
        (receipt,) = self.ledger.append([envelope], self.clock())  # once, for good, under a signed tree head
        self._catch_up()  # folds, picture, whoever watches
        return receipt

    def receive_all(self, batch: list[bytes]) -> list[Receipt | Refusal]:
        """Many at once, under one fsync from one enrolment to the next; the same answers as one by one."""
        copies = self.ledger.known_copies(batch)
        rest = [data for data, copy in zip(batch, copies, strict=True) if copy is None]
        judged = iter(self._judges.judge(self.door, rest))
        each = [(data, copy or next(judged)) for data, copy in zip(batch, copies, strict=True)]
        answers: list[Receipt | Refusal] = []
        for together, group in groupby(each, key=lambda one: self._together(one[1])):
            datas, found = zip(*group, strict=True)
            answers += self._append_all(found) if together else [self.receive(data) for data in datas]
        return answers

    def decide(self, device: DeviceId, observation: Observation) -> Receipt | Refusal:
        """Sign with a key that this machine holds, and receive it like any other. A hub never signs for a person: `device` is
        the authority's or the hub's own, or a demonstration's."""
        signer = self.folder.keys.signer(device)
        return self.receive(seal(self.header(device), to_bytes(observation), signer))

    def header(self, device: DeviceId) -> Header:
        """What the device's next envelope says of its chain."""
        epoch = epoch_of(device)
        sequence, previous = self.ledger.newest_of(device, epoch) or (0, FIRST)
        head = self.ledger.head
        return Header(self.folder.about.deployment, device, epoch, sequence + 1, previous, head.size, head.root.hex())

    @property
    def proposes(self) -> bool:
        """Of several hubs only the first proposes: plans are numbered, and two hubs that are apart would give one number twice."""
        return self.folder.about.hub == HUB

    def propose(
        self,
        because: EntryId | None = None,
        anew: bool = True,
        seed: int = PLAN_SEED,
        effort: Effort | None = None,
        amounts: bool = False,
    ) -> Receipt | Refusal | None:
        """Let the planner propose, as the machine that it is; None where there is nothing to propose, `infeasible` says why, and with
        `amounts` what would have to give how much. Not `anew`: only where the plan in force does not stand. `effort`: if not its own."""
        if self.picture is None or not self.proposes or not self.folder.keys.has(HUB):
            return None
        proposal = propose(self.picture, self.clock(), seed, effort or self.effort, because, anew, amounts)
        self.infeasible = proposal if isinstance(proposal, Infeasible) else None
        if proposal is None or isinstance(proposal, Infeasible):
            return None
        return self.decide(HUB, Observation(by=ObserverId("hub"), seen_at=self.clock(), what=proposal))

    def tick(self) -> Receipt | Refusal | None:
        """What time itself asks of a hub: limits run out; an assumption of the plan in force that falls leads to a proposal."""
        if self.picture is None:
            return None
        self.picture.settle(self.clock())
        fell = self._drift.unanswered(self.picture)
        return self.propose(fell.entry, anew=False) if fell is not None else None

    def picture_at(self, size: int) -> Picture:
        """What was known when the ledger had `size` entries."""
        return self._now().as_known(size)

    def view(self, audience: Audience, size: int | None = None) -> View:
        """What an audience may see, now or as it was known at a tree size."""
        return self._shown(self._now() if size is None or size >= self.ledger.size else self.picture_at(size), audience)

    def view_then(self, audience: Audience, known_at: Instant) -> View:
        """What an audience may see of what had been heard by an instant."""
        return self._shown(self._known_then(known_at), audience)

    def _shown(self, picture: Picture, audience: Audience) -> View:
        self._prove(picture)
        refused, waiting = tuple(map(_refusal, self.ledger.refused())), sum(1 for _ in self.ledger.waiting())
        root = self.ledger.root_at(picture.size).hex()
        return disclose(picture, audience, LogState(self.ledger.size, root, refused, waiting, self.attested.view()))

    def _prove(self, picture: Picture) -> None:
        """Where its agreement asks: what is proved of when each entry was made, by what was known at the picture's moment."""
        if not picture.asks_for_proof:
            return
        for row in self.ledger.read(len(self._quoted), self.ledger.size):
            quoted = self._not_before(row)
            self._quoted.append(None if quoted is None else quoted.at)
        vouched = self.attested.not_after_each(self.ledger.size, picture.now)
        picture.prove({entry.id: Bounds(self._quoted[entry.index], vouched[entry.index]) for entry in picture.entries})

    def where(
        self, question: str, about: str = "", known_at: Instant | None = None, size: int | None = None, as_of: Instant | None = None
    ) -> Answer:
        """An answer for the duty officer: now, as it was known at an instant or a tree size, as it was at an instant, or of both."""
        if size is not None and 0 < size < self.ledger.size:
            picture = self.picture_at(size)
        else:
            picture = self._live() if known_at is None else self._known_then(known_at)
        return where(picture if as_of is None else picture.as_of(as_of), question, about)

    def newest_at(self) -> Instant:
        """When the newest entry was heard."""
        return self._now().now

    def opened_at(self) -> Instant:
        """When the first entry was heard; before it nothing had been."""
        return self._now().entries[0].logged_at

    def changed(self, since: Instant) -> Answer:
        """What changed since it was known so, and by which late reports."""
        return changed(self._known_then(since), self._live())

    def linked(self, known_at: Instant | None = None) -> Linked | None:
        """What links the sides, and what may be done next; now, or by what had been heard by an instant."""
        return (self._now() if known_at is None else self._known_then(known_at)).linked()

    def asked(self, known_at: Instant | None = None) -> Asked | None:
        """What the agreement asks of a plan; now, or by what had been heard by an instant."""
        return (self._now() if known_at is None else self._known_then(known_at)).asked()

    def watching(self, duty: Duty, staff: int | None = None, known_at: Instant | None = None) -> Watching | None:
        """Who watches the plan in force, from now on; or by what had been heard by an instant, from then on."""
        return watching(self._now() if known_at is None else self._known_then(known_at), duty, staff)

    def opinions(self) -> list[Opinion]:
        """The agreement's clauses as another monitor is given them to judge."""
        return self._now().opinions()

    def left_out(self) -> list[LeftOut]:
        """Those of which it is given nothing, and why."""
        return self._now().left_out()

    def entry(self, index: int, known_at: Instant | None = None) -> EntryView:
        """One entry, for whoever may read entries; how it counts now, or by what had been heard by an instant."""
        (row,) = self.ledger.read(index, index + 1)
        proof = self.ledger.prove(index)
        root = self.ledger.head.root.hex()
        shown = ProofView(self.ledger.head.size, root, tuple(h.hex() for h in proof.hashes))
        picture = self._now() if known_at is None else self._known_then(known_at)
        return entry_view(picture, index, row.envelope, shown, self._not_before(row), self.attested.not_after(index))

    def _not_before(self, row: Row) -> NotBefore | None:
        """The tree head that the device quotes proves that it signed after that; if it is one of this log's."""
        envelope = read(row.envelope)
        size, root = (0, "") if isinstance(envelope, Refusal) else (envelope.header.tree_size, envelope.header.tree_root)
        if not 0 < size <= row.index or self.ledger.root_at(size).hex() != root:
            return None
        (last,) = self.ledger.read(size - 1, size)
        return NotBefore(size, last.logged_at)

    def proof(self, index: int) -> Proof:
        """The proof that the entry is in the log, with the entry: for whoever has the log's key and nothing else."""
        (row,) = self.ledger.read(index, index + 1)
        return replace(self.ledger.prove(index), extra=row.envelope)

    def setting(self) -> Setting:
        """What a phone must know to record."""
        head = self.ledger.head
        return setting_of(self._now(), self.folder.origin, SettingHead(head.size, head.root.hex()))

    def _live(self) -> Picture:
        """The picture now. The clock of an exercise stands at its newest entry; a real one runs on, so that limits run out."""
        picture = self._now()
        if not picture.opened.exercise:
            picture.settle(self.clock())
        return picture

    def _known_then(self, at: Instant) -> Picture:
        """The picture of what had been heard by an instant."""
        return self._now().as_heard(at)

    def _now(self) -> Picture:
        if self.picture is None:
            stop(NO_FOLDER, folder=str(self.folder.path))
        return self.picture

    def verify(self, progress: Progress | None = None) -> Verification:
        """Check the whole ledger from its bytes, with nothing but public keys."""
        return self.folder.verify(progress)

    def refused(self) -> Iterator[Kept]:
        return self.ledger.refused()

    def refusals(self) -> list[RefusalView]:
        """The same with what people answered: open ones first, and of either the newest."""
        return with_answers(self._now(), [_refusal(kept) for kept in self.refused()])

    def waiting(self) -> Iterator[Kept]:
        return self.ledger.waiting()

    def chains(self) -> list[Chain]:
        return self.ledger.chains()

    def on_growth(self, tell: Callable[[int], None]) -> Callable[[], None]:
        """Call `tell(size)` after every entry; the answer stops it."""
        self._told.append(tell)
        return lambda: self._told.remove(tell)

    def close(self) -> None:
        self._judges.close()
        self.ledger.close()

    # The parts.
    def _together(self, judged: Judged | Receipt) -> bool:
        """Whether it may be appended with others: nothing that one of them lets in could change what was judged."""
        return isinstance(judged, Receipt) or (isinstance(judged, Accepted) and self.picture is not None and not lets_in(judged))

    def _append_all(self, group: Sequence[Judged | Receipt]) -> list[Receipt]:
        fresh = {one.envelope.id: one for one in group if isinstance(one, Accepted)}
        receipts = self.ledger.append([one.envelope for one in fresh.values()], self.clock()) if fresh else []
        placed = {receipt.id: receipt for receipt in receipts}
        self._catch_up(fresh)
        return [one if isinstance(one, Receipt) else placed[one.envelope.id] for one in group if isinstance(one, Receipt | Accepted)]

    def _known(self, id: EntryId) -> Receipt | None:
        """The receipt of what is in the ledger; what no tree head covers yet (SP-408) is put under one first."""
        receipt = self.ledger.known_id(id)
        if receipt is not None and receipt.index >= self.ledger.head.size:
            self.ledger.append([], self.clock())
            self._catch_up()
        return receipt

    def _catch_up(self, fresh: Mapping[EntryId, Accepted] = MappingProxyType({})) -> None:
        """Everything that the tree head covers and that the picture has not followed: mostly what was just appended (`fresh`)."""
        while self._followed < self.ledger.head.size:
            for row in self.ledger.read(self._followed, self.ledger.head.size):
                judged = fresh.get(row.id)
                enrolled = self._follow(_entry(row) if judged is None else _placed(row, judged.envelope, judged.observation))
                for tell in tuple(self._told):
                    tell(row.index + 1)
                if enrolled is not None:
                    self._try_again(enrolled)
                    break  # what waited for it has been followed meanwhile

    @property
    def _followed(self) -> int:
        return self.picture.size if self.picture is not None else 0

    def _follow(self, entry: Entry) -> DeviceId | None:
        """Picture and door follow the entry; the device that it enrols."""
        if self.picture is None:
            self.picture = Picture(entry)
        else:
            self.picture.add(entry, entry.logged_at)
        return self.door.learn(entry.observation, self.picture.world)

    def _try_again(self, device: DeviceId) -> None:
        """What waited for this device's enrolment, or of the authority's for the opening."""
        for kept in [kept for kept in self.ledger.waiting() if kept.device == device]:
            self.receive(kept.envelope)
            self.ledger.release([kept.digest])

    def _try_all_again(self) -> None:
        """What still waits though its device is enrolled: whoever wrote before was killed between the two."""
        if self.picture is None:
            return  # everything waits for the opening
        for device in dict.fromkeys(kept.device for kept in self.ledger.waiting()):
            if self.door.device(device) is not None:
                self._try_again(device)


def _refusal(kept: Kept) -> RefusalView:
    return RefusalView(EnvelopeDigest(kept.digest), kept.device, kept.kept_at, kept.problem.number, kept.problem.what)


def _entry(row: Row) -> Entry:
    envelope = read(row.envelope)
    if isinstance(envelope, Refusal) or envelope.id != row.id:
        stop(STORE_DAMAGED, reason=f"entry {row.index} is not what it was", folder="the ledger")
    return _placed(row, envelope, from_bytes(envelope.payload))


def _placed(row: Row, envelope: Envelope, observation: Observation) -> Entry:
    return Entry(row.id, row.index, row.logged_at, envelope.header.device, envelope.header.sequence, observation)
