"""Every command is run for real: its own example, its exit codes, its JSON, and what it says of what went wrong."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.cli import main, parser
from safepassage.hub.clock import wall_clock
from safepassage.hub.folder import open_folder
from safepassage.hub.hub import Hub
from tests.hub.making import BAD, NIGHT, House
from tests.planner.test_instance import TWO_SIDES
from tests.sync.serving import serving

ROOT = Path(__file__).resolve().parents[2]
ALSO = {"demo": ["demo", "aleppo-2016", "--once", "--into", "record"]}
SERVED = {"serve", "sync"}
EXCHANGED = {"cosign", "gather", "pack", "unpack"}
"""Their examples need each other's answers: one test runs them in order."""
"""Served until somebody stops it: tests/e2e and tests/web."""


def commands() -> dict[str, argparse.ArgumentParser]:
    """By the words that name it: `clause run` is a command, `clause` alone is none."""
    return dict(below(parser(), ()))


def below(command: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    deeper = [action.choices for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not deeper:
        yield " ".join(words), command
    for choices in deeper:
        for name, each in choices.items():
            yield from below(each, (*words, name))


def example(command: str) -> list[str]:
    """The words of `example: safepassage …` below a command's help."""
    said = (commands()[command].epilog or "").removeprefix("example: ")
    first, *rest = shlex.split(said)
    assert first == "safepassage" and " ".join(rest).startswith(command)
    return rest


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a world and clauses, as the examples name them."""
    for file in ("world.toml", "agreement.clauses"):
        shutil.copy(NIGHT / file, tmp_path / file)
    shutil.copy(ROOT / "testdata" / "clauses" / "cases.json", tmp_path / "cases.json")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def night(here: Path) -> Path:
    """`night`: a deployment with one monitor and one officer."""
    run("init", "night", "--world", "world.toml", "--clauses", "agreement.clauses")
    run("enrol", "night", "m17", "--role", "monitor")
    run("enrol", "night", "o1", "--role", "operations")
    return here / "night"


def run(*words: str) -> int:
    try:
        return main(words)
    except SystemExit as left:  # argparse leaves by itself
        return int(left.code or 0)


# --- examples -------------------------------------------------------------------------------------------------------
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for name in commands():
        assert run(*name.split(), "--help") == 0
        assert f"example: safepassage {name}" in capsys.readouterr().out
        assert example(name)
    assert run("--help") == 0 and run("--version") == 0


@pytest.mark.parametrize("command", [name for name in commands() if name not in SERVED | EXCHANGED | {"demo", "postings", "replan"}])
def test_the_example_of_a_command_does_what_it_says(command: str, here: Path) -> None:
    """Run as it stands in the help, after the examples of those before it."""
    for before in ("init", "enrol", "record"):
        if before == command:
            break
        assert run(*example(before)) == 0
    assert run(*example(command)) == 0


def test_the_examples_of_offering_cosigning_and_gathering_go_round(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tree head is offered on a stick, cosigned elsewhere, and the answer kept."""
    for name in ("init", "enrol", "record"):
        assert run(*example(name)) == 0
    vkey = json.loads(Path("night/deployment.json").read_text())["log"]
    words = [vkey if word == "$(cat vkey)" else word for word in example("cosign")]
    capsys.readouterr()
    assert run(*words[:6]) == 0
    cosigner = next(word for word in "".join(capsys.readouterr()).split() if word.startswith("icrc.example/aleppo+"))
    Path("night/policy").write_text(f"log {vkey}\nwitness icrc {cosigner}\nquorum icrc\n")
    assert run(*example("offer")) == 0
    assert run(*words) == 0
    assert run(*example("gather")) == 0
    assert run("verify", "night", "--policy", "night/policy") == 0


def test_the_examples_of_joining_packing_and_unpacking_go_round(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A further hub, and a stick that is carried to it."""
    for name in ("init", "enrol", "record", "join", "frontier"):
        assert run(*example(name)) == 0
    Path("stick").mkdir()
    assert run("frontier", "east", "--out", "stick/east.frontier") == 0
    assert run(*example("pack")) == 0
    assert "*" in example("unpack")[-1]
    assert run(*example("unpack")[:-1], *map(str, Path("stick").glob("*.bundle"))) == 0


def test_the_example_of_posting_monitors_follows_a_plan_for_an_instance(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("world.json").write_text(json.dumps(TWO_SIDES))
    assert run("plan", "world.json", "--budget", "20", "--json") == 0
    Path("plan.json").write_text(capsys.readouterr().out)
    assert run(*example("postings")) == 0


@pytest.mark.slow  # it compiles what it goes deeper with
def test_the_example_of_replanning_follows_a_plan_for_an_instance(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("world.json").write_text(json.dumps(TWO_SIDES))
    assert run("plan", "world.json", "--budget", "20", "--json") == 0
    Path("plan.json").write_text(capsys.readouterr().out)
    Path("one-bus.json").write_text(json.dumps({"minute": 60, "lost": ["North-bus-01"]}))
    assert run(*example("replan")) == 0


def test_no_plan_is_proposed_while_passage_is_suspended(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("record", "night", "m17 @ramouseh  passage suspended by party-south") == 0
    assert run("plan", "night") == 1
    assert "no proposal: passage is suspended by party-south" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "instead"), [("--check", "What next"), ("--svg", "draws the deployment's plan"), ("--objective", "leave it")]
)
def test_what_is_asked_of_instances_alone_is_refused_of_a_folder_with_what_to_do_instead(
    option: str, instead: str, night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", "night", option, "end") == 2
    said = capsys.readouterr().err
    assert "SP-605" in said and f"The option {option} is for an instance in a file" in said and instead in said


def test_a_folder_that_has_no_plan_says_what_would_have_to_give_how_much(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Gates that are open for less than the smallest convoy takes: in words, and for programs."""
    world = re.sub(r'opens = "[^"]*"', 'opens = "06:00"', Path("world.toml").read_text("utf-8"))
    Path("world.toml").write_text(re.sub(r'closes = "[^"]*"', 'closes = "06:05"', world), "utf-8")
    assert run("init", "night", "--world", "world.toml") == 0
    assert run("enrol", "night", "m17", "--role", "monitor") == 0
    assert run("record", "night", "m17 @assembly-east  registered w-bb22, w-bc22 of aleppo") == 0
    capsys.readouterr()
    assert run("plan", "night") == 1
    assert "no proposal: " in (said := capsys.readouterr().out) and " min at least" in said
    assert run("plan", "night", "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["proved"] and answer["gives"][0]["unit"] == "minutes"


def test_instances_of_a_clause_that_are_not_listed_are_counted(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    persons = ", ".join(f"w-{a}{b}22" for a in "bcd" for b in "0123456789bcdfghjkm")
    assert run("record", "night", f"m17 @ramouseh  B-07 boarded by {persons}") == 0
    capsys.readouterr()
    assert run("clause", "why", "night", "3") == 0
    said = capsys.readouterr().out
    assert said.count("├─ rule:") == 40
    assert "and 17 more that are not listed, none worse than the last above: of all, 0 met, 0 not met as recorded, 57 pending" in said
    assert run("clause", "why", "night", "3", "--json") == 0
    assert json.loads(capsys.readouterr().out)["more"] == 17


@pytest.mark.parametrize(
    "words",
    [("clause", "status", "night", "--as-known-at"), ("clause", "why", "night", "3", "--as-known-at"), ("postings", "night", "--known-at"),
     ("where", "night", "balance", "--known-at")],
)  # fmt: skip
def test_what_was_known_before_the_opening_is_refused_and_not_moved(
    words: tuple[str, ...], night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "2016-12-18 23:10") == 2
    assert "SP-607" in (said := capsys.readouterr().err) and "nothing had been heard" in said


@pytest.mark.slow
def test_the_demonstration_is_played_once_into_a_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (example("demo"), ALSO["demo"]):
        capsys.readouterr()
        assert run(*words) == 0
        folder = words[words.index("--into") + 1]
        said = capsys.readouterr().out
        assert "verified: " in said and said.strip() == (NIGHT.parent / words[1] / "expected.txt").read_text("utf-8").strip()
        assert run("verify", folder) == 0
        assert run("report", folder, "--out", "report.html") == 0 and b"<!doctype html>" in Path("report.html").read_bytes()[:40].lower()


# --- answers --------------------------------------------------------------------------------------------------------
def test_every_answer_can_be_had_as_json(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    said = {
        "enrol": ("enrol", "night", "m18", "--role", "monitor"),
        "record": ("record", "night", "m17 @ramouseh  B-07 counted 40 heads"),
        "refused": ("record", "night", "m17 @ramouseh  B-07 counted -1 heads"),
        "verify": ("verify", "night"),
        "report": ("report", "night", "--out", "report.html"),
        "wrong": ("report", "nowhere"),
    }
    answers = {}
    for name, words in said.items():
        run(*words, "--json")
        answers[name] = json.loads(capsys.readouterr().out)
    assert answers["record"]["index"] == answers["enrol"]["index"] + 1 and len(answers["record"]["id"]) == 64
    assert answers["refused"]["number"] == 301 and answers["refused"]["do"]
    assert answers["verify"]["proved"] is True and answers["verify"]["entries"] == 7
    assert answers["report"]["bytes"] == Path("report.html").stat().st_size
    assert answers["wrong"]["number"] == 111


def test_a_line_from_a_file_is_recorded_with_its_own_time(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("field.log").write_text(
        "day 2016-12-18, zone Asia/Damascus\n08:41  m17 @ramouseh  B-07 counted 40 heads  as [a]\n08:50  m17  withdraws [a]\n"
    )
    capsys.readouterr()
    assert run("record", "night", "--file", "field.log") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_second_enrolment_is_a_new_key_of_a_new_device(night: Path) -> None:
    for _ in range(10):
        assert run("enrol", "night", "m17", "--role", "monitor") == 0
    assert {path.name for path in Path("night.keys").iterdir()} >= {"m17-1", "m17-2", "m17-11"}
    assert run("record", "night", "m17 @ramouseh  B-07 counted 40 heads") == 0
    assert [row.device for row in chains(night) if row.device.startswith("m17")] == ["m17-11"]


def chains(path: Path) -> list:  # type: ignore[type-arg]
    return list(open_folder(path).verify().chains)


def test_a_private_key_is_never_in_the_folder(night: Path) -> None:
    private = {path.read_bytes() for path in Path("night.keys").iterdir()}
    assert private and all((path.stat().st_mode & 0o077) == 0 for path in Path("night.keys").iterdir())
    for path in night.rglob("*"):
        assert not any(key in path.read_bytes() for key in private if path.is_file())


# --- exit codes -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("record", "night", "m17 @ramouseh  B-07 counted -1 heads"), 1, "not accepted, kept: SP-301"),
        (("record", "night", "m99 @ramouseh  B-07 counted 40 heads"), 2, "SP-416: Nobody called m99 is enrolled here."),
        (("record", "night", "m17 @ramouseh  B-07 counted fourty heads"), 2, "SP-101 at column "),
        (("record", "night", "--file", "missing.log"), 2, "SP-113: missing.log cannot be read"),
        (("record", "night", "--file", "binary.log"), 2, "SP-113: binary.log cannot be read: byte 0 is no UTF-8 text."),
        (("verify", "nowhere"), 2, "SP-111 at nowhere/deployment.json: There is no deployment in nowhere."),
        (("init", "night", "--world", "world.toml"), 2, "SP-112: night already holds a deployment."),
        (("init", "other", "--world", "missing.toml"), 2, "SP-113: missing.toml cannot be read"),
        (("init", "other", "--world", "world.toml", "--name", "Ahmad Khalil"), 2, "SP-114: Ahmad Khalil cannot be the name"),
        (("enrol", "night", "../up", "--role", "monitor"), 2, "SP-114: ../up cannot be the name"),
        (("enrol", "night", "m18", "--role", "monitor", "--key", "m18-1+00000000+AAAA"), 1, "not accepted, kept: SP-209"),
        (("report", "night", "--out", "missing/report.html"), 1, "SP-405: missing/report.html cannot be written."),
        (("demo", "no-such-night", "--once"), 2, "There is no scenario called no-such-night."),
    ],
)
def test_what_goes_wrong_has_its_exit_code_its_number_and_its_remedy(
    night: Path, words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("binary.log").write_bytes(b"\xff\xfe\x00")
    assert run(*words) == code
    out = capsys.readouterr()
    assert said in out.out + out.err


@pytest.mark.parametrize("words", [("init", "night"), ("enrol", "night", "m18", "--role", "general"), ("fly",), ()])
def test_words_that_no_command_knows_end_with_2(night: Path, words: tuple[str, ...]) -> None:
    assert run(*words) == 2


@pytest.mark.parametrize("file", ["malformed-count.log", "no-context.log", "doubled-line.log", "unknown-label.log"])
def test_a_bad_file_is_named_with_its_line_and_nothing_of_it_is_recorded(
    night: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = open_folder(night).verify().entries
    assert run("record", "night", "--file", str(BAD / file)) == 2
    assert f"{file}, line " in capsys.readouterr().err
    assert open_folder(night).verify().entries == before


def test_a_damaged_folder_ends_with_3_and_verify_with_1_and_says_what_it_found(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = sqlite3.connect(night / "ledger.sqlite")
    database.execute("DELETE FROM entries WHERE idx = 4")
    database.commit()
    database.close()
    for words in (("record", "night", "m17 @ramouseh  B-07 counted 40 heads"), ("report", "night"), ("plan", "night")):
        assert run(*words) == 3
        assert "SP-401: The database does not hold what was signed: 5 entries were signed, 4 are there." in capsys.readouterr().err
    assert run("verify", "night") == 1
    said = capsys.readouterr().out
    assert "SP-406" in said and "the tree head signs 5 entries, 4 are here" in said and "NOT PROVED" in said


def test_a_second_process_is_refused_with_1_while_reading_goes_on(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = House(here / "busy")
    assert run("record", "busy", "m17 @ramouseh  B-07 counted 40 heads") == 1
    assert "SP-403: Another process writes to busy." in capsys.readouterr().err
    assert run("verify", "busy") == 0 and run("report", "busy", "--out", "report.html") == 0
    house.hub.close()


def test_a_copied_folder_without_its_keys_is_read_only(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(night, "copy")
    assert run("verify", "copy") == 0 and run("report", "copy", "--out", "report.html") == 0
    for words in (("record", "copy", "m17 @ramouseh  B-07 counted 40 heads"), ("enrol", "copy", "m17", "--role", "monitor")):
        assert run(*words) == 2
        assert "SP-407: This folder has no key of its own: it is read-only." in capsys.readouterr().err
    assert not Path("copy.keys").exists()


def test_two_hubs_hear_each_other_over_a_stick(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/how-to/sync.md: join, enrol, pack, unpack; and back, only what the other lacks."""
    assert run("join", "east", "--from", "night", "--name", "east") == 0
    key = capsys.readouterr().out.split("--key ")[1].strip()
    assert run("enrol", "night", "east", "--role", "hub", "--key", key) == 0
    assert run("pack", "night", "--to", "stick") == 0
    parts = [str(path) for path in Path("stick").glob("*.bundle")]
    assert run("unpack", "east", *parts, *parts) == 0
    entries = open_folder(night).verify().entries
    assert f"{entries} entries are new, 0 were known, 0 wait" in capsys.readouterr().out
    assert run("frontier", "east", "--out", "east.frontier") == 0
    assert run("record", "night", "m17 @ramouseh  B-07 counted 40 heads") == 0
    assert run("pack", "night", "--to", "stick2", "--frontier", "east.frontier") == 0
    assert run("unpack", "east", *(str(path) for path in Path("stick2").glob("*.bundle"))) == 0
    assert "1 entries are new, 0 were known" in capsys.readouterr().out
    assert run("verify", "east") == 0 and run("plan", "east") == 1
    assert "first hub proposes" in capsys.readouterr().out


def test_two_hubs_hear_each_other_over_http(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("join", "east", "--from", "night", "--name", "east") == 0
    key = capsys.readouterr().out.split("--key ")[1].strip()
    hub = Hub(open_folder(night), wall_clock)
    with serving(hub) as address:
        assert run("sync", "east", address) == 2
        assert "SP-222" in capsys.readouterr().err
    hub.close()
    assert run("enrol", "night", "east", "--role", "hub", "--key", key) == 0
    hub = Hub(open_folder(night), wall_clock)
    with serving(hub) as address:
        assert run("sync", "east", address) == 0
        assert f"heard: {hub.ledger.size} entries are new" in capsys.readouterr().out
    hub.close()
    assert run("sync", "east", address) == 1
    assert "SP-221" in capsys.readouterr().err


def test_of_a_device_that_was_said_by_hand_only_what_comes_after_is_packed(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = open_folder(night).verify().entries
    assert run("join", "east", "--from", "night", "--name", "east") == 0
    assert run("pack", "night", "--to", "stick", "--has", "authority-1:3") == 0
    assert run("unpack", "east", *(str(path) for path in Path("stick").glob("*.bundle"))) == 0
    assert f"0 entries are new, 0 were known, {entries - 3} wait" in capsys.readouterr().out


def test_a_stick_with_a_damaged_part_is_read_as_far_as_it_is_whole(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("join", "east", "--from", "night", "--name", "east") == 0
    assert run("pack", "night", "--to", "stick") == 0
    (part,) = Path("stick").glob("*.bundle")
    part.write_bytes(part.read_bytes()[:-3])
    assert run("unpack", "east", str(part), "nowhere.bundle") == 1
    said = capsys.readouterr().out
    assert f"SP-219 at {part}" in said and "SP-113 at nowhere.bundle" in said and "0 entries are new" in said
    assert run("pack", "night", "--to", "stick", "--frontier", str(part)) == 2
    assert f"SP-218 at {part}, line 1" in capsys.readouterr().err


def test_whoever_reads_only_the_beginning_gets_no_traceback() -> None:
    """`safepassage … | head -1`: the pipe is closed before the first word."""
    reads, writes = os.pipe()
    os.close(reads)
    asked = [sys.executable, "-m", "safepassage", "clause", "check", str(ROOT / "scenarios" / "six-buses-burned" / "agreement.clauses")]
    done = subprocess.run(asked, stdout=writes, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")


def test_an_agreement_that_contradicts_itself_is_named_when_it_is_adopted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (NIGHT / "agreement.clauses").read_text() + (
        '\nClause 99 "Contrary":\n  It is allowed that a person is taken off a bus by a party.\n  Source: "illustration".\n'
    )
    (tmp_path / "contrary.clauses").write_text(text)
    asked = ["init", str(tmp_path / "made"), "--world", str(NIGHT / "world.toml"), "--clauses", str(tmp_path / "contrary.clauses")]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "THE AGREEMENT CONTRADICTS ITSELF" in said and "99" in said
