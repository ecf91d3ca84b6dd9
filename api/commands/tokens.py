"""`tokens create|list|revoke`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from api.provisioning import clock, organizations, tokens
from api.provisioning.actor import NARROW, Right
from api.provisioning.caller import the_operator
from api.settings import Settings
from db.token_rows import TokenRow

from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, an_id, noun, query, whole_number

_MORE = """\
Without --organization the token is the operator's: it may do what it is allowed in every organization."""


def add(nouns: Verbs) -> None:
    """The verbs of tokens."""
    verbs = noun(nouns, "tokens", about="Make, list and end the tokens by which programs use GraphQL")
    parser = query(
        verbs,
        "create",
        create,
        does="Make a token; it is shown this once",
        more=_MORE,
        example=f'python -m api tokens create "Backstage" {IN_ORGANIZATION} --allow organization.read',
        in_organization=False,
    )
    parser.add_argument("name", metavar="NAME", help="what uses it")
    _organization(parser)
    parser.add_argument(
        "--allow",
        action="append",
        required=True,
        dest="rights",
        type=Right,
        choices=sorted(frozenset(Right) - NARROW - {Right.PROVISION}),
        metavar="PERMISSION",
        help=f"what it may do; may be repeated: {', '.join(sorted(frozenset(Right) - NARROW - {Right.PROVISION}))}",
    )
    parser.add_argument(
        "--expires-in-days",
        type=whole_number(1, tokens.LONGEST_DAYS),
        metavar="N",
        help="let it expire then; never, if left out",
    )
    parser = query(
        verbs,
        "list",
        show_all,
        does="List the tokens of an organization, or the operator's",
        example="python -m api tokens list",
        in_organization=False,
    )
    _organization(parser)
    parser = query(
        verbs,
        "revoke",
        revoke,
        does="End a token at once",
        example="python -m api tokens revoke 019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c11",
        in_organization=False,
    )
    parser.add_argument("token", type=an_id, metavar="ID", help="the token's id, as `tokens list` has it")


async def create(arguments: Namespace, _: Settings) -> Result:
    """A new token."""
    made = await tokens.create(
        the_operator(),
        arguments.organization,
        name=arguments.name,
        rights=arguments.rights,
        expires_in_days=arguments.expires_in_days,
    )
    signing = made.signing.shared if made.signing else None
    facts = {"Token": made.text, "ID": made.token.id, "Expires": made.token.expires_at or "never"}
    facts |= {"Signing secret": signing} if signing else {}
    once = "The token is shown this once." if signing is None else "Token and signing secret are shown this once."
    data = _shown(made.token) | {"token": made.text, "signing_secret": signing}
    return Result(data, f"{listing(facts)}\n\n{once}")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The tokens of an organization, or the operator's."""
    if arguments.organization is not None:
        await organizations.find(arguments.organization)
    found = await tokens.all_of(the_operator(), arguments.organization)
    rows = [
        [
            each.id,
            each.name,
            f"…{each.last_four}",
            tokens.state(each, clock.now()).lower(),
            each.expires_at,
            each.last_used_at,
            ", ".join(each.rights),
        ]
        for each in found
    ]
    head = ("ID", "NAME", "TOKEN", "STATE", "EXPIRES", "LAST USED", "MAY")
    return Result([_shown(each) for each in found], table(rows, head=head, otherwise="There is no token."))


async def revoke(arguments: Namespace, _: Settings) -> Result:
    """The end of one token."""
    ended = await tokens.revoke(the_operator(), arguments.token)
    return Result(_shown(ended), f"The token {ended.name} is revoked.")


def _organization(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", type=an_id, metavar="ID", help="an organization's id; the operator's without")


def _shown(token: TokenRow) -> dict[str, object | datetime | None]:
    return {
        "id": token.id,
        "organization_id": token.organization_id,
        "name": token.name,
        "last_four": token.last_four,
        "rights": token.rights,
        "state": tokens.state(token, clock.now()),
        "created_by": token.created_by,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }
