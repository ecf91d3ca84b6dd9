"""The parser, and the demo's key, without a process of their own."""

from __future__ import annotations

import argparse
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api import settings
from api.auth.keys import KeyProblem, authenticate
from api.commands import command_line, demo_directory
from api.provisioning import keys
from api.provisioning.actor import operator
from api.settings import Settings
from db import sql


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its parser, by what is typed."""
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not found:
        yield name.strip(), parser
    for action in found:
        for verb, each in action.choices.items():
            yield from commands(each, f"{name} {verb}")


COMMANDS = dict(commands(command_line.parser()))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_says_what_the_command_does_and_shows_an_example(name: str) -> None:
    shown = COMMANDS[name].format_help()
    example = shown.partition("\nexample:\n")[2].strip()
    assert f"python -m api {name}" in example
    assert str(COMMANDS[name].description)[:40] in shown


@pytest.mark.parametrize("argv", [["organisations"], ["organizations", "show", "acme"], ["keys", "list"], []])
def test_wrong_usage_has_an_exit_code_of_its_own(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command_line.main(argv)
    assert end.value.code == 2
    assert "usage: python -m api" in capsys.readouterr().err


@pytest.mark.parametrize("hours", ["-1", "169", "1.5", "inf", "x", "٣"])
def test_an_overlap_beyond_what_is_possible_is_wrong_usage(hours: str) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    argv = ["keys", "rotate", "--organization", nobody, "--directory", nobody, f"--overlap-hours={hours}"]
    with pytest.raises(SystemExit):
        command_line.parser().parse_args(argv)


@pytest.fixture
def chosen(tmp_path: Path, database: None) -> Settings:
    """Settings for a demo that keeps its key where no other test looks."""
    return replace(settings.read({}), data=str(tmp_path / "deep" / "postgres"))


async def test_the_demos_token_is_kept_from_others_and_made_anew_when_it_has_ended(chosen: Settings) -> None:
    organization = (await demo_directory.access(chosen)).organization
    first = await demo_directory.token(chosen, organization)
    assert await demo_directory.token(chosen, organization) == first
    file = demo_directory.key_file(chosen).with_name("postgres.demo-token")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await sql.rows("UPDATE api_token SET revoked_at = now()")
    assert await demo_directory.token(chosen, organization) != first


async def test_the_demo_directory_is_made_once_and_its_key_kept_from_others(chosen: Settings) -> None:
    first = await demo_directory.access(chosen)
    assert await demo_directory.access(chosen) == first
    assert stat.S_IMODE(demo_directory.key_file(chosen).stat().st_mode) == 0o600


async def test_a_lost_key_is_replaced_without_locking_anybody_out(chosen: Settings) -> None:
    first = await demo_directory.access(chosen)
    demo_directory.key_file(chosen).unlink()
    second = await demo_directory.access(chosen)
    assert (second.directory, second.organization) == (first.directory, first.organization)
    assert second.note is not None
    assert [(await authenticate(f"Bearer {each.key}"))[1] for each in (first, second)] == [None, None]


async def test_a_revoked_key_is_replaced(chosen: Settings) -> None:
    first = await demo_directory.access(chosen)
    await keys.rotate(operator(first.organization), first.directory, overlap=timedelta(0))
    second = await demo_directory.access(chosen)
    assert (await authenticate(f"Bearer {first.key}"))[1] is KeyProblem.REVOKED
    assert (await authenticate(f"Bearer {second.key}"))[1] is None


async def test_a_key_of_another_database_is_replaced_by_one_of_this(chosen: Settings) -> None:
    file = demo_directory.key_file(chosen)
    file.parent.mkdir(parents=True)
    file.write_text("rc_scim_somethingelse\n")
    file.chmod(0o644)
    made = await demo_directory.access(chosen)
    assert file.read_text() == f"{made.key}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
