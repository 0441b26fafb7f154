"""What the page shows of cosigners: who vouches for how much, since when for each entry, and that the log contradicted itself."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from safepassage.cli import main
from safepassage.disclosure import Audience
from safepassage.errors import LedgerAtRisk
from safepassage.hub.cosigner import Cosigner
from safepassage.hub.cosigning import gather, offer, policy_of
from safepassage.hub.folder import open_folder
from safepassage.hub.hub import Hub
from safepassage.ledger.envelope import Header, read, seal
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.ledger import Receipt
from safepassage.ledger.split import parse_split
from safepassage.observation import What, to_bytes
from safepassage.observation.people import ArrivalRegistered, Boarded
from safepassage.observation.vehicles import Passed
from safepassage.values.ids import DeviceId, PersonId, VehicleId
from safepassage.values.times import MINUTE, SECOND, Instant
from tests.hub.making import DAWN, NAME, House, seen
from tests.sync.serving import serving

NOON = 1_482_062_400


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()


def cosigners(house: House) -> dict[str, Cosigner]:
    made = {name: Cosigner(house.folder.path.parent / name, f"{name}.example") for name in ("red", "blue", "east")}
    for one in made.values():
        one.know(house.folder.about.log)
    lines = [f"witness {name} {one.vkey}" for name, one in made.items()]
    (house.folder.path / "policy").write_text("\n".join([*lines, "group both all red blue", "quorum both", ""]), "utf-8")
    return made


def cosign(house: House, one: Cosigner, old: int, seconds: int) -> None:
    policy, answer = policy_of(house.folder), one.answer(offer(house.folder, old), seconds)
    assert policy is not None and isinstance(answer, bytes)
    gather(house.folder, answer, policy)


def says(house: House, number: int, hub: Hub | None = None) -> None:
    hub = hub or house.hub
    for _ in range(number):
        minute = hub.ledger.size
        assert isinstance(hub.receive(house.sealed("m17", Passed(VehicleId("B-07")), minute)), Receipt)


def test_the_page_shows_who_vouches_for_how_much_and_what_is_enough(house: House) -> None:
    assert house.hub.view(Audience.OPERATIONS).cosigned is None, "no policy, nothing to show"
    made = cosigners(house)
    for number, name in enumerate(("red", "blue", "east")):
        cosign(house, made[name], 0, NOON + number)
        says(house, 1)
    shown = house.hub.view(Audience.OPERATIONS).cosigned
    assert shown is not None and shown.covered == 4
    assert [(each.name, each.size, each.counts) for each in shown.cosigners] == [("blue", 5, True), ("east", 6, False), ("red", 4, True)]
    assert house.hub.view(Audience.PUBLIC).cosigned is None


def test_an_entry_is_bounded_by_the_first_cosignature_that_covers_it(house: House) -> None:
    made = cosigners(house)
    cosign(house, made["blue"], 0, NOON)
    says(house, 2)
    assert house.hub.entry(5).not_after is None
    cosign(house, made["red"], 0, NOON + 900)
    cosign(house, made["blue"], 4, NOON + 1_800)
    says(house, 1)
    bounds = [house.hub.entry(index).not_after for index in (3, 5, 6)]
    assert [each and (each.at, each.by, each.size) for each in bounds] == [
        (NOON * SECOND, "blue", 4),
        ((NOON + 900) * SECOND, "red", 6),
        None,
    ]


def test_an_entry_is_bounded_by_the_tree_head_that_it_quotes_if_it_is_of_this_log(house: House) -> None:
    head = house.hub.ledger.head
    signer = demo_signer(NAME, DeviceId("m17-1"))
    for sequence, root in ((1, head.root.hex()), (2, "ab" * 32)):
        previous = "0" * 64 if sequence == 1 else "cd" * 32
        header = Header(NAME, DeviceId("m17-1"), 1, sequence, previous, head.size, root)
        data = seal(header, to_bytes(seen("m17", Passed(VehicleId("B-07")), sequence)), signer)
        assert isinstance(house.hub.receive(data), Receipt)
    (last,) = house.hub.ledger.read(head.size - 1, head.size)
    good, foreign = (house.hub.entry(index).not_before for index in (4, 5))
    assert good is not None and (good.size, good.at) == (4, last.logged_at)
    assert foreign is None


def parted(house: House, tmp_path: Path, size: int) -> bytes:
    """The cosigned tree head of a copy that went its own way after 5 entries."""
    made = cosigners(house)
    says(house, 1)
    house.hub.close()
    shutil.copytree(house.folder.path, tmp_path / "copy")
    house.again()
    other = Hub(open_folder(tmp_path / "copy"), lambda: Instant(house.now + 1))
    house.phone("m17")._sequence += 20
    says(house, size - 5, other)
    other.close()
    answer = made["red"].answer(offer(open_folder(tmp_path / "copy"), 0), NOON)
    assert isinstance(answer, bytes)
    house.phone("m17")._sequence -= 20
    return answer


@pytest.mark.parametrize("size", [7, 8, 9])
def test_a_log_that_contradicted_itself_is_shown_and_its_proof_handed_out(
    house: House, tmp_path: Path, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = parted(house, tmp_path, size)
    for _ in range(4):
        says(house, 1)
    policy = policy_of(house.folder)
    assert policy is not None
    with pytest.raises(LedgerAtRisk, match="SP-413"):
        gather(house.folder, answer, policy)
    shown = house.hub.view(Audience.OPERATIONS).cosigned
    assert shown is not None
    (name,) = shown.splits
    with serving(house.hub) as address:
        with urllib.request.urlopen(f"{address}/api/split/{name}?key=a-session") as answer:
            proof = answer.read()
        for asked, code in ((f"{name}", 401), ("none.split?key=a-session", 404)):
            with pytest.raises(urllib.error.HTTPError, match=str(code)) as refused:
                urllib.request.urlopen(f"{address}/api/split/{asked}")
            refused.value.close()
    handed = tmp_path / "proof.split"
    handed.write_bytes(proof)
    assert main(["verify", str(handed), "--key", house.folder.about.log]) == 0
    assert (
        f"PROVED: the log safepassage/night signed two tree heads that do not lie on one line, of {size} and of 9"
        in capsys.readouterr().out
    )
    assert main(["verify", str(handed)]) == 2
    assert main(["verify", str(handed), "--key", demo_signer(NAME, DeviceId("safepassage/other")).vkey]) == 1
    handed.write_bytes(proof.replace(b"\n9\n", b"\n10\n"))
    assert main(["verify", str(handed), "--key", house.folder.about.log]) == 2


def test_what_proves_nothing_is_not_kept_as_a_proof(house: House, tmp_path: Path) -> None:
    cosigners(house)
    head = (house.folder.path / "treehead").read_bytes()
    false = tmp_path / "false.split"
    false.write_bytes(b"safepassage/split/v1\nnotes %d %d\n\n" % (len(head), len(head)) + head + head)
    assert main(["gather", str(house.folder.path), str(false)]) == 2
    assert not isinstance(parse_split(false.read_bytes()), bytes)
    (house.folder.path / "split").mkdir()
    shutil.copy(false, house.folder.path / "split" / "planted.split")
    shown = house.hub.view(Audience.OPERATIONS).cosigned
    assert shown is not None and shown.splits == ()


def test_an_entry_is_proved_by_one_file(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    says(house, 3)
    out = tmp_path / "5.tlog-proof"
    assert main(["prove", str(house.folder.path), "5", "--out", str(out)]) == 0
    assert "proved, not after:  not known" in capsys.readouterr().out
    assert main(["verify", str(out), "--key", house.folder.about.log]) == 0
    said = capsys.readouterr().out
    (row,) = house.hub.ledger.read(5, 6)
    envelope = read(row.envelope)
    assert "entry 5 of the log safepassage/night, under its tree head of 7 entries" in said
    assert msgspec.json.decode(said.splitlines()[2]) == msgspec.json.decode(getattr(envelope, "payload", b""))
    out.write_bytes(out.read_bytes().replace(b"index 5", b"index 4"))
    assert main(["verify", str(out), "--key", house.folder.about.log]) == 1
    assert main(["prove", str(house.folder.path), "7", "--out", str(out)]) == 2


REGISTERED = """Agreement "E". Clause 1 "a": For each person who boards, that person is registered at arrival within 12 hours.
Times count only as far as they are proved."""


def quoting(house: House, sequence: int, what: What, minutes: int) -> None:
    """Signed with the newest tree head, as a phone with a hub in reach does, and received at once."""
    house.now, head = Instant(DAWN + minutes * MINUTE), house.hub.ledger.head
    header = Header(NAME, DeviceId("m17-1"), 1, sequence, str(sequence - 1) * 64, head.size, head.root.hex())
    data = seal(header, to_bytes(seen("m17", what, minutes)), demo_signer(NAME, DeviceId("m17-1")))
    assert isinstance(house.hub.receive(data), Receipt)


def registered(house: House) -> tuple[str, str]:
    (clause,) = house.hub.view(Audience.OPERATIONS).clauses
    (instance,) = clause.instances
    return instance.verdict, instance.why


def boarding_and_registration(path: Path) -> tuple[House, dict[str, Cosigner]]:
    """The boarding is vouched for before the head that the registration quotes; nobody vouches for the registration yet."""
    house = House(path, clauses=REGISTERED)
    house.enrol("m17")
    made = cosigners(house)
    quoting(house, 1, Boarded(VehicleId("B-07"), (PersonId("w-0001"),)), 10)
    cosign(house, made["blue"], 0, (DAWN + 20 * MINUTE) // SECOND)
    quoting(house, 2, Passed(VehicleId("B-07")), 30)
    quoting(house, 3, ArrivalRegistered((PersonId("w-0001"),)), 40)
    return house, made


def test_by_proved_time_what_nobody_vouched_for_within_the_limit_is_not_known_to_be_in_time(tmp_path: Path) -> None:
    house, made = boarding_and_registration(tmp_path / "night")
    assert registered(house)[0] == "met", "it was made by now, and now is in time"
    quoting(house, 4, Passed(VehicleId("B-07")), 13 * 60)
    verdict, why = registered(house)
    assert verdict == "not known" and "is recorded, but its time is not proved: it was made between 18 Dec 09:30 and" in why
    cosign(house, made["red"], 0, (DAWN + 14 * 60 * MINUTE) // SECOND)
    assert registered(house)[0] == "not known", "vouched for after the limit"
    known = house.hub.view_then(Audience.OPERATIONS, Instant(DAWN + 50 * MINUTE))
    assert known.clauses[0].instances[0].verdict == "met", "as it was known in time"
    house.hub.close()


def test_by_proved_time_a_cosignature_within_the_limit_shows_for_good_that_it_was_done_in_time(tmp_path: Path) -> None:
    house, made = boarding_and_registration(tmp_path / "night")
    cosign(house, made["red"], 0, (DAWN + 50 * MINUTE) // SECOND)
    quoting(house, 4, Passed(VehicleId("B-07")), 13 * 60)
    assert registered(house)[0] == "met"
    house.hub.close()
