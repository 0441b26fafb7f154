"""News of every kind, on the exercise's night: the proposal is lawful, keeps what it can, and says in five lines what it changes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from safepassage.cli import main
from safepassage.errors import InputError
from safepassage.planner.check import check
from safepassage.planner.decoder import Timetable, decode
from safepassage.planner.heard import read_learnt
from safepassage.planner.hold import hold
from safepassage.planner.keepable import most_kept
from safepassage.planner.learnt import Learnt, Recount, Returned, Stay, after
from safepassage.planner.lines import five_lines
from safepassage.planner.moments import clock
from safepassage.planner.objective import cost, moved
from safepassage.planner.plan import Plan
from safepassage.planner.problem import ConvoySize, Gene, RouteId, Side, Unwatched, Vehicle
from safepassage.planner.replan import PENALTY, Proposal, delay, replan
from safepassage.planner.solve import solve
from safepassage.planner.twin import Twin
from safepassage.values.ids import VehicleId
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import GATE, A, F, fleet, night

AT = 40


@cache
def adopted() -> Plan:
    plan = solve(night(), seed=1, budget=120)
    assert isinstance(plan, Plan)
    return plan


def first_back() -> tuple[Returned, ...]:
    """The first convoy that has departed and is before its gate."""
    problem = night()
    gone = next(c for c in adopted().convoys if c.departure <= AT < c.crossing_end)
    side = problem.side(problem.route(gone.route).side)
    assert {group.id for group in side.groups} >= set(gone.groups)
    return (Returned(gone.route, gone.departure, AT + 60),)


BUSES = tuple(dict.fromkeys(v for c in adopted().convoys if c.departure > AT for v in c.vehicles if "-b" in v))
EVERY = {
    "lost": Learnt(AT, lost=BUSES[:3]),
    "joined": Learnt(AT, joined=(Vehicle(VehicleId("more"), A, "bus", 50, AT),)),
    "late": Learnt(AT, ready=((BUSES[0], 200),)),
    "suspended": Learnt(AT, suspended=((AT, 200),)),
    "resumed": Learnt(AT, resumed=True),
    "closed": Learnt(AT, closed=((GATE, 60, 200),)),
    "opened": Learnt(AT, opened=((GATE, 1400, 1600),)),
    "unwatched": Learnt(AT, unwatched=((GATE, 60, 200),)),
    "unobserved": Learnt(AT, unobserved=(Unwatched(60, 120, side=A), Unwatched(150, 400, route=RouteId("F-G")))),
    "let out": Learnt(AT, let_out=((A, 100),)),
    "returned": Learnt(AT, returned=first_back()),
    "recounted": Learnt(AT, recounted=(Recount(F, (30, 60), 1),)),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_proposal_after_any_news_is_lawful_and_leaves_what_has_departed(name: str) -> None:
    proposal = replan(night(), adopted(), EVERY[name], seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    back = {(each.route, each.departure) for each in EVERY[name].returned}
    ahead = tuple(c for c in proposal.plan.convoys if c.departure > AT)
    assert check(proposal.problem, ahead) == ()
    departed = [c for c in adopted().convoys if c.departure <= AT and (c.route, c.departure) not in back]
    assert [c for c in proposal.plan.convoys if c.departure <= AT] == departed
    assert len(five_lines(adopted(), proposal, EVERY[name])) == 5


def test_of_those_a_side_does_not_let_out_the_lowest_class_stays_and_the_other_side_waits_for_the_band() -> None:
    problem = night(band=300)
    later, stays, _ = after(problem, adopted(), EVERY["let out"])
    before = after(problem, adopted(), Learnt(AT)).problem
    assert later.side(A).persons == 100
    assert stays[0] == Stay(A, before.side(A).persons - 100, "let out")
    assert later.side(A).people[0] == min(100 - later.side(A).wounded, before.side(A).people[0])
    final = sum((1 if r.side == A else -1) * c.persons for c in later.underway for r in problem.routes if r.id == c.route)
    final += later.side(A).persons - later.side(F).persons
    assert -300 <= final <= 300
    held = sum(stay.persons for stay in stays if stay.why == "parity")
    assert held == before.side(F).persons - later.side(F).persons


def test_where_nobody_of_one_side_is_let_out_the_other_sends_only_what_the_band_allows() -> None:
    """300 persons at most, whatever it agreed to send when both were to leave."""
    later, stays, _ = after(night(band=300), Plan((), "cold", 0, 0, 0, 0), Learnt(0, let_out=((A, 0),)))
    assert later.side(A).persons == 0
    assert 293 <= later.side(F).persons <= 300, "a family of seven may be the one too many"
    assert stays == (Stay(A, 560, "let out"), Stay(F, 340 - later.side(F).persons, "parity"))


def test_families_of_whoever_is_not_let_out_stay_whole() -> None:
    later, _, gone = after(night(), adopted(), EVERY["let out"])
    before = after(night(), adopted(), Learnt(AT)).problem
    assert {g.id for s in before.sides for g in s.groups} == {g.id for s in later.sides for g in s.groups} | {g.id for g in gone}
    for side in later.sides:
        for k, number in enumerate(side.people):
            assert sum(group.size for group in side.groups if group.priority == k) <= number


def test_whoever_was_turned_back_waits_again_and_the_vehicles_are_back_later() -> None:
    (back,) = first_back()
    before, later = after(night(), adopted(), Learnt(AT)).problem, after(night(), adopted(), EVERY["returned"]).problem
    convoy = next(c for c in adopted().convoys if (c.route, c.departure) == (back.route, back.departure))
    side = night().route(convoy.route).side
    assert later.side(side).persons == before.side(side).persons + convoy.persons
    assert {group.id for group in later.side(side).groups} >= set(convoy.groups)
    assert all(v.ready_at == AT + 60 for v in later.fleet if v.id in convoy.vehicles)
    assert convoy not in later.underway


def test_a_gate_that_opens_joins_its_windows_and_a_shut_one_is_cut() -> None:
    opened = after(night(), adopted(), EVERY["opened"]).problem.crossing(GATE)
    closed = after(night(), adopted(), EVERY["closed"]).problem.crossing(GATE)
    assert opened.windows == ((0, 1600),)
    assert closed.windows == ((0, 60), (200, 1440))


def test_a_resumption_ends_what_was_to_last() -> None:
    assert after(night(), adopted(), EVERY["resumed"]).problem.suspensions == ()
    ongoing = Learnt(350, resumed=True)
    assert after(night(), adopted(), ongoing).problem.suspensions == ((300, 350),)


def test_holding_moves_no_more_persons_than_waiting_for_vehicles() -> None:
    """Vehicles stand in for each other: whose bus was lost need not be whose minute is lost."""
    later = after(night(), adopted(), EVERY["lost"]).problem
    held, delayed = (decode(later, genes) for genes in (hold(later, 1440), delay(later)))
    assert held is not None
    assert delayed is not None
    assert check(later, held) == ()
    assert moved(later, held) <= moved(later, delayed)


def test_what_is_held_asks_for_no_more_vehicles_than_there_are_at_any_moment() -> None:
    later = after(night(), adopted(), Learnt(AT, lost=tuple(v.id for v in night().fleet if v.side == A and v.kind == "bus")[:8])).problem
    genes = [gene for gene in hold(later, 1440) if later.route(gene.route).side == A]
    assert genes
    for moment in {gene.not_before for gene in genes}:
        times = {c.loading: c.crossing_end + later.route(c.route).post for c in later.announced}
        bound = sum(gene.buses for gene in genes if gene.not_before <= moment < times[gene.not_before])
        away = {v for c in later.underway if moment < c.crossing_end + later.route(c.route).post for v in c.vehicles}
        there = [v.id for v in later.fleet if v.side == A and v.kind == "bus" and v.id not in later.lost_at() and v.id not in away]
        assert bound <= len(there)


def test_a_convoy_smaller_than_agreed_is_held_only_as_the_last_of_its_side() -> None:
    """Else it would be filled up, wait for vehicles, and push others from their minutes."""
    plan = adopted()
    last = max((c for c in plan.convoys if c.route == "A-R"), key=lambda convoy: convoy.crossing_end)
    smallest = len(last.vehicles) + 1
    convoys = tuple(c for c in plan.convoys if c is last or c.route != "A-R" or len(c.vehicles) >= smallest)
    problem = after(replace(night(), convoy=ConvoySize(smallest, 6)), replace(plan, convoys=convoys), Learnt(AT)).problem
    told = [convoy for convoy in problem.announced if convoy.route == "A-R"]
    people, wounded = sum(sum(convoy.people) for convoy in told), sum(convoy.wounded for convoy in told)
    for persons, held in ((people, True), (people + 200, False)):
        asked = replace(problem, sides=(Side(A, (persons, 0), wounded), problem.side(F)), parity=())
        wishes = [gene for gene in hold(asked, 1440) if gene.route == "A-R"]
        assert any(gene.not_before == last.loading for gene in wishes) == held


def test_a_held_convoy_goes_with_those_for_whom_it_is_held_and_with_no_more() -> None:
    """Whoever boards besides takes parity's room from a convoy that was announced for later."""
    problem = after(night(), adopted(), Learnt(AT)).problem
    route = next(r for r in problem.routes if r.side == A)
    convoy = Timetable(problem).place(Gene(route.id, 4, 0, AT, (), 120))
    assert convoy is not None and 110 <= convoy.persons <= 120
    convoy = Timetable(problem).place(Gene(route.id, 4, 0, AT))
    assert convoy is not None and convoy.persons > 120


@pytest.mark.parametrize("name", EVERY)
def test_nothing_keeps_more_than_is_proved_to_be_the_most(name: str) -> None:
    proposal = replan(night(), adopted(), EVERY[name], seed=1, budget=30)
    assert isinstance(proposal, Proposal)
    assert proposal.difference.kept <= most_kept(proposal.problem)


def test_the_most_that_can_be_kept_knows_vehicles_gates_and_parity() -> None:
    everything = after(night(), adopted(), Learnt(AT)).problem
    announced = sum(convoy.persons for convoy in everything.announced)
    assert most_kept(everything) == announced
    shut = after(night(), adopted(), Learnt(AT, closed=((GATE, AT, 1440),))).problem
    gone = sum((1 if convoy.route == "A-R" else -1) * convoy.persons for convoy in shut.underway)
    assert most_kept(shut) <= 300 + gone, "nobody of the other side passes any more, and the band is 300 wide"
    lost = tuple(v.id for v in night().fleet if v.side == A and v.kind == "bus")
    few = after(night(), adopted(), Learnt(AT, lost=lost[:9])).problem
    assert most_kept(few) < announced


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lost", "closed", "let out", "returned"])
def test_adopting_a_proposal_and_replanning_nothing_changes_nothing(name: str) -> None:
    proposal = replan(night(), adopted(), EVERY[name], seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    again = replan(proposal.problem, proposal.plan, Learnt(AT), seed=7, budget=60)
    assert isinstance(again, Proposal)
    assert again.repair == "kept"
    assert again.plan.convoys == proposal.plan.convoys
    assert again.difference.shifts == ()


def test_with_one_more_bus_the_old_plan_still_passes() -> None:
    richer = after(night(), adopted(), EVERY["joined"]).problem
    assert len(richer.fleet) == len(fleet(A, 12, 3) + fleet(F, 9, 1)) + 1
    assert check(richer, richer.announced) == ()


@pytest.mark.parametrize("seed", range(8))
def test_the_twin_prices_whoever_is_moved_as_the_decoder_does(seed: int) -> None:
    """Nothing loads yet: a twin chooses no vehicles by name, and so knows all of this."""
    problem = after(night(), adopted(), Learnt(0, lost=BUSES[:2])).problem
    genes = [replace(gene, vehicles=(), not_before=gene.not_before + 60 * (n == 3)) for n, gene in enumerate(delay(problem))]
    Random(seed).shuffle(genes)
    convoys = decode(problem, genes)
    assert convoys is not None
    assert Twin(problem, 0, price=77).cost(genes) == cost(problem, convoys) + 77 * moved(problem, convoys)
    assert moved(problem, convoys) > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_going_deeper_never_makes_a_proposal_dearer_and_is_lawful(name: str) -> None:
    found = [replan(night(), adopted(), EVERY[name], 1, 30, deeper=calls) for calls in (0, 400)]
    prices = []
    for each in found:
        assert isinstance(each, Proposal)
        ahead = [convoy for convoy in each.plan.convoys if convoy.departure > AT]
        assert check(each.problem, ahead) == ()
        prices.append(cost(each.problem, ahead) + PENALTY["cold"] * moved(each.problem, ahead))
    assert prices[1] <= prices[0]


def test_going_deeper_finds_what_the_decoder_in_few_calls_does_not() -> None:
    prices = []
    for calls in (0, 2_000):
        found = replan(night(), adopted(), EVERY["closed"], 1, 10, deeper=calls)
        assert isinstance(found, Proposal)
        ahead = [convoy for convoy in found.plan.convoys if convoy.departure > AT]
        prices.append(cost(found.problem, ahead) + PENALTY["cold"] * moved(found.problem, ahead))
    assert prices[1] < prices[0]


def test_five_lines_say_why_for_whom_what_is_kept_and_what_it_costs() -> None:
    learnt = Learnt(AT, lost=BUSES[:6], let_out=((F, 10),))
    proposal = replan(night(), adopted(), learnt, seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    why, who, kept, cost, declined = five_lines(adopted(), proposal, learnt)
    assert why.startswith("Why: lost day 1 00:40: ")
    assert "and 2 more" in why
    assert "foua lets out 10 more persons at most" in why
    assert "stay: not let out" in who
    assert kept.startswith(f"Kept: {proposal.difference.kept:,} of ")
    assert f"through {clock(proposal.difference.completion)}" in cost
    broken, announced = proposal.difference.declined, proposal.problem.announced
    assert declined.startswith(f"If declined: {broken.people} persons of {len(broken.convoys)} announced convoys can no longer leave")
    assert f"the other {len(announced) - len(broken.convoys)} can" in declined or "no other convoy is announced" in declined


def test_where_nothing_breaks_the_last_line_says_so() -> None:
    learnt = EVERY["joined"]
    proposal = replan(night(), adopted(), learnt, seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    assert five_lines(adopted(), proposal, learnt)[-1].startswith("If declined: nothing breaks that was announced")


def test_the_command_prints_every_convoy_to_come_and_what_it_is_to_those_who_were_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance, plan = written(tmp_path, capsys)
    learnt = tmp_path / "learnt.json"
    learnt.write_text(json.dumps({"minute": 60, "closed": [["Gate", 61, 140]]}))
    assert main(["replan", instance, plan, str(learnt), "--json", "--budget", "30", "--deeper", "0"]) == 0
    ahead = [convoy for convoy in json.loads(capsys.readouterr().out)["convoys"] if convoy["departure"] > 60]
    told = {(c["route"], c["departure"]): c["people"] + c["wounded"] for c in json.loads(Path(plan).read_text())["convoys"]}
    assert main(["replan", instance, plan, str(learnt), "--budget", "30", "--deeper", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()[6:]
    assert len(lines) == len(ahead) > 0
    for line, convoy in zip(lines, ahead, strict=True):
        before = told.get((convoy["route"], convoy["departure"]))
        persons = convoy["people"] + convoy.get("wounded", 0)
        assert f"loads {clock(convoy['loading'])}, " in line
        assert line.endswith(
            "[new]" if before is None else "[as many as announced]" if before == persons else f"{before} persons were told of it]"
        )


def written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    instance, plan = tmp_path / "world.json", tmp_path / "plan.json"
    instance.write_text(json.dumps(TWO_SIDES))
    assert main(["plan", str(instance), "--json", "--budget", "30"]) == 0
    plan.write_text(capsys.readouterr().out)
    return str(instance), str(plan)


def test_the_command_takes_news_one_after_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, plan = written(tmp_path, capsys)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(json.dumps({"minute": 60, "joined": [{"id": "help", "side": "South", "kind": "bus", "seats": 50}]}))
    second.write_text(json.dumps({"minute": 70, "lost": ["help"], "closed": [["Gate", 80, 140]]}))
    assert main(["replan", instance, plan, str(first), "--json", "--budget", "30", "--deeper", "0"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["lines"]) == 5
    Path(plan).write_text(json.dumps(answer))
    assert main(["replan", instance, plan, str(first), str(second), "--budget", "30", "--deeper", "0"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Why: lost day 1 01:10: help; Gate is closed day 1 01:20 to 02:20; on the road: S-G that left day 1 00:42, ")


@pytest.mark.parametrize(
    ("learnt", "field"),
    [
        ({"lost": []}, ""),
        ({"minute": -1}, "minute"),
        ({"minute": 60, "lost": ["North-bus-99"]}, "lost[0]"),
        ({"minute": 60, "closed": [["Nowhere", 1, 2]]}, "closed[0]"),
        ({"minute": 60, "closed": [["Gate", 9, 2]]}, "closed"),
        ({"minute": 60, "unwatched": [["Gates", 100, 200]]}, "unwatched[0]"),
        ({"minute": 60, "unwatched": [["N-G", 100, 200]]}, "North loading, South loading, N-G reception, S-G reception"),
        ({"minute": 60, "let_out": [["East", 5]]}, "let_out[0]"),
        ({"minute": 60, "recounted": [{"side": "North", "people": [1], "wounded": 0}]}, "recounted[0].people"),
        ({"minute": 60, "returned": [{"route": "N-G", "departure": 1, "ready": 99}]}, "returned[0]"),
        ({"minute": 60, "joined": [{"id": "North-bus-01", "side": "North", "kind": "bus", "seats": 5}]}, "joined[0].id"),
        ({"minute": 60, "burned": ["North-bus-01"]}, "burned"),
        ({"minute": 60, "lost": ["North-bus-1"]}, "nearest to it: `North-bus-01`"),
        ({"minute": 60, "ready": [["North-bus-01", 10]]}, "that keeps nobody waiting; perhaps hours"),
        ({"minute": 60, "joined": [{"id": "X", "side": "North", "kind": "bus", "seats": 5, "ready": 8}]}, "joined[0].ready"),
    ],
)
def test_news_that_cannot_be_meant_are_named_by_their_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], learnt: dict[str, object], field: str
) -> None:
    instance, plan = written(tmp_path, capsys)
    file = tmp_path / "learnt.json"
    file.write_text(json.dumps(learnt))
    assert main(["replan", instance, plan, str(file), "--budget", "30", "--deeper", "0"]) == 2
    said = capsys.readouterr().err
    assert "SP-604" in said
    assert field in said


def test_nobody_is_left_without_a_word_when_not_everybody_can_go_any_more() -> None:
    lost = tuple(vehicle.id for vehicle in night().fleet if vehicle.side == F)
    answer = replan(night(), adopted(), Learnt(0, lost=lost), seed=1, budget=30)
    assert not isinstance(answer, Proposal)
    assert answer.proved
    assert "fleet" in answer.conflict


def test_a_family_that_came_back_after_an_earlier_replan_is_whole_again() -> None:
    """The problem has forgotten the family by then; who brings it back names it."""
    problem = after(night(), adopted(), Learnt(AT)).problem
    gone = next(c for c in problem.underway if c.groups and c.crossing_end > AT + 1)
    known = tuple(group for side in night().sides for group in side.groups if group.id in gone.groups)
    later = after(problem, adopted(), Learnt(AT + 1, returned=(Returned(gone.route, gone.departure, 200, known),))).problem
    assert {group.id for group in later.side(night().route(gone.route).side).groups} >= set(gone.groups)


@pytest.mark.parametrize(
    ("learnt", "field", "words"),
    [
        ([{"minute": 90, "lost": []}, {"minute": 40, "suspended": [[100, 140]]}], "minute", "give the oldest first"),
        ([{"minute": 10**6}], "minute", "everything ends at minute"),
        ([{"minute": 60, "suspended": [[6, 10]]}], "suspended", "perhaps hours were given for minutes"),
        ([{"minute": 60, "closed": [["Gate", 6, 10]]}], "closed", "perhaps hours were given for minutes"),
    ],
)
def test_what_cannot_have_been_learnt_so_is_refused_by_its_field(
    learnt: list[dict[str, Any]], field: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance, plan = written(tmp_path, capsys)
    files = [tmp_path / f"learnt-{number}.json" for number, _ in enumerate(learnt)]
    for file, what in zip(files, learnt, strict=True):
        file.write_text(json.dumps(what))
    assert main(["replan", instance, plan, *map(str, files), "--budget", "10", "--deeper", "0"]) == 2
    said = capsys.readouterr().err
    assert words in said and f"{files[-1]}, {field}: " in said


def test_whoever_must_lie_is_not_forgotten_in_a_recount() -> None:
    side = replace(night().sides[0], wounded=2, lying=1)
    problem = replace(night(), sides=(side, *night().sides[1:]))
    counted: dict[str, Any] = {"side": side.id, "people": list(side.people), "wounded": 2}
    said = {"minute": 0, "recounted": [counted]}
    with pytest.raises(InputError, match="must lie"):
        read_learnt(json.dumps(said).encode(), problem, Plan((), "cold", 0, 0, 0, 0))
    counted["lying"] = 1
    assert read_learnt(json.dumps(said).encode(), problem, Plan((), "cold", 0, 0, 0, 0)).recounted[0].lying == 1


@pytest.mark.parametrize("news", ["let_out", "recounted"])
def test_declining_is_not_said_to_break_nothing_where_somebody_has_no_place(news: str) -> None:
    learnt = Learnt(AT, let_out=((F, 10),)) if news == "let_out" else EVERY[next(name for name, each in EVERY.items() if each.recounted)]
    proposal = replan(night(), adopted(), learnt, seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    assert "nothing breaks" not in five_lines(adopted(), proposal, learnt)[-1]
    if proposal.stays:
        assert "whoever stays is in no sum" in five_lines(adopted(), proposal, learnt)[3]
