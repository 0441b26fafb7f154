"""Hub to hub over a real server: only what the other lacks, only to hubs that were enrolled, and from wherever it was stopped."""

from __future__ import annotations

import base64
import http.client
import random
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import InputError, TryAgain
from safepassage.hub.carrying import Taken
from safepassage.hub.folder import AUTHORITY
from safepassage.hub.hub import Hub
from safepassage.hub.syncing import Synced, peer_of, sync
from safepassage.ledger import note
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.ledger import Receipt
from safepassage.observation import Observation
from safepassage.observation.setting import DeviceRevoked
from safepassage.observation.vehicles import HeadsCounted
from safepassage.sync.folding import fold, folded, unfold, unfolded
from safepassage.sync.http import Peer, ticket
from safepassage.values.counts import exactly
from safepassage.values.ids import DeviceId, ObserverId
from tests.hub.making import DAWN, NAME, House, further
from tests.hub.test_offering import heard
from tests.hub.test_offering import serving as served
from tests.sync.serving import serving


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()
    assert made.folder.verify().proved


@pytest.fixture
def east(tmp_path: Path, house: House) -> Iterator[Hub]:
    hub = further(tmp_path / "east", house, "east")
    yield hub
    hub.close()
    assert hub.folder.verify().proved


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with serving(house.hub) as here:
        yield here


def counted(house: House, hub: Hub, minutes: range) -> None:
    for minute in minutes:
        answer = hub.receive(house.sealed("m17", HeadsCounted("B-07", exactly(minute)), minute))
        assert isinstance(answer, Receipt), answer


def ids(hub: Hub) -> set[str]:
    return {row.id for row in hub.ledger.read()}


def test_both_hear_what_the_other_has_and_a_second_time_nothing(house: House, east: Hub, address: str) -> None:
    sync(east, peer_of(east, address))
    counted(house, house.hub, range(1, 5))
    counted(house, east, range(5, 8))
    assert sync(east, peer_of(east, address)) == Synced(Taken(fresh=4), Taken(fresh=3), 0)
    assert ids(east) == ids(house.hub)
    assert sync(east, peer_of(east, address)) == Synced(Taken(), Taken(), 0)


def test_more_than_one_request_can_carry_goes_in_several(house: House, east: Hub, address: str) -> None:
    sync(east, peer_of(east, address))
    counted(house, east, range(1, 450))
    assert sync(east, peer_of(east, address)) == Synced(Taken(), Taken(fresh=449), 0)


def test_what_was_heard_before_the_other_fell_silent_is_kept_and_not_heard_again(house: House, east: Hub, address: str) -> None:
    """The stream stops in the middle: whoever asks again goes on from there."""
    counted(house, house.hub, range(1, 450))

    class Cut(Peer):
        def lacking(self, ours):  # type: ignore[no-untyped-def]
            for number, envelope in enumerate(super().lacking(ours)):
                if number == 300:
                    self._silent(OSError("the line is dead"))
                yield envelope

    whole = peer_of(east, address)
    with pytest.raises(TryAgain, match="SP-221"):
        sync(east, Cut(address, NAME, whole._sign))
    heard = east.ledger.size
    assert heard == 200
    assert sync(east, whole).heard == Taken(fresh=house.hub.ledger.size - heard)


def test_what_the_other_does_not_accept_is_told_and_offered_again(house: House, east: Hub, address: str) -> None:
    """Carried is not delivered. The other here was told of another key for this phone first, and keeps to it."""
    sync(east, peer_of(east, address))
    phone = house.phone("m30")
    counted(house, east, range(1, 2))
    other = house.enrolment(phone, "m30")
    assert isinstance(house.hub.decide(AUTHORITY, other), Receipt)
    sync(east, peer_of(east, address))
    assert isinstance(east.receive(house.sealed("m30", HeadsCounted("B-07", exactly(3)), 3)), Receipt)
    house.hub.door._devices[DeviceId("m30-1")] = house.hub.door._devices[DeviceId("m17-1")]
    done = sync(east, peer_of(east, address))
    assert [problem.number for problem in done.given.refused] == [202] and done.left == 1
    assert sync(east, peer_of(east, address)).left == 1


@pytest.mark.slow
def test_serve_hears_and_gives_at_fixed_times(house: House, east: Hub, address: str) -> None:
    counted(house, house.hub, range(1, 3))
    east.close()
    process = served(east.folder.path, "--sync", address, "--sync-every", "1")
    assert any(f"heard: {house.hub.ledger.size} entries are new" in line for line in heard(process, "heard:"))
    process.terminate()
    process.communicate()


# --- who is answered ------------------------------------------------------------------------------------------------
def refusal(hub: Hub, address: str, by: str) -> str:
    """What a hub says to whoever signs with this demonstration key."""
    signer = demo_signer(NAME, DeviceId(by))
    with pytest.raises(InputError, match="SP-222") as wrong:
        sync(hub, Peer(address, NAME, lambda text: note.sign(text, [signer])))
    return wrong.value.problem.what


def test_a_phone_and_a_stranger_are_not_answered(east: Hub, address: str) -> None:
    for by in ("m17-1", "stranger-1"):
        assert "no known key signed it" in refusal(east, address, by)


def test_a_hub_that_was_revoked_is_not_answered_any_more(house: House, east: Hub, address: str) -> None:
    sync(east, peer_of(east, address))
    revoked = Observation(by=ObserverId("authority"), seen_at=DAWN, what=DeviceRevoked(DeviceId("east-1"), 0))
    assert isinstance(house.hub.decide(AUTHORITY, revoked), Receipt)
    assert "no known key signed it" in refusal(east, address, "east-1")


def asked(address: str, path: str, body: bytes, header: str) -> int:
    place = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc)
    connection.request("POST", f"{place.path}/api/sync/{path}", body, {"authorization": header})
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_request_that_was_seen_serves_for_no_other_body_question_log_or_hour(house: House, east: Hub, address: str) -> None:
    signer = demo_signer(NAME, DeviceId("east-1"))
    challenge = peer_of(east, address)._greeting()[1]

    def header(text: bytes) -> str:
        return "SafePassage " + base64.b64encode(note.sign(text, [signer])).decode()

    good = header(ticket(house.folder.origin, "frontier", challenge, b""))
    assert asked(address, "frontier", b"", good) == 200
    assert asked(address, "frontier", b"x", good) == 401
    assert asked(address, "envelopes", b"", good) == 401
    assert asked(address, "frontier", b"", header(ticket("safepassage/day", "frontier", challenge, b""))) == 401
    assert asked(address, "frontier", b"", header(ticket(house.folder.origin, "frontier", "0" * 64, b""))) == 401
    for nonsense in ("", "SafePassage", "SafePassage !!", "Basic eHg=", good[:-4]):
        assert asked(address, "frontier", b"", nonsense) == 401
    house.now += 11 * 60_000  # type: ignore[assignment]
    assert asked(address, "frontier", b"", good) == 401


def test_bodies_that_are_none_or_unfold_without_end_are_refused(house: House, east: Hub, address: str) -> None:
    signer = demo_signer(NAME, DeviceId("east-1"))
    challenge = peer_of(east, address)._greeting()[1]
    for path, body in (
        ("envelopes", b"x"),
        ("envelopes", zlib.compress(b"\0" * 64_000_001, 9)),
        ("lacking", b"x"),
        ("lacking", zlib.compress(b"x")),
    ):
        signed = note.sign(ticket(house.folder.origin, path, challenge, body), [signer])
        assert asked(address, path, body, "SafePassage " + base64.b64encode(signed).decode()) == 400


def test_another_deployment_and_no_hub_at_all_are_said(east: Hub, address: str) -> None:
    with pytest.raises(InputError, match="SP-223"):
        sync(east, Peer(address.replace("/night", "/day"), NAME, bytes))
    with pytest.raises(InputError, match="SP-223"):
        sync(east, Peer("file:///etc/passwd", NAME, bytes))
    with pytest.raises(TryAgain, match="SP-221"):
        sync(east, Peer("http://127.0.0.1:1/night", NAME, bytes))


# --- how envelopes travel -------------------------------------------------------------------------------------------
lists = st.lists(st.binary(min_size=1, max_size=400), max_size=30)


@given(lists, st.integers(1, 60))
def test_a_stream_gives_what_went_in_whatever_its_pieces(envelopes: list[bytes], size: int) -> None:
    for data in (b"".join(folded(envelopes)), fold(envelopes)):
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert list(unfold(pieces)) == envelopes == unfolded(data, 1_000_000)


@given(lists.filter(bool), st.randoms())
def test_a_stream_that_stops_before_its_end_says_so_after_what_came_whole(envelopes: list[bytes], dice: random.Random) -> None:
    data = b"".join(folded(envelopes))
    heard: list[bytes] = []
    with pytest.raises(ValueError, match=r"stopped|stream|data"):
        heard.extend(unfold([data[: dice.randrange(len(data))]]))
    assert heard == envelopes[: len(heard)]


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_of_a_body_fail(data: bytes) -> None:
    assert unfolded(data, 1_000) is None or zlib.decompress(data) is not None
