"""The duty officer's questions over the web: the answers of `safepassage where`, for whoever has the session."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from safepassage.disclosure.where import QUESTIONS, moment
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.values.times import Instant
from tests.sync.serving import serving


@pytest.fixture(scope="module")
def hub(night_folder: Path) -> Hub:
    return Hub(open_folder(night_folder), wall_clock, writer=False)


@pytest.fixture(scope="module")
def address(hub: Hub) -> Iterator[str]:
    with serving(hub) as at:
        yield at


def got(address: str, path: str, **asked: str) -> Any:
    query = urlencode({"key": "a-session"} | asked)
    with urllib.request.urlopen(f"{address}/api/{path}?{query}") as answer:
        return json.loads(answer.read())


def refused(address: str, **asked: str) -> tuple[int, dict[str, str]]:
    with pytest.raises(urllib.error.HTTPError) as no:
        got(address, "where", **asked)
    with no.value as answer:
        return answer.code, json.loads(answer.read())


def plain(answer: object) -> Any:
    return json.loads(msgspec.json.encode(answer))


def test_every_question_is_listed_with_what_it_is_asked_of(address: str) -> None:
    listed = got(address, "questions")
    assert [one["question"] for one in listed] == [*QUESTIONS, "changed"]
    assert {one["about"] for one in listed} == {"", "vehicle", "wristband", "place", "group", "time"}


@pytest.mark.parametrize(
    ("question", "about"), [("unaccounted", ""), ("aboard", "B-07"), ("last", "w-6td58k"), ("unseen", "ramouseh"), ("balance", "")]
)
def test_an_answer_is_the_one_of_the_command(address: str, hub: Hub, question: str, about: str) -> None:
    assert got(address, "where", question=question, about=about) == plain(hub.where(question, about))


def test_it_is_asked_of_the_past_by_a_time_or_a_tree_size(address: str, hub: Hub) -> None:
    assert hub.picture is not None
    size = next(e.index for e in hub.picture.entries if "corrects" in type(e.observation.what).phrase)
    by_size = got(address, "where", question="unaccounted", known=str(size))
    assert by_size == plain(hub.where("unaccounted", size=size)) and by_size["size"] == size
    assert got(address, "where", question="unaccounted", known="22:10") == plain(hub.where("unaccounted", known_at=at(hub, "22:10")))
    was = got(address, "where", question="unaccounted", as_of="22:10")
    assert was["size"] == hub.ledger.size and was["now"] == at(hub, "22:10")
    assert got(address, "where", question="changed", about="22:10")["findings"] == plain(hub.changed(at(hub, "22:10")))["findings"]


def at(hub: Hub, clock: str) -> Instant:
    return moment(clock, hub.newest_at(), hub.folder.world.zone)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"question": "nothing"}, "SP-117"),
        ({"question": "aboard"}, "SP-117"),
        ({"question": "aboard", "about": "B-99"}, "SP-117"),
        ({"question": "unaccounted", "about": "B-07"}, "SP-117"),
        ({"question": "unaccounted", "known": "soon"}, "SP-1"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_its_number(address: str, asked: dict[str, str], number: str) -> None:
    code, said = refused(address, **asked)
    assert code == 400 and f"SP-{said['number']}".startswith(number) and said["do"]


def test_who_has_no_session_is_told_nothing(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as no:
        urllib.request.urlopen(f"{address}/api/where?question=unaccounted")
    with no.value as answer:
        assert answer.code == 401
