"""The text: all of it reads back exactly, and what is ambiguous is refused with a question, never read one way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.agreement.clause import Agreement, Before, Calendar, Duty, Elapsed, Hours, Open
from safepassage.agreement.compare import differences
from safepassage.agreement.contradict import contradictions
from safepassage.agreement.facts import Ground, facts_of
from safepassage.agreement.grammar import FRAME, parse_agreement, parse_alone
from safepassage.agreement.naive_facts import facts_by_definition
from safepassage.agreement.render import render
from safepassage.agreement.table import HEARD_FROM, table
from safepassage.agreement.tongue import ARABIC
from safepassage.agreement.understood import understood
from safepassage.agreement.vocabulary import ROWS, Happening
from safepassage.errors import InputError
from safepassage.observation import Entry, Observation
from safepassage.values.ids import EntryId
from safepassage.values.places import parse_world
from safepassage.values.times import HOUR
from tests.agreement.told import WORLD_TEXT, world
from tests.laws.observations import observations

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
AGREEMENTS = SCENARIOS.parent / "docs" / "agreements"
HEAD = 'Agreement "Test".\nClause 1 "One":\n  '
AMBIGUOUS = {
    "For each bus that departs Aleppo, a bus departs Foua within 6 hours; no bus counts twice.": "several",
    "For each person who boards, that person is registered at arrival within 5 days.": "calendar days",
    "For each person who boards, that person is registered at arrival promptly.": "Within what time",
    "For each person who boards, that person is registered at arrival within about 6 hours.": "exact limit",
    "From when a convoy enters a crossing until it leaves, a UN monitor is on post there continuously.": "How long may a gap be",
    "The Secretary-General reports to the Council every 30 days.": "Counted from what",
}


@pytest.mark.parametrize("name", ["six-buses-burned", "aleppo-2016"])
def test_a_scenarios_clauses_read_back_as_the_same_agreement(name: str) -> None:
    agreement = parse_agreement((SCENARIOS / name / "agreement.clauses").read_text(), world())
    assert len(agreement.clauses) >= 13
    assert parse_agreement(render(agreement), world()) == agreement
    assert render(parse_agreement(render(agreement), world())) == render(agreement)
    assert all(understood(clause).startswith("we understood: ") for clause in agreement.clauses)


@pytest.mark.parametrize("wording", AMBIGUOUS)
def test_an_ambiguous_wording_is_refused_with_the_question_that_would_settle_it(wording: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_agreement(HEAD + wording, world())
    assert refused.value.problem.number == 501
    assert refused.value.problem.where.line == 3 and refused.value.problem.where.column > 3
    assert AMBIGUOUS[wording] in refused.value.problem.do
    assert "stands where one of these may stand: " in refused.value.problem.what


@pytest.mark.parametrize(
    ("wording", "says"),
    [
        ("For each bus that departs Homs, a different bus departs Foua within 6 hours; no bus counts twice.", "no place or area Homs"),
        ("For each bus that departs Aleppo, that person is registered at arrival within 2 hours.", "does not name"),
        ("No monitor is expelled by a party. Owed by Aleppo.", "Aleppo is no signatory"),
        ('No monitor is expelled by a party. Clause 1 "Two": No person is robbed by a party.', "stands twice"),
        ("No monitor is expelled", "stands where one of these may stand"),
        ("For each person who boards", "the end of the text"),
    ],
)
def test_what_the_world_or_the_sentence_does_not_bear_is_refused(wording: str, says: str) -> None:
    with pytest.raises(InputError, match="SP-501") as refused:
        parse_agreement(HEAD + wording, world())
    assert says in refused.value.problem.what


def test_the_other_side_needs_exactly_two_sides() -> None:
    third = 'sides = [\n  { id = "third", name = "Third", area = "Third", persons = 1 },'
    three = parse_world(WORLD_TEXT.replace("sides = [", third))
    text = HEAD + "For each suspension by a side, the other side must have breached a clause before."
    parse_agreement(text, world())
    with pytest.raises(InputError, match="3 sides"):
        parse_agreement(text, three)


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("6 hours", Elapsed(6 * HOUR, 6, "hour")),
        ("1 hour", Elapsed(HOUR, 1, "hour")),
        ("2 days of 24 hours", Elapsed(48 * HOUR, 2, "day")),
        ("5 calendar days", Calendar(5)),
        ("[time to be agreed]", Open("time to be agreed")),
    ],
)
def test_each_way_to_write_a_limit_is_kept_as_written(written: str, limit: object) -> None:
    agreement = parse_agreement(HEAD + f"For each request for access by a monitor, it is granted within {written}.", world())
    assert agreement.clauses[0].shape.within == limit
    assert written in render(agreement)


TIMED = [
    "For each person who boards, that person is registered at arrival within {}.",
    "For each bus that departs Aleppo, a different bus departs Foua within {}; no bus counts twice.",
    "For each suspension by a side, the other side must have breached a clause before, at most {} earlier.",
    "From when a convoy enters a crossing until it leaves, a UN monitor is on post there without a gap of more than {}.",
    "The Secretary-General reports to the Council within {} after the adoption, and then within 1 hour after each report.",
    "The Secretary-General reports to the Council within 1 hour after the adoption, and then within {} after each report.",
    "Once 1,200 persons have departed from Foua, 1,200 depart from Aleppo within {}.",
]


@pytest.mark.parametrize("sentence", TIMED)
@pytest.mark.parametrize(("longest", "longer"), [("876600 hours", "876601 hours"), ("36525 days of 24 hours", f"{'9' * 5000} minutes")])
def test_a_limit_of_more_than_a_hundred_years_is_refused_wherever_a_time_may_stand(sentence: str, longest: str, longer: str) -> None:
    parse_agreement(HEAD + sentence.format(longest), world())
    with pytest.raises(InputError, match="SP-501") as refused:
        parse_agreement(HEAD + sentence.format(longer), world())
    assert "Is a limit of more than 100 years meant?" in refused.value.problem.do
    assert (refused.value.problem.where.line, refused.value.problem.where.column) == (3, 3 + sentence.index("{}"))


def test_calendar_days_numbers_and_sources_have_bounds_too() -> None:
    for days in (36_526, 999_999_999):
        with pytest.raises(InputError, match="more than 100 years"):
            alone(f"For each request for access by a monitor, it is granted within {days} calendar days.")
    for number in ("1,000,000,001", "9" * 5000):
        with pytest.raises(InputError, match="more than there are people"):
            alone(f"At any time, no more than {number} persons have departed from Foua.")
    with pytest.raises(InputError, match="independent sources"):
        alone("No person is robbed by a party.", f"Established by {'9' * 5000} independent sources.")


@pytest.mark.parametrize("name", ["Aleppo", '"Eastern Aleppo"', "Eastern Aleppo", '"aleppo"', "Ramouseh", '"ramouseh"'])
def test_a_place_may_be_named_by_area_side_name_or_id(name: str) -> None:
    text = f"At no time do the persons departed from {name} and the persons departed from Foua differ by more than 1,500."
    shape = parse_agreement(HEAD + text, world()).clauses[0].shape
    assert shape.one.places == {"ramouseh"}


def test_every_phrase_of_the_vocabulary_is_documented() -> None:
    page = (SCENARIOS.parent / "docs" / "reference" / "vocabulary.md").read_text()
    assert not [line.words for line in table() if f"| {line.words} | {line.arabic} |" not in page]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(seen=observations(), hearsay=st.booleans(), spot=st.sampled_from([None, *(place.id for place in world().places)]))
def test_the_definition_reads_every_kind_as_the_engine_does(seen: Observation, hearsay: bool, spot: str | None) -> None:
    """By another way, sentences apart; at places of the world too."""
    for placed in (seen, replace(seen, at=spot)):
        said = Entry(EntryId("0" * 64), 0, seen.seen_at, "m01-1", 1, placed, hearsay)
        engine, plain = facts_of(said, Ground(world())), facts_by_definition(said, world())
        worded = [fact if fact.what is Happening.REPORT else replace(fact, words="") for fact in engine]
        assert sorted(worded, key=repr) == sorted(plain, key=repr)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(seen=observations())
def test_the_table_says_of_every_kind_what_is_heard_from_it(seen: Observation) -> None:
    for fact in facts_of(Entry(EntryId("0" * 64), 0, seen.seen_at, "m01-1", 1, seen), Ground(world())):
        assert fact.what is Happening.SEEN_THERE or type(seen.what) in HEARD_FROM[fact.what]


def provable(sentence: str) -> bool:
    """Proved times are judged of three shapes."""
    return isinstance(alone(sentence).clauses[0].shape, Duty | Before | Hours)


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("Established by 2 independent sources.", "independent sources"),
        ("Times count only as far as they are proved.", "times"),
    ],
)
def test_a_note_that_only_one_text_has_is_named(note: str, says: str) -> None:
    sentence = "For each person who boards, that person is registered at arrival within 12 hours."
    found = [str(each) for each in differences(alone(sentence, note), alone(sentence))]
    assert len(found) == 1 and says in found[0]


def test_a_kind_of_place_that_the_world_does_not_have_is_refused_with_a_question() -> None:
    """In a world of names alone, as of a text without one, any place will do."""
    wording = "For each person who boards, that person is registered at a reception within 2 hours."
    none = parse_world(WORLD_TEXT.replace('kind = "reception"', 'kind = "assembly"'))
    with pytest.raises(InputError, match="the world has no reception") as refused:
        parse_agreement(HEAD + wording, none)
    assert "Which place is a reception" in refused.value.problem.do
    assert parse_agreement(HEAD + wording, world()).clauses[0].shape.act.places == {"idlib"}
    assert alone(wording).clauses[0].shape.act.places == frozenset()


def test_proved_times_of_a_shape_that_does_not_judge_them_are_refused_with_a_question() -> None:
    with pytest.raises(InputError, match="duties, preconditions and hours alone") as refused:
        parse_agreement(HEAD + "No person is robbed by a party. Times count only as far as they are proved.", world())
    assert "as they are claimed" in refused.value.problem.do


def alone(sentence: str, notes: str = "") -> Agreement:
    return parse_alone(f'Agreement "Test".\nClause 1 "One": {sentence} {notes}', ())[0]


EVERY_SHAPE = [
    (
        "For each person who boards, that person is registered at arrival within 12 hours, "
        "unless that person is wounded and that person is handed to a hospital."
    ),
    "For each bus that departs Aleppo, a different bus departs Foua within 6 hours; no bus counts twice.",
    "For each suspension by a side, the other side must have breached a clause before, at most 48 hours earlier.",
    "For each bus that departs Aleppo, the hour is between 20:00 and 04:30.",
    "No person is taken off a bus by a party, except at Ramouseh.",
    "It is allowed that a bus is searched.",
    "From when a convoy enters a crossing until it leaves, a UN monitor is on post there without a gap of more than 30 minutes.",
    (
        "The Secretary-General reports to the Council within 5 calendar days after the adoption, "
        "and then within 30 calendar days after each report."
    ),
    "At no time do the buses departed from Aleppo and the buses departed from Foua differ by more than 5.",
    'At no time do the detainees released by "the one side" and the detainees released by "the other" differ by more than 1,500.',
    "Once 1,200 persons have departed from Foua, 1,200 depart from Aleppo within 24 hours.",
    'Once 20 buses have departed from Foua, 40 detainees are released by "the one side" in all within [time to be agreed].',
    "At any time, no more than 2,500 persons have departed from Foua.",
    "On any calendar day, no more than 12 buses depart from Foua.",
]


@pytest.mark.parametrize("sentence", EVERY_SHAPE)
def test_every_shape_reads_back_exactly_in_both_tongues(sentence: str) -> None:
    """Text, clause, text: in English, and in Arabic made from the same clause, which is the same clause again."""
    notes = "The clock stops while passage is suspended. Established by 2 independent sources."
    english = alone(sentence, f"{notes} Times count only as far as they are proved." if provable(sentence) else notes)
    assert english.clauses[0].sentence == sentence
    assert parse_alone(render(english), ())[0] == english
    arabic = parse_alone(render(replace(english, tongue="ar")), ())[0]
    assert arabic.tongue == "ar" and parse_alone(render(arabic), ())[0] == arabic
    assert differences(english, arabic) == []
    assert parse_alone(render(replace(arabic, tongue="en")), ())[0] == english
    assert understood(english.clauses[0]) == understood(arabic.clauses[0])


def test_vowel_signs_may_be_written_or_left_out() -> None:
    text = render(replace(alone(EVERY_SHAPE[0]), tongue="ar"))
    bare = "".join(letter for letter in text if not "\u064b" <= letter <= "\u0652")
    assert bare != text
    assert parse_alone(bare, ())[0] == parse_alone(text, ())[0]


def test_every_english_word_has_its_arabic() -> None:
    frame = set(re.findall(r"<([^>]+)>", FRAME))
    assert set(ARABIC.says) == frame | {row.words for row in ROWS}


def test_a_refusal_of_an_arabic_text_lists_arabic_words() -> None:
    text = render(replace(alone("No person is robbed by a party."), tongue="ar")).replace(
        ARABIC.say("person is robbed by a party"), "الكذب"
    )
    with pytest.raises(InputError) as refused:
        parse_alone(text, ())
    assert ARABIC.say("person is injured by a party") in refused.value.problem.what


@pytest.mark.parametrize("name", ["2016-12", "2017-04", "2014-02"])
def test_the_agreements_of_the_record_read_back_exactly(name: str) -> None:
    names = parse_world((AGREEMENTS / "world.toml").read_text())
    agreement = parse_agreement((AGREEMENTS / f"{name}.clauses").read_text(), names)
    assert parse_agreement(render(agreement), names) == agreement
    assert contradictions(agreement) == []


def test_both_texts_of_december_2016_say_the_same_and_a_changed_hour_is_named() -> None:
    names = parse_world((AGREEMENTS / "world.toml").read_text())
    english, arabic = ((AGREEMENTS / f"2016-12{tongue}.clauses").read_text() for tongue in ("", ".ar"))
    one = parse_agreement(english, names)
    assert differences(one, parse_agreement(arabic, names)) == []
    changed = arabic.replace("2,500 شخصاً يغادرون", "2,000 شخصاً يغادرون").replace("«الفوعة» إجمالاً", "«الفوعة»")
    found = [str(each) for each in differences(one, parse_agreement(changed, names))]
    assert found == ["clause 3b, in all: yes / no", "clause 4, amount: 2,500 / 2,000"]


def test_a_clause_that_one_text_lacks_is_a_difference() -> None:
    one = alone("No person is robbed by a party.")
    other = parse_alone('Agreement "Test".\nClause 2 "Two": No person is injured by a party.', ())[0]
    assert [(each.label, bool(each.one), bool(each.other)) for each in differences(one, other)] == [("1", True, False), ("2", False, True)]


CONTRADICTING = [
    ("No person is taken off a bus by a party, except at Ramouseh.", "It is allowed that a person is taken off a bus by a party."),
    ("No person is taken off a bus by a party.", "It is allowed that a person is taken off a bus by a party."),
    (
        "For each bus that departs Aleppo, a different bus departs Foua within 6 hours; no bus counts twice.",
        "For each bus that departs Foua, a different bus departs Aleppo within 6 hours; no bus counts twice.",
    ),
    (
        "For each departure of the last convoy from Foua, the last convoy from Aleppo must have departed before.",
        "For each departure of the last convoy from Aleppo, the last convoy from Foua must have departed before.",
    ),
    (
        "Once 1,200 persons have departed from Foua, 1,200 depart from Aleppo within 24 hours.",
        "At any time, no more than 1,000 persons have departed from Aleppo.",
    ),
    (
        "Once 1,200 persons have departed from Foua, 1,200 depart from Aleppo within 24 hours.",
        "On any calendar day, no more than 300 depart from Aleppo.",
    ),
    (
        "For each bus that departs Aleppo, a different bus departs Foua within 6 hours; no bus counts twice.",
        "For each bus that departs Foua, the hour is between 08:00 and 16:00.",
    ),
    (
        "For each bus that departs Foua, the hour is between 08:00 and 16:00.",
        "For each bus that departs Foua, the hour is between 20:00 and 04:00.",
    ),
    (
        "Once 1,200 persons have departed from Foua, 10 buses depart from Aleppo within 2 hours.",
        "For each bus that departs Aleppo, the hour is between 08:00 and 16:00.",
    ),
    (
        "Once 700 persons have departed from Foua, 400 depart from Foua within 2 hours.",
        "At any time, no more than 1,000 persons have departed from Foua.",
    ),
    ("It is allowed that passage is suspended.", "For each suspension by a side, the other side must have breached a clause before."),
]


def pair(one: str, other: str) -> Agreement:
    return parse_alone(f'Agreement "T". Clause 1 "a": {one} Clause 2 "b": {other}', ())[0]


@pytest.mark.parametrize(("one", "other"), CONTRADICTING)
def test_two_clauses_that_cannot_both_be_met_are_named_as_a_pair_with_an_example(one: str, other: str) -> None:
    for agreement in (pair(one, other), pair(other, one)):
        (found,) = contradictions(agreement)
        assert (found.one, found.other) == ("1", "2") and len(found.example) > 40


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CONTRADICTING[4][0], "At any time, no more than 1,200 persons have departed from Aleppo."),
        (CONTRADICTING[4][0].replace("within 24 hours", "within [time to be agreed]"), CONTRADICTING[4][1]),
        (CONTRADICTING[4][0], "On any calendar day, no more than 600 depart from Aleppo."),
        (
            "For each bus that departs Foua, the hour is between 20:00 and 04:00.",
            "For each bus that departs Foua, the hour is between 04:00 and 05:00.",
        ),
        (
            "For each bus that departs Foua, the hour is between 20:00 and 04:00.",
            "For each bus that departs Aleppo, the hour is between 05:00 and 06:00.",
        ),
        (CONTRADICTING[6][0], "For each bus that departs Foua, the hour is between 08:00 and 02:00."),
    ],
)
def test_two_clauses_that_can_both_be_met_are_left_alone(one: str, other: str) -> None:
    assert contradictions(pair(one, other)) == []


HOURS = [(8, 16), (20, 4), (22, 6), (0, 23), (5, 6), (16, 20)]


def in_hours(minute: int, hours: tuple[int, int]) -> bool:
    start, end, clock = hours[0] * 60, hours[1] * 60, minute % 1440
    return start <= clock <= end if start <= end else clock >= start or clock <= end


def hours_of(place: str, hours: tuple[int, int]) -> str:
    return f"For each bus that departs {place}, the hour is between {hours[0]:02d}:00 and {hours[1]:02d}:00."


def so_many(number: int) -> str:
    return f"{number} hour{'s' * (number != 1)}"


@pytest.mark.parametrize("hours", HOURS)
def test_pairs_with_hours_contradict_each_other_exactly_where_some_minute_of_a_day_shows_it(hours: tuple[int, int]) -> None:
    for other in HOURS:
        empty = not any(in_hours(minute, hours) and in_hours(minute, other) for minute in range(1440))
        assert bool(contradictions(pair(hours_of("Foua", hours), hours_of("Foua", other)))) == empty
    for within in range(1, 26):
        owed = f"For each bus that departs Aleppo, a different bus departs Foua within {so_many(within)}; no bus counts twice."
        stuck = any(not any(in_hours(m, hours) for m in range(begin, begin + within * 60 + 1)) for begin in range(1440))
        assert bool(contradictions(pair(owed, hours_of("Foua", hours)))) == stuck, (within, hours)


@pytest.mark.parametrize("within", [1, 6, 23, 24, 25, 47, 48, 49])
def test_a_milestone_and_a_number_a_day_contradict_each_other_exactly_where_some_minute_leaves_too_few_days(within: int) -> None:
    days = min((begin + within * 60) // 1440 + 1 for begin in range(1440))
    for limit in (100, 200, 300, 400, 600, 1200):
        owed = f"Once 1,200 persons have departed from Foua, 1,200 depart from Aleppo within {so_many(within)}."
        daily = f"On any calendar day, no more than {limit} depart from Aleppo."
        assert bool(contradictions(pair(owed, daily))) == (limit * days < 1200), (within, limit)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("At no time do the persons departed from Aleppo and the persons departed from Aleppo differ by more than 5.", "Which other"),
        ('At no time do the persons departed from Aleppo and the persons departed from "ramouseh" differ by more than 5.', "Which other"),
        ("For each bus that departs Foua, a different bus departs Foua within 6 hours; no bus counts twice.", "From which other place"),
        ("For each bus that departs Foua, the hour is between 08:00 and 08:00.", "Until which hour"),
        ("Once 0 persons have departed from Foua, 1,200 depart from Aleppo within 24 hours.", "before it is owed"),
        ("Once 1,200 persons have departed from Foua, 0 depart from Aleppo within 24 hours.", "How many are owed?"),
        ("Once 1,200 persons have departed from Foua, 900 depart from Foua in all within 24 hours.", "How many are owed in all"),
        *((sentence.format("0 hours"), "How long is it") for sentence in TIMED),
    ],
)
def test_a_sentence_on_which_nothing_hangs_is_refused_with_a_question(sentence: str, question: str) -> None:
    with pytest.raises(InputError, match="SP-501") as refused:
        parse_agreement(HEAD + sentence, world())
    assert question in refused.value.problem.do and refused.value.problem.where.line == 3


def test_persons_are_not_balanced_against_buses() -> None:
    with pytest.raises(InputError, match="persons cannot be balanced against buses"):
        alone("At no time do the persons departed from Aleppo and the buses departed from Foua differ by more than 5.")


def test_a_text_of_ten_thousand_clauses_is_refused_before_it_is_read() -> None:
    text = 'Agreement "T".\n' + "\n".join(f'Clause {n % 1000} "c": No person is robbed by a party.' for n in range(10_000))
    with pytest.raises(InputError, match=r"SP-503 at .*: This text has 10000 clauses"):
        parse_alone(text, ())


def test_every_clause_that_cannot_be_read_is_named_at_its_own_line_and_column() -> None:
    clauses = [
        'Clause 1 "A": For each bus that departs Aleppo, a bus departs Foua within 6 hours; no bus counts twice.',
        'Clause 2 "B": No person is taken off a bus by a party.',
        '  Clause 3 "C": For each person who boards, that person is registered promptly at arrival.  # as agreed',
        'Clause 4 "D": For each bus that departs Homs, the hour is between 08:00 and 16:00.',
    ]
    header = HEAD.partition("Clause")[0]
    with pytest.raises(InputError) as refused:
        parse_agreement(header + "\n".join(clauses), world())
    found = [refused.value.problem, *refused.value.also]
    first = header.count("\n") + 1
    assert [(one.number, one.where.line) for one in found] == [(501, first), (501, first + 2), (501, first + 3)]
    assert [line[one.where.column - 1 :][:9] for one, line in zip(found, (clauses[0], *clauses[2:]), strict=True)] == [
        "a bus dep",
        "that pers",
        "Homs, the",
    ]
    assert ["a different bus" in found[0].do, "Within what time?" in found[1].do] == [True, True]
    assert str(refused.value).count("SP-501") == 3


def test_what_stands_there_is_quoted_in_whole_words_and_the_nearest_wording_first() -> None:
    wording = "For each person who boards, that person is registered in the arrival centre within the shortest possible time of all."
    with pytest.raises(InputError) as refused:
        parse_agreement(HEAD + wording, world())
    said = refused.value.problem.what
    assert "`that person is registered in the arrival centre within the …` stands" in said
    assert "may stand: that person is registered at arrival; that person is registered at a reception; " in said


ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_a_byte_order_mark_is_skipped_and_no_column_counts_it() -> None:
    sentence = "No person is robbed by a party."
    assert parse_agreement(f"\ufeff{HEAD}{sentence}", world()) == parse_agreement(HEAD + sentence, world())
    arabic = render(replace(alone(sentence), tongue="ar"))
    assert parse_alone(f"\ufeff{arabic}", ())[0] == parse_alone(arabic, ())[0]
    with pytest.raises(InputError) as refused:
        parse_agreement("\ufeffAgreement Test.", world())
    assert refused.value.problem.where.column == len("Agreement ") + 1


@pytest.mark.parametrize("sentence", [*EVERY_SHAPE, "For each suspension by a side, the same side resumes within 2 days of 24 hours."])
def test_curly_quotes_and_arabic_digits_are_read_as_the_plain_ones_are(sentence: str) -> None:
    agreement = alone(sentence, 'Source: "as reported".')
    for tongue in ("en", "ar"):
        plain = parse_alone(render(replace(agreement, tongue=tongue)), ())[0]
        text = re.sub(r'"([^"]*)"', r"“\1”", render(plain)).translate(ARABIC_INDIC)
        text = re.sub(r"(?<=[٠-٩]),(?=[٠-٩])", "٬", text)
        assert text != render(plain) and parse_alone(text, ())[0] == plain


def test_a_header_that_cannot_be_read_is_named_once() -> None:
    with pytest.raises(InputError) as refused:
        parse_agreement('Agreement Test.\nClause 1 "A": No monitor is expelled by a party.\nClause 2 "B": No family is separated.', world())
    assert (refused.value.also, refused.value.problem.where.line) == ((), 1)
