"""Text to clauses: an LALR grammar whose words come from the vocabulary and from the tongue that the text is written in.

Nothing ambiguous is ever read one way in silence: it is refused with line, column, the words allowed there, and the
question whose answer would settle it (`refusal.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from safepassage.agreement.clause import Agreement
from safepassage.agreement.reader import ARABIC_DIGITS, Reader, Unread, world_named
from safepassage.agreement.refusal import wording
from safepassage.agreement.tongue import ARABIC, ENGLISH, TONGUES, Tongue
from safepassage.agreement.vocabulary import ROWS, Slot
from safepassage.errors import TOO_MANY_CLAUSES, UNREADABLE_CLAUSE, InputError, Problem, Where, problem, stop
from safepassage.values.places import World

R = TypeVar("R")
MOST_CLAUSES = 1_000
"""More than any agreement has had; a text with more is a mistake, and would be judged slowly."""

# <words> is a terminal that allows any white space between its words, in the tongue of the text.
FRAME = r"""
start: header clause+
header: <Agreement> STRING "." [<Days are counted in the time zone> ZONE "."]
clause: <Clause> LABEL STRING ":" body "." note*
?body: duty | pairing | before | hours | ban | permission | presence | cycle | balance | milestone | in_all | ceiling | daily
duty: <For each> each _COMMA act <within> limit [_COMMA <unless> unless (<and> unless)*]
pairing: <For each> each _COMMA <a different> different <within> limit _SEMICOLON <no bus counts twice>
before: <For each> each _COMMA past <before> [_COMMA <at most> elapsed <earlier>]
hours: <For each> each _COMMA <the hour is between> CLOCK <and#3> CLOCK
ban: <No> ban_words [_COMMA <except at> place]
permission: <It is allowed that> allowed
presence: <From when> enters <until> leaves _COMMA present <without a gap of more than> elapsed
cycle: cycle_words <within> limit <after> after _COMMA <and then within> limit <after each report>
balance: <At no time do> sum <and#2> sum <differ by more than> NUMBER
milestone: <Once> NUMBER once _COMMA NUMBER then <within> limit
in_all: <Once> NUMBER once _COMMA NUMBER then <in all> <within> limit
ceiling: <At any time, no more than> NUMBER once
daily: <On any calendar day, no more than> NUMBER then
note: <Owed by> PARTY "." -> owed
    | <Source:> STRING "." -> source
    | <Watched through> PARTY "." -> through
    | <The clock stops while passage is suspended> "." -> clock_stops
    | <Times count only as far as they are proved> "." -> by_proof
    | <Established by> INT <independent sources> "." -> sourced
?limit: elapsed | calendar | OPEN -> left_open
elapsed: INT UNIT
calendar: INT CALENDAR
place: NAME | STRING
signatory: NAME | STRING
OPEN: /\[[^\[\]\n]+\]/
CLOCK: /[0-2٠-٢][0-9٠-٩]:[0-5٠-٥][0-9٠-٩]/
LABEL: /[0-9٠-٩]{1,3}[a-z]?/
NUMBER: /[0-9٠-٩]+([,٬][0-9٠-٩]{3})*/
INT: /[0-9٠-٩]+/
NAME: /[A-Z][\w'’-]*(\s+[A-Z][\w'’-]*)*/
PARTY: /[^\s."\[\]][^."\[\]]*/
ZONE: /[A-Z]\w+(\/\w+)*/
STRING: /"[^"\n]*"|«[^»\n]*»|“[^“”"«»\n]*”/
_COMMA: /[,،]/
_SEMICOLON: /[;؛]/
%ignore /\s+/
%ignore /#[^\n]*/
"""
_RULE_OF_SLOT = {Slot.BAN: "ban_words", Slot.CYCLE: "cycle_words"}
_MARKS = "[\u064b-\u0652\u0640]*"
"""Arabic vowel signs and the lengthening stroke: written or not, a word is the same."""

_BYTE_ORDER_MARK = "\ufeff"
"""Some editors write it before a text; it is no part of it, and no column counts it."""


def parse_agreement(text: str, world: World, file: str = "agreement.clauses") -> Agreement:
    """The agreement that a text says, its places, areas and parties those of the world.

    Raises
    ------
    InputError
        SP-501 with line and column: the words allowed there, and the question that a mediator must answer; for every clause that
        cannot be read, in the text's order.
    """
    return _read(text, file, lambda part: Reader(world, tongue_of(part)).agreement(_tree(part)))


def parse_alone(text: str, sides: Sequence[str], file: str = "agreement.clauses") -> tuple[Agreement, World]:
    """The agreement that a text says without a world: each place and debtor that it names stands for itself.

    Raises
    ------
    InputError
        SP-501, as of `parse_agreement`.
    """
    world = _read(text, file, lambda part: world_named(_tree(part), sides))
    return parse_agreement(text, world, file), world


def _read(text: str, file: str, reads: Callable[[str], R]) -> R:
    """What a reader makes of a text. What cannot be read becomes SP-501, clause by clause, and what is too long SP-503."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    begins = _clauses(text)
    if len(begins) > MOST_CLAUSES:
        stop(TOO_MANY_CLAUSES, Where(file), clauses=len(begins), most=MOST_CLAUSES)
    whole = _wrong(text, file, reads)
    if not isinstance(whole, Problem):
        return whole
    apart = (_wrong(part, file, reads) for part in _parts(text, begins))
    found = list(dict.fromkeys(each for each in apart if isinstance(each, Problem))) or [whole]
    raise InputError(found[0], found[1:])


def _wrong(text: str, file: str, reads: Callable[[str], R]) -> R | Problem:
    """What is made of a text, or the first thing that is wrong with it."""
    try:
        return reads(text)
    except UnexpectedInput as wrong:
        return wording(wrong, text, file, _parser(tongue_of(text).code)[1])
    except Unread as wrong:
        return problem(UNREADABLE_CLAUSE, Where(file, wrong.line, wrong.column), reason=wrong.reason, question=wrong.question)


def _clauses(text: str) -> list[int]:
    """Where each clause begins."""
    words = "|".join(_flexible(tongue.say("Clause")) for tongue in (ENGLISH, ARABIC))
    return [found.start() for found in re.finditer(rf"^[^\S\n]*(?:{words})\s+\d", text, re.MULTILINE)]


def _parts(text: str, begins: Sequence[int]) -> Iterator[str]:
    """The text with each of its clauses in turn as the only one, everything at its line and column."""
    for start, end in pairwise([*begins, len(text)]):
        yield text[: begins[0]] + re.sub(r"[^\n]", " ", text[begins[0] : start]) + text[start:end]


def _tree(text: str) -> Tree[Token]:
    parser, _ = _parser(tongue_of(text).code)
    return parser.parse(text)


def tongue_of(text: str) -> Tongue:
    """By the text's first word."""
    first = re.sub(r"^(\s|#[^\n]*)+", "", text)
    return ARABIC if re.match(_flexible(ARABIC.say("Agreement")), first) else ENGLISH


@lru_cache(maxsize=2)
def _parser(code: str) -> tuple[Lark, dict[str, str]]:
    """The parser of a tongue, and what each of its terminals is called to people."""
    tongue, shown = TONGUES[code], dict[str, str]()
    rules = [f"{_RULE_OF_SLOT.get(slot, slot.value)}: {_alternatives(slot, tongue, shown)}" for slot in Slot]
    frame = re.sub(r"<([^>]+)>", lambda found: _terminal(found[1], tongue.say(found[1]), shown), FRAME)
    units = [f"UNIT: /{_units(tongue, 'minute', 'hour', 'day')}/", f"CALENDAR: /{_units(tongue, 'calendar')}/"]
    terminals = [rf"{name}: /{_flexible(words)}/" for name, words in shown.items()]
    text = "\n".join([frame, *rules, *units, *terminals])
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=False), shown


def _units(tongue: Tongue, *names: str) -> str:
    """The longest first, so that `days of 24 hours` is not read as far as `days`."""
    words = {spelling for name in names for spelling in tongue.units[name]}
    return "|".join(_flexible(one) for one in sorted(words, key=lambda one: (-len(one), one)))


def _alternatives(slot: Slot, tongue: Tongue, shown: dict[str, str]) -> str:
    """Every phrase of the slot, tagged with its number in the table."""
    rows = [(number, row) for number, row in enumerate(ROWS) if row.slot is slot]
    return " | ".join(f"{_phrase(number, tongue.say(row.words), shown)} -> row_{number}" for number, row in rows)


def _phrase(number: int, words: str, shown: dict[str, str]) -> str:
    before, blank, after = re.match(r"([^{]*)(\{\w+\})?(.*)", words, re.DOTALL).groups()  # type: ignore[union-attr]  # it matches any text
    rule = {"{place}": "place", "{party}": "signatory"}.get(blank, "")
    parts = [_terminal(f"r{number}", before.strip(), shown), rule, _terminal(f"r{number} after", after.strip(), shown) if after else ""]
    return " ".join(part for part in parts if part)


def _terminal(key: str, words: str, shown: dict[str, str]) -> str:
    name = "_W_" + re.sub(r"\W+", "_", key).upper()
    shown[name] = words
    return name


def _flexible(words: str) -> str:
    """White space of any kind between words, vowel signs or none, digits of either script, and no letter right after the last."""
    bare = re.sub(_MARKS, "", words)
    spelt = ("".join(map(_letter, word)) for word in bare.split())
    return r"\s+".join(spelt) + (r"(?!\w)" if bare[-1].isalnum() else "")


def _letter(letter: str) -> str:
    if letter.isdigit():
        return f"[{letter}{ARABIC_DIGITS[int(letter)]}]"
    return re.escape(letter) if letter.isascii() else re.escape(letter) + _MARKS
