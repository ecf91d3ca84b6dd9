"""The commands about secret keys: making them, telling which are needed, sealing anew."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from api import settings
from api.commands import command_line
from api.commands import database as databases
from api.commands.errors import CommandError
from api.provisioning import sealed
from api.secrets import at_hand
from api.secrets.sealing import Place
from tests.commands.conftest import Ask, read, read_list
from tests.factories import DirectoryFactory, PullFactory


@pytest.fixture
def keys(secret_keys: Path, tmp_path: Path) -> Iterator[Path]:
    """A place for a file of keys, which is the one that counts for the length of a test."""
    file = tmp_path / "keys"
    at_hand.load(str(file))
    yield file
    at_hand.load(str(secret_keys))


Capture = pytest.CaptureFixture[str]


def new_key(capsys: Capture, *file: Path, **environment: str) -> str:
    """The id of a new key in a file."""
    arguments = command_line.parser().parse_args(["secrets", "new-key", "--json", *map(str, file)])
    arguments.run(arguments, settings.read(environment))
    made = msgspec.json.decode(capsys.readouterr().out, type=dict[str, str])
    return made["key"]


async def _seal_one(text: bytes) -> Place:
    directory = await DirectoryFactory.make()
    place = Place(directory.organization_id, "pull", directory.id, "credentials")
    await PullFactory.make(directory=directory, credentials=sealed.seal(text, place))
    return place


async def test_keys_are_changed_while_everything_runs(ask: Ask, keys: Path, capsys: Capture) -> None:
    old = new_key(capsys, keys)
    await _seal_one(b"one")
    new = new_key(capsys, keys)
    await _seal_one(b"two")  # by what has been running since before the new key
    column = "pull.credentials"
    assert sorted(read_list(await ask("secrets", "status")), key=lambda row: str(row["state"])) == [
        {"column": column, "key": old, "secrets": 1, "state": "OPENS"},
        {"column": column, "key": new, "secrets": 1, "state": "SEALS"},
    ]
    assert read(await ask("secrets", "reseal")) == {"sealed": 1}
    assert read_list(await ask("secrets", "status")) == [{"column": column, "key": new, "secrets": 2, "state": "SEALS"}]


async def test_a_key_that_is_missing_is_told(ask: Ask, keys: Path, capsys: Capture) -> None:
    new_key(capsys, keys)
    await _seal_one(b"one")
    keys.unlink()
    new_key(capsys, keys)
    [row] = read_list(await ask("secrets", "status"))
    assert row["state"] == "MISSING"
    assert "Nothing" not in (await ask("secrets", "status")).text


async def test_without_a_file_the_status_says_how_to_make_one(ask: Ask, keys: Path) -> None:
    at_hand.load(None)
    result = await ask("secrets", "status")
    assert (result.data, "secrets new-key" in result.text) == ([], True)


def test_which_file_gets_the_key(tmp_path: Path, capsys: Capture) -> None:
    named, data = tmp_path / "named", tmp_path / "postgres"
    new_key(capsys, ROLLCALL_SECRET_KEYS=str(named))
    new_key(capsys, ROLLCALL_DATA=str(data))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["named", "postgres.secret-keys"]
    with pytest.raises(CommandError, match="ROLLCALL_SECRET_KEYS"):
        new_key(capsys, DATABASE_URL="postgresql://db.example.com/rollcall")


def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "list"
    file.write_text("a shopping list\n")
    with pytest.raises(CommandError, match="not changed: Line 1"):
        new_key(capsys, file)
    assert file.read_text() == "a shopping list\n"


def test_an_embedded_database_gets_its_file_at_the_first_start(secret_keys: Path, tmp_path: Path) -> None:
    chosen = settings.read({"ROLLCALL_DATA": str(tmp_path / "deep" / "postgres")})
    try:
        [file] = {Path(databases._secret_keys(chosen)["ROLLCALL_SECRET_KEYS"]) for _ in range(2)}
        assert file == tmp_path / "deep" / "postgres.secret-keys"
        assert (stat.S_IMODE(file.stat().st_mode), len(file.read_text().splitlines())) == (0o600, 1)
    finally:
        at_hand.load(str(secret_keys))
    named = settings.read({"ROLLCALL_SECRET_KEYS": str(tmp_path / "named")})
    assert databases._secret_keys(named) == {}
