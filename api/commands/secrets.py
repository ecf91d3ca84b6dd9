"""`secrets new-key|status|reseal`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from api.provisioning import sealed
from api.secrets import at_hand, ring, sealing
from api.secrets.ring import NoKeys
from api.settings import Settings

from .errors import CommandError
from .results import Result, table
from .verbs import Verbs, command, noun, query

_HOW = """\
Secrets that Rollcall must be able to read again, such as those of webhooks, are sealed by keys that stand in a file and
not in the database. The first key of the file seals, all of them open. To change keys: new-key, then reseal, and when
status names the old key no more, its line may go. What runs sees a changed file by itself. Without the file, sealed
secrets are lost: back it up, apart from the database."""


_FILE = "if left out, that of ROLLCALL_SECRET_KEYS, or the one beside the embedded database"


def add(nouns: Verbs) -> None:
    """The verbs of secrets."""
    verbs = noun(nouns, "secrets", about="Keep the keys by which secrets in the database are sealed")
    parser = command(
        verbs,
        "new-key",
        new_key,
        does="Put a new key before all others into the file of secret keys, which is made if it is not there",
        more=_HOW,
        example="python -m api secrets new-key /etc/rollcall/secret-keys",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=_FILE)
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    for name, ask, does in (
        ("status", status, "Tell how many secrets were sealed by which key, and whether it is there"),
        ("reseal", reseal, "Seal everything by the first key that another one sealed; may be stopped and run again"),
    ):
        query(verbs, name, ask, does=does, example=f"python -m api secrets {name}", in_organization=False)


def new_key(arguments: Namespace, chosen: Settings) -> None:
    """Another key; asks no database."""
    file = arguments.file or _file(chosen)
    try:
        id = ring.add(file)
    except (OSError, NoKeys) as error:
        raise CommandError(f"{file} was not changed: {error}") from error
    text = f"The key {id} is the first in {file}, and seals from now on. Next: `secrets reseal`. Back the file up."
    result = Result({"key": id, "file": str(file)}, text)
    print(result.as_json() if arguments.json else result.text)


def _file(chosen: Settings) -> Path:
    if chosen.secret_keys:
        return Path(chosen.secret_keys).expanduser()
    if chosen.database_url:
        raise CommandError("Say which file, or set ROLLCALL_SECRET_KEYS.")
    return at_hand.beside(chosen)


async def status(_: Namespace, __: Settings) -> Result:
    """Which keys are needed, and whether they are there."""
    found = await sealed.standing()
    try:
        first, known, text = sealing.first(), sealing.known(), f"The key that seals is {sealing.first()}."
    except NoKeys as error:
        first, known, text = "", frozenset(), str(error)
    data = [
        {
            "column": f"{each.column.table}.{each.column.column}",
            "key": key,
            "secrets": count,
            "state": "SEALS" if key == first else "OPENS" if key in known else "MISSING",
        }
        for each in found
        for key, count in each.by_key.items()
    ]
    listed = table(
        [list(row.values()) for row in data],
        head=("COLUMN", "KEY", "SECRETS", "THE KEY"),
        otherwise="Nothing is sealed.",
    )
    return Result(data, f"{text}\n\n{listed}")


async def reseal(_: Namespace, __: Settings) -> Result:
    """Everything by the first key."""
    count = await sealed.seal_anew()
    return Result({"sealed": count}, f"{count} secrets were sealed anew, by the key {sealing.first()}.")
