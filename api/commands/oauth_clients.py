"""`oauth-clients create|list|trust|add-secret|revoke-secret|revoke`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from api.oauth import client_views, clients
from api.oauth.clients import LONGEST_DAYS, USUAL_DAYS, Made
from api.oauth.endpoint import token_url
from api.oauth.trust import Trust
from api.provisioning import clock, directories, keys
from api.provisioning.errors import BadSetting, NotFound
from api.settings import Settings
from db.ids import DirectoryId
from db.oauth_rows import ClientRow, SecretRow

from .results import Result, listing, shown, table
from .verbs import Verbs, acting_in, an_id, noun, query, whole_number

_WHAT = "OAuth clients, by which identity providers get access tokens instead of a key"
_TRUST = """\
With --jwks or --jwks-uri the client signs an assertion (RFC 7523) instead of sending a secret. For Entra's workload
identity federation, give --jwks-uri, --issuer, --subject and --audience as Entra shows them."""


def add(nouns: Verbs) -> None:
    """The verbs of OAuth clients."""
    verbs = noun(nouns, "oauth-clients", about=f"Make, list and end {_WHAT}")
    parser = query(
        verbs,
        "create",
        create,
        does="Make a client for a directory; its secret is shown this once",
        more=_TRUST,
        example='python -m api oauth-clients create "Entra" --organization $ORG --directory $DIRECTORY',
    )
    parser.add_argument("name", metavar="NAME", help="what people call it")
    _directory(parser, required=True)
    _life(parser, default=None)
    _trust(parser)
    parser = query(
        verbs,
        "list",
        show_all,
        does="List the clients of an organization with their secrets, by the last four characters",
        example="python -m api oauth-clients list --organization $ORG",
    )
    _directory(parser, required=False)
    parser = query(
        verbs,
        "trust",
        trust,
        does="Give a client other keys",
        more=_TRUST,
        example="python -m api oauth-clients trust $CLIENT --jwks keys.json --organization $ORG",
    )
    _client(parser)
    _trust(parser)
    parser = query(
        verbs,
        "add-secret",
        add_secret,
        does="Add a secret to a client; two may live at once",
        example="python -m api oauth-clients add-secret $CLIENT --overlap-hours 24 --organization $ORG",
    )
    _client(parser)
    _life(parser, default=USUAL_DAYS)
    parser.add_argument(
        "--overlap-hours",
        type=whole_number(0, 168),
        metavar="N",
        help="let the others end then: 168 hours at most, at once for 0; they live on if left out",
    )
    parser = query(
        verbs,
        "revoke-secret",
        revoke_secret,
        does="End one secret at once, with the access tokens that were got by it",
        example="python -m api oauth-clients revoke-secret $SECRET --organization $ORG",
    )
    parser.add_argument("secret", type=an_id, metavar="ID", help="the secret's id, as `oauth-clients list` has it")
    parser = query(
        verbs,
        "revoke",
        revoke,
        does="End a client at once and for good, with all its access tokens",
        example="python -m api oauth-clients revoke $CLIENT --organization $ORG",
    )
    _client(parser)


async def create(arguments: Namespace, chosen: Settings) -> Result:
    """A new client, and what the identity provider needs to be told."""
    made = await clients.create(
        await acting_in(arguments.organization),
        DirectoryId(arguments.directory),
        name=arguments.name,
        trust=_given(arguments),
        expires_in_days=arguments.expires_in_days,
    )
    return _told(made, chosen)


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The clients of an organization, or of one of its directories, and their secrets."""
    actor = await acting_in(arguments.organization)
    named = {row.id: row.name for row in await directories.all_of_them(actor)}
    if arguments.directory is not None and arguments.directory not in named:
        raise NotFound(f"There is no directory with the id {arguments.directory} in this organization.")
    wanted = [arguments.directory] if arguments.directory is not None else list(named)
    found = [row for rows in (await client_views.of_directories(actor, wanted)).values() for row in rows]
    secrets = await client_views.secrets_of(actor, [row.id for row in found])
    lines = [
        [row.id, row.name, named[row.directory_id], _state(row), _proof(row, secrets[row.id]), row.last_used_at]
        for row in found
    ]
    head = ("CLIENT ID", "NAME", "DIRECTORY", "STATE", "SECRETS AND KEYS", "LAST USED")
    data = [
        {**msgspec.to_builtins(row), "secrets": [_shown_secret(secret) for secret in secrets[row.id]]} for row in found
    ]
    ids = "\n".join(f"…{secret.last_four} of {row.name}: {secret.id}" for row in found for secret in secrets[row.id])
    listed = table(lines, head=head, otherwise="There is no OAuth client.")
    return Result(data, "\n\n".join(part for part in (listed, ids) if part))


async def trust(arguments: Namespace, _: Settings) -> Result:
    """A client with other keys."""
    given = _given(arguments)
    if given is None:
        raise BadSetting("Name the file of the keys by --jwks, or where they are by --jwks-uri.")
    row = await clients.change(await acting_in(arguments.organization), arguments.client, trust=given)
    return Result(msgspec.to_builtins(row), f"{row.name} signs by {_proof(row, [])} from now on.")


async def add_secret(arguments: Namespace, chosen: Settings) -> Result:
    """A client with another secret."""
    hours: int | None = arguments.overlap_hours
    made = await clients.add_secret(
        await acting_in(arguments.organization),
        arguments.client,
        expires_in_days=arguments.expires_in_days,
        overlap=None if hours is None else timedelta(hours=hours),
    )
    return _told(made, chosen)


async def revoke_secret(arguments: Namespace, _: Settings) -> Result:
    """The end of one secret."""
    row = await clients.revoke_secret(await acting_in(arguments.organization), arguments.secret)
    return Result({"secret_id": arguments.secret, "state": "revoked"}, f"The secret of {row.name} is revoked.")


async def revoke(arguments: Namespace, _: Settings) -> Result:
    """The end of one client."""
    row = await clients.revoke(await acting_in(arguments.organization), arguments.client)
    return Result({"client_id": row.id, "state": "revoked"}, f"The client {row.name} is revoked.")


def _told(made: Made, chosen: Settings) -> Result:
    facts = {
        "SCIM URL": chosen.scim_url,
        "Token URL": token_url(chosen),
        "Client ID": made.client.id,
        **({"Client secret": made.text, "Expires": made.secret.expires_at} if made.secret else {}),
    }
    data = {
        "organization_id": made.client.organization_id,
        "directory_id": made.client.directory_id,
        "scim_url": chosen.scim_url,
        "token_url": token_url(chosen),
        "client_id": made.client.id,
        "client_secret": made.text,
        "expires_at": made.secret.expires_at if made.secret else None,
    }
    once = "\n\nThe secret is shown this once. Put it into the identity provider now." if made.secret else ""
    return Result(data, f"{listing(facts)}{once}")


def _directory(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--directory", required=required, type=an_id, metavar="ID", help="the directory's id")


def _client(parser: ArgumentParser) -> None:
    parser.add_argument("client", type=an_id, metavar="CLIENT", help="the client id, as `oauth-clients list` has it")


def _life(parser: ArgumentParser, *, default: int | None) -> None:
    parser.add_argument(
        "--expires-in-days",
        type=whole_number(1, LONGEST_DAYS),
        default=default,
        metavar="N",
        help=f"how long the secret lives; {USUAL_DAYS} days if left out",
    )


def _trust(parser: ArgumentParser) -> None:
    parser.add_argument("--jwks", type=_file, metavar="FILE", help="a file with the client's public keys, a JWK Set")
    parser.add_argument("--jwks-uri", metavar="URL", help="or where they are")
    parser.add_argument("--issuer", metavar="TEXT", help="who makes the assertions, if not the client itself")
    parser.add_argument("--subject", metavar="TEXT", help="about whom they are, if not about the client itself")
    parser.add_argument("--audience", metavar="TEXT", help="for whom they are, if not for the token endpoint")


def _given(arguments: Namespace) -> Trust | None:
    given = (arguments.jwks, arguments.jwks_uri, arguments.issuer, arguments.subject, arguments.audience)
    return Trust(*given) if any(each is not None for each in given) else None


def _file(name: str) -> str:
    try:
        return Path(name).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentTypeError(f"{name} cannot be read: {error}") from None


def _state(client: ClientRow) -> str:
    return "revoked" if client.revoked_at is not None else "live"


def _proof(client: ClientRow, secrets: Sequence[SecretRow]) -> str:
    parts = [f"…{each.last_four} {_until(each)}" for each in secrets]
    parts += [f"keys at {client.jwks_uri}"] if client.jwks_uri else []
    parts += ["keys of its own"] if client.jwks else []
    return ", ".join(parts) or "-"


def _until(secret: SecretRow) -> str:
    state = keys.state(secret, clock.now()).lower()
    return f"until {shown(secret.expires_at)}" if state in ("active", "expiring") else state


def _shown_secret(secret: SecretRow) -> dict[str, object]:
    return {**msgspec.to_builtins(secret), "state": keys.state(secret, clock.now())}
