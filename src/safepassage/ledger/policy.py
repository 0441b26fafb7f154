"""Whose cosignatures are enough: a text that everybody who verifies can hold, in the form that other logs use too.

Two neutral bodies are enough with us; a side's cosignature is shown and never required, so that no party can veto the log.

Source: C2SP tlog-policy.md; docs/formats/cosigning.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NoReturn

import msgspec

from safepassage.errors import BAD_POLICY, InputError, Where, stop
from safepassage.ledger.keys import COSIGNER, VerifyKey, parse_vkey

NONE = "none"
_ALLOWED = re.compile(rb"[\x09\x0a\x20-\x7e\x80-\xff]*")
_COUNT = re.compile(r"[1-9][0-9]{0,5}")


class Group(msgspec.Struct, frozen=True):
    """So many of these, cosigners or groups, are enough."""

    enough: int
    members: tuple[str, ...]


class Policy(msgspec.Struct, frozen=True):
    """Logs, cosigners by the names that the policy gives them, groups, and the one name that must be satisfied."""

    logs: tuple[VerifyKey, ...]
    cosigners: dict[str, VerifyKey]
    urls: dict[str, str]
    groups: dict[str, Group]
    quorum: str

    def satisfied(self, cosigned: Collection[str]) -> bool:
        """Whether these cosigners, by their names here, are enough."""
        return self.quorum == NONE or self._holds(self.quorum, cosigned)

    def required(self, name: str) -> bool:
        """Whether this cosigner can count towards the quorum; one that cannot is shown, and no more."""
        return self._reaches(self.quorum, name)

    def covers(self, sizes: Mapping[str, int]) -> int:
        """The largest tree that enough cosigners vouch for, each by its name with the size it cosigned; 0 where none is.

        Whoever cosigned a tree vouches for every smaller one that it continues: call it for trees of one line only.
        """
        reached = [size for size in sizes.values() if self.satisfied([name for name, other in sizes.items() if other >= size])]
        return max(reached, default=0)

    def _holds(self, name: str, cosigned: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._holds(member, cosigned) for member in group.members) >= group.enough

    def _reaches(self, name: str, sought: str) -> bool:
        group = self.groups.get(name)
        return name == sought if group is None else any(self._reaches(member, sought) for member in group.members)


def parse_policy(data: bytes, file: str = "policy") -> Policy:
    """The policy in these bytes.

    Raises
    ------
    InputError
        BAD_POLICY, with the line: another form, a doubled key or name, a name used before its line, no quorum or two.
    """
    reading = _Reading(file)
    if not _ALLOWED.fullmatch(data):
        reading.wrong("it holds a control character")
    for number, line in enumerate(data.decode("latin-1").split("\n"), 1):
        reading.line = number
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words != [""] and not words[0].startswith("#"):
            reading.take(words)
    return reading.whole()


class _Reading:
    """What was read so far. Octets above 127 are opaque: they are kept as latin-1, one character for each."""

    def __init__(self, file: str) -> None:
        self.line = 0
        self._file = file
        self._logs: list[VerifyKey] = []
        self._cosigners: dict[str, VerifyKey] = {}
        self._urls: dict[str, str] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, words: Sequence[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self._log(vkey)
            case ["witness", name, vkey]:
                self._cosigner(name, vkey, "")
            case ["witness", name, vkey, url]:
                self._cosigner(name, vkey, url)
            case ["group", name, enough, *members] if members:
                self._group(name, enough, members)
            case ["quorum", name]:
                self._rule(name)
            case _:
                self.wrong("it is no line of a policy")

    def whole(self) -> Policy:
        if self._quorum is None:
            self.wrong("it has no quorum")
        return Policy(tuple(self._logs), self._cosigners, self._urls, self._groups, self._quorum)

    def wrong(self, reason: str) -> NoReturn:
        stop(BAD_POLICY, Where(self._file, self.line), reason=reason)

    def _log(self, vkey: str) -> None:
        key = self._key(vkey, None)
        if any(key.public == other.public for other in self._logs):
            self.wrong("the key of this log is there twice")
        self._logs.append(key)

    def _cosigner(self, name: str, vkey: str, url: str) -> None:
        key = self._key(vkey, COSIGNER)
        self._fresh(name)
        if any(key.public == other.public for other in self._cosigners.values()):
            self.wrong("the key of this cosigner is there twice")
        self._cosigners[name] = key
        if url:
            self._urls[name] = url

    def _group(self, name: str, enough: str, members: Sequence[str]) -> None:
        self._fresh(name)
        for member in members:
            if member not in self._cosigners and member not in self._groups:
                self.wrong(f"{member} is not defined above")
            if member in self._grouped:
                self.wrong(f"{member} is a member already")
            self._grouped.add(member)
        count = {"all": len(members), "any": 1}.get(enough) or (int(enough) if _COUNT.fullmatch(enough) else 0)
        if not 1 <= count <= len(members):
            self.wrong(f"{enough} of {len(members)} cannot be asked")
        self._groups[name] = Group(count, tuple(members))

    def _rule(self, name: str) -> None:
        if self._quorum is not None:
            self.wrong("it has a quorum already")
        if name != NONE and name not in self._cosigners and name not in self._groups:
            self.wrong(f"{name} is not defined above")
        self._quorum = name

    def _fresh(self, name: str) -> None:
        if name == NONE or name in self._cosigners or name in self._groups:
            self.wrong(f"the name {name} is taken")

    def _key(self, vkey: str, algorithm: int | None) -> VerifyKey:
        text = vkey.encode("latin-1").decode("utf-8", "replace")
        try:
            return parse_vkey(text) if algorithm is None else parse_vkey(text, algorithm)
        except InputError as error:
            self.wrong(error.problem.what.removesuffix("."))
