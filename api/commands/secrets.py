"""`secrets new-key|status|reseal`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from api.provisioning import sealed
from api.secrets import ring, sealing
from api.secrets.ring import NoKeys
from api.settings import Settings

from .errors import CommandError
from .results import Result, table
from .verbs import Verbs, noun, query

_HOW = """\
Secrets that Rollcall must be able to read again, such as those of webhooks, are sealed by keys that stand in a file and
not in the database. The first key of the file seals, all of them open. To change keys: new-key, restart, reseal; then
the old line may go. Without the file, sealed secrets are lost: back it up, apart from the database."""


def add(nouns: Verbs) -> None:
    """The verbs of secrets."""
    verbs = noun(nouns, "secrets", about="Keep the keys by which secrets in the database are sealed")
    parser = query(
        verbs,
        "new-key",
        new_key,
        does="Put a new key before all others into the file of secret keys, which is made if it is not there",
        more=_HOW,
        example="python -m api secrets new-key /etc/rollcall/secret-keys",
        in_organization=False,
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="ROLLCALL_SECRET_KEYS if left out")
    for name, ask, does in (
        ("status", status, "Tell how many secrets were sealed by which key"),
        ("reseal", reseal, "Seal everything by the first key that another one sealed; may be stopped and run again"),
    ):
        query(verbs, name, ask, does=does, example=f"python -m api secrets {name}", in_organization=False)


async def new_key(arguments: Namespace, chosen: Settings) -> Result:
    """Another key."""
    file = arguments.file or (Path(chosen.secret_keys).expanduser() if chosen.secret_keys else None)
    if file is None:
        raise CommandError("Say which file, or set ROLLCALL_SECRET_KEYS.")
    try:
        id = ring.add(file)
    except (OSError, NoKeys) as error:
        raise CommandError(f"{file} was not changed: {error}") from error
    text = f"The key {id} is the first in {file}. Restart what runs, then `secrets reseal`. Back the file up."
    return Result({"key": id, "file": str(file)}, text)


async def status(_: Namespace, __: Settings) -> Result:
    """Which keys are needed."""
    found = await sealed.standing()
    rows = [
        [f"{each.column.table}.{each.column.column}", key, count]
        for each in found
        for key, count in each.by_key.items()
    ]
    try:
        text = f"The first key is {sealing.first()}."
    except NoKeys as error:
        text = str(error)
    data = [{"column": column, "key": key, "secrets": count} for column, key, count in rows]
    listed = table(rows, head=("COLUMN", "KEY", "SECRETS"), otherwise="Nothing is sealed.")
    return Result(data, f"{text}\n\n{listed}")


async def reseal(_: Namespace, __: Settings) -> Result:
    """Everything by the first key."""
    count = await sealed.seal_anew()
    return Result({"sealed": count}, f"{count} secrets were sealed anew, by the key {sealing.first()}.")
