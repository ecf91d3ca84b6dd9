"""README and docs say what is so: settings, commands, limits, targets of make, files and recordings they point to."""

from __future__ import annotations

import re
import shlex
import uuid
from pathlib import Path

import pytest

from api import settings
from api.commands import command_line
from api.provisioning import keys
from api.provisioning.lifecycle import CAN_USE, HOLDS_SEAT
from api.scim import bulk_limits, exchange, queries, redaction
from api.scim.language import filters, patch, simple_values, values
from api.settings import VARIABLES
from db import engine
from db.enums import MemberStatus
from tests.commands.test_command_line import COMMANDS
from tests.idp import recordings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]

LIMITS = {
    "rows of a page": (queries.PAGE, queries.LARGEST_PAGE),
    "filter": (filters.MAX_LENGTH, filters.MAX_COMPARISONS, filters.MAX_DEPTH),
    "operations in one PATCH": (patch.MAX_OPERATIONS,),
    "operations in one bulk request": (bulk_limits.MAX_OPERATIONS,),
    "body of a request": (settings.read({}).max_body_bytes,),
    "values of one attribute": (values.MAX_VALUES,),
    "text": (simple_values.MAX_TEXT, simple_values.MAX_NAME),
    "nesting of a body": (simple_values.MAX_DEPTH,),
    "one statement in the database": (engine.STATEMENT_SECONDS,),
    "overlap of keys": (keys.OVERLAP_AT_MOST.days,),
    "recorded of a request, of its answer": (redaction.KEPT, exchange._RESPONSE_KEPT),
}


def rows_below(title: str) -> list[list[str]]:
    """The cells of the table below a title, without its head."""
    section = README.split(f"### {title}\n")[1]
    lines = [line for line in section.split("\n### ")[0].split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_table_of_settings_is_what_the_program_reads() -> None:
    expected = [
        [f"`{variable.name}`", f"`{variable.default}`" if variable.default else "", variable.meaning]
        for variable in VARIABLES.values()
    ]
    assert rows_below("Settings") == expected


def test_the_limits_are_those_of_the_program() -> None:
    rows = dict(rows_below("Limits"))
    assert list(rows) == list(LIMITS)
    for what, numbers in LIMITS.items():
        assert [f"{number:,}" for number in numbers] == re.findall(r"\d(?:[\d,]*\d)?", rows[what])[: len(numbers)], what


def commands_in(paper: Path) -> list[str]:
    """Every call of the command line in a paper, with something in place of the shell's variables."""
    calls = re.findall(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(python -m api .*)$", paper.read_text(), re.MULTILINE)
    return [re.sub(r"\$[A-Z_]+", str(uuid.UUID(int=1)), call) for call in calls]


CALLS = sorted({call for paper in PAPERS for call in commands_in(paper)})


@pytest.mark.parametrize("call", CALLS)
def test_every_command_in_the_papers_can_be_called_so(call: str) -> None:
    assert command_line.parser().parse_args(shlex.split(call, comments=True)[3:]).run is not None


def test_every_command_is_in_the_list_of_commands_but_the_one_that_make_calls() -> None:
    listed = (ROOT / "docs" / "commands.md").read_text()
    named = {command for command in COMMANDS if f"python -m api {command}" in listed}
    assert set(COMMANDS) - named == {"demo"}


def test_the_table_of_statuses_is_the_one_that_holds() -> None:
    text = (ROOT / "docs" / "rules.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")
    ]
    told = {row[0].strip("`"): (row[1], row[2]) for row in rows if row[0].strip("`") in set(MemberStatus)}
    expected = {
        status: ("yes" if status in CAN_USE else "no", "yes" if status in HOLDS_SEAT else "no")
        for status in MemberStatus
    }
    assert told == expected


def test_every_target_of_make_in_the_papers_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = {target for paper in PAPERS for target in re.findall(r"`make ([a-z]+)", paper.read_text())}
    assert named >= {"demo", "test", "bench", "check"}
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_link_leads_somewhere(paper: Path) -> None:
    text = paper.read_text()
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        if "://" in file or file.startswith("mailto:"):
            continue
        assert (paper.parent / file).exists(), target
        if anchor and not file:
            assert anchor in [_anchor(title) for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)], target


def test_the_recordings_that_docs_point_to_exist() -> None:
    text = (ROOT / "docs" / "scim.md").read_text()
    named = {name for brackets in re.findall(r"\[(`[^\]]+`)\]", text) for name in re.findall(r"`([^`]+)`", brackets)}
    assert len(named) > 20
    assert named - {scenario.id for _, scenario in recordings.scenarios()} == set()


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
