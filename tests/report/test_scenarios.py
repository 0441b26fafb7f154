"""Both scenarios' reports, for every audience: they can be drawn, and they keep what they promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safepassage.disclosure import Audience
from safepassage.hub.play import Play, read_scenario
from safepassage.report.phrases import CONTENT_ID, WRISTBAND
from safepassage.report.public import public_page
from safepassage.report.sitrep import sitrep

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture(scope="module", params=["aleppo-2016", "six-buses-burned"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Play:
    play = Play(read_scenario(SCENARIOS / request.param), tmp_path_factory.mktemp("report") / "folder")
    while play.left:
        play.step()
    return play


@pytest.mark.parametrize("audience", Audience)
def test_every_audience_has_a_report_without_wristbands(played: Play, audience: Audience) -> None:
    view = played.hub.view(audience)
    page = sitrep(view).decode().replace(view.root, "")
    assert not WRISTBAND.search(page) and not CONTENT_ID.search(page)
    assert ("EXERCISE</span>" in page) == view.exercise
    for part in view.hidden:
        assert part in page


def test_the_word_breach_stands_only_in_a_sentence_about_a_finding(played: Play) -> None:
    cells = re.split("<td[ >]", sitrep(played.hub.view(Audience.OPERATIONS)).decode())
    assert not [cell for cell in cells if "breach" in cell and "finding" not in cell]


def test_what_a_party_signed_is_never_among_what_monitors_saw(played: Play) -> None:
    view = played.hub.view(Audience.OPERATIONS)
    by_parties = {line.by for line in view.lines if line.role == "party"}
    assert by_parties <= {"party-north", "party-south"}
    assert ("party-south" in by_parties) == (view.deployment == "six-buses-burned")
    seen = sitrep(view).decode().partition("Seen by monitors")[2].partition("<h2>")[0]
    assert not any(f"<bdi>{party}</bdi>" in seen for party in by_parties)


def test_the_public_page_is_the_same_from_whichever_view(played: Play) -> None:
    """What makes the page safe is the page, not only the disclosure before it."""
    assert public_page(played.hub.view(Audience.OPERATIONS)) == public_page(played.hub.view(Audience.PUBLIC))
