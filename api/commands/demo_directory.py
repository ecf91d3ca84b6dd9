"""The demo's organization and directory; key and token are kept in files, because they are shown only once."""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from api.auth import tokens as api_tokens
from api.auth.keys import authenticate
from api.auth.tokens import TokenProblem
from api.provisioning import directories, keys, platform, tokens
from api.provisioning.actor import Actor, operator
from api.provisioning.caller import Caller, the_operator
from api.provisioning.directories import Settings as Policies
from api.settings import Settings
from db.enums import Provider
from db.ids import DirectoryId, OrganizationId

ORGANIZATION, DIRECTORY = "Acme", "Okta"
OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Access:
    """How to come into the demo's directory; `note` tells when the key is not the one of the last time."""

    organization: OrganizationId
    directory: DirectoryId
    key: str
    note: str | None = None


async def token(chosen: Settings, organization: OrganizationId) -> str:
    """An API token of the demo's organization that may do what an organization's token may, made if there is none."""
    file = _beside_data(chosen, "demo-token")
    with contextlib.suppress(FileNotFoundError):
        kept = file.read_text().strip()
        digest = api_tokens.digest_of(f"Bearer {kept}")
        found = digest if isinstance(digest, TokenProblem) else await api_tokens.authenticate(digest)
        if isinstance(found, Caller) and found.organization == organization:
            return kept
    made = await tokens.create(
        the_operator(), organization, name="The demo", rights=tokens.GRANTABLE, expires_in_days=None
    )
    _keep(file, made.text)
    return made.text


async def access(chosen: Settings) -> Access:
    """The demo's directory, made if it is not there, with a key that works."""
    file = key_file(chosen)
    found = await _kept(file)
    if found is None:
        found = await _new_key()
        _keep(file, found.key)
    return found


def key_file(chosen: Settings) -> Path:
    """Where the demo's key is kept: beside the data of the embedded PostgreSQL, also when that is not used."""
    return _beside_data(chosen, "demo-key")


def _beside_data(chosen: Settings, name: str) -> Path:
    data = Path(chosen.data).expanduser()
    return data.with_name(f"{data.name}.{name}")


async def _kept(file: Path) -> Access | None:
    """The access by the key in the file, if it works in this database."""
    try:
        key = file.read_text().strip()
    except FileNotFoundError:
        return None
    found, problem = await authenticate(f"Bearer {key}")
    if found is None or problem is not None:
        return None
    return Access(OrganizationId(found.organization_id), DirectoryId(found.directory_id), key)


async def _new_key() -> Access:
    actor = operator(await _organization())
    known = await _directory(actor)
    if known is None:
        made = await directories.connect(actor, name=DIRECTORY, provider=Provider.OKTA, settings=Policies())
        return Access(actor.organization, made.id, made.key)
    key = await keys.rotate(actor, known, overlap=OVERLAP)
    note = (
        f"The key of an earlier run is not kept here, so this is a new one. The old one works for {OVERLAP.days} days."
    )
    return Access(actor.organization, known, key, note)


async def _organization() -> OrganizationId:
    for one in await platform.all_of_them(the_operator()):
        if one["name"] == ORGANIZATION:
            assert isinstance(one["id"], uuid.UUID)
            return OrganizationId(one["id"])
    return await platform.create(the_operator(), ORGANIZATION)


async def _directory(actor: Actor) -> DirectoryId | None:
    for one in await directories.overview(actor.organization):
        if one["name"] == DIRECTORY and one["provider"] == Provider.OKTA:
            assert isinstance(one["id"], uuid.UUID)
            return DirectoryId(one["id"])
    return None


def _keep(file: Path, secret: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # The mode counts for new files only, and through a link we might write into somebody's file.
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as opened:
        opened.write(f"{secret}\n")
