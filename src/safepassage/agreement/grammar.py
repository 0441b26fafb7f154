"""Text to clauses: an LALR grammar whose phrases come from the vocabulary, and refusals that ask a mediator.

Nothing ambiguous is ever read one way in silence: it is refused with line, column, the words allowed there, and the
question whose answer would settle it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import NoReturn

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from safepassage.agreement.clause import Agreement
from safepassage.agreement.reader import Reader, Unread, world_named
from safepassage.agreement.vocabulary import ROWS, Slot
from safepassage.errors import UNREADABLE_CLAUSE, Where, stop
from safepassage.values.places import World

# <words> is a terminal that allows any white space between its words; {slot} stands for the vocabulary's phrases.
_FRAME = r"""
start: header clause+
header: <Agreement> STRING "." [<Days are counted in the time zone> ZONE "."]
clause: <Clause> LABEL STRING ":" body "." note*
?body: duty | pairing | before | ban | presence | cycle | balance
duty: <For each> each "," act <within> limit ["," <unless> unless (<and> unless)*]
pairing: <For each> each "," <a different> different <within> limit ";" <no bus counts twice>
before: <For each> each "," past <before> ["," <at most> elapsed <earlier>]
ban: <No> ban_words
presence: <From when> enters <until> leaves "," present <without a gap of more than> elapsed
cycle: cycle_words <within> limit <after> after "," <and then within> limit <after each report>
balance: <At no time do> sum <and> sum <differ by more than> NUMBER
note: <Owed by> PARTY "." -> owed
    | <Source:> STRING "." -> source
    | <Watched through> PARTY "." -> through
    | <The clock stops while passage is suspended> "." -> clock_stops
?limit: elapsed | calendar | OPEN -> left_open
elapsed: INT UNIT
calendar: INT CALENDAR
place: NAME | STRING
OPEN: /\[[a-z][a-z ]*\]/
UNIT: /minutes?|hours?|days?\s+of\s+24\s+hours/
CALENDAR: /calendar\s+days?/
LABEL: /[0-9]{1,3}[a-z]?/
NUMBER: /[0-9]+(,[0-9]{3})*/
INT: /[0-9]+/
NAME: /[A-Z][\w'’-]*(\s+[A-Z][\w'’-]*)*/
PARTY: /[^\s."\[\]][^."\[\]]*/
ZONE: /[A-Z]\w+(\/\w+)*/
STRING: /"[^"\n]*"/
%ignore /\s+/
%ignore /#[^\n]*/
"""
_RULE_OF_SLOT = {Slot.BAN: "ban_words", Slot.CYCLE: "cycle_words"}
_PLAIN = {
    "OPEN": "[time to be agreed]",
    "UNIT": "minutes, hours or days of 24 hours",
    "CALENDAR": "calendar days",
    "LABEL": "a label such as 11a",
    "NUMBER": "a number such as 1,500",
    "INT": "a number",
    "NAME": "the name of a place",
    "PARTY": "words up to a full stop",
    "ZONE": "a time zone such as Asia/Damascus",
    "STRING": "words in quotes",
    "DOT": "a full stop",
    "COMMA": "a comma",
    "COLON": "a colon",
    "SEMICOLON": "a semicolon",
    "$END": "the end",
}
_QUESTIONS: tuple[tuple[str, str], ...] = (
    (
        r"(a|one|another)\s+bus\b",
        "Which is meant: `a different bus` for each, with `no bus counts twice`, or one bus that may answer several?",
    ),
    (
        r"days?\b(?!\s+of)",
        "Which days are meant: `calendar days`, to the end of the last day, or `days of 24 hours`, from instant to instant?",
    ),
    (r"every\b", "Counted from what: `after each report`, from the report made, or from fixed dates? Only the first can be judged."),
    (
        r"(promptly|immediately|without\s+delay|urgently|as\s+soon)\b",
        "Within what time? Write hours or days, or leave it `[time to be agreed]`.",
    ),
    (r"(about|around|approximately|roughly|some)\b", "What is the exact limit? The last instant that still counts must be written."),
    (
        r"(continuously|constantly|permanently|at\s+all\s+times)\b",
        "How long may a gap be? Write `without a gap of more than 30 minutes`, say.",
    ),
    (r"(regularly|periodically)\b", "How often, counted from what? Write `within 30 calendar days after each report`, say."),
)
_WIDEST = 12
"""No more than so many allowed words are listed."""


def parse_agreement(text: str, world: World, file: str = "agreement.clauses") -> Agreement:
    """The agreement that a text says, its places, areas and parties those of the world.

    Raises
    ------
    InputError
        SP-501 with line and column: the words allowed there, and the question that a mediator must answer.
    """
    with _refusing(text, file):
        return Reader(world).agreement(_tree(text))


def parse_alone(text: str, sides: Sequence[str], file: str = "agreement.clauses") -> tuple[Agreement, World]:
    """The agreement that a text says without a world: each place and debtor that it names stands for itself.

    Raises
    ------
    InputError
        SP-501, as of `parse_agreement`.
    """
    with _refusing(text, file):
        world = world_named(_tree(text), sides)
    return parse_agreement(text, world, file), world


@contextmanager
def _refusing(text: str, file: str) -> Iterator[None]:
    """What cannot be read becomes SP-501."""
    try:
        yield
    except UnexpectedInput as wrong:
        _refuse_wording(wrong, text, file)
    except Unread as wrong:
        stop(UNREADABLE_CLAUSE, Where(file, wrong.line, wrong.column), reason=wrong.reason, question=wrong.question)


def _tree(text: str) -> Tree[Token]:
    parser, _ = _parser()
    return parser.parse(text)


def _refuse_wording(wrong: UnexpectedInput, text: str, file: str) -> NoReturn:
    """What stands there, what may stand there, and what to ask."""
    at: int = len(text) if _at_end(wrong) else getattr(wrong, "pos_in_stream", None) or 0
    found = re.split(r"[.\n]", text[at : at + 40])[0].strip() or ("the end of the text" if at >= len(text) else text[at])
    allowed = sorted(set(_allowed(wrong)))
    listed = "; ".join(allowed[:_WIDEST]) + (f"; and {len(allowed) - _WIDEST} more" if len(allowed) > _WIDEST else "")
    question = next((asked for pattern, asked in _QUESTIONS if re.match(pattern, text[at:], re.IGNORECASE)), "")
    where = Where(file, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)
    stop(
        UNREADABLE_CLAUSE,
        where,
        reason=f"`{found}` stands where one of these may stand: {listed}",
        question=question or "Write one of the words allowed there; docs/reference/clauses.md shows all seven shapes.",
    )


def _at_end(wrong: UnexpectedInput) -> bool:
    return isinstance(wrong, UnexpectedEOF) or (isinstance(wrong, UnexpectedToken) and wrong.token.type == "$END")


def _allowed(wrong: UnexpectedInput) -> Iterator[str]:
    """Lark's internal names of what may come, in the words of the language."""
    _, shown = _parser()
    names: set[str] = set()
    if isinstance(wrong, UnexpectedCharacters):
        names = set(wrong.allowed)
    elif isinstance(wrong, UnexpectedToken):
        names = set(wrong.accepts) if wrong.accepts else set(wrong.expected)
    for name in names:
        yield shown.get(name, _PLAIN.get(name, name.lower()))


@lru_cache(maxsize=1)
def _parser() -> tuple[Lark, dict[str, str]]:
    """The parser, and what each of its terminals is called to people."""
    shown: dict[str, str] = {}
    rules = [f"{_RULE_OF_SLOT.get(slot, slot.value)}: {_alternatives(slot)}" for slot in Slot]
    frame = re.sub(r"<([^>]+)>", lambda found: _terminal(found[1], shown), "\n".join([_FRAME, *rules]))
    terminals = [rf"{name}: /{_flexible(words)}/" for name, words in shown.items()]
    return Lark("\n".join([frame, *terminals]), parser="lalr", propagate_positions=True, maybe_placeholders=False), shown


def _alternatives(slot: Slot) -> str:
    """Every phrase of the slot, tagged with its number in the table."""
    rows = [(number, row) for number, row in enumerate(ROWS) if row.slot is slot]
    return " | ".join(f"{_phrase(row.words)} -> row_{number}" for number, row in rows)


def _phrase(words: str) -> str:
    before, place, after = words.partition("{place}")
    parts = [f"<{before.strip()}>", *(["place"] if place else []), *([f"<{after.strip()}>"] if after.strip() else [])]
    return " ".join(parts)


def _terminal(words: str, shown: dict[str, str]) -> str:
    name = "_W_" + re.sub(r"\W+", "_", words).upper()
    shown[name] = words
    return name


def _flexible(words: str) -> str:
    """White space of any kind between words, and no letter right after the last."""
    return r"\s+".join(re.escape(word) for word in words.split()) + (r"\b" if words[-1].isalnum() else "")
