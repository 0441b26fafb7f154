"""Parts of a bundle: any order, any doubling; what is damaged, foreign or absent is named, and everything else is read."""

from __future__ import annotations

import hashlib
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.sync.bundle import LEAST_PART, Part, read_bundle, read_part, write_bundle
from safepassage.values.ids import DeploymentId

NIGHT, LOG = DeploymentId("night"), "safepassage/night"


def envelopes(count: int, size: int = 900) -> list[bytes]:
    """Bytes that nothing compresses: what is in them is nobody's business here."""
    dice = random.Random(count)
    return [dice.randbytes(size) for _ in range(count)]


def written(place: Path, count: int = 400) -> list[Path]:
    return write_bundle(envelopes(count), place, NIGHT, LOG, LEAST_PART)


def numbers(files: list[Path]) -> list[int]:
    return [problem.number for problem in read_bundle(files, NIGHT).problems]


def test_parts_in_any_order_and_doubled_give_the_envelopes_in_theirs(tmp_path: Path) -> None:
    parts = written(tmp_path)
    assert len(parts) == 6
    mixed = [*parts, *parts[2:4]]
    random.Random(5).shuffle(mixed)
    carried = read_bundle(mixed, NIGHT)
    assert list(carried.envelopes) == envelopes(400)
    assert not carried.problems


def test_no_part_is_larger_than_was_asked_even_where_nothing_can_be_compressed(tmp_path: Path) -> None:
    assert all(part.stat().st_size <= LEAST_PART for part in written(tmp_path))
    largest = write_bundle(envelopes(3, 65_535), tmp_path / "large", NIGHT, LOG, LEAST_PART)
    assert [part.stat().st_size <= LEAST_PART for part in largest] == [True] * 3


def test_the_same_envelopes_give_the_same_files(tmp_path: Path) -> None:
    one, two = written(tmp_path / "a"), written(tmp_path / "b")
    assert [(path.name, path.read_bytes()) for path in one] == [(path.name, path.read_bytes()) for path in two]
    assert not list(tmp_path.rglob("*.new"))


def test_parts_that_are_not_there_are_named_and_the_others_read(tmp_path: Path) -> None:
    parts = written(tmp_path)
    carried = read_bundle([parts[3], parts[0]], NIGHT)
    assert [part.number for part in carried.parts] == [1, 4]
    (absent,) = carried.problems
    assert absent.number == 220 and "2 to 3, 5 to 6" in absent.what


@pytest.mark.parametrize("seed", range(40))
def test_a_part_in_which_any_byte_is_another_is_named_and_not_taken(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    parts = written(tmp_path, 100)
    damaged = bytearray(parts[0].read_bytes())
    match dice.randrange(4):
        case 0:
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        case 1:
            damaged[dice.randrange(300)] ^= 1 << dice.randrange(8)
        case 2:
            del damaged[dice.randrange(len(damaged)) :]
        case _:
            damaged += b"\n"
    parts[0].write_bytes(damaged)
    carried = read_bundle(parts, NIGHT)
    assert [problem.number for problem in carried.problems] == [219, 220]
    assert parts[0].name in carried.problems[0].what
    assert [part.number for part in carried.parts] == [2]


def test_parts_of_another_deployment_and_files_that_are_none_are_named(tmp_path: Path) -> None:
    other = write_bundle(envelopes(2), tmp_path, DeploymentId("day"), LOG)
    text = tmp_path / "notes.txt"
    text.write_text("call me\n")
    assert numbers([*other, text, tmp_path / "gone"]) == [219, 219, 113]


def test_nothing_to_carry_is_one_part_that_says_so(tmp_path: Path) -> None:
    (part,) = write_bundle([], tmp_path, NIGHT, LOG)
    read = read_part(part)
    assert isinstance(read, Part) and read.envelopes == ()
    assert numbers([part]) == []


def test_what_unfolds_to_more_than_a_part_may_hold_is_not_unfolded(tmp_path: Path) -> None:
    """A few kilobytes that would become gigabytes."""
    (part,) = write_bundle([], tmp_path, NIGHT, LOG)
    head, _, _ = part.read_bytes().replace(b"entries 0\n", b"entries 35000000\n").partition(b"digest ")
    body = zlib.compress(b"\0" * 70_000_000, 9)
    digest = hashlib.sha256(head + b"digest " + body).hexdigest().encode()
    part.write_bytes(head + b"digest " + digest + b"\n\n" + body)
    assert numbers([part]) == [219]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    place = tmp_path_factory.mktemp("any")
    (place / "part").write_bytes(data)
    assert numbers([place / "part"]) == [219]
