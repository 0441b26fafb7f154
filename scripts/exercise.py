"""Write the night of `scenarios/six-buses-burned`: everything in it is invented, and the same bytes come out each time.

    PYTHONPATH=src python scripts/exercise.py > scenarios/six-buses-burned/field.log

Each chapter below adds lines of field notation; `Night.text` puts them in order. Clock times of the second day go on after 24:00.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from random import Random

from night import DAYS, ZONE, Night, Run, Side, Unit, codes_of, fill, in_lists, listed, minute, side_of, tally_of

from safepassage.notation import Context, parse
from safepassage.observation import to_bytes
from safepassage.values.encoding import content_id

SEED = 2328

# --- the afternoon -------------------------------------------------------------------------------------------------


def posts(night: Night) -> None:
    night.chapter("12:40", "Monitors take their posts; presence attests nothing by itself, a watch signed at its end does")
    for clock, who, until in (
        ("12:40", "m01 @assembly-east", "20:00"),
        ("12:40", "m02 @assembly-east", "02:00"),
        ("12:45", "m06 @foua-gate", "18:30"),
        ("12:45", "m09 @foua-gate", "02:00"),
        ("14:00", "m03 @ramouseh", "20:30"),
        ("14:00", "m04 @ramouseh", "02:00"),
        ("16:00", "m07 @rashideen", "22:00"),
        ("16:30", "m05 @khan-road", "00:30"),
        ("16:50", "r1 @khan-al-assal", "01:00"),
        ("16:55", "h1 @hospital-west", "01:00"),
        ("20:30", "m06 @jibreen", "02:00"),
        ("20:40", "m03 @ramouseh", "02:40"),
        ("20:45", "m08 @rashideen", "03:00"),
        ("23:36", "m07 @rashideen", "03:00"),
    ):
        night.say(clock, who, f"on post until {until}")
    night.say("18:24", "m06 @foua-gate", "left post")


def registration(night: Night, side: Side, minutes: float) -> None:
    """The ill first; then the others in batches, families formed as they come."""
    start = minute("13:00")
    for care, codes in side.ill.items():
        night.say(start, f"{side.by[0]} @{side.place}", f"registered {listed(codes)} of {side.name}, {care}")
    batch: list[Unit] = []
    moment = start + 3.0
    for number, unit in enumerate(side.units):
        batch.append(unit)
        if sum(len(each.persons) for each in batch) >= 24 or number == len(side.units) - 1:
            _register(night, side, int(moment), side.by[int(moment) % 2], batch)
            batch, moment = [], moment + minutes


def _register(night: Night, side: Side, moment: int, by: str, batch: list[Unit]) -> None:
    for care, said in (("vulnerable", ", vulnerable"), ("general", "")):
        codes = [code for unit in batch for code, needs in zip(unit.persons, unit.cares, strict=True) if needs == care]
        if codes:
            night.say(moment, f"{by} @{side.place}", f"registered {listed(codes)} of {side.name}{said}")
    for unit in batch:
        if unit.group:
            night.say(moment + 1, f"{by} @{side.place}", f"{unit.group} formed of {listed(unit.persons)}")


def waiting_people(night: Night) -> None:
    """Heads at the assembly places, hour by hour, the cold, and whether they leave of their own will."""
    for clock, heads, celsius in zip(
        ("14:10", "15:10", "16:10", "17:02", "18:10", "19:10", "20:10", "21:20", "22:20", "23:15", "24:10"),
        ("402", "518", "560", "560", "322", "320–324", "322", "270", "268–270", "261", "13–16"),
        (-1, -1, -2, -3, -3, -4, -4, -4, -5, -5, -6),
        strict=True,
    ):
        night.say(clock, "m02 @assembly-east", f"{heads} waiting, {celsius} degrees, outdoors")
    for clock, heads, celsius in zip(
        ("14:15", "15:15", "16:15", "17:15", "18:30", "19:30", "20:30", "21:30", "22:30"),
        ("231", "322", "340", "340", "200", "200", "198", "198", "196–198"),
        (-2, -2, -2, -3, -4, -4, -5, -5, -5),
        strict=True,
    ):
        night.say(clock, "m09 @foua-gate", f"{heads} waiting, {celsius} degrees, outdoors")
    for clock, who, asked, present, forced, apart in (
        ("14:20", "m01 @assembly-east", 40, 402, 0, True),
        ("15:20", "m01 @assembly-east", 40, 518, 1, True),
        ("16:20", "m01 @assembly-east", 40, 560, 0, True),
        ("16:40", "m01 @assembly-east", 25, 560, 0, False),
        ("14:40", "m06 @foua-gate", 30, 240, 0, True),
        ("15:40", "m06 @foua-gate", 30, 330, 0, False),
        ("16:30", "m06 @foua-gate", 30, 340, 2, True),
        ("19:20", "m02 @assembly-east", 30, 322, 0, True),
        ("21:40", "m02 @assembly-east", 30, 270, 1, True),
    ):
        said = f"consent asked of {asked} of {present}: {asked - forced} willing, {forced} forced"
        night.say(clock, who, said + (", apart from armed men" if apart else ""))
    night.say("16:45", "m01 @assembly-east", "watch closed, 13:00 to 16:45: every consent, registration is recorded")


def relief(night: Night) -> None:
    for clock, who, what in (
        ("13:40", "m02 @assembly-east", "water needed for 560"),
        ("13:45", "desk @assembly-east", "blankets needed for 560"),
        ("14:25", "m02 @assembly-east", "water delivered for 560"),
        ("14:35", "m02 @assembly-east", "water given to 402"),
        ("15:35", "m02 @assembly-east", "food given to 300–340"),
        ("15:55", "m02 @assembly-east", "blankets delivered for 300"),
        ("16:05", "m02 @assembly-east", "blankets given to 300"),
        ("18:40", "m02 @assembly-east", "heat given to 120"),
        ("20:15", "m02 @assembly-east", "heat needed for 322"),
        ("22:10", "m02 @assembly-east", "water given to 270"),
        ("13:50", "m06 @foua-gate", "heat needed for 340"),
        ("14:50", "m06 @foua-gate", "water given to 231"),
        ("16:25", "m09 @foua-gate", "food given to 150"),
        ("19:40", "m09 @foua-gate", "heat needed for 200"),
        ("21:35", "m09 @foua-gate", "blankets given to 90"),
        ("18:58", "r1 @khan-al-assal", "food given to 140"),
        ("19:35", "r1 @khan-al-assal", "shelter given to 231"),
        ("21:35", "m06 @jibreen", "shelter given to 138"),
    ):
        night.say(clock, who, what)
    night.say("14:02", "desk @assembly-east", "access asked of party-south for blankets", "aid")
    night.say("14:48", "party-south @assembly-east", "access granted by party-south, asked in [aid]")
    night.say("14:55", "desk @foua-gate", "access asked of party-north for heat", "heat")
    night.say("17:20", "party-north @foua-gate", "access refused by party-north, asked in [heat]")
    # m05 sees the road from outside; nobody answers whether a monitor may stand at the barrier itself.
    night.say("16:02", "desk @khan-road", "access asked of party-south", "access")
    night.say("19:02", "desk @khan-road", "access asked of party-south")


def before_the_first_convoy(night: Night) -> None:
    night.chapter("16:00", "Vehicles stand ready, roads are opened, the plan is proposed and a person adopts it")
    for number in range(1, 22):
        who = "m03 @ramouseh" if number <= 12 else "m09 @foua-gate"
        night.say(minute("16:00") + number, who, f"B-{number:02d} ready")
    for number, who in ((1, "m03 @ramouseh"), (2, "m03 @ramouseh"), (3, "m09 @foua-gate"), (4, "m09 @foua-gate")):
        night.say(minute("16:22") + number, who, f"MA-{number} ready")
    for driver, number in enumerate((1, 2, 3, 4, 5, 13, 14, 15), start=11):
        night.say("16:28", "desk", f"driver {driver} assigned to B-{number:02d}")
    night.say("16:20", "party-south @ramouseh", "road to rashideen open")
    night.say("16:24", "party-north @rashideen", "road to khan-al-assal open")
    night.say("16:26", "party-north @rashideen", "road to foua-gate open")
    night.stage("16:41", "propose 16:41")
    night.say("16:50", "o1", "plan p-1 adopted: soonest for the weakest")
    night.say("16:52", "desk", "party-south notified of 7 vehicles to rashideen at 17:30", "notice-south")
    night.say("16:53", "desk", "party-north notified of 4 vehicles to rashideen at 18:10", "notice-north")
    night.say("16:58", "party-south", "[notice-south] acknowledged by party-south")
    night.say("17:04", "party-north", "[notice-north] acknowledged by party-north")
    night.say("16:55", "party-north @ramouseh", "green light of party party-north")
    night.say("16:56", "party-south @ramouseh", "green light of party party-south")
    night.say("16:57", "desk @ramouseh", "green light of drivers")
    night.say("16:59", "r1 @khan-al-assal", "green light of reception")
    for clock, who, what in (
        ("17:36", "party-north @foua-gate", "green light of party party-north"),
        ("17:37", "party-south @foua-gate", "green light of party party-south"),
        ("17:38", "desk @foua-gate", "green light of drivers"),
        ("17:39", "desk @jibreen", "green light of reception"),
    ):
        night.say(clock, who, what)


# --- runs ----------------------------------------------------------------------------------------------------------


def board(night: Night, run: Run, who: str, moments: Sequence[int]) -> None:
    """Wristbands read at the door, in as many lists as there are moments."""
    size = -(-len(run.persons) // len(moments))
    for moment, codes in zip(moments, in_lists(run.persons, size), strict=True):
        night.say(moment, who, f"{run.bus} boarded by {listed(codes)}")


def register_at_arrival(night: Night, codes: Sequence[str], who: str, moment: int, size: int = 16) -> None:
    for number, part in enumerate(in_lists(codes, size)):
        night.say(moment + 2 * number, who, f"registered at arrival {listed(part)}")


def first_convoy(night: Night, random: Random, runs: list[Run]) -> None:
    night.chapter("17:00", "The first convoy from Aleppo: five buses, and two ambulances before them")
    night.say("17:32", "m04 @ramouseh", "B-01 joined by Red Crescent escort")
    night.say("18:07", "m07 @rashideen", "B-01 left by Red Crescent escort")
    car = next((run, unit) for run in runs for unit in run.units if len(unit.persons) == 3 and unit.group)
    for number, run in enumerate(runs):
        leaves, heads = minute("17:34") + 2 * number, tally_of(random, len(run.persons))
        board(night, run, "m04 @ramouseh", [minute("17:08") + number + 8 * part for part in range(3)])
        night.say(leaves, "m03 @ramouseh", f"{run.bus} departed for rashideen, {heads}")
        night.say(leaves + 15, "m05 @khan-road", f"{run.bus} passed")
        night.say(leaves + 32, "m07 @rashideen", f"{run.bus} arrived, {heads}")
        night.say(leaves + 40, "m07 @rashideen", f"{run.bus} departed for khan-al-assal")
        night.say(leaves + 61, "r1 @khan-al-assal", f"{run.bus} arrived, {heads}")
        off = list(run.persons)
        if run is car[0]:
            off = [code for code in off if code not in car[1].persons]
            night.say(leaves + 62, "r1 @khan-al-assal", "unlisted private car X-1 entered")
            night.say(leaves + 63, "r1 @khan-al-assal", f"3 handed over to a private car from {run.bus}: {listed(car[1].persons)}")
        night.say(leaves + 65, "r1 @khan-al-assal", f"{len(off)} alighted from {run.bus}")
        register_at_arrival(night, off, "r1 @khan-al-assal", leaves + 68)


def foua_convoy(night: Night, random: Random, runs: list[Run], ill: list[str]) -> None:
    night.chapter("17:40", "The other side's convoy: three buses and an ambulance from the gate of Foua, by Rashideen, to Jibreen")
    night.say("17:58", "m06 @foua-gate", f"MA-3 boarded by {listed(ill)}")
    for bus in ("B-16", "B-17"):
        night.say("17:50", "desk @foua-gate", f"driver of {bus} refused")
    night.say("18:10", "m09 @foua-gate", "MA-3 departed for rashideen, 2 heads")
    night.say("19:32", "m07 @rashideen", "MA-3 arrived, 2 heads")
    night.say("19:40", "m07 @rashideen", "MA-3 departed for jibreen, 2 heads")
    night.say("20:36", "m06 @jibreen", "MA-3 arrived, 2 heads")
    night.say("20:39", "m06 @jibreen", f"2 handed over to reception from MA-3: {listed(ill)}")
    night.say("20:41", "m06 @jibreen", f"reception accepts 2: {listed(ill)}")
    for number, run in enumerate(runs):
        leaves, heads = minute("18:14") + 2 * number, tally_of(random, len(run.persons))
        board(night, run, "m06 @foua-gate", [minute("17:42") + number + 8 * part for part in range(3)])
        night.say(leaves, "m09 @foua-gate", f"{run.bus} departed for rashideen, {heads}")
        night.say(leaves + 84, "m07 @rashideen", f"{run.bus} arrived, {heads}")
        night.say(leaves + 96, "m07 @rashideen", f"{run.bus} departed for jibreen")
        night.say(leaves + 126, "m04 @ramouseh", f"{run.bus} passed")
        night.say(leaves + 148, "m06 @jibreen", f"{run.bus} arrived, {heads}")
        night.say(leaves + 151, "m06 @jibreen", f"{len(run.persons)} alighted from {run.bus}")
        register_at_arrival(night, run.persons, "m06 @jibreen", leaves + 154)
        night.say(leaves + 216, "m06 @jibreen", f"{run.bus} departed for rashideen")
        night.say(leaves + 268, "m08 @rashideen", f"{run.bus} arrived, 0 heads")


def to_hospital(night: Night, ambulance: str, codes: Sequence[str], leaves: int, crossed_by: str) -> None:
    """One ambulance run from Ramouseh: seen at each post, handed over, accepted."""
    night.say(leaves - 6, "m04 @ramouseh", f"{ambulance} boarded by {listed(codes)}")
    night.say(leaves, "m03 @ramouseh", f"{ambulance} departed for rashideen, 2 heads")
    night.say(leaves + 15, "m05 @khan-road", f"{ambulance} passed")
    night.say(leaves + 31, f"{crossed_by} @rashideen", f"{ambulance} arrived, 2 heads")
    night.say(leaves + 35, f"{crossed_by} @rashideen", f"{ambulance} departed for hospital-west, 2 heads")
    if leaves > minute("23:00"):
        return
    night.say(leaves + 74, "h1 @hospital-west", f"{ambulance} arrived, 2 heads")
    night.say(leaves + 78, "h1 @hospital-west", f"2 handed over to a hospital from {ambulance}: {listed(codes)}")
    night.say(leaves + 80, "h1 @hospital-west", f"reception accepts 2: {listed(codes)}")
    if leaves < minute("21:00"):
        night.say(leaves + 90, "h1 @hospital-west", f"{ambulance} departed for ramouseh")
        night.say(leaves + 166, "m03 @ramouseh", f"{ambulance} arrived")
        night.say(leaves + 168, "m03 @ramouseh", f"{ambulance} ready")


def ambulances(night: Night, aleppo: Side, foua: Side, pair: Unit) -> None:
    critical, wounded = aleppo.ill["critical"], aleppo.ill["wounded"]
    to_hospital(night, "MA-1", critical[:2], minute("17:10"), "m07")
    to_hospital(night, "MA-2", critical[2:], minute("17:12"), "m07")
    to_hospital(night, "MA-1", wounded[:2], minute("20:20"), "m07")
    night.say("20:34", "m02 @assembly-east", f"{pair.persons[0]} is now critical")
    to_hospital(night, "MA-2", pair.persons, minute("21:12"), "m08")
    to_hospital(night, "MA-1", wounded[2:], minute("23:50"), "m08")
    night.say("20:02", "m09 @foua-gate", f"MA-4 boarded by {listed(foua.ill['wounded'])}")
    night.say("20:10", "m09 @foua-gate", "MA-4 departed for rashideen, 2 heads")


# --- the evening ---------------------------------------------------------------------------------------------------


def seventh_bus(night: Night, run: Run, taken: Unit) -> None:
    """B-06 stays as a warm room. B-07: fifty counted out, forty-six in; a recount of the paper list gives 48, as the wristbands do."""
    night.chapter("20:50", "B-07; the phone at Khan road is silent, so its stop is learnt late")
    night.say("20:55", "desk @ramouseh", "driver of B-06 refused")
    night.say("21:20", "m03 @ramouseh", "B-06 departed for assembly-east")
    night.say("21:32", "m02 @assembly-east", "B-06 arrived")
    night.say("21:45", "m02 @assembly-east", "heat given to 45")
    night.say("20:52", "desk", "driver 19 assigned to B-07")
    board(night, run, "m04 @ramouseh", [minute("20:57") + 3 * part for part in range(4)])
    night.say("21:14", "m03 @ramouseh", "B-07 departed for rashideen, 50 heads: 14 men, 17 women, 4 youth, 15 children", "b07-out")
    night.say("21:31", "m05 @khan-road", "B-07 stopped by persons not identified")
    night.say("21:52", "m05 @khan-road", "B-07 let go")
    inside = "46 heads: 10 men, 17 women, 4 youth, 15 children"
    card = card_of(night.say("22:05", "m08 @rashideen", f"B-07 arrived, {inside}", "b07-in"))
    night.say("22:06", "m08 @rashideen", "told by a passenger: 4 taken off B-07 at khan-road: 4 men by persons not identified", "taken")
    night.say("22:07", "m08 @rashideen", "told by a passenger: papers of 4 taken aboard B-07 by persons not identified")
    night.say("22:09", "desk", f"called m08 about card {card}")
    night.say("22:10", "desk", f"called party-south about card {card}")
    night.say("22:11", "desk", f"called guarantor-one about card {card}")
    night.say("22:13", "desk", f"party-south answers card {card}: will ask")
    night.say("22:16", "m08 @rashideen", f"B-07 counted {inside}")
    night.say("22:17", "desk", f"m08 answers card {card}: recounted")
    night.say("22:19", "guarantor-one", f"guarantor-one answers card {card}: will ask")
    night.say("22:24", "m08 @rashideen", "B-07 departed for khan-al-assal")
    night.say("22:38", "m03 @ramouseh", "corrects [b07-out]: B-07 departed for rashideen, 48 heads: 12 men, 17 women, 4 youth, 15 children")
    night.say("22:41", "m05 @khan-road", "watch closed, 20:50 to 22:30: every vehicle stop, taking off is recorded, except 21:40 to 21:50")
    night.say("22:43", "r1 @khan-al-assal", f"B-07 arrived, {inside}")
    night.say("22:46", "r1 @khan-al-assal", "46 alighted from B-07")
    lost = taken.persons[:2]
    register_at_arrival(night, [code for code in run.persons if code not in lost], "r1 @khan-al-assal", minute("22:49"), 10)
    night.say("23:04", "r1 @khan-al-assal", f"{taken.group} separated: {listed(lost)}")


def card_of(line: str) -> str:
    """The call card that a count opens: named after the first digits of its entry."""
    return "c-" + content_id(to_bytes(parse(line, Context(DAYS[0], ZONE))))[:8]


def staying(night: Night, units: list[Unit]) -> None:
    codes = [code for unit in units for code in unit.persons]
    night.say("22:25", "m02 @assembly-east", f"{len(codes)} of aleppo chose to stay: {listed(codes)}")


def burning(night: Night) -> None:
    night.chapter("22:53", "Six buses, empty, are burned at the gate of Foua; passage is suspended, and resumed")
    night.say("22:47", "m09 @foua-gate", "unlisted pickup X-2 entered")
    night.say("22:53", "m09 @foua-gate", "attack on a convoy by persons not identified", "attack")
    night.say("22:55", "desk @foua-gate", "told by a driver: B-16, B-17 burned by persons not identified")
    night.say("22:58", "m09 @foua-gate", "told by a driver: 1 injured by persons not identified")
    burned = listed(f"B-{number}" for number in range(16, 22))
    night.say("23:02", "m09 @foua-gate", f"{burned} burned by persons not identified", "burned")
    night.say("23:05", "m09 @foua-gate", "m09 threatened by persons not identified")
    night.say("23:06", "m09 @foua-gate", "left post")
    night.say("23:08", "m08 @rashideen", "road to foua-gate closed by persons not identified")
    night.say("23:10", "party-south @ramouseh", "passage suspended by party-south", "suspended")
    night.say("23:14", "desk", "no check-in from m09")
    night.say("23:40", "party-south @ramouseh", "passage resumed by party-south")
    night.say("23:41", "party-south @ramouseh", "green light of party party-south")
    night.say("23:41", "party-north @ramouseh", "green light of party party-north")
    night.say("23:42", "desk @ramouseh", "green light of drivers")
    night.say("23:42", "r1 @khan-al-assal", "green light of reception")


def second_convoy(night: Night, random: Random, runs: list[Run]) -> None:
    """Five buses near midnight: one too full, one counted differently by two monitors, one with a wristband nobody knows."""
    night.chapter("23:43", "Five buses leave Aleppo")
    for number, run in enumerate(runs):
        night.say("23:32", "desk", f"driver {21 + number} assigned to {run.bus}")
        leaves, heads = minute("23:48") + number, tally_of(random, len(run.persons))
        board(night, run, "m04 @ramouseh", [minute("23:43") + 2 * part for part in range(3)])
        night.say(leaves, "m03 @ramouseh", f"{run.bus} departed for rashideen, {heads}")
        night.say(leaves + 16, "m05 @khan-road", f"{run.bus} passed")
        arrives = leaves + 29 + number
        if run.bus == "B-09":
            night.say(arrives, "m08 @rashideen", "B-09 arrived, 47 heads")
            night.say(arrives + 2, "m07 @rashideen", "B-09 counted 49 heads")
        else:
            night.say(arrives, "m08 @rashideen", f"{run.bus} arrived, {heads}")
    night.say("23:58", "m03 @ramouseh", "watch closed, 20:40 to 23:58: every departure is recorded")


def watches(night: Night) -> None:
    """m09 signs none: what happened at the gate of Foua is known as far as it was recorded, and no further."""
    night.say("22:02", "m07 @rashideen", "watch closed, 16:00 to 22:00: every arrival is recorded")
    night.say("24:33", "m05 @khan-road", "watch closed, 22:30 to 00:30: every vehicle stop, taking off, crossing is recorded")
    night.say("24:36", "m08 @rashideen", "watch closed, 20:45 to 00:35: every arrival is recorded")
    night.say("24:38", "r1 @khan-al-assal", "watch closed, 17:00 to 00:35: every arrival, registration is recorded")


def desk(night: Night) -> None:
    """What the desk hears, and who does not answer."""
    for clock in ("19:40", "20:40", "21:40"):
        night.say(clock, "desk", "no check-in from m05")
    for clock, said in (
        ("18:45", "north-radio says left: 300 persons at ramouseh, in one convoy, 17:00 to 18:00, item 3, record M"),
        ("18:55", "state-agency says left: 190 persons at ramouseh, in one convoy, 17:00 to 18:00, item 3, record M"),
        ("20:20", "relief-agency says left: 140 persons at foua-gate, in all, 18:00 to 19:00, item 2, record M"),
        ("23:18", "watch-group says vehicles burned: 6 buses at foua-gate, in all, 22:45 to 23:15, item 2, record M"),
        ("23:21", "state-agency says vehicles burned: 5 buses at foua-gate, in all, 22:45 to 23:15, item 4, record M"),
        ("23:25", "reporter says vehicles burned: 20 buses at foua-gate, in all, 22:45 to 23:15, item 5, record M"),
        ("23:35", "north-radio says remaining: at least 2000 persons at assembly-east, as it stood, 23:00 to 23:30, item 5, record M"),
        ("24:14", "relief-agency says vehicles departed: 5 buses at ramouseh, in one convoy, 23:45 to 00:00, item 2, record M"),
        ("24:31", "state-agency says left: 350 persons at ramouseh, in one convoy, 23:45 to 00:00, item 4, record M"),
    ):
        night.say(clock, "desk", said)
    night.say("23:20", "desk @rashideen", "told by the radio: MA-4 arrived")
    night.say("23:55", "guarantor-one", "inquiry opened into [taken]")
    night.say("23:57", "party-south", "party-south declares B-08 civilian")


# --- the whole -----------------------------------------------------------------------------------------------------


def exercise(seed: int = SEED) -> str:
    """field.log, whole."""
    random, night = Random(seed), Night()
    *codes, unknown = codes_of(random, 901)
    aleppo = side_of(random, "aleppo", "assembly-east", ("m01", "m02"), codes[:560], critical=4, wounded=4)
    foua = side_of(random, "foua", "foua-gate", ("m06", "m09"), codes[560:], critical=2, wounded=2)
    waiting = list(aleppo.units)
    pair = next(unit for unit in waiting if len(unit.persons) == 2 and unit.rank == 1)
    waiting.remove(pair)
    first = [Run(f"B-{n:02d}", fill(waiting, heads)) for n, heads in ((1, 47), (2, 46), (3, 48), (4, 47), (5, 46))]
    seventh = Run("B-07", fill(waiting, 48))
    late = [Run("B-08", fill(waiting, 50)), Run("B-09", fill(waiting, 48)), Run("B-10", fill(waiting, 48), (unknown,))]
    late += [Run("B-11", fill(waiting, 46)), Run("B-12", fill(waiting, 52))]
    over = list(foua.units)
    from_foua = [Run(f"B-{n}", fill(over, heads)) for n, heads in ((13, 47), (14, 46), (15, 45))]

    posts(night)
    night.chapter("13:00", "Registration: wristbands, families, and who must go first")
    registration(night, aleppo, 7.4)
    registration(night, foua, 11.5)
    waiting_people(night)
    relief(night)
    before_the_first_convoy(night)
    first_convoy(night, random, first)
    foua_convoy(night, random, from_foua, foua.ill["critical"])
    ambulances(night, aleppo, foua, pair)
    seventh_bus(night, seventh, next(unit for unit in seventh.units if len(unit.persons) >= 4))
    staying(night, fill(waiting, 9))
    burning(night)
    second_convoy(night, random, late)
    watches(night)
    desk(night)
    return night.text()


def main() -> None:
    sys.stdout.write(exercise())


if __name__ == "__main__":
    main()
