"""Commands by way of the parser on the database of the tests, and in processes of their own."""

from __future__ import annotations

from typing import Protocol

import msgspec
import pytest

from api import settings
from api.commands import command_line
from api.commands.results import Result
from tests.conftest import BASE_URL


class Ask(Protocol):
    """Runs a command and gives its result."""

    async def __call__(self, *argv: object) -> Result: ...


@pytest.fixture
def ask(database: None) -> Ask:
    """Runs a command on the database of the tests."""

    async def ask(*argv: object) -> Result:
        arguments = command_line.parser().parse_args([str(argument) for argument in argv])
        result = await arguments.ask(arguments, settings.read({"ROLLCALL_PUBLIC_URL": BASE_URL}))
        assert isinstance(result, Result)
        return result

    return ask


def read(result: Result) -> dict[str, object]:
    """What a program reads that called the command with `--json`."""
    return msgspec.json.decode(result.as_json(), type=dict[str, object])


def read_list(result: Result) -> list[dict[str, object]]:
    """The same for commands that list something."""
    return msgspec.json.decode(result.as_json(), type=list[dict[str, object]])
