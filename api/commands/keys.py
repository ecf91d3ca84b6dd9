"""`keys list|rotate|revoke`."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import datetime, timedelta

from api.provisioning import clock, directories, keys
from api.provisioning.errors import NotFound
from api.settings import Settings
from db.ids import DirectoryId, KeyId

from .results import Result, listing, shown, table
from .verbs import Verbs, acting_in, an_id, noun, query, whole_number


def add(nouns: Verbs) -> None:
    """The verbs of keys."""
    verbs = noun(nouns, "keys", about="List, replace and revoke the keys by which identity providers come in")
    parser = query(
        verbs,
        "list",
        show_all,
        does="List the keys of an organization, by their last four characters",
        example="python -m api keys list --organization $ORG",
    )
    _directory(parser, required=False)
    parser = query(
        verbs,
        "rotate",
        rotate,
        does="Make a new key for a directory; the others end",
        more=(
            "Without an overlap the others end at once, and the identity provider is refused until it has the new\n"
            "key. With one, there is time to put the new key in."
        ),
        example="python -m api keys rotate --organization $ORG --directory $DIRECTORY --overlap-hours 24",
    )
    _directory(parser, required=True)
    parser.add_argument(
        "--overlap-hours",
        type=whole_number(0, 168),
        default=0,
        metavar="N",
        help="how long the others live on: 168 hours at most, none if left out",
    )
    parser.add_argument(
        "--expires-in-days",
        type=whole_number(1, 3650),
        metavar="N",
        help="let the new key expire then; never, if left out",
    )
    parser = query(
        verbs,
        "revoke",
        revoke,
        does="End one key at once",
        example="python -m api keys revoke --organization $ORG --key $KEY_ID",
    )
    parser.add_argument("--key", required=True, type=an_id, metavar="ID", help="the key's id, as `keys list` has it")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The keys of an organization, or of one of its directories."""
    actor = await acting_in(arguments.organization)
    found = await directories.overview(actor.organization)
    if arguments.directory is not None:
        found = [one for one in found if one["id"] == arguments.directory]
        if not found:
            raise NotFound(f"There is no directory with the id {arguments.directory} in this organization.")
    every = [_with_state(one, key) for one in found for key in _keys_of(one)]
    rows = [
        [key["id"], f"…{key['last_four']}", _ending(key), key["directory"], key["created_at"], key["last_used_at"]]
        for key in every
    ]
    head = ("ID", "KEY", "STATE", "DIRECTORY", "CREATED", "LAST USED")
    return Result(every, table(rows, head=head, otherwise="There is no key."))


async def rotate(arguments: Namespace, chosen: Settings) -> Result:
    """A new key, and when the others end."""
    actor = await acting_in(arguments.organization)
    directory: uuid.UUID = arguments.directory
    overlap = timedelta(hours=arguments.overlap_hours)
    days: int | None = arguments.expires_in_days
    expires_at = None if days is None else clock.now() + timedelta(days=days)
    key = await keys.rotate(actor, DirectoryId(directory), overlap=overlap, expires_at=expires_at)
    made = {
        "organization_id": actor.organization,
        "directory_id": directory,
        "scim_url": chosen.scim_url,
        "key": key,
        "expires_at": expires_at,
    }
    until = f"end {arguments.overlap_hours} hours from now" if overlap else "have ended"
    facts = {"SCIM URL": chosen.scim_url, "Key": key, "Expires": expires_at or "never"}
    return Result(made, f"{listing(facts)}\n\nThe key is shown this once. The directory's other keys {until}.")


async def revoke(arguments: Namespace, _: Settings) -> Result:
    """The end of one key."""
    actor = await acting_in(arguments.organization)
    await keys.revoke(actor, KeyId(arguments.key))
    return Result({"key_id": arguments.key, "state": "revoked"}, f"The key {arguments.key} is revoked.")


def _directory(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--directory", required=required, type=an_id, metavar="ID", help="the directory's id")


def _keys_of(directory: Mapping[str, object]) -> list[dict[str, object]]:
    found = directory["keys"]
    assert isinstance(found, list)
    return found


def _with_state(directory: Mapping[str, object], key: dict[str, object]) -> dict[str, object]:
    return key | {"directory_id": directory["id"], "directory": directory["name"], "state": _state(key)}


def _state(key: Mapping[str, object]) -> str:
    now = clock.now()
    revoked, expires = key["revoked_at"], key["expires_at"]
    if isinstance(revoked, datetime) and revoked <= now:
        return "revoked"
    return "expired" if isinstance(expires, datetime) and expires <= now else "live"


def _ending(key: Mapping[str, object]) -> str:
    """The state for people, who want to know until when a key lives."""
    is_ending = key["state"] == "live" and key["expires_at"] is not None
    return f"until {shown(key['expires_at'])}" if is_ending else str(key["state"])
