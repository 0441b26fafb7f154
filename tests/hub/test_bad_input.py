"""What the world sends wrongly, through the real door: each gets its number, its place and a remedy, and nothing is lost.

Source: DESIGN 2, "Life of one observation"; STYLE 3. Inputs that are files lie in testdata/bad, one for each defect.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from safepassage.disclosure import Audience
from safepassage.disclosure.log import DeviceView
from safepassage.errors import InputError, LedgerAtRisk, Problem, Refusal, TryAgain
from safepassage.hub.folder import AUTHORITY, open_folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create
from safepassage.ledger import ledger as ledger_module
from safepassage.ledger.envelope import FIRST, Envelope, Header, read, seal
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.ledger import Receipt
from safepassage.notation import parse_log
from safepassage.observation import Observation, to_bytes
from safepassage.observation.amend import Corrected
from safepassage.observation.desk import AgreementAmended
from safepassage.observation.passage import AccessAsked, PassageSuspended
from safepassage.observation.people import Boarded, PersonRegistered, TakenOff, WaitingCounted
from safepassage.observation.setting import DeviceEnrolled, DeviceRevoked, PostTaken
from safepassage.observation.vehicles import Departed, HeadsCounted
from safepassage.simulate.player import Device
from safepassage.values.counts import Count, Tally, exactly
from safepassage.values.ids import DeploymentId
from safepassage.values.people import Role
from safepassage.values.times import Instant
from tests.hub.making import BAD, DAWN, NAME, House, seen

FORTY = HeadsCounted("B-07", exactly(40))

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()
    assert made.folder.verify().proved


def refused(house: House, answer: Receipt | Refusal, number: int, *words: str) -> Problem:
    """It has this number and says these words; nothing was appended, its bytes are kept with the same words."""
    assert isinstance(answer, Refusal), answer
    said = str(answer.problem)
    assert answer.problem.number == number and all(word in said for word in words), said
    assert answer.problem.do
    kept = [*house.hub.refused(), *house.hub.waiting()]
    assert (answer.envelope, answer.problem) in [(each.envelope, each.problem) for each in kept]
    assert house.hub.ledger.size == house.hub.picture.size
    return answer.problem


# --- lines and files --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("no-context.log", "SP-102 at no-context.log, line 1: No day and time zone is in force here. Begin the file with"),
        ("malformed-count.log", "SP-101 at malformed-count.log, line 3, column 36: This line is not in field notation: expected a count"),
        ("unknown-label.log", "SP-103 at unknown-label.log, line 2, column 33: Nothing above is labelled [never-said]. Label the line"),
        ("doubled-line.log", "SP-104 at doubled-line.log, line 3: This line says the same as line 2, to the second. Delete one"),
    ],
)
def test_a_malformed_line_is_named_with_file_line_column_what_was_expected_and_what_to_do(file: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        list(parse_log((BAD / file).read_text("utf-8"), file))
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("world", "clauses", "said"),
    [
        ("reversed.world.toml", None, "SP-110 at world.toml: "),
        (None, "ambiguous.clauses", "SP-501 at agreement.clauses, line 3, column 59: "),
    ],
)
def test_a_world_or_a_clause_that_cannot_be_read_makes_no_folder(tmp_path: Path, world: str | None, clauses: str | None, said: str) -> None:
    whole = House(tmp_path / "whole").folder
    texts = [(BAD / file).read_text("utf-8") if file else there for file, there in ((world, ""), (clauses, ""))]
    world_text = texts[0] or (whole.path / "world.toml").read_text("utf-8")
    with pytest.raises(InputError) as caught:
        create(tmp_path / "night", NAME, world_text, texts[1], DAWN, demonstration=True)
    assert str(caught.value).startswith(said)
    assert not (tmp_path / "night").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('zone = "', 'zone = "Nowhere/', "is no time zone that this machine knows"),
        ("minutes = ", "minutes = -", "minutes, overdue after"),
    ],
)
def test_a_zone_or_a_road_that_cannot_be_makes_no_folder(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (ROOT / "scenarios" / "six-buses-burned" / "world.toml").read_text("utf-8").replace(old, new, 1)
    with pytest.raises(InputError) as caught:
        create(tmp_path / "night", NAME, text, "", DAWN, demonstration=True)
    assert "SP-110" in str(caught.value) and said in str(caught.value)


# --- envelopes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "number", "words"),
    [
        ("altered.envelope", 202, "The signature of device m17-1 does not fit these bytes."),
        ("spaces.envelope", 201, "they differ from their own re-encoding"),
        ("torn.envelope", 201, "its lines are not those of"),
    ],
)
def test_an_altered_or_broken_envelope_is_refused_and_its_bytes_are_kept(house: House, file: str, number: int, words: str) -> None:
    before, data = house.hub.ledger.size, (BAD / file).read_bytes()
    answer = house.hub.receive(data)
    refused(house, answer, number, words, "Its bytes are kept.")
    assert house.hub.ledger.size == before
    assert [each.envelope for each in house.again().refused()] == [data]


def test_an_envelope_forged_with_another_key_is_refused_and_the_true_one_is_still_accepted(house: House) -> None:
    forger = Device(NAME, "m17")
    forger.signer = demo_signer(DeploymentId("elsewhere"), forger.id)
    forged = forger.seal(seen("m17", FORTY))
    refused(house, house.hub.receive(forged), 202, "ask whoever holds m17-1")
    assert isinstance(house.says("m17", FORTY), Receipt)


def test_a_doubled_envelope_gets_its_old_receipt_and_the_ledger_does_not_grow(house: House) -> None:
    data = house.sealed("m17", FORTY)
    first, size = house.hub.receive(data), house.hub.ledger.size
    house.now = Instant(DAWN + 3_600_000)
    assert house.hub.receive(data) == first == house.again().receive(data)
    assert house.hub.receive_all([data, data]) == [first, first]
    assert house.hub.ledger.size == size


def test_an_unenrolled_device_waits_and_is_accepted_when_its_enrolment_arrives(house: House) -> None:
    sent = [house.sealed("m18", HeadsCounted("B-07", exactly(n))) for n in (40, 41)]
    for data in sent:
        refused(house, house.hub.receive(data), 203, "Device m18-1 is not enrolled here.", "It waits")
    assert [each.envelope for each in house.again().waiting()] == sent
    house.enrol("m18")
    assert [row.envelope for row in house.hub.ledger.read()][-2:] == sent
    assert not list(house.hub.waiting()) and not list(house.hub.refused())


def test_what_waits_is_judged_when_its_enrolment_arrives(house: House) -> None:
    data = house.sealed("m18", HeadsCounted("B-07", exactly(-1)))
    refused(house, house.hub.receive(data), 203)
    house.enrol("m18")
    assert [each.problem.number for each in house.hub.refused()] == [301] and not list(house.hub.waiting())


def test_waiting_is_bounded_and_says_that_the_phone_still_has_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "MOST_WAITING", 2)
    sent = [house.sealed("m18", HeadsCounted("B-07", exactly(n))) for n in range(3)]
    answers = [house.hub.receive(data) for data in sent]
    assert [answer.problem.number for answer in answers if isinstance(answer, Refusal)] == [203, 203, 204]
    assert "2 envelopes" in str(answers[-1].problem) and "the phone still has it" in str(answers[-1].problem)
    house.enrol("m18")
    assert isinstance(house.hub.receive(sent[2]), Receipt)


def test_what_strangers_send_is_kept_only_so_far_and_what_a_device_signed_always(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood fills no disk; a phone whose envelope was harmed on the way is told to keep it."""
    monkeypatch.setattr(ledger_module, "MOST_REFUSED", 3)
    flood = [house.hub.receive(f"nonsense {number}".encode()) for number in range(5)]
    assert [answer.problem.number for answer in flood if isinstance(answer, Refusal)] == [201, 201, 201, 228, 228]
    sealed = house.sealed("m17", FORTY)
    harmed = house.hub.receive(sealed.replace(b'"low":40', b'"low":39'))
    assert isinstance(harmed, Refusal) and harmed.problem.number == 228 and "Its sender still has it" in harmed.problem.do
    assert isinstance(house.hub.receive(sealed), Receipt)
    refused(house, house.says("m17", HeadsCounted("B-07", exactly(-1))), 301)
    assert len(list(house.hub.refused())) == 4


def test_a_key_signs_for_its_own_epoch_alone(house: House) -> None:
    """Otherwise a seized phone whose numbers are revoked after the fifth would begin again at one, in another epoch."""
    phone = house.phone("m17")
    header = Header(NAME, phone.id, 2, 1, FIRST)
    refused(house, house.hub.receive(seal(header, to_bytes(seen("m17", FORTY)), phone.signer)), 227, "epoch 2", "of epoch 1")


def test_a_hole_and_a_fork_are_shown_until_the_hole_is_filled(house: House) -> None:
    first, second, third = (house.sealed("m17", HeadsCounted("B-07", exactly(n)), n) for n in (1, 2, 3))
    for data in (first, third):
        assert isinstance(house.hub.receive(data), Receipt)
    assert house.hub.view(Audience.OPERATIONS).devices == (DeviceView("m17-1", ((2, 2),), ()),)
    assert isinstance(house.hub.receive(second), Receipt)
    assert house.hub.view(Audience.OPERATIONS).devices == ()
    phone = house.phone("m17")
    envelope = read(first)
    assert isinstance(envelope, Envelope)
    twin = seal(Header(NAME, phone.id, 1, 2, envelope.digest), to_bytes(seen("m17", HeadsCounted("B-07", exactly(9)), 4)), phone.signer)
    assert isinstance(house.hub.receive(twin), Receipt)
    assert house.hub.view(Audience.OPERATIONS).devices == (DeviceView("m17-1", (), (2,)),)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_revoked_device_is_logged_and_not_believed_in_any_order_of_arrival(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Last good is number 1: what it signed after that stays in the ledger and moves nothing."""
    house = House(tmp_path / "night")
    house.enrol("m17")
    house.enrol("o1", Role.OPERATIONS)
    house.now = Instant(DAWN + 3_600_000)
    counts = [house.sealed("m17", HeadsCounted("B-07", exactly(n)), minutes=n) for n in (40, 41, 42)]
    revoked = house.sealed("o1", DeviceRevoked(house.phones["m17"].id, 1), minutes=50)
    for place in order:
        assert isinstance(house.hub.receive([*counts, revoked][place]), Receipt)
    for hub in house.twice():
        assert hub.picture.whereabouts.vehicles()["B-07"].aboard == exactly(40)
        assert hub.ledger.size == 9
    house.hub.close()


def test_an_envelope_for_another_deployment_is_refused(house: House) -> None:
    stray = Device(DeploymentId("elsewhere"), "m17")
    stray.signer = house.phone("m17").signer
    refused(house, house.hub.receive(stray.seal(seen("m17", FORTY))), 205, "elsewhere, not for night", "Carry it to the hub")


def test_nobody_records_for_another_observer(house: House) -> None:
    refused(house, house.hub.receive(house.phone("m17").seal(seen("m18", FORTY))), 206, "enrolled for m17, not for m18")


def test_a_party_signs_for_itself_only(house: House) -> None:
    """What another party did is recorded by whoever saw it."""
    house.enrol("party-south", Role.PARTY)
    assert isinstance(house.says("party-south", PassageSuspended("party-south")), Receipt)
    answer = house.says("party-south", PassageSuspended("party-north"), 1)
    assert isinstance(answer, Refusal)
    assert answer.problem.number == 217


def test_a_role_that_may_not_record_a_kind_is_told_who_may(house: House) -> None:
    house.enrol("party-south", Role.PARTY)
    refused(house, house.says("party-south", FORTY), 207, "A party may not record `heads_counted`.", "Ask one of: desk")
    about = house.says("m17", AccessAsked("party-south"))
    assert isinstance(about, Receipt)
    refused(house, house.says("party-south", Corrected(about.id, FORTY)), 207, "`heads_counted`")


def test_a_demonstration_key_is_refused_where_the_deployment_is_none(tmp_path: Path) -> None:
    house = House(tmp_path / "night", demonstration=False)
    house.enrol("m17")
    refused(house, house.says("m17", FORTY), 208, "public demonstration key", "enrol a key of its own")
    house.hub.close()


def test_a_key_that_cannot_be_read_never_enters(house: House) -> None:
    """Were it appended, the folder could not be opened again."""
    enrols = DeviceEnrolled("m18-1", "m18", Role.MONITOR, "not a key")
    answer = house.hub.decide(AUTHORITY, Observation(by="authority", seen_at=DAWN, what=enrols))
    refused(house, answer, 209, "Send it as `name+hash+key`")
    house.again()


def test_clauses_that_cannot_be_read_never_enter(house: House) -> None:
    house.enrol("o1", Role.OPERATIONS)
    text = (BAD / "ambiguous.clauses").read_text("utf-8")
    refused(house, house.says("o1", AgreementAmended(DAWN, text), at=None), 501, "`soon` stands where", "docs/reference/clauses.md")
    assert house.again().view(Audience.OPERATIONS).clauses


# --- observations -----------------------------------------------------------------------------------------------------
def test_a_scan_of_an_unknown_wristband_is_kept_and_asked_about(house: House) -> None:
    house.says("m17", PersonRegistered(("w-0001",), "aleppo"))
    assert isinstance(house.says("m17", Boarded("B-07", ("w-0001", "w-0002")), 5), Receipt)
    (question,) = house.hub.view(Audience.OPERATIONS).questions
    assert (question.puzzle, question.subject) == ("a wristband that nobody registered", "w-0002")
    assert question.settles == "the list of whoever put it on"
    assert house.hub.picture.whereabouts.vehicles()["B-07"].aboard == exactly(2)


def test_an_observation_from_the_future_is_held_aside_and_counts_from_its_own_time_on(house: House) -> None:
    ahead = house.hub.receive(house.sealed("m17", FORTY, minutes=90))
    assert isinstance(ahead, Receipt)
    for hub in house.twice():
        view = hub.view(Audience.OPERATIONS)
        assert view.held == 1 and "B-07" not in hub.picture.whereabouts.vehicles()
        (question,) = view.questions
        assert question.said.startswith("SP-303: Seen at 2016-12-18 10:30, but it is 2016-12-18 09:00 here.")
        assert "check the clock of m17-1" in question.said
    house.now = Instant(DAWN + 90 * 60_000)
    house.hub.tick()
    view = house.hub.view(Audience.OPERATIONS)
    assert view.held == 0 and not view.questions
    assert house.hub.picture.whereabouts.vehicles()["B-07"].aboard == exactly(40)


@pytest.mark.parametrize(
    ("what", "number", "words"),
    [
        (HeadsCounted("B-07", exactly(-1)), 301, "A count cannot be below zero: heads is -1"),
        (HeadsCounted("B-07", Count(-2)), 301, "heads is -2"),
        (HeadsCounted("B-07", exactly(5), Tally(men=-1, women=6)), 301, "tally is -1, 6"),
        (HeadsCounted("B-07", Count(5, 3)), 305, "The lower bound of heads is above the upper: 5 to 3."),
        (HeadsCounted("B-07", exactly(5), Tally(men=3, women=3)), 304, "The tally adds up to 6, more than the 5 heads counted."),
        (Departed("B-07", "rashidin"), 302, "No place of this deployment is called rashidin. Use one of: foua-gate, "),
        (TakenOff(exactly(1), "B-07", "khan"), 302, "No place of this deployment is called khan."),
        (TakenOff(exactly(1), "B-07", by_whom="party-west"), 306, "No party of this deployment is called party-west. Use one of: party-"),
        (PersonRegistered(("w-0001",), "idlib"), 306, "No side of this deployment is called idlib. Use one of: aleppo, foua"),
        (PostTaken(Instant(2**53 - 1)), 120, "$.what.until"),
    ],
)
def test_what_cannot_be_so_is_refused_and_a_correction_that_says_it_too(house: House, what: object, number: int, words: str) -> None:
    refused(house, house.says("m17", what), number, words)
    first = house.says("m17", FORTY)
    assert isinstance(first, Receipt)
    if not isinstance(what, PostTaken):
        refused(house, house.says("m17", Corrected(first.id, what), 1), number, words)
    house.again().view(Audience.OPERATIONS)


def test_an_observer_stands_at_a_place_of_the_world(house: House) -> None:
    refused(house, house.says("m17", FORTY, at="rashidin"), 302, "rashidin", "or add it to world.toml")


def test_degrees_may_be_below_zero(house: House) -> None:
    assert isinstance(house.says("m17", WaitingCounted(exactly(20), -4), at="assembly-east"), Receipt)


def test_more_heads_than_seats_are_accepted_and_a_recount_is_asked(house: House) -> None:
    assert isinstance(house.says("m17", HeadsCounted("B-07", exactly(71))), Receipt)
    (question,) = house.hub.view(Audience.OPERATIONS).questions
    assert (question.puzzle, question.settles) == ("more heads than seats", "a recount")
    assert question.said == "71 heads on 50 seats"
    assert house.hub.picture.whereabouts.vehicles()["B-07"].aboard == exactly(71)


def test_persons_taken_off_a_vehicle_that_nobody_saw_before_can_be_shown(house: House) -> None:
    assert isinstance(house.says("m17", TakenOff(exactly(2), "X-9")), Receipt)
    (gap,) = house.hub.view(Audience.OPERATIONS).gaps
    assert gap.missing == exactly(2) and len(gap.entries) == 1


# --- the machine ------------------------------------------------------------------------------------------------------
def damaged(house: House, change: str) -> None:
    house.hub.close()
    database = sqlite3.connect(house.folder.path / "ledger.sqlite")
    database.execute(change)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("change", "on_opening", "found"),
    [
        ("DELETE FROM entries WHERE idx = 4", "5 entries were signed, 4 are there", "the tree head signs 5 entries, 4 are here"),
        ("UPDATE entries SET envelope = substr(envelope, 1, 200) WHERE idx = 3", "entry 3 is not what it was", "entry 3: "),
    ],
)
def test_a_damaged_database_is_not_signed_over_and_verify_says_what_it_found(
    tmp_path: Path, change: str, on_opening: str, found: str
) -> None:
    house = House(tmp_path / "night")
    house.enrol("m17")
    house.says("m17", FORTY)
    head = (house.folder.path / "treehead").read_bytes()
    damaged(house, change)
    for writer in (True, False):
        with pytest.raises(LedgerAtRisk) as caught:
            Hub(house.folder, lambda: DAWN, writer)
        assert caught.value.exit_code == 3 and caught.value.problem.number == 401
        assert on_opening in str(caught.value) and "safepassage verify" in str(caught.value)
    verified = house.folder.verify()
    assert not verified.proved and any(found in str(problem) for problem in verified.problems), verified.problems
    assert {problem.number for problem in verified.problems} == {406}
    assert (house.folder.path / "treehead").read_bytes() == head


def test_a_second_process_on_the_folder_is_refused_and_may_read(house: House) -> None:
    script = (
        "import sys; from pathlib import Path; from safepassage.hub import Hub, open_folder\n"
        "folder = open_folder(Path(sys.argv[1])); reader = Hub(folder, lambda: 0, writer=False); print(reader.ledger.size)\n"
        "Hub(folder, lambda: 0)"
    )
    path = ":".join(each for each in sys.path if each)
    other = subprocess.run(
        [sys.executable, "-c", script, house.folder.path], capture_output=True, text=True, env={"PYTHONPATH": path}, check=False
    )
    assert other.stdout.strip() == str(house.hub.ledger.size)
    assert "TryAgain: SP-403: Another process writes to" in other.stderr and "or work on a copy." in other.stderr


def test_a_full_disk_loses_nothing_and_what_is_sent_again_is_appended(house: House) -> None:
    """The page quota makes SQLite say what it says on a full disk, SQLITE_FULL."""
    acknowledged = house.says("m17", FORTY)
    connection = house.hub.ledger._store._writer  # type: ignore[attr-defined]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    codes = tuple(f"w-{number:012d}" for number in range(2_000))
    data = house.sealed("m17", PersonRegistered(codes, "aleppo"), 1)
    with pytest.raises(TryAgain) as caught:
        house.hub.receive(data)
    assert str(caught.value).startswith("SP-404: The disk is full") and "what was acknowledged is safe" in str(caught.value)
    assert house.hub.ledger.size == house.hub.picture.size == 5
    connection.execute("PRAGMA max_page_count = 1000000")
    assert isinstance(house.hub.receive(data), Receipt)
    assert isinstance(acknowledged, Receipt) and house.again().ledger.known_id(acknowledged.id) is not None
    assert house.hub.ledger.size == 6


def test_an_entry_whose_tree_head_could_not_be_written_is_acknowledged_and_followed_once_it_has_one(house: House) -> None:
    """SP-408: the entry is on disk, the tree head is not; nobody was told that it is there."""
    data, size = house.sealed("m17", FORTY), house.hub.ledger.size
    blocker = house.folder.path / "treehead.new"
    blocker.mkdir()
    with pytest.raises(TryAgain) as caught:
        house.hub.receive(data)
    assert "SP-408" in str(caught.value) and house.hub.picture.size == size
    with pytest.raises(TryAgain):
        house.hub.receive(data)
    blocker.rmdir()
    receipt = house.hub.receive(data)
    assert isinstance(receipt, Receipt) and house.hub.ledger.head.size == house.hub.picture.size == size + 1
    assert isinstance(house.says("m17", HeadsCounted("B-07", exactly(39)), 1), Receipt)
    assert house.hub.picture.entry(receipt.id).observation.what == FORTY


def test_a_copied_folder_without_its_keys_opens_for_reading_only(tmp_path: Path) -> None:
    house = House(tmp_path / "night", demonstration=False)
    house.hub.close()
    shutil.copytree(house.folder.path, tmp_path / "copy")
    copy = open_folder(tmp_path / "copy")
    hub = Hub(copy, lambda: DAWN)
    assert hub.view(Audience.OPERATIONS).size == 3
    with pytest.raises(InputError) as caught:
        hub.decide(AUTHORITY, house.enrolment(house.phone("m17"), "m17"))
    assert "SP-407: This folder has no key of its own: it is read-only." in str(caught.value)
    hub.close()
    assert copy.verify().proved
