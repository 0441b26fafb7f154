"""The proof of a split view: whatever sizes the two tree heads have, and nothing that is none."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import Refusal
from safepassage.ledger import treehead
from safepassage.ledger.cosign import Declined, Request, judge, render_request
from safepassage.ledger.keys import Signer, signer_from_seed
from safepassage.ledger.merkle import Tree
from safepassage.ledger.split import Split, check_split, parse_split, render_split
from safepassage.ledger.treehead import TreeHead

LOG = signer_from_seed("safepassage/exercise", b"l" * 32)
OTHER = signer_from_seed("safepassage/exercise", b"o" * 32)


def tree(size: int, parts_at: int = 1_000) -> Tree:
    """Leaves that are others from `parts_at` on."""
    made = Tree()
    for number in range(size):
        made.append(hashlib.sha256(f"{number} {number >= parts_at}".encode()).digest())
    return made


def head(of: Tree, signer: Signer = LOG) -> bytes:
    return treehead.sign(TreeHead(signer.name, len(of), of.root()), signer)


def split(small: int, large: int, parts_at: int) -> Split:
    """A log that showed `small` leaves to one, and to another `large` that part from them."""
    one, two = tree(small), tree(large, parts_at)
    if small == large:
        return Split(head(one), head(two))
    return Split(head(one), head(two), two.root(small), tuple(two.consistency(small, large)))


sizes = st.integers(1, 40).flatmap(lambda small: st.tuples(st.just(small), st.integers(small, 60), st.integers(0, small - 1)))


@given(sizes)
def test_two_tree_heads_that_part_are_proved_to_whatever_their_sizes(given: tuple[int, int, int]) -> None:
    made = split(*given)
    shown = check_split(made, LOG.key, LOG.name)
    assert not isinstance(shown, Refusal) and [each.size for each in shown] == list(given[:2])
    assert parse_split(render_split(made)) == made


@given(sizes)
def test_a_log_that_only_grew_is_never_shown_to_have_parted(given: tuple[int, int, int]) -> None:
    small, large, _ = given
    honest = split(small, large, 1_000)
    assert isinstance(check_split(honest, LOG.key, LOG.name), Refusal)
    false = tree(small, 0).root()
    for root in (false, honest.root):
        assert isinstance(check_split(Split(honest.smaller, honest.larger, root, honest.hashes), LOG.key, LOG.name), Refusal)


def test_what_another_key_signed_proves_nothing_about_the_log() -> None:
    one, two = tree(5), tree(5, 2)
    for smaller, larger in ((head(one, OTHER), head(two)), (head(one), head(two, OTHER))):
        assert isinstance(check_split(Split(smaller, larger), LOG.key, LOG.name), Refusal)
    assert isinstance(check_split(Split(head(one), head(two)), LOG.key, "safepassage/other"), Refusal)


@given(sizes, st.integers(0, 2_000), st.binary(min_size=1, max_size=2))
def test_no_bytes_make_the_reader_fail(given: tuple[int, int, int], at: int, wrong: bytes) -> None:
    data = render_split(split(*given))
    altered = data[:at] + wrong + data[at + len(wrong) :]
    for each in (altered, data[:at], wrong):
        found = parse_split(each)
        if not isinstance(found, Refusal) and each != data:
            check_split(found, LOG.key, LOG.name)


@pytest.mark.parametrize(("small", "large", "proved"), [(5, 5, True), (5, 9, True), (6, 20, True), (4, 9, False), (8, 9, False)])
def test_a_cosigner_has_the_proof_in_hand_where_the_log_sent_it(small: int, large: int, proved: bool) -> None:
    """From a tree whose size is a power of two the consistency proof does not hold the old root: there it only declines."""
    made = split(small, large, 2)
    hashes = () if small == large else made.hashes
    answer = judge(render_request(Request(small, hashes, made.larger)), [LOG.key], made.smaller)
    assert isinstance(answer, Declined) and answer.code == 422
    assert (answer.split is not None) == proved
    if answer.split is not None:
        assert not isinstance(check_split(answer.split, LOG.key, LOG.name), Refusal)
