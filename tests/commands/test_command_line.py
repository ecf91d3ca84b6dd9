"""The parser, without a process of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from api.commands import command_line


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
