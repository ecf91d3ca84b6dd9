"""How to come into the demo: the same key and token every time, as long as nobody has lost or ended them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from api.auth import keys as directory_keys
from api.auth import tokens as api_tokens
from api.auth.tokens import TokenProblem
from api.provisioning import directories, keys, platform, tokens, unfinished
from api.provisioning.actor import operator
from api.provisioning.caller import Caller, the_operator
from api.settings import Settings
from db.enums import Provider
from db.ids import DirectoryId, OrganizationId

from . import keeping
from .people import DIRECTORY, ORGANIZATION

OVERLAP = timedelta(days=7)
_TOKEN = "The demo"


@dataclass(frozen=True, slots=True)
class Access:
    """How to come into Acme's Okta directory; `note` tells when the key is not the one of the last time."""

    organization: OrganizationId
    directory: DirectoryId
    key: str
    note: str | None = None


async def prepare(chosen: Settings, fill: Callable[[], Awaitable[Access]]) -> tuple[Access, str]:
    """The way into the demo, which is filled if it was not yet, and an API token of its organization.

    What an earlier run began and did not finish is deleted first. Raises what `fill` does.
    """
    for organization in keeping.begun(chosen):
        await unfinished.delete(the_operator(), organization)
    keeping.note_finished(chosen)
    found = await _by_key(chosen) or await _by_name(chosen) or await fill()
    token = await _token(chosen, found.organization)
    keeping.note_finished(chosen)
    return found, token


async def _by_key(chosen: Settings) -> Access | None:
    """The access by the key in the file, if it works in this database."""
    key = keeping.read(keeping.key_file(chosen))
    if key is None:
        return None
    found, problem = await directory_keys.authenticate(f"Bearer {key}")
    if found is None or problem is not None:
        return None
    return Access(OrganizationId(found.organization_id), DirectoryId(found.directory_id), key)


async def _by_name(chosen: Settings) -> Access | None:
    """A new key for a demo that is there, but of which no key is kept here; another organization may be called Acme."""
    for each in await platform.all_of_them(the_operator()):
        organization = OrganizationId(each["id"])  # type: ignore[arg-type]  # a UUID
        if each["name"] != ORGANIZATION or all(
            one.name != _TOKEN for one in await tokens.all_of(the_operator(), organization)
        ):
            continue
        for one in await directories.all_of_them(operator(organization)):
            if one.name == DIRECTORY and one.provider == Provider.OKTA:
                key = await keys.rotate(operator(organization), DirectoryId(one.id), overlap=OVERLAP)
                keeping.keep(keeping.key_file(chosen), key)
                return Access(organization, DirectoryId(one.id), key, _note())
    return None


def _note() -> str:
    days = OVERLAP.days
    return f"The key of an earlier run is not kept here, so this is a new one. The old one works for {days} days."


async def _token(chosen: Settings, organization: OrganizationId) -> str:
    """An API token that may do what an organization's token may, made if there is none."""
    if (kept := keeping.read(keeping.token_file(chosen))) is not None:
        digest = api_tokens.digest_of(f"Bearer {kept}")
        found = digest if isinstance(digest, TokenProblem) else await api_tokens.authenticate(digest)
        if isinstance(found, Caller) and found.organization == organization:
            return kept
    made = await tokens.create(the_operator(), organization, name=_TOKEN, rights=tokens.GRANTABLE, expires_in_days=None)
    keeping.keep(keeping.token_file(chosen), made.text)
    return made.text
