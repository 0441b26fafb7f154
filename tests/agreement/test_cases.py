"""Staged cases: observations in order of arrival, and the verdicts that a person wrote by hand for every stage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safepassage.agreement.cases import Case, read_cases, run_case
from safepassage.agreement.vocabulary import CASE_KINDS, ROWS
from safepassage.cli import main
from safepassage.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference" / "agreement" / "cases.json"
SCENARIOS = ROOT / "scenarios" / "six-buses-burned"
OURS = ROOT / "testdata" / "clauses" / "cases.json"


def cases() -> list[object]:
    found: list[object] = [pytest.param(case, id=case.name) for case in read_cases(OURS.read_bytes())]
    if not REFERENCE.exists():
        return [*found, pytest.param(None, marks=pytest.mark.skip(reason="the reference cases are not on this machine"))]
    return [*found, *(pytest.param(case, id=f"reference-{case.name}") for case in read_cases(REFERENCE.read_bytes()))]


@pytest.mark.parametrize("case", cases())
def test_every_stage_gives_the_verdicts_written_by_hand(case: Case) -> None:
    found = run_case(case)
    assert found.refused is None
    for stage in found.stages:
        assert stage.disagree == ()
        assert stage.agree, (stage.expected, stage.found)


def one_case(**changed: object) -> bytes:
    said = {"id": 1, "kind": "board", "seen_at": "2016-12-15T08:00:00+02:00", "person": 7} | changed
    text = 'Agreement "T". Clause 1 "R": For each person who boards, that person is registered at arrival within 2 hours.'
    stage = {"arrive": [said], "now": "2016-12-15T09:00:00+02:00", "expected": []}
    return json.dumps([{"name": "bad", "opens": "2016-12-15T06:00:00+02:00", "agreement": text, "stages": [stage]}]).encode()


def test_a_clause_that_counts_proved_times_alone_is_refused_since_nothing_staged_is_proved() -> None:
    cases = json.loads(one_case())
    cases[0]["agreement"] += " Times count only as far as they are proved."
    (case,) = read_cases(json.dumps(cases).encode())
    refused = run_case(case).refused
    assert refused is not None and refused.number == 502 and refused.where.field == "agreement"
    assert "clause 1 counts times only as far as they are proved" in refused.what and "leave that sentence out" in refused.what


def test_what_is_found_and_was_not_expected_is_no_agreement() -> None:
    (case,) = read_cases(one_case())
    found = run_case(case)
    assert not found.agree and [line.verdict for line in found.stages[0].found] == ["pending"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": "bord"}, "there is no kind `bord`"),
        ({"kind": "watch"}, "`watched` must be one of"),
        ({"kind": "retract"}, "does not say what it is about"),
        ({"person": None}, "a `board` says its `person`"),
        ({"kind": "choice"}, "a `choice` says its `place`"),
        ({"kind": "enter", "place": "Ramouseh"}, "a `enter` says its `ref`"),
        ({"kind": "release"}, "a `release` says its `n`"),
        ({"kind": "suspend"}, "a `suspend` says its `side`"),
        ({"kind": "grant"}, "a `grant` says its `about`"),
    ],
)
def test_an_observation_that_cannot_be_is_refused_by_name(changed: dict[str, object], says: str) -> None:
    (case,) = read_cases(one_case(**changed))
    refused = run_case(case).refused
    assert refused is not None and refused.number == 502
    assert says in refused.what and refused.where.field == "observation 1"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{}", "expected `array`"),
        (b"\xff[]", "malformed"),
        (one_case(seen_at="2016-12-15T08:00:00"), "timezone"),
        (one_case(standing="rumoured"), "invalid enum"),
        (one_case(colour="red"), "unknown field"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_field(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match="SP-502") as refused:
        read_cases(data, "cases.json")
    assert says in refused.value.problem.what


def test_every_happening_that_a_phrase_speaks_of_has_a_kind_in_cases() -> None:
    named = {what for whats in CASE_KINDS.values() for what in whats}
    assert not [row.words for row in ROWS if row.means not in named]
    page = (ROOT / "docs" / "reference" / "clause-cases.md").read_text()
    assert not [kind for kind in CASE_KINDS if f"`{kind}`" not in page]


LEFT = """Agreement "T". Clause 1 "R": For each person who boards, that person is registered at arrival within 2 hours.
Clause 2 "P": It is allowed that a bus is searched.
Clause 3 "O": For each request for access by a monitor, it is granted within [time to be agreed]."""


def test_the_export_names_the_clauses_that_it_leaves_out_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of staged cases, and of a deployment."""
    staged, folder, world = tmp_path / "cases.json", tmp_path / "night", SCENARIOS / "world.toml"
    staged.write_bytes(json.dumps([json.loads(one_case())[0] | {"agreement": LEFT}]).encode())
    (tmp_path / "agreement.clauses").write_text(LEFT, "utf-8")
    assert main(["init", str(folder), "--world", str(world), "--clauses", str(tmp_path / "agreement.clauses")]) == 0
    for subject, case in ((staged, "bad"), (folder, "")):
        capsys.readouterr()
        assert main(["clause", "export", str(subject), "--monpoly", str(tmp_path / "out")]) == 0
        _, *lines = capsys.readouterr().out.splitlines()
        where = f"  left out: {case}, clause" if case else "  left out: clause"
        assert lines == [
            f"{where} 2, a permission: nothing about it is met or unmet",
            f"{where} 3, its limit is left open ([time to be agreed]): it can never be breached",
        ]
        assert main(["clause", "export", str(subject), "--monpoly", str(tmp_path / "out"), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["clauses"], [(each["case"], each["clause"]) for each in told["left_out"]]) == (1, [(case, "2"), (case, "3")])
